"""Whose model is asked, by the key and the settings."""

import pytest

from qwen_mcp_tools.errors import MissingKeyError, RefusedError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.vision.endpoint import SEEING, check_model, endpoint_of

CODING = "https://coding.dashscope.aliyuncs.com"
INTERNATIONAL = "https://coding-intl.dashscope.aliyuncs.com"
TOKEN = "https://token-plan.cn-beijing.maas.aliyuncs.com"
PAID = "https://dashscope.aliyuncs.com"
WORKSPACE = "https://ws-1.ap-southeast-1.maas.aliyuncs.com"


@pytest.mark.parametrize(
    ("environ", "product", "base_url", "protocol"),
    [
        ({"QWEN_API_KEY": "sk-sp-1"}, "The Coding Plan", f"{CODING}/v1", "openai"),
        ({"QWEN_API_KEY": "sk-1"}, "Model Studio", f"{PAID}/compatible-mode/v1", "openai"),
        (
            {"BAILIAN_CODING_PLAN_API_KEY": "sk-sp-1"},
            "The Coding Plan", f"{CODING}/v1", "openai",
        ),
        (
            {"BAILIAN_TOKEN_PLAN_API_KEY": "sk-sp-1"},
            "The Token Plan", f"{TOKEN}/compatible-mode/v1", "openai",
        ),
        ({"DASHSCOPE_API_KEY": "sk-1"}, "Model Studio", f"{PAID}/compatible-mode/v1", "openai"),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_PROTOCOL": "anthropic"},
            "The Coding Plan", f"{CODING}/apps/anthropic", "anthropic",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{INTERNATIONAL}/v1"},
            "The Coding Plan", f"{INTERNATIONAL}/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{INTERNATIONAL}/apps/anthropic/"},
            "The Coding Plan", f"{INTERNATIONAL}/apps/anthropic", "anthropic",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{TOKEN}/compatible-mode/v1"},
            "The Token Plan", f"{TOKEN}/compatible-mode/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-ws-1", "QWEN_BASE_URL": f"{WORKSPACE}/compatible-mode/v1"},
            "Model Studio", f"{WORKSPACE}/compatible-mode/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{PAID}/compatible-mode/v1"},
            "Model Studio", f"{PAID}/compatible-mode/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{CODING}/v1/chat/completions"},
            "The Coding Plan", f"{CODING}/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": f"{CODING}/apps/anthropic/v1/messages"},
            "The Coding Plan", f"{CODING}/apps/anthropic", "anthropic",
        ),
        (
            {
                "QWEN_API_KEY": "sk-sp-1",
                "QWEN_BASE_URL": f"{CODING}/v1",
                "QWEN_PROTOCOL": "anthropic",
            },
            "The Coding Plan", f"{CODING}/apps/anthropic", "anthropic",
        ),
        (
            {
                "QWEN_API_KEY": "sk-sp-1",
                "QWEN_BASE_URL": f"{TOKEN}/apps/anthropic",
                "QWEN_PROTOCOL": "openai",
            },
            "The Token Plan", f"{TOKEN}/compatible-mode/v1", "openai",
        ),
        (
            {"QWEN_API_KEY": "sk-sp-1", "QWEN_BASE_URL": "http://127.0.0.1:9/v1"},
            "The Coding Plan", "http://127.0.0.1:9/v1", "openai",
        ),
    ],
)  # fmt: skip
def test_the_key_and_the_url_say_whose_model_it_is(
    environ: dict[str, str], product: str, base_url: str, protocol: str
) -> None:
    endpoint = endpoint_of(Settings.from_env(environ))

    assert (endpoint.product.value, endpoint.base_url) == (product, base_url)
    assert endpoint.protocol == protocol
    assert endpoint.is_plan is (product != "Model Studio")
    assert "sk-" not in repr(endpoint)


def test_of_several_keys_the_one_of_this_server_counts() -> None:
    endpoint = endpoint_of(
        Settings.from_env({"QWEN_API_KEY": "sk-sp-1", "DASHSCOPE_API_KEY": "sk-2"})
    )

    assert (endpoint.variable, endpoint.key.reveal()) == ("QWEN_API_KEY", "sk-sp-1")


@pytest.mark.parametrize(
    "variable",
    ["BAILIAN_CODING_PLAN_API_KEY", "BAILIAN_TOKEN_PLAN_API_KEY", "DASHSCOPE_API_KEY"],
)
def test_the_variable_that_holds_the_key_is_known(variable: str) -> None:
    assert endpoint_of(Settings.from_env({variable: "sk-1"})).variable == variable


def test_without_a_key_the_variable_is_named() -> None:
    with pytest.raises(MissingKeyError, match=r"^Looking at pictures needs QWEN_API_KEY, which is"):
        endpoint_of(Settings())


@pytest.mark.parametrize("model", [*SEEING, "qwen3-vl-plus", "qwen4-plus"])
def test_a_model_that_sees_or_is_not_known_is_let_through(model: str) -> None:
    check_model(model)


@pytest.mark.parametrize(
    "model",
    [
        "glm-5", "glm-4.7", "MiniMax-M2.5", "qwen3-max-2026-01-23", "qwen3-max",
        "qwen3-coder-next", "qwen3-coder-plus",
    ],
)  # fmt: skip
def test_a_model_that_sees_nothing_is_refused_with_those_that_see(model: str) -> None:
    with pytest.raises(RefusedError) as raised:
        check_model(model)

    assert str(raised.value) == (
        f"Refused the pictures: {model} sees none; set QWEN_VISION_MODEL to "
        "qwen3.5-plus, qwen3.6-plus, qwen3.7-plus or kimi-k2.5"
    )
