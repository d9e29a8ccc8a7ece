"""Searching without any key: DuckDuckGo, then the open sources, each in its own words."""

import re
import socket
import threading
from contextlib import ExitStack
from typing import Any

import anyio
import bs4
import pytest

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn
from qwen_mcp_tools.upstream.failures import TIMEOUTS
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


@pytest.mark.parametrize(
    ("language", "country", "region"),
    [
        ("en", "GB", "uk-en"),
        ("en-GB", "", "uk-en"),
        ("", "JP", "jp-jp"),
        ("ja", "", "jp-jp"),
        ("zh", "", "cn-zh"),
        ("zh-TW", "", "tw-tzh"),
        ("zh", "HK", "hk-tzh"),
        ("zh-Hant", "", "tw-tzh"),
        ("fr", "CA", "ca-fr"),
        ("en", "", "us-en"),
        ("", "all", None),
        ("", "", None),
    ],
)
async def test_duckduckgo_is_asked_by_its_own_regions(
    connect: Connect, sandbox: Sandbox, language: str, country: str, region: str | None
) -> None:
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="kestrel", language=language, country=country)

    assert sandbox.duckduckgo.asked[0].query.get("kl") == region
    assert "not applied" not in text


async def test_a_region_that_duckduckgo_lacks_is_told(connect: Connect) -> None:
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="kestrel", language="sw", country="KE")

    told = "(DuckDuckGo can't search by language and country, so that was not applied)"
    assert told in text


@pytest.mark.parametrize(
    ("wishes", "region", "told"),
    [
        ({"language": "ja", "country": "SG"}, "sg-en", "language"),
        ({"language": "fr", "country": "DE"}, "de-de", "language"),
        ({"language": "zh-TW", "country": "SG"}, "sg-en", "language"),
        ({"language": "ja", "country": "KE"}, None, "language and country"),
        ({"language": "sw"}, None, "language"),
        ({"language": "sw", "country": "all"}, None, "language"),
    ],
)
async def test_what_a_region_of_duckduckgo_does_not_meet_is_told(
    connect: Connect, sandbox: Sandbox, wishes: dict[str, str], region: str | None, told: str
) -> None:
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="kestrel", **wishes)

    assert sandbox.duckduckgo.asked[0].query.get("kl") == region
    assert f"(DuckDuckGo can't search by {told}, so that was not applied)" in text


