"""Searching without any key: DuckDuckGo, then the open sources, each in its own words."""

import re

import anyio
import pytest

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.conftest import Connect

KEYLESS = {"BRAVE_API_KEY": ""}


async def test_duckduckgo_answers_first_and_adverts_are_left_out(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="job timeout")

    assert text.startswith("DuckDuckGo: ")
    assert f"   {sandbox.site.url}/docs/timeouts.html\n" in text
    assert "Buy" not in text
    assert sandbox.brave.asked == []
    assert sandbox.duckduckgo.asked[0].headers["user-agent"].startswith("qwen-mcp-tools/")


async def test_wishes_are_sent_in_duckduckgos_words(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**KEYLESS) as call:
        await call(
            "web_search", query="kestrel", page=2, freshness="week", language="de", country="AT"
        )

    asked = sandbox.duckduckgo.asked[0].query
    assert asked == {"q": "kestrel", "df": "w", "kl": "at-de", "s": "10"}


@pytest.mark.parametrize("status", [202, 200])
async def test_a_refusal_is_told_never_shown_as_no_results(
    connect: Connect, sandbox: Sandbox, status: int
) -> None:
    sandbox.duckduckgo.refuse(status)
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="asyncio timeout")

    assert "(DuckDuckGo takes programs for bots at the moment and shows no results" in text
    assert "no results for" not in text


async def test_an_engine_that_refused_rests(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.duckduckgo.refuse()
    async with connect(**KEYLESS) as call:
        await call("web_search", query="asyncio timeout")
        await call("web_search", query="css grid")

    assert len(sandbox.duckduckgo.asked) == 1


async def test_the_open_sources_are_asked_together_and_shown_in_turn(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="open") as call:
        text = await call("web_search", query="asyncio timeout")

    assert text.startswith("Stack Overflow, Wikipedia: ")
    assert "https://stackoverflow.com/questions/4410" in text
    assert "https://stackoverflow.com/a/4411" in text
    assert "https://en.wikipedia.org/wiki/Asynchronous_I/O" in text
    assert "<span" not in text


async def test_pages_of_few_results_leave_none_out(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(BRAVE_API_KEY="") as call:
        pages = [await call("web_search", query="kestrel", count=3, page=n) for n in (1, 2)]
        whole = await call("web_search", query="kestrel", count=6)

    urls = [re.findall(r"^   (http\S+)$", text, re.MULTILINE) for text in (*pages, whole)]
    assert urls[0] + urls[1] == urls[2]


async def test_the_open_sources_give_a_share_each(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(QWEN_MCP_SEARCH="open") as call:
        await call("web_search", query="css grid", count=6, page=2)

    assert sandbox.stackexchange.asked[0].query["pagesize"] == "2"
    assert sandbox.stackexchange.asked[0].query["page"] == "2"
    assert sandbox.mdn.asked[0].query["size"] == "2"


async def test_a_chinese_question_goes_to_the_chinese_wikipedia(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="wikipedia") as call:
        text = await call("web_search", query="异步IO")

    assert "https://zh.wikipedia.org/wiki/" in text


async def test_a_source_that_fails_is_named_and_the_others_answer(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.stackexchange.throttle(30)
    async with connect(QWEN_MCP_SEARCH="open") as call:
        text = await call("web_search", query="css grid")

    assert "(Stack Overflow asks us to wait 30 s; use another engine)" in text
    assert "developer.mozilla.org" in text


async def test_when_nobody_answers_each_trouble_is_named(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.duckduckgo.refuse()
    for each in (sandbox.stackexchange, sandbox.mdn, sandbox.wikipedia):
        each.next(Scripted(403, "no"))
    async with connect(**KEYLESS) as call:
        text = await call.failure("web_search", query="kestrel")

    for name in ("DuckDuckGo", "Stack Overflow", "MDN", "Wikipedia"):
        assert name in text


async def test_a_failing_brave_is_told_and_made_good(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.brave.fail("QUOTA_LIMITED")
    async with connect() as call:
        text = await call("web_search", query="job timeout")

    head = text.splitlines()
    assert head[0].startswith("DuckDuckGo: ")
    assert head[1].startswith("(Brave says that this month's quota is spent")


async def test_results_off_the_sites_asked_for_are_dropped(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="open") as call:
        text = await call("web_search", query="css grid", site="developer.mozilla.org")

    assert "developer.mozilla.org" in text
    assert "stackoverflow.com" not in text


async def test_the_same_question_at_once_and_again_is_one_request(
    connect: Connect, sandbox: Sandbox
) -> None:
    with sandbox.brave.holding() as held:
        async with connect() as call:
            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(lambda: call("web_search", query="kestrel"))
                await anyio.to_thread.run_sync(held.wait_until_asked)
                held.release()
            await call("web_search", query="kestrel")

    assert len(sandbox.brave.asked) == 1


async def test_a_cancelled_search_ends_its_request(connect: Connect, sandbox: Sandbox) -> None:
    with sandbox.brave.holding() as held:
        async with connect() as call, anyio.create_task_group() as group:
            group.start_soon(lambda: call("web_search", query="kestrel"))
            await anyio.to_thread.run_sync(held.wait_until_asked)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(held.wait_until_left)


async def test_an_unknown_engine_is_told_at_the_start(connect: Connect) -> None:
    with pytest.raises(SettingError, match="QWEN_MCP_SEARCH takes names of brave, duckduckgo"):
        async with connect(QWEN_MCP_SEARCH="brave,altavista"):
            pass


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"query": " "}, "query must not be empty"),
        ({"query": "w " * 51}, "query must have at most 50 words"),
        ({"query": "x" * 401}, "query must be text, 1 to 400 characters long"),
        ({"query": "x", "count": 21}, "count must be a whole number, 1 to 20"),
        ({"query": "x", "page": 11}, "page must be a whole number, 1 to 10"),
        ({"query": "x", "freshness": "today"}, 'freshness must be "day", "week", "month", "year"'),
        ({"query": "x", "freshness": "2026-06-30..2026-01-01"}, "freshness must be"),
        ({"query": "x", "freshness": "2026-02-30..2026-03-01"}, "freshness must be"),
        ({"query": "x", "site": "not a domain"}, "site must be domains such as"),
        ({"query": "x", "language": "english"}, "language must be a language code"),
        ({"query": "x", "country": "Germany"}, "country must be a country code"),
    ],
)
async def test_a_wrong_argument_is_told_before_anybody_is_asked(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, object], words: str
) -> None:
    async with connect() as call:
        assert (await call.failure("web_search", **arguments)).startswith(words)

    assert sandbox.brave.asked == []


async def test_an_engine_that_is_silent_is_left_for_the_next(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.finder.PATIENCE_SECONDS", 0.1)
    with sandbox.brave.holding() as held:
        async with connect() as call:
            text = await call("web_search", query="job timeout")
        await anyio.to_thread.run_sync(held.wait_until_left)

    assert text.startswith("DuckDuckGo: ")
    assert "\n(Brave did not answer within 0.1 s; set HTTPS_PROXY if" in text


async def test_troubles_and_mends_are_told_once_each(connect: Connect) -> None:
    nowhere = dict.fromkeys(
        ("DUCKDUCKGO_URL", "STACKEXCHANGE_API_URL", "MDN_URL", "WIKIPEDIA_URL"),
        "http://127.0.0.1:9",
    )
    async with connect(BRAVE_API_KEY="", **nowhere) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("No search engine answers (DuckDuckGo, Stack Overflow, MDN, Wikipedia: ")
    assert text.count("check that it runs there") == 1
