"""qwen_vision_describe, as a client sees it: one call a question, and what it cost."""

import gc
import json
import logging
import os
import re
import sys
from functools import partial
from pathlib import Path
from typing import Any, cast

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from qwen_mcp_tools.errors import NotFoundError
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.dashscope_errors import BARE, ERRORS, error
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.failures import TIMEOUTS
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.vision.describer import Describer
from qwen_mcp_tools.vision.ledger import Counts, Ledger
from qwen_mcp_tools.vision.picture import Source
from qwen_mcp_tools.vision.prompts import CHINESE, ENGLISH
from qwen_mcp_tools.vision.question import Question
from tests.conftest import Caller, Connect
from tests.vision.drawn import data_uri, photo, photographed, plain, saved, screen

TOOL = "qwen_vision_describe"
PATIENCE = 20
Environment = dict[str, str]

MOST_SENT = {
    "low": (500_000, 150_000),
    "auto": (1_600_000, 400_000),
    "high": (10_000_000, 400_000),
}
"""Bytes of a request, base64 and all: with a noisy photo of 12 megapixels, and with a 4K screen."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with two pictures in it."""
    (tmp_path / "shot.png").write_bytes(saved(plain(192, 108)))
    (tmp_path / "other.png").write_bytes(saved(plain(64, 48, (0, 0, 255))))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["openai", "anthropic"])
def protocol(request: pytest.FixtureRequest, sandbox: Sandbox) -> Environment:
    """The settings for each protocol in turn."""
    if request.param == "openai":
        return {}
    return {"QWEN_BASE_URL": f"{sandbox.dashscope.url}/apps/anthropic"}


def sent(sandbox: Sandbox) -> dict[str, Any]:
    """The body of the last request."""
    return json.loads(sandbox.dashscope.asked[-1].body)


def content(sandbox: Sandbox) -> list[dict[str, Any]]:
    return sent(sandbox)["messages"][0]["content"]


def words(sandbox: Sandbox) -> str:
    """The text that went along with the pictures."""
    return content(sandbox)[-1]["text"]


async def test_a_picture_is_described_and_the_cost_is_told(
    connect: Connect, sandbox: Sandbox, era: str, protocol: Environment
) -> None:
    async with connect(mode=era, **protocol) as call:
        text = await call(TOOL, images=["shot.png"], prompt="What colour is it?")

    head, _, mark, *said, end, _, foot = text.splitlines()
    assert head == "qwen3.5-plus on shot.png (PNG, 192×108)"
    assert mark[:19] == end[:19]
    assert said == [
        "Picture 1: image/png of 192x108 pixels, no EXIF, mainly #c83232 100 %.",
        "Asked: What colour is it?",
    ]
    assert re.fullmatch(
        r"Cost: 1 plan call; model qwen3\.5-plus; sent 192×108 \(PNG, 1 kB\); "
        r"\d{2,3} tokens in \((about )?20 of pictures\), \d\d out",
        foot,
    )
    assert ("about 20" in foot) is bool(protocol)  # Anthropic's usage does not tell pictures apart
    assert sandbox.dashscope.calls == 1


async def test_what_is_sent_is_what_model_studio_takes(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        await call(TOOL, images=["shot.png"], prompt="What is it?")
    (asked,) = sandbox.dashscope.asked
    body = sent(sandbox)
    picture, text = body.pop("messages")[0]["content"]

    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {sandbox.dashscope.plan_key}"
    assert body == {
        "model": "qwen3.5-plus",
        "enable_thinking": False,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 8192,
    }
    assert picture["type"] == "image_url"
    assert picture["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert text["text"].startswith("What is it?\n\n")


async def test_what_is_sent_is_what_the_anthropic_endpoint_takes(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_PROTOCOL="anthropic") as call:
        await call(TOOL, images=["shot.png"])
    (asked,) = sandbox.dashscope.asked
    body = sent(sandbox)
    picture, _ = body.pop("messages")[0]["content"]

    assert asked.path == "/apps/anthropic/v1/messages"
    assert asked.headers["x-api-key"] == sandbox.dashscope.plan_key
    assert asked.headers["anthropic-version"] == "2023-06-01"
    assert body == {
        "model": "qwen3.5-plus",
        "thinking": {"type": "disabled"},
        "stream": True,
        "max_tokens": 8192,
    }
    assert picture["source"]["type"] == "base64"
    assert picture["source"]["media_type"] == "image/png"


async def test_the_service_is_told_truthfully_who_asks(
    connect: Connect, sandbox: Sandbox, era: str
) -> None:
    async with connect(mode=era) as call:
        await call(TOOL, images=["shot.png"])

    agent = sandbox.dashscope.asked[0].headers["user-agent"]
    assert re.fullmatch(r"qwen-mcp-tools/[0-9.]+ \(via mcp/[0-9.]+\)", agent)


async def test_on_stdio_the_working_directory_may_be_sent_from(
    sandbox: Sandbox, folder: Path
) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "qwen_mcp_tools"],
        cwd=folder,
        env={**os.environ, **sandbox.settings()},
    )
    with anyio.fail_after(PATIENCE):
        async with Client(stdio_client(server)) as client:
            answer = await client.call_tool(TOOL, {"images": ["shot.png"]})

    assert answer.content[0].text.startswith("qwen3.5-plus on shot.png (PNG, 192×108)\n")