async def test_fewer_results_than_a_page_are_followed_by_the_next_ones(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(**KEYLESS) as call:
        await call("web_search", query="kestrel", count=3, page=2)

    assert sandbox.duckduckgo.asked[0].query["s"] == "3"


async def test_code_in_a_title_of_duckduckgo_stays(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.duckduckgo.next(
        Scripted(
            200,
            '<div class="result"><a class="result__a" href="//duckduckgo.com/l/?uddg='
            'https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2&amp;rut=1">A vector&lt;int&gt; &amp;amp;'
            '</a></div><div class="result"><a class="result__a" href="//[bad/">No</a></div>'
            '<div class="result"><a class="result__a" href="javascript:alert(1)">No</a></div>',
        )
    )
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="kestrel")

    assert "1. A vector<int> &amp;\n   https://a.example/?x=1&y=2\n" in text
    assert "No" not in text


async def test_a_page_of_duckduckgo_is_parsed_beside_the_event_loop_and_not_without_end(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def begin(*arguments: Any, **named: Any) -> None:
        threads.append(threading.current_thread())
        usual(*arguments, **named)

    usual = bs4.BeautifulSoup.__init__
    monkeypatch.setattr(bs4.BeautifulSoup, "__init__", begin)
    results = [f'<div class="result"><a class="result__a" href="https://a.example/{n}">T</a></div>'
               for n in range(2)]  # fmt: skip
    sandbox.duckduckgo.next(Scripted(200, f"{results[0]}{' ' * 300_000}{results[1]}"))
    async with connect(**KEYLESS) as call:
        text = await call("web_search", query="kestrel")

    assert "https://a.example/0" in text
    assert "https://a.example/1" not in text
    assert threads != []
    assert threading.current_thread() not in threads


async def test_a_page_of_another_shape_is_no_refusal_and_no_empty_result(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.duckduckgo.next(Scripted(200, "<html><body>We have moved</body></html>"))
    async with connect(QWEN_MCP_SEARCH="duckduckgo") as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("DuckDuckGo sent a page of another shape")


@pytest.mark.parametrize("status", [202, 200, 403, 429])
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


@pytest.mark.parametrize("source", ["stackexchange", "mdn", "wikipedia"])
async def test_a_source_that_asks_to_slow_down_rests_for_as_long_as_it_says(
    connect: Connect, sandbox: Sandbox, source: str
) -> None:
    stand_in: StandIn = getattr(sandbox, source)
    stand_in.next(Scripted(429, {}, {"retry-after": "60"}))
    async with connect(QWEN_MCP_SEARCH=source) as call:
        texts = [await call.failure("web_search", query=f"css {n}") for n in range(2)]

    assert all(text.endswith(" asks us to slow down; wait 60 s") for text in texts)
    assert len(stand_in.asked) == 1


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


async def test_a_source_that_sends_results_with_a_backoff_is_left_alone_for_it(
    connect: Connect, sandbox: Sandbox
) -> None:
    item = {
        "item_type": "question",
        "question_id": 7,
        "title": "css grid",
        "excerpt": "a &lt;b&gt;",
    }
    sandbox.stackexchange.next(Scripted(body={"items": [item], "backoff": 60}))
    async with connect(QWEN_MCP_SEARCH="open") as call:
        first = await call("web_search", query="css grid")
        second = await call("web_search", query="css layout")

    assert (
        "1. css grid\n   https://stackoverflow.com/questions/7\n   (question, score 0) a <b>"
        in first
    )
    assert "(Stack Overflow asked us to wait a little; try again in a minute)" in second
    assert len(sandbox.stackexchange.asked) == 1


async def test_a_silent_source_does_not_hold_the_others_up(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.open_sources.PATIENCE_SECONDS", 1.5)
    with sandbox.wikipedia.holding():
        async with connect(QWEN_MCP_SEARCH="open") as call:
            text = await call("web_search", query="css grid")

    assert "developer.mozilla.org" in text
    assert "(Wikipedia did not answer within 1.5 s; " in text


async def test_a_silent_source_leaves_the_call_time_to_tell_what_the_others_found(
    connect: Connect, sandbox: Sandbox
) -> None:
    with sandbox.wikipedia.holding():
        async with connect(QWEN_MCP_SEARCH="open", QWEN_MCP_TIMEOUT="2") as call:
            text = await call("web_search", query="css grid")

    assert "developer.mozilla.org" in text
    assert re.search(r"\(Wikipedia did not answer within 1\.[4-6] s; ", text)


async def test_the_pages_of_the_open_sources_leave_nothing_out_and_repeat_nothing(
    connect: Connect, sandbox: Sandbox
) -> None:
    def script() -> None:
        posts = [{"question_id": n, "title": f"Post {n}"} for n in range(1, 6)]
        documents = [{"mdn_url": f"/d/{n}", "title": f"<d{n}>"} for n in range(1, 3)]
        pages = [{"key": f"P{n}", "title": f"Page {n}"} for n in range(1, 4)]
        sandbox.stackexchange.next(Scripted(body={"items": posts}))
        sandbox.mdn.next(Scripted(body={"documents": documents}))
        sandbox.wikipedia.next(Scripted(body={"pages": pages}))

    found: list[str] = []
    async with connect(QWEN_MCP_SEARCH="open") as call:
        for page in (1, 2, 3):
            script()
            text = await call("web_search", query="css grid", count=4, page=page)
            found += re.findall(r"^\d+\. (.+)$", text, re.MULTILINE)
            assert ("More: " in text) == (page < 3)

    in_turn = "Post 1|<d1>|Page 1|Post 2|<d2>|Page 2|Post 3|Page 3|Post 4|Post 5"
    assert found == in_turn.split("|")
    sizes = [each.query["pagesize"] for each in sandbox.stackexchange.asked]
    assert sizes == ["4", "8", "12"]


@pytest.mark.parametrize(
    ("freshness", "is_found"),
    [("2025-07-01..2025-07-20", True), ("2025-07-21..2025-08-01", False), ("week", False)],
)
async def test_stack_overflow_is_asked_for_posts_of_the_days_wished_for(
    connect: Connect, sandbox: Sandbox, freshness: str, is_found: bool
) -> None:
    async with connect(QWEN_MCP_SEARCH="stackexchange") as call:
        text = await call("web_search", query="asyncio timeout", freshness=freshness)

    assert ("https://stackoverflow.com/questions/4410" in text) is is_found
    assert "not applied" not in text


async def test_wishes_that_a_source_cannot_honour_are_told(connect: Connect) -> None:
    async with connect(QWEN_MCP_SEARCH="open") as call:
        text = await call("web_search", query="css grid", freshness="week", country="DE")

    assert (
        "\n(Stack Overflow can't search by country, so that was not applied)\n"
        "(MDN, Wikipedia can't search by freshness and country, so that was not applied)\n" in text
    )


async def test_only_sources_with_pages_of_the_sites_asked_for_are_asked(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="open") as call:
        await call("web_search", query="css grid", site="developer.mozilla.org")
        await call("web_search", query="css grid", site="-stackoverflow.com")
        text = await call.failure("web_search", query="css grid", site="docs.python.org")

    assert sandbox.stackexchange.asked == []
    assert len(sandbox.mdn.asked) == 2
    assert text == (
        "open sources have only pages of stackoverflow.com, developer.mozilla.org, wikipedia.org; "
        "set BRAVE_API_KEY, or drop site"
    )


async def test_results_left_out_for_their_site_are_counted(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="mdn") as call:
        text = await call("web_search", query="css grid", site="docs.python.org")

    assert text.startswith('MDN: no results for "css grid"')
    assert " found on other sites left out)" in text


async def test_a_document_without_a_path_on_mdn_is_left_out(
    connect: Connect, sandbox: Sandbox
) -> None:
    paths = ["@b.example/", "//b.example/", ".b.example/", "", None, "/en-US/docs/Web"]
    documents = [{"mdn_url": path, "title": f"css {path}"} for path in paths]
    sandbox.mdn.next(Scripted(body={"documents": documents}))
    async with connect(QWEN_MCP_SEARCH="mdn") as call:
        text = await call("web_search", query="css")

    assert text.startswith("MDN: 1 result for")
    assert "   https://developer.mozilla.org/en-US/docs/Web" in text


async def test_a_second_page_of_wikipedia_is_told_to_be_none(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="wikipedia") as call:
        text = await call("web_search", query="css grid", page=2)

    assert "(Wikipedia gives one page of results only)" in text
    assert sandbox.wikipedia.asked == []


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


async def test_an_answer_in_place_of_another_is_not_kept_for_long(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.finder.MAKESHIFT_SECONDS", 0)
    sandbox.brave.next(Scripted(404, {}))
    async with connect() as call:
        first, second, third = [await call("web_search", query="kestrel") for _ in range(3)]

    assert first.startswith("DuckDuckGo: ")
    assert second.startswith("Brave: ")
    assert third.startswith("Brave: ")
    assert len(sandbox.brave.asked) == 2


async def test_a_rest_lasts_a_day_at_most(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.rests.LONGEST_REST_SECONDS", 0)
    sandbox.brave.fail("QUOTA_LIMITED")
    async with connect() as call:
        assert (await call("web_search", query="kestrel")).startswith("DuckDuckGo: ")
        assert (await call("web_search", query="timeout")).startswith("Brave: ")


async def test_a_cancelled_search_ends_its_request(connect: Connect, sandbox: Sandbox) -> None:
    with sandbox.brave.holding() as held:
        async with connect() as call, anyio.create_task_group() as group:
            group.start_soon(lambda: call("web_search", query="kestrel"))
            await anyio.to_thread.run_sync(held.wait_until_asked)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(held.wait_until_left)


async def test_an_unknown_engine_is_told_at_the_start(connect: Connect) -> None:
    with pytest.raises(SettingError, match="QWEN_MCP_SEARCH takes names of brave, google, serper"):
        async with connect(QWEN_MCP_SEARCH="brave,altavista"):
            pass


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"query": " "}, "query must not be empty"),
        ({"query": "x" * 2001}, "query must be text, 1 to 2000 characters long"),
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
        async with connect(QWEN_MCP_SEARCH="brave,duckduckgo") as call:
            text = await call("web_search", query="job timeout")
        await anyio.to_thread.run_sync(held.wait_until_left)

    assert text.startswith("DuckDuckGo: ")
    assert (
        "\n(Brave did not answer within 0.1 s; set HTTPS_PROXY if this network needs a proxy, "
        "or DASHSCOPE_API_KEY for Bailian's search, which works inside China)\n"
    ) in text


async def test_who_has_bailian_is_not_told_of_it(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.finder.PATIENCE_SECONDS", 0.1)
    with sandbox.brave.holding():
        async with connect(
            QWEN_MCP_SEARCH="brave,duckduckgo,bailian", DASHSCOPE_API_KEY=sandbox.bailian.key
        ) as call:
            text = await call("web_search", query="job timeout")

    assert "; set HTTPS_PROXY if this network needs a proxy)" in text


async def test_an_engine_that_fails_again_and_again_rests(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.next(*[Scripted(200, "<html>down")] * 9)
    async with connect() as call:
        texts = [await call("web_search", query=f"kestrel {n}") for n in range(5)]

    assert all("(Brave sent something else than JSON (status 200)" in text for text in texts)
    assert len(sandbox.brave.asked) == 3


async def test_an_engine_that_answers_in_between_does_not_rest(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        for number in range(8):
            sandbox.brave.next(*[Scripted(200, "<html>down")] * (number % 2))
            await call("web_search", query=f"kestrel {number}")

    assert len(sandbox.brave.asked) == 8


async def test_an_engine_that_cannot_be_connected_to_is_not_waited_for_again(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIMEOUTS, "connect", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        # A full backlog leaves the next one waiting, as a firewall does.
        with ExitStack() as stack:
            for _ in range(4):
                stack.enter_context(_knocking_at(address))
            async with connect(BRAVE_API_BASE_URL=f"http://127.0.0.1:{address[1]}") as call:
                texts = [await call("web_search", query=f"job timeout {n}") for n in range(2)]

    assert all(text.startswith("DuckDuckGo: ") for text in texts)
    assert all("\n(Brave did not answer within 0.2 s; " in text for text in texts)


def _knocking_at(address: tuple[str, int]) -> socket.socket:
    knocking = socket.socket()
    knocking.setblocking(False)
    knocking.connect_ex(address)
    return knocking


async def test_a_silent_engine_is_not_waited_for_again_at_once(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.finder.PATIENCE_SECONDS", 0.1)
    with sandbox.brave.holding():
        async with connect(QWEN_MCP_SEARCH="brave,duckduckgo") as call:
            await call("web_search", query="job timeout")
            text = await call("web_search", query="kestrel")

    assert text.startswith("DuckDuckGo: ")
    assert "\n(Brave did not answer within 0.1 s; " in text
    assert len(sandbox.brave.asked) == 1


async def test_an_engine_named_twice_is_asked_once(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.brave.next(*[Scripted(403, {})] * 2)
    async with connect(QWEN_MCP_SEARCH="brave,Brave") as call:
        await call.failure("web_search", query="kestrel")

    assert len(sandbox.brave.asked) == 1


async def test_troubles_and_mends_are_told_once_each(connect: Connect) -> None:
    nowhere = dict.fromkeys(
        ("DUCKDUCKGO_URL", "STACKEXCHANGE_API_URL", "MDN_URL", "WIKIPEDIA_URL"),
        "http://127.0.0.1:9",
    )
    async with connect(BRAVE_API_KEY="", **nowhere) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("No search engine answers (DuckDuckGo, Stack Overflow, MDN, Wikipedia: ")
    assert text.count("check that it runs there") == 1
