"""The environment becomes settings, or one line that says which variable is wrong."""

import copy
import json
import pickle
import pprint
from dataclasses import asdict, astuple, fields
from pathlib import Path

import pytest

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.settings import Secret, Settings, variables


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_env({})

    assert settings == Settings()
    assert settings.timeout is None
    assert settings.brave_api_key is None


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_env({"BRAVE_API_KEY": "", "QWEN_MCP_TIMEOUT": " "}) == Settings()


def test_values_are_read_as_what_they_mean() -> None:
    settings = Settings.from_env(
        {
            "BRAVE_API_BASE_URL": "http://127.0.0.1:9/res/v1/",
            "QWEN_MCP_SEARCH": "brave, duckduckgo",
            "QWEN_MCP_ALLOW_HOSTS": "LocalHost:3000",
            "QWEN_MCP_TIMEOUT": "2.5",
            "QWEN_MCP_ROBOTS": "IGNORE",
            "QWEN_MCP_ALLOW_PRIVATE_NETWORK": "1",
        }
    )

    assert settings.brave_api_base_url == "http://127.0.0.1:9/res/v1"
    assert settings.search_engines == ("brave", "duckduckgo")
    assert settings.allow_hosts == {"localhost:3000"}
    assert settings.timeout == 2.5
    assert settings.robots == "ignore"
    assert settings.allow_private_network


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("QWEN_MCP_TIMEOUT", "soon"),
        ("QWEN_MCP_TIMEOUT", "0"),
        ("QWEN_MCP_TIMEOUT", "nan"),
        ("QWEN_MCP_ROBOTS", "maybe"),
        ("QWEN_MCP_ALLOW_PRIVATE_NETWORK", "2"),
        ("QWEN_MCP_LOG_LEVEL", "LOUD"),
        ("BRAVE_API_BASE_URL", "api.search.brave.com"),
        ("QWEN_MCP_ALLOW_HOSTS", "localhost"),
        ("QWEN_MCP_PORT", "70000"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{variable} takes ") as raised:
        Settings.from_env({variable: value})

    assert value not in str(raised.value).split()


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n", encoding="utf-8")

    settings = Settings.from_env({"BRAVE_API_KEY_FILE": str(tmp_path / "key")})

    assert settings.brave_api_key is not None
    assert settings.brave_api_key.reveal() == "from-a-file"


def test_a_secret_file_that_is_missing_is_told_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^BRAVE_API_KEY_FILE can't be read"):
        Settings.from_env({"BRAVE_API_KEY_FILE": str(tmp_path / "nowhere")})


def test_proxies_are_read_in_small_letters_too() -> None:
    settings = Settings.from_env({"https_proxy": "http://127.0.0.1:7890"})

    assert settings.https_proxy is not None
    assert settings.https_proxy.reveal() == "http://127.0.0.1:7890"


def test_no_repr_shows_a_secret() -> None:
    settings = Settings.from_env(
        {"BRAVE_API_KEY": "BSA-very-secret", "HTTPS_PROXY": "http://me:hunter22@127.0.0.1:1"}
    )

    assert "very-secret" not in f"{settings!r} {settings.brave_api_key}"
    assert "hunter22" not in repr(settings)
    assert set(settings.secrets()) >= {"BSA-very-secret", "hunter22"}


URLS = {
    "plain": ("http://me:hunter22@127.0.0.1:1", {"hunter22", "me:hunter22"}),
    "short": ("socks5://me:pw@127.0.0.1:1", {"me:pw"}),
    "quoted": ("http://me:hun%40ter22@127.0.0.1:1", {"hun%40ter22", "hun@ter22"}),
    "without a scheme": ("me:hunter22@127.0.0.1:1", {"hunter22"}),
    "with @ in it": ("http://me:hun@ter22@127.0.0.1:1", {"hun@ter22"}),
    "user only": ("http://token-0123456789@127.0.0.1:1", {"token-0123456789"}),
}


@pytest.mark.parametrize(("url", "told"), URLS.values(), ids=URLS.keys())
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
def test_a_password_in_a_proxys_url_is_a_secret(variable: str, url: str, told: set[str]) -> None:
    assert set(Settings.from_env({variable: url}).secrets()) >= told


def test_a_proxy_without_a_password_is_no_secret() -> None:
    assert not list(Settings.from_env({"HTTPS_PROXY": "http://127.0.0.1:7890"}).secrets())


def test_each_token_is_a_secret_and_its_name_is_none() -> None:
    settings = Settings.from_env({"QWEN_MCP_TOKEN": "ann:0123456789abcdef,\nfedcba9876543210"})

    assert {"0123456789abcdef", "fedcba9876543210"} <= set(settings.secrets())
    assert "ann" not in set(settings.secrets())


SECRETS = [each.metadata["variable"] for each in fields(Settings) if each.type == Secret | None]


@pytest.mark.parametrize("variable", SECRETS)
def test_no_way_of_writing_settings_down_shows_a_secret(variable: str) -> None:
    key = "canary-9f8e7d6c5b4a3210"
    value = f"http://me:{key}@127.0.0.1:1" if "PROXY" in variable else key
    settings = Settings.from_env({variable: value})
    shown = [
        repr(settings), str(settings), f"{settings!s}", f"{asdict(settings)}",
        f"{astuple(settings)}", pprint.pformat(settings), repr(copy.deepcopy(settings)),
        json.dumps(asdict(settings), default=repr),
    ]  # fmt: skip

    assert key in "".join(settings.secrets())
    assert not any(key in each for each in shown)
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(settings)


def test_every_variable_has_a_meaning() -> None:
    assert all(variables().values())
    assert len(variables()) > 15


def test_another_name_counts_where_the_usual_one_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file\n", encoding="utf-8-sig")  # as Windows' Notepad saves it

    def token(**environ: str) -> str:
        return Settings.from_env(environ).github_token.reveal()

    assert token(GITHUB_TOKEN="", GH_TOKEN="other") == "other"
    assert token(GITHUB_TOKEN="usual", GH_TOKEN="other") == "usual"
    assert token(GH_TOKEN_FILE=str(file)) == "from-a-file"