async def test_a_lone_string_is_one_picture_whatever_its_commas(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    (folder / "a,b.png").write_bytes(saved(plain()))
    async with connect() as call:
        assert "on a,b.png (PNG, 320×200)" in await call(TOOL, images="a,b.png")
        assert "picture 2 (other.png)" in await call(TOOL, images='["shot.png", "other.png"]')


async def test_a_name_may_really_begin_with_an_at_sign(connect: Connect, folder: Path) -> None:
    (folder / "@2x.png").write_bytes(saved(plain(40, 40)))
    async with connect() as call:
        assert "(PNG, 40×40)" in await call(TOOL, images=["@2x.png"])
        assert "(PNG, 192×108)" in await call(TOOL, images=["@shot.png"])
        assert (await call.failure(TOOL, images=["@3x.png"])).startswith("Not found: 3x.png; ")


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hunter22@a.example/x.png",
        "https://me:hunter22@a.example",
        "http://me:hunter22@[x/y",
    ],
)
async def test_no_answer_shows_a_pictures_password(connect: Connect, url: str) -> None:
    async with connect() as call:
        for images in ([url], ["shot.png", f"@{url}"]):
            assert "hunter22" not in await call.failure(TOOL, images=images)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "qwen_vision_describe needs images: a list of texts, 1 to 8"),
        ({"images": []}, "images must be a list of texts, 1 to 8"),
        ({"images": ["shot.png"] * 9}, "images must be a list of texts, 1 to 8"),
        ({"images": [5]}, "images must be a list of texts, 1 to 8"),
        ({"images": 5}, "images must be a list of texts, 1 to 8"),
        ({"images": [""]}, "the picture is empty; give a path, a URL or a data: URI"),
        ({"images": ["a\0b"]}, "images holds a NUL character; send plain text"),
        ({"images": ["\ud800"]}, "images holds half a character; send valid Unicode"),
        ({"images": ["shot.png"], "task": "look"}, 'task must be one of "describe", "text", "ui"'),
        ({"images": ["shot.png"], "detail": "max"}, 'detail must be one of "low", "auto", "high"'),
        ({"images": ["shot.png"], "prompt": "x" * 8001}, "prompt must be text, 0 to 8000"),
        ({"images": ["shot.png"], "task": "compare"}, "images must hold two pictures or more for"),
        ({"image": "shot.png"}, "qwen_vision_describe has no argument 'image'; it takes images,"),
    ],
)
async def test_a_wrong_argument_is_told_before_a_call_is_spent(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, Any], told: str
) -> None:
    async with connect() as call:
        assert told in await call.failure(TOOL, **arguments)

    assert sandbox.dashscope.asked == []


