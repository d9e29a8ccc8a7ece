"""The stand-in of Model Studio decodes, limits, counts, streams and fails as is documented."""

import base64
import json
from typing import Any

import httpx
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.dashscope_errors import ERRORS
from qwen_mcp_tools.sandbox.dashscope_picture import image_tokens
from tests.vision.drawn import photographed, plain, saved

PNG = saved(plain(2400, 1600))


def ask(
    sandbox: Sandbox,
    picture: bytes = PNG,
    mime: str = "image/png",
    *,
    path: str = "/v1",
    key: str = "",
    **body: Any,
) -> httpx.Response:
    url = f"data:{mime};base64,{base64.b64encode(picture).decode()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "What?"}]
    return httpx.post(
        f"{sandbox.dashscope.url}{path}/chat/completions",
        headers={"Authorization": f"Bearer {key or sandbox.dashscope.plan_key}"},
        json={
            "model": "qwen3.5-plus",
            "messages": [{"role": "user", "content": content}],
            "enable_thinking": False,
            **body,
        },
    )


def ask_anthropic(sandbox: Sandbox, data: bytes = PNG, **body: Any) -> httpx.Response:
    encoded = base64.b64encode(data).decode()
    source = {"type": "base64", "media_type": "image/png", "data": encoded}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What?"}]
    return httpx.post(
        f"{sandbox.dashscope.url}/apps/anthropic/v1/messages",
        headers={"x-api-key": sandbox.dashscope.plan_key},
        json={
            "model": "qwen3.5-plus",
            "max_tokens": 100,
            "messages": [{"role": "user", "content": content}],
            **body,
        },
    )


def message(answer: httpx.Response) -> str:
    return answer.json()["error"]["message"]


def events(answer: httpx.Response) -> list[Any]:
    data = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    return [json.loads(each) if each != "[DONE]" else each for each in data]


def test_it_states_what_the_picture_shows_and_counts_as_the_vendors_sample(
    sandbox: Sandbox,
) -> None:
    answer = ask(sandbox).json()

    assert answer["choices"][0]["message"]["content"].splitlines() == [
        "Picture 1: image/png of 2400x1600 pixels, no EXIF, mainly #c83232 100 %.",
        "Asked: What?",
    ]
    assert answer["usage"]["prompt_tokens_details"]["image_tokens"] == 2503
    assert sandbox.dashscope.calls == 1


def test_high_resolution_costs_more(sandbox: Sandbox) -> None:
    usage = ask(sandbox, vl_high_resolution_images=True).json()["usage"]

    assert usage["prompt_tokens_details"]["image_tokens"] == 3752 == image_tokens(2400, 1600, 2**24)


def test_exif_is_seen(sandbox: Sandbox) -> None:
    answer = ask(sandbox, photographed(300, 200), "image/jpeg").json()

    assert "with EXIF" in answer["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("picture", "mime", "name"),
    [
        (saved(plain(10, 400)), "image/png", "TOO_SMALL"),
        (saved(plain(2300, 11)), "image/png", "TOO_LONG_PICTURE"),
        (saved(plain()), "image/jpeg", "BAD_PICTURE"),
        (saved(plain(), "GIF"), "image/gif", "BAD_PICTURE"),
        (saved(plain(4000, 3000), "BMP"), "image/bmp", "TOO_LARGE"),
        (saved(plain(4000, 3000), "WEBP"), "image/webp", "BAD_PICTURE"),
        (saved(plain())[:100], "image/png", "BAD_PICTURE"),
        (b"<svg/>", "image/svg+xml", "BAD_PICTURE"),
    ],
)
def test_a_picture_is_held_to_the_guides_limits(
    sandbox: Sandbox, picture: bytes, mime: str, name: str
) -> None:
    answer = ask(sandbox, picture, mime)

    assert (answer.status_code, message(answer)) == (ERRORS[name][0], ERRORS[name][2])
    assert sandbox.dashscope.calls == 0