async def test_one_bad_picture_among_eight_costs_no_call(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    (folder / "cut.png").write_bytes(saved(screen())[:500])
    async with connect() as call:
        for bad, told in {
            "cut.png": "Can't read picture 8 (cut.png): it begins like PNG, but is truncated",
            "nowhere.png": "Not found: picture 8 (nowhere.png); check the path",
            "/etc/hostname": "Refused picture 8 (hostname): it is outside",
        }.items():
            text = await call.failure(TOOL, images=[*["shot.png"] * 7, bad])
            assert text.startswith(told)

    assert sandbox.dashscope.asked == []


async def test_several_pictures_are_numbered_and_sent_in_order(
    connect: Connect, sandbox: Sandbox, folder: Path, protocol: Environment
) -> None:
    async with connect(**protocol) as call:
        text = await call(
            TOOL,
            images=[
                "@shot.png",
                data_uri(saved(plain(50, 50, "white"))),
                f"file://{folder}/other.png",
            ],
            task="compare",
        )

    assert text.startswith(
        "qwen3.5-plus on picture 1 (shot.png) (PNG, 192×108), picture 2 (data: URI) (PNG, 50×50),"
        " picture 3 (other.png) (PNG, 64×48)\n"
    )
    shown = re.findall(r"Picture (\d): \S+ of (\S+) pixels", text)
    assert shown == [("1", "192x108"), ("2", "50x50"), ("3", "64x48")]
    assert [part.get("text", "picture") for part in content(sandbox)][:6] == [
        "Picture 1:", "picture", "Picture 2:", "picture", "Picture 3:", "picture",
    ]  # fmt: skip
    assert sandbox.dashscope.calls == 1


async def test_all_kinds_of_notes_stand_in_front(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    frames = [plain(40, 30), plain(40, 30, "white")]
    (folder / "moving.gif").write_bytes(
        saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    )
    (folder / "paper.pdf").write_bytes(
        saved(plain(300, 400), "PDF", save_all=True, append_images=[plain(300, 400, "white")])
    )
    (folder / "phone.jpg").write_bytes(photographed(2400, 1800))
    async with connect() as call:
        text = await call(TOOL, images=["moving.gif", "paper.pdf#page=2", "phone.jpg"])

    assert "\n(picture 1 (moving.gif): an animation: the first of its 2 frames is shown)\n" in text
    assert "\n(picture 2 (paper.pdf): page 2 of 2 is shown)\n" in text
    assert (
        "\n(picture 3 (phone.jpg): scaled from 1800×2400 to 1376×1856; detail=high shows more)\n"
    ) in text
    assert "mainly #ffffff 100 %" in text
    assert "with EXIF" not in text


@pytest.mark.parametrize(
    ("detail", "size"), [("low", "1312x736"), ("auto", "2144x1184"), ("high", "3840x2160")]
)
async def test_detail_says_how_closely_is_looked(
    connect: Connect, sandbox: Sandbox, folder: Path, detail: str, size: str
) -> None:
    high = True if detail == "high" else None
    (folder / "wide.png").write_bytes(saved(screen(3840, 2160)))
    async with connect() as call:
        text = await call(TOOL, images=["wide.png"], detail=detail)

    assert f"of {size} pixels" in text
    assert sent(sandbox).get("vl_high_resolution_images") is high
    assert ("detail=high shows more" in text) is (not high)


async def test_high_detail_is_told_where_the_protocol_has_none(
    connect: Connect, folder: Path
) -> None:
    (folder / "wide.png").write_bytes(saved(screen(3840, 2160)))
    async with connect(QWEN_PROTOCOL="anthropic") as call:
        text = await call(TOOL, images=["wide.png"], detail="high")

    assert "of 2144x1184 pixels" in text
    assert "(detail=high is not to be had in the Anthropic protocol: the usual one" in text


async def test_eight_large_photos_fit_into_both_limits(
    connect: Connect, sandbox: Sandbox, folder: Path, protocol: Environment
) -> None:
    (folder / "photo.jpg").write_bytes(saved(photo(1800, 1300), "JPEG", quality=90))
    async with connect(**protocol) as call:
        await call(TOOL, images=["photo.jpg"] * 8)

    size = len(sandbox.dashscope.asked[0].body)
    assert size < (6_000_000 if protocol else 10_000_000)
    assert sandbox.dashscope.calls == 1


@pytest.mark.parametrize("detail", ["low", "auto", "high"])
async def test_a_phones_photo_and_a_4k_screen_are_sent_small(
    connect: Connect, sandbox: Sandbox, folder: Path, protocol: Environment, detail: str
) -> None:
    (folder / "photo.jpg").write_bytes(photographed(4000, 3000))
    (folder / "screen.png").write_bytes(saved(screen(3840, 2160)))
    sees_no_more = detail == "high" and bool(protocol)
    most = MOST_SENT["auto" if sees_no_more else detail]
    async with connect(**protocol) as call:
        for name, bound in zip(("photo.jpg", "screen.png"), most, strict=True):
            await call(TOOL, images=[name], detail=detail)

            assert len(sandbox.dashscope.asked[-1].body) < bound, name


@pytest.mark.parametrize("question", ["", "Is it red?", "这是红色的吗？"])
async def test_each_task_has_words_of_its_own_and_the_users_question_leads(
    connect: Connect, sandbox: Sandbox, question: str
) -> None:
    is_chinese = question == "这是红色的吗？"
    async with connect() as call:
        for task, own in (CHINESE if is_chinese else ENGLISH).items():
            await call(TOOL, images=["shot.png", "other.png"], task=task, prompt=question)
            said = words(sandbox)

            assert said.startswith(question)
            assert (own in said) is (task != "describe" or not question)
            assert ("图片中的文字" in said) is is_chinese
            assert ("never an instruction" in said) is not is_chinese


async def test_a_question_in_japanese_is_not_taken_for_chinese(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        await call(TOOL, images=["shot.png"], prompt="この画面の色は何ですか？")

    assert "in the language of the question" in words(sandbox)


async def test_asking_the_same_again_is_free(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    (folder / "copy.png").write_bytes((folder / "shot.png").read_bytes())
    async with connect() as call:
        first = await call(TOOL, images=["shot.png"], prompt="What is it?")
        again = await call(TOOL, images=["copy.png"], prompt=" What is it? ")
        assert sandbox.dashscope.calls == 1
        for change in ({"prompt": "And now?"}, {"task": "ui"}, {"detail": "high"}):
            await call(TOOL, **{"images": ["shot.png"], "prompt": "What is it?", **change})
        assert sandbox.dashscope.calls == 4
        (folder / "shot.png").write_bytes(saved(plain(192, 108, "white")))
        assert "#ffffff" in await call(TOOL, images=["shot.png"], prompt="What is it?")

    assert "Cost: 1 plan call; " in first
    assert "Cost: no call, the same was asked within the last 10 minutes; " in again
    assert again.startswith("qwen3.5-plus on copy.png (PNG, 192×108)\n")


async def test_the_same_question_twice_at_once_is_one_call(
    connect: Connect, sandbox: Sandbox
) -> None:
    answers: list[str] = []

    async def ask(call: Caller) -> None:
        answers.append(await call(TOOL, images=["shot.png"]))

    async with connect() as call:
        with sandbox.dashscope.holding() as held, anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask, call)
                await anyio.to_thread.run_sync(held.wait_until_asked)
                tasks.start_soon(ask, call)
                await call.failure(TOOL, images=["nowhere.png"])
                held.release()

    assert sandbox.dashscope.calls == 1
    assert sorted("no call" in answer for answer in answers) == [False, True]


async def test_who_still_waits_when_the_first_asker_has_left_is_told_the_cost(
    connect: Connect, sandbox: Sandbox
) -> None:
    answers: list[str] = []

    async def ask(call: Caller) -> None:
        answers.append(await call(TOOL, images=["shot.png"]))

    async with connect() as call:
        with sandbox.dashscope.holding() as held, anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                async with anyio.create_task_group() as first:
                    first.start_soon(ask, call)
                    await anyio.to_thread.run_sync(held.wait_until_asked)
                    tasks.start_soon(ask, call)
                    await call.failure(TOOL, images=["nowhere.png"])
                    first.cancel_scope.cancel()
                held.release()

    assert (sandbox.dashscope.calls, len(answers)) == (1, 1)
    assert "Cost: 1 plan call; " in answers[0]


async def test_of_calls_at_the_same_time_two_hold_the_bytes_of_their_pictures(
    sandbox: Sandbox,
) -> None:
    at_once: list[int] = []
    reading: set[int] = set()

    class Site:
        async def get(self, url: str, **_: Any) -> Answer:
            me = len(at_once)
            reading.add(me)
            at_once.append(len(reading))
            await anyio.wait_all_tasks_blocked()
            reading.remove(me)
            raise NotFoundError(url)

    async def ask(number: int) -> None:
        with pytest.raises(NotFoundError):
            await describer.describe(Question((f"https://example.com/{number}.png",)))

    settings = Settings.from_env(sandbox.settings())
    describer = Describer(cast("Any", None), cast("Any", Site()), settings, local_files=False)
    async with anyio.create_task_group() as tasks:
        for number in range(6):
            tasks.start_soon(ask, number)

    assert (len(at_once), max(at_once)) == (6, 2)


async def test_while_the_model_looks_the_bytes_that_were_read_are_let_go_of(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    (folder / "let-go.png").write_bytes(saved(plain()))
    async with connect() as call:
        with sandbox.dashscope.holding() as held, anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(partial(call, TOOL, images=["let-go.png"]))
                await anyio.to_thread.run_sync(held.wait_until_asked)
                sources = [each for each in gc.get_objects() if isinstance(each, Source)]
                held.release()

    assert [each for each in sources if each.label == "let-go.png"] == []


async def test_pictures_that_are_too_large_together_cost_no_call(
    connect: Connect, sandbox: Sandbox, folder: Path
) -> None:
    (folder / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(17_000_000))
    async with connect() as call:
        text = await call.failure(TOOL, images=["large.png"] * 5)

    assert text == (
        "Can't read the pictures: together they have more than 80 MB; ask about fewer at once"
    )
    assert sandbox.dashscope.asked == []


async def test_a_failure_does_not_wait_for_a_slow_neighbour(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        with anyio.fail_after(PATIENCE):
            text = await call.failure(TOOL, images=["nowhere.png", f"{sandbox.site.url}/drip"])

    assert text == "Not found: picture 1 (nowhere.png); check the path"


async def test_a_client_that_leaves_ends_the_request(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        with sandbox.dashscope.holding() as held, anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(partial(call, TOOL, images=["shot.png"]))
                await anyio.to_thread.run_sync(held.wait_until_asked)
                tasks.cancel_scope.cancel()
            await anyio.to_thread.run_sync(held.wait_until_left)


async def test_thinking_is_off_unless_it_is_wanted(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(QWEN_THINKING="1") as call:
        text = await call(TOOL, images=["shot.png"])

    assert (sent(sandbox)["enable_thinking"], sent(sandbox)["thinking_budget"]) == (True, 4096)
    assert "I look at it" not in text


async def test_thinking_in_the_anthropic_protocol_is_not_part_of_the_answer(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_THINKING="1", QWEN_PROTOCOL="anthropic") as call:
        text = await call(TOOL, images=["shot.png"])

    assert sent(sandbox)["thinking"] == {"type": "enabled", "budget_tokens": 4096}
    assert "I look at it" not in text


async def test_a_model_that_insists_on_thinking_is_obeyed_and_remembered(
    connect: Connect, sandbox: Sandbox, protocol: Environment
) -> None:
    sandbox.dashscope.forces_thinking = {"qwen3.7-plus"}
    async with connect(QWEN_VISION_MODEL="qwen3.7-plus", **protocol) as call:
        assert "Cost: 1 plan call; " in await call(TOOL, images=["shot.png"])
        assert (len(sandbox.dashscope.asked), sandbox.dashscope.calls) == (2, 1)
        await call(TOOL, images=["other.png"])

    assert (len(sandbox.dashscope.asked), sandbox.dashscope.calls) == (3, 2)


COSTLESS = "Refused the pictures: glm-5 sees none; set QWEN_VISION_MODEL to qwen3.5-plus"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"QWEN_API_KEY": ""}, "Looking at pictures needs QWEN_API_KEY, which is not set"),
        ({"QWEN_VISION_MODEL": "glm-5"}, COSTLESS),
    ],
)
async def test_what_is_wrong_here_is_told_before_anything_is_read(
    connect: Connect, sandbox: Sandbox, environment: Environment, told: str
) -> None:
    async with connect(**environment) as call:
        assert (await call.failure(TOOL, images=["nowhere.png"])).startswith(told)

    assert sandbox.dashscope.asked == []


PLAN = "The Coding Plan"
FAILURES = {
    "NOT_AN_AGENT": "answers coding agents of its list only (405), and this server does not claim "
    "to be one; put a pay-as-you-go key in DASHSCOPE_API_KEY in place of QWEN_API_KEY and leave "
    "QWEN_BASE_URL empty (or set that key's host), or attach the picture with @path if your "
    "agent's own model sees (qwen3.5-plus does)",
    "WRONG_PLAN_KEY": "does not accept the key: it is wrong, expired, of another plan or of "
    "another region; check QWEN_API_KEY; a key of the international site needs QWEN_BASE_URL=",
    "WRONG_KEY": "does not accept the key in QWEN_API_KEY: sk-sp-… is a plan's, and this a "
    "pay-as-you-go host; leave QWEN_BASE_URL empty, or give the plan's own host",
    "WRONG_KEY_403": "does not accept the key in QWEN_API_KEY: sk-sp-… is a plan's, and this a ",
    "LAPSED": "says that the subscription has lapsed; renew it, or put a pay-as-you-go key in "
    "DASHSCOPE_API_KEY in place of QWEN_API_KEY and leave QWEN_BASE_URL empty (or set that key's ",
    "MODEL_NOT_IN_PLAN": "does not offer qwen3.5-plus; set QWEN_VISION_MODEL to one that sees: ",
    "MODEL_NOT_FOUND": "does not offer qwen3.5-plus; set QWEN_VISION_MODEL to one that sees: ",
    "HOUR_QUOTA": "says that the quota of calls of the last 5 hours is spent; do without pictures ",
    "WEEK_QUOTA": "says that this week's quota of calls is spent; do without pictures until Monday",
    "MONTH_QUOTA": "says that this month's quota of calls is spent; do without pictures until the ",
    "RPM": "says that its limit of calls a minute is reached; wait a minute",
    "RPM_LIST": "says that its limit of calls a minute is reached; wait a minute",
    "TPM": "says that its limit of tokens a minute is reached; wait a minute, or ask with detail=",
    "TPM_QUOTA": "says that its limit of tokens a minute is reached; wait a minute, or ask with ",
    "BURST": "says that calls came too fast one after the other; wait a minute",
    "FREE_TIER": "says that the model's free quota is used up; switch 'free tier only' off in the ",
    "UNPAID": "says that the account has unpaid bills; pay them in the console",
    "NATIVE": "says that the account has unpaid bills; pay them in the console",
    "MODERATION": "refuses the picture or the question as inappropriate content; leave that part ",
    "TOO_SMALL": "finds a picture too small or too long; give a larger one, or cut a long one into",
    "TOO_LONG_PICTURE": "finds a picture too long for its width; cut it into pieces",
    "BAD_PICTURE": "can't read a picture that was sent; give it as another file, e.g. a PNG",
    "DOWNLOAD_TIMEOUT": "can't read a picture that was sent; give it as another file, e.g. a PNG",
    "DOWNLOAD_FAILED": "can't read a picture that was sent; give it as another file, e.g. a PNG",
    "WRONG_CONTENT_TYPE": "can't read a picture that was sent; give it as another file, e.g. a PNG",
    "TOO_LONG": "says that pictures and question are too long together; ask with fewer pictures, ",
    "TOO_LARGE": "refuses the request (400) (Exceeded limit on max bytes per data-uri item); check",
    "THINKING_NEEDS_STREAM": "does not let qwen3.5-plus think here; set QWEN_THINKING=0",
    "WRONG_PATH": "has nothing at that address (404); check QWEN_BASE_URL",
}
"""Failures that no second request would change."""

PASSING = {
    "CONCURRENCY": "is answering as many of your calls at once as it does; try again in a minute",
    "USAGE": "is answering as many of your calls at once as it does; try again in a minute",
    "QPS": "is answering as many of your calls at once as it does; try again in a minute",
    "SERVER": "failed (500) (An internal error has occured, please try again later); try again",
    "SERVER_503": "failed (503) (An internal error has occured, please try again later); try again",
    "THINKING_FORCED": "has qwen3.5-plus think before it answers; set QWEN_THINKING=1",
}
"""Failures after which one second request is made."""


def test_every_documented_failure_is_tried() -> None:
    assert {*FAILURES, *PASSING} == {*ERRORS, *BARE}


async def test_every_refusal_is_worded_with_its_mend_and_asked_once(
    connect: Connect, sandbox: Sandbox, protocol: Environment
) -> None:
    async with connect(**protocol) as call:
        for name, told in FAILURES.items():
            sandbox.reset()
            sandbox.dashscope.fail(name)
            text = await call.failure(TOOL, images=["shot.png"])

            assert text.startswith(f"{PLAN} {told}"), name
            assert not text.endswith("…")
            assert len(sandbox.dashscope.asked) == 1
            assert sandbox.dashscope.calls == 0


async def test_what_passes_is_tried_once_more_and_no_more(
    connect: Connect, sandbox: Sandbox, protocol: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anyio, "sleep", _no_wait(anyio.sleep))
    for name, told in PASSING.items():
        sandbox.reset()
        sandbox.dashscope.fail(name, name)
        async with connect(**protocol) as call:
            text = await call.failure(TOOL, images=["shot.png"])
            assert text.startswith(f"{PLAN} {told}"), name
            assert len(sandbox.dashscope.asked) == 2
            sandbox.dashscope.fail(name)
            assert "Cost: 1 plan call; " in await call(TOOL, images=["shot.png"])

        assert (len(sandbox.dashscope.asked), sandbox.dashscope.calls) == (4, 1)


def _no_wait(sleep: Any) -> Any:
    """Make waits short, so that a test of what comes after one does not wait."""
    return lambda seconds: sleep(min(seconds, 0.01))


async def test_a_wait_that_the_call_has_no_time_for_is_not_begun(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.dashscope.fail("CONCURRENCY")
    async with connect(QWEN_MCP_TIMEOUT="2") as call:
        await call.failure(TOOL, images=["shot.png"])

    assert len(sandbox.dashscope.asked) == 1


REFUSED = "does not accept the key"
OURS = f"{REFUSED} in QWEN_API_KEY"


@pytest.mark.parametrize(
    ("key", "path", "told"),
    [
        (
            "sk-sp-1234567890",
            "/compatible-mode/v1",
            f"{OURS}: sk-sp-… is a plan's, and this a ",
        ),
        ("sk-1234567890", "/compatible-mode/v1", f"{OURS}; check QWEN_API_KEY, and QWEN_BASE_URL"),
        (
            "sk-1234567890",
            "/v1",
            f"{REFUSED}: it is no plan's key (sk-sp-…), and this is a ",
        ),
        ("sk-sp-1234567890", "/v1", f"{REFUSED}: it is wrong, expired, of another plan or of anot"),
    ],
    ids=["plan's key elsewhere", "other key", "other key on a plan", "plan's key"],
)
async def test_a_mismatch_of_key_and_host_is_told_from_the_two_texts(
    connect: Connect, sandbox: Sandbox, key: str, path: str, told: str
) -> None:
    async with connect(QWEN_API_KEY=key, QWEN_BASE_URL=sandbox.dashscope.url + path) as call:
        text = await call.failure(TOOL, images=["shot.png"])

    assert told in text


@pytest.mark.parametrize(
    "variable",
    [
        "QWEN_API_KEY",
        "BAILIAN_CODING_PLAN_API_KEY",
        "BAILIAN_TOKEN_PLAN_API_KEY",
        "DASHSCOPE_API_KEY",
    ],
)
async def test_the_variable_that_was_really_set_is_named(
    connect: Connect, sandbox: Sandbox, variable: str
) -> None:
    key = {"QWEN_API_KEY": "", variable: "sk-sp-1234567890"}
    sandbox.dashscope.next(Scripted(401), Scripted(403, {"error": {"message": "no"}}))
    async with connect(**key) as call:
        for _ in range(3):
            text = await call.failure(TOOL, images=["shot.png"])
            assert f"; check {variable}" in text


async def test_pay_as_you_go_and_the_token_plan_work_too(
    connect: Connect, sandbox: Sandbox
) -> None:
    paid = {
        "DASHSCOPE_API_KEY": sandbox.dashscope.other_key,
        "QWEN_BASE_URL": f"{sandbox.dashscope.url}/compatible-mode/v1",
    }
    token = {
        "BAILIAN_TOKEN_PLAN_API_KEY": sandbox.dashscope.token_plan_key,
        "QWEN_BASE_URL": f"{sandbox.dashscope.url}/token-plan/compatible-mode/v1",
    }
    async with connect(QWEN_API_KEY="", QWEN_VISION_MODEL="qwen3-vl-plus", **paid) as call:
        assert "Cost: 1 call; model qwen3-vl-plus; " in await call(TOOL, images=["shot.png"])
    async with connect(QWEN_API_KEY="", **token) as call:
        assert "Cost: 1 plan call; " in await call(TOOL, images=["shot.png"])


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("PARTIAL", "INCOMPLETE, the end is missing: the service ends an answer after 180 s"),
        ("CUT", f"INCOMPLETE, the end is missing: {PLAN} broke off or garbled its answer"),
        ("ERROR_EVENT", f"INCOMPLETE, the end is missing: {PLAN} broke off with an error (An "),
        ("LENGTH", "INCOMPLETE: the answer reached the longest that is asked for; ask for less"),
    ],
)
async def test_an_answer_without_its_end_is_given_and_told(
    connect: Connect, sandbox: Sandbox, protocol: Environment, way: str, reason: str
) -> None:
    sandbox.dashscope.fail(way)
    async with connect(**protocol) as call:
        text = await call(TOOL, images=["shot.png"])
        again = await call(TOOL, images=["shot.png"])

    assert f"\n({reason}" in text
    assert "\nPicture 1: image/png of 192x" in text
    assert "Cost: 1 plan call; " in text
    # What is incomplete is not kept, unless the same question would only be cut again.
    assert ("no call" in again) is (way == "LENGTH")


def in_the_stream(name: str, protocol: Environment) -> Scripted:
    """The failure `name` as the first event of an answer with status 200."""
    event = f"data: {json.dumps(error(name, anthropic=bool(protocol)))}\n\n"
    return Scripted(200, event, {"content-type": "text/event-stream"})


async def test_a_refusal_that_comes_as_an_event_is_one_and_is_not_counted(
    connect: Connect, sandbox: Sandbox, protocol: Environment, tmp_path: Path
) -> None:
    state = str(tmp_path / "state")
    async with connect(QWEN_MCP_STATE_DIR=state, **protocol) as call:
        for name in FAILURES.keys() & ERRORS.keys() - {"TOO_LARGE"}:
            sandbox.reset()
            sandbox.dashscope.next(in_the_stream(name, protocol))
            text = await call.failure(TOOL, images=["shot.png"])

            assert text.startswith(f"{PLAN} {FAILURES[name]}"), name
            assert len(sandbox.dashscope.asked) == 1

    assert Ledger(state).counts(Secret(sandbox.dashscope.plan_key)) == Counts(0, 0, 0)


@pytest.mark.parametrize("name", ["THINKING_FORCED", "CONCURRENCY"])
async def test_a_refusal_that_comes_as_an_event_and_passes_is_followed_by_one_more_try(
    connect: Connect,
    sandbox: Sandbox,
    protocol: Environment,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anyio, "sleep", _no_wait(anyio.sleep))
    sandbox.dashscope.next(in_the_stream(name, protocol))
    async with connect(**protocol) as call:
        assert "Cost: 1 plan call; " in await call(TOOL, images=["shot.png"])
    thinks = sent(sandbox).get("enable_thinking") or "budget_tokens" in sent(sandbox).get(
        "thinking", {}
    )

    assert thinks is (name == "THINKING_FORCED")
    assert (len(sandbox.dashscope.asked), sandbox.dashscope.calls) == (2, 1)


@pytest.mark.parametrize("way", ["CUT_AT_ONCE", "ERROR_AT_ONCE", "SILENT"])
async def test_a_call_that_was_taken_and_says_nothing_is_not_repeated(
    connect: Connect, sandbox: Sandbox, protocol: Environment, way: str
) -> None:
    sandbox.dashscope.fail(way)
    async with connect(**protocol) as call:
        text = await call.failure(TOOL, images=["shot.png"])

    assert text.startswith(f"{PLAN} gave no answer")
    assert text.endswith("; the plan counts the call; ask again, with fewer pictures or detail=low")
    assert len(sandbox.dashscope.asked) == 1


async def test_at_the_calls_own_end_what_was_said_is_given(
    connect: Connect, sandbox: Sandbox, protocol: Environment
) -> None:
    sandbox.dashscope.fail("HANG")
    async with connect(QWEN_MCP_TIMEOUT="1", **protocol) as call:
        text = await call(TOOL, images=["shot.png"])

    assert "\n(INCOMPLETE, the end is missing: the call's own time was over)\n" in text
    assert "\nPicture 1: image/png of 192x" in text


async def test_a_service_that_is_silent_is_left_at_the_calls_end(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_TIMEOUT="1") as call:
        with sandbox.dashscope.holding():
            text = await call.failure(TOOL, images=["shot.png"])

    assert text.startswith(f"{PLAN} gave no answer (the call's own time was over); ask again")


async def test_a_model_may_pause_for_longer_than_other_services(
    connect: Connect, sandbox: Sandbox, protocol: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIMEOUTS, "read", 0.1)
    monkeypatch.setattr("qwen_mcp_tools.sandbox.dashscope_answers.HANG_SECONDS", 0.4)
    sandbox.dashscope.fail("HANG")
    sandbox.dashscope.next(Scripted(400, b"", delay=0.4))
    async with connect(**protocol) as call:
        assert "refuses the request (400)" in await call.failure(TOOL, images=["shot.png"])
        text = await call(TOOL, images=["shot.png"])

    assert "INCOMPLETE" not in text


async def test_a_long_call_says_what_it_does(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.offer.FIRST_PROGRESS_SECONDS", 0)
    monkeypatch.setattr("qwen_mcp_tools.offer.PROGRESS_SECONDS", 0.01)
    tell, heard = anyio.create_memory_object_stream[str](1000)

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        tell.send_nowait(message or "")

    async def hear(words: str) -> None:
        while await heard.receive() != words:
            pass

    sandbox.site.next(Scripted(200, saved(plain())))
    sandbox.dashscope.fail("HANG")
    async with connect() as call, tell, heard, anyio.create_task_group() as tasks:
        with anyio.fail_after(PATIENCE), sandbox.dashscope.holding() as model:
            with sandbox.site.holding():
                images = {"images": [f"{sandbox.site.url}/x.png"]}
                tasks.start_soon(
                    partial(call.client.call_tool, TOOL, images, progress_callback=listen)
                )
                await hear("reading the pictures")
            await hear("making the pictures ready to be sent")
            await hear("waiting for qwen3.5-plus")
            model.release()
            await hear("qwen3.5-plus is answering")
        tasks.cancel_scope.cancel()


STRANGE = [
    Scripted(200, "<html>", {"content-type": "text/html"}),
    Scripted(200, b"data: {broken\n\n", {"content-type": "text/event-stream"}),
    Scripted(200, b"data: []\n\n", {"content-type": "text/event-stream"}),
    Scripted(200, b'{"choices": 5, "usage": []}', {"content-type": "application/json"}),
    Scripted(200, b'{"choices": [{"delta": 5}]}', {"content-type": "application/json"}),
    Scripted(200, b"[]", {"content-type": "application/json"}),
    Scripted(200, b""),
    Scripted(302, b"", {"location": "http://127.0.0.1:9/"}),
    Scripted(418, b"\xff\xfe"),
    Scripted(400, {"error": {"message": None, "code": 5}}),
    Scripted(400, {"error": ["x"]}),
]
"""Answers that are not what the service documents."""


async def test_an_answer_of_another_shape_is_one_line(
    connect: Connect, sandbox: Sandbox, protocol: Environment
) -> None:
    async with connect(**protocol) as call:
        for answer in STRANGE:
            sandbox.reset()
            sandbox.dashscope.next(answer)
            text = await call.failure(TOOL, images=["shot.png"])

            assert text.startswith(f"{PLAN} "), answer
            assert "bug" not in text
            assert len(sandbox.dashscope.asked) == 1


async def test_a_service_that_is_not_there_is_told(connect: Connect) -> None:
    async with connect(QWEN_BASE_URL="http://127.0.0.1:9/v1") as call:
        text = await call.failure(TOOL, images=["shot.png"])

    assert text == f"{PLAN} refuses the connection; check that it runs there"


async def test_no_answer_and_no_log_shows_the_key(
    connect: Connect, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, protocol: Environment
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "sk-sp-a-wrong-key-that-nobody-may-see"
    async with connect(QWEN_API_KEY=key, **protocol) as call:
        text = await call.failure(TOOL, images=["shot.png"])

    headers = sandbox.dashscope.asked[0].headers
    assert key in headers.get("authorization", "") + headers.get("x-api-key", "")
    assert key not in text + caplog.text


async def test_calls_that_were_taken_are_counted(
    connect: Connect, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.dashscope.fail("HOUR_QUOTA", "CUT_AT_ONCE")
    state = tmp_path / "state"
    async with connect(QWEN_MCP_STATE_DIR=str(state)) as call:
        await call.failure(TOOL, images=["shot.png"])
        await call.failure(TOOL, images=["shot.png"])
        await call(TOOL, images=["shot.png"])
        await call(TOOL, images=["shot.png"])
    counts = Ledger(str(state)).counts(Secret(sandbox.dashscope.plan_key))

    assert counts == Counts(five_hours=2, week=counts.week, month=counts.month)


@pytest.fixture
def site(sandbox: Sandbox) -> str:
    return f"{sandbox.site.url}/pictures/shot.png"


async def test_a_picture_on_the_web_is_fetched_by_us(
    connect: Connect, sandbox: Sandbox, site: str, era: str
) -> None:
    sandbox.site.next(
        Scripted(302, b"", {"location": "/elsewhere"}),
        Scripted(200, saved(plain(60, 60)), {"content-type": "text/plain"}),
    )
    async with connect(mode=era) as call:
        text = await call(TOOL, images=[site])

    assert text.startswith("qwen3.5-plus on shot.png (PNG, 60×60)\n")
    assert content(sandbox)[0]["image_url"]["url"].startswith("data:image/png;base64,")
    assert "(via" not in sandbox.site.asked[0].headers["user-agent"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Scripted(404), "Not found: shot.png at 127.0.0.1:"),
        (Scripted(403), "127.0.0.1:"),
        (Scripted(200, "<!doctype html><p>log in"), "Can't read shot.png: it is a web page, not a"),
        (Scripted(200, b""), "Can't read shot.png: it is empty; check the file"),
        (Scripted(200, b"x" * 10_000_001), "Can't read shot.png: it has more than 10 MB; give a"),
        (
            Scripted(200, saved(screen()), cut_after=900),
            "127.0.0.1 broke off or garbled",
        ),
        (
            Scripted(302, b"", {"location": "http://169.254.169.254/"}),
            "Refused 169.254.169.254: ",
        ),
        (
            Scripted(302, b"", {"location": "http://10.0.0.1/x.png"}),
            "Refused 10.0.0.1: it is no",
        ),
    ],
    ids=["404", "403", "page", "empty", "large", "cut", "metadata", "private"],
)
async def test_a_picture_that_cannot_be_fetched_is_told_and_costs_no_call(
    connect: Connect, sandbox: Sandbox, site: str, answer: Scripted, told: str
) -> None:
    sandbox.site.next(answer)
    async with connect() as call:
        assert (await call.failure(TOOL, images=[site])).startswith(told)

    assert sandbox.dashscope.asked == []


async def test_a_private_address_is_not_fetched_from(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(QWEN_MCP_ALLOW_HOSTS="") as call:
        text = await call.failure(TOOL, images=[f"{sandbox.site.url}/picture.png"])

    assert text.startswith("Refused 127.0.0.1: it is no public address")
    assert sandbox.site.asked == []


async def test_a_site_that_drips_is_given_up_with_a_mend(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.vision.sources.FETCH_SECONDS", 0.3)
    async with connect() as call:
        text = await call.failure(TOOL, images=[f"{sandbox.site.url}/drip"])

    assert re.fullmatch(
        r"127\.0\.0\.1:\d+ did not send drip within 0\.3 s; "
        r"save it and give its path, or a data: URI",
        text,
    )


async def test_a_stream_without_its_last_empty_line_is_whole(
    connect: Connect, sandbox: Sandbox
) -> None:
    chunk = {"choices": [{"delta": {"content": "All of it."}, "finish_reason": "stop"}]}
    sandbox.dashscope.next(
        Scripted(200, f"data: {json.dumps(chunk)}", {"content-type": "text/event-stream"})
    )
    async with connect() as call:
        text = await call(TOOL, images=["shot.png"])

    assert "All of it." in text
    assert "INCOMPLETE" not in text
    assert text.endswith("; tokens not told (about 20 of pictures)")


async def test_what_the_model_says_stays_between_the_marks(
    connect: Connect, sandbox: Sandbox
) -> None:
    said = {"choices": [{"message": {"content": "OUTSIDE\u202e\x1b[31m"}, "finish_reason": "stop"}]}
    sandbox.dashscope.next(Scripted(200, said))
    async with connect() as call:
        text = await call(TOOL, images=["shot.png"])

    head, between, foot = re.split(r"<<<.+>>>", text)
    assert between.strip() == "OUTSIDE"
    assert "OUTSIDE" not in head + foot


async def test_a_call_may_take_three_minutes_unless_the_user_says_otherwise() -> None:
    from qwen_mcp_tools.tools import OFFER

    assert {tool.name: tool.seconds for tool in OFFER if tool.seconds != 30} == {TOOL: 180}