def test_each_host_knows_its_own_key_and_words_a_wrong_one_in_its_way(sandbox: Sandbox) -> None:
    own = {
        "/v1": sandbox.dashscope.plan_key,
        "/token-plan/compatible-mode/v1": sandbox.dashscope.token_plan_key,
        "/compatible-mode/v1": sandbox.dashscope.other_key,
    }
    for path, key in own.items():
        assert ask(sandbox, path=path, key=key).status_code == 200
        for other in {*own.values()} - {key}:
            refused = ask(sandbox, path=path, key=other)
            name = "WRONG_KEY" if path == "/compatible-mode/v1" else "WRONG_PLAN_KEY"
            assert (refused.status_code, message(refused)) == (401, ERRORS[name][2])


def test_models_are_those_of_the_plan_and_some_see_nothing(sandbox: Sandbox) -> None:
    assert message(ask(sandbox, model="qwen9-plus")).endswith("is not supported")
    assert ask(sandbox, model="qwen3-max-2026-01-23").status_code == 400
    assert ask(sandbox, model="qwen3.7-plus").status_code == 200


def test_thinking_is_on_unless_it_is_switched_off_and_may_be_forced(sandbox: Sandbox) -> None:
    thought = ask(sandbox, enable_thinking=True).json()["choices"][0]["message"]
    sandbox.dashscope.forces_thinking = {"qwen3.5-plus"}

    assert thought["reasoning_content"]
    assert "restricted to True" in message(ask(sandbox))
    assert ask(sandbox, enable_thinking=True).status_code == 200


def test_a_stream_ends_with_the_usage_and_done(sandbox: Sandbox) -> None:
    answer = ask(sandbox, stream=True)
    *chunks, usage, done = events(answer)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert (usage["choices"], done) == ([], "[DONE]")
    assert usage["usage"]["prompt_tokens_details"]["image_tokens"] == 2503
    assert len(chunks) > 4


def test_the_anthropic_stream_has_its_own_events(sandbox: Sandbox) -> None:
    told = events(ask_anthropic(sandbox, stream=True, thinking={"type": "disabled"}))
    kinds = [event["type"] for event in told]

    assert kinds[:3] == ["message_start", "ping", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert told[0]["message"]["usage"]["input_tokens"] > 2503


def test_the_anthropic_endpoint_takes_six_megabytes(sandbox: Sandbox) -> None:
    fits = ask_anthropic(sandbox, PNG + b"\0" * 4_000_000)
    large = ask_anthropic(sandbox, PNG + b"\0" * 4_500_000)

    assert (fits.status_code, large.status_code) == (200, 400)


def test_what_is_scripted_happens_once_each(sandbox: Sandbox) -> None:
    sandbox.dashscope.fail("HOUR_QUOTA", "NOT_AN_AGENT", "WRONG_PATH", "PARTIAL")
    hour, agent, path, partial, after = (ask(sandbox) for _ in range(5))

    assert (hour.status_code, message(hour)) == (429, "hour allocated quota exceeded")
    assert agent.json() == {"error": "Coding Plan is currently only available for Coding Agents"}
    assert (agent.status_code, path.status_code, path.content) == (405, 404, b"")
    assert partial.headers["x-dashscope-partialresponse"] == "true"
    assert after.status_code == 200
    assert sandbox.dashscope.calls == 2
    with pytest.raises(KeyError):
        sandbox.dashscope.fail("NO_SUCH_WAY")


def test_a_stream_can_break_or_end_in_an_error(sandbox: Sandbox) -> None:
    sandbox.dashscope.fail("CUT")
    with pytest.raises(httpx.RemoteProtocolError):
        ask(sandbox, stream=True)
    sandbox.dashscope.fail("ERROR_EVENT")
    told = events(ask(sandbox, stream=True))

    assert told[0]["choices"]
    assert told[-1]["error"]["code"] == "InternalError"


def test_a_picture_by_its_address_is_not_fetched(sandbox: Sandbox) -> None:
    content = [
        {"type": "image_url", "image_url": {"url": "https://a.example/x.png"}},
        {"type": "text", "text": "What?"},
    ]
    answer = ask(sandbox, messages=[{"role": "user", "content": content}])

    assert message(answer) == "Failed to download multimodal content"


def test_another_path_is_nothing(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.dashscope.url}/v2/chat", json={})

    assert (answer.status_code, answer.content) == (404, b"")
