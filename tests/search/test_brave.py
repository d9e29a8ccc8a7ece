"""Brave, as its reference and its users show it."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.search.engines import configured_engines
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import open_clients
from tests.conftest import Connect

ONLY = {"QWEN_MCP_SEARCH": "brave"}


async def test_results_come_with_title_url_date_and_snippet(
    connect: Connect, sandbox: Sandbox, era: str
) -> None:
    async with connect(mode=era, **ONLY) as call:
        text = await call("web_search", query="job timeout", count=2)

    head, _, _, *lines, foot = text.splitlines()
    assert head == 'Brave: 2 results for "job timeout", page 1'
    assert "1. Timeouts — Kestrel 2.4 documentation (2026-06-30)" in lines
    assert f"   {sandbox.site.url}/docs/timeouts.html" in lines
    assert foot == 'More: web_search(query="job timeout", count=2, page=2)'


async def test_what_is_sent_is_what_brave_takes(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**ONLY) as call:
        await call(
            "web_search",
            query="  css   grid ",
            count="5",
            page=3,
            freshness="2026-01-01..2026-06-30",
            site="docs.python.org,-pinterest.com",
            language="ja",
            country="jp",
        )
    (asked,) = sandbox.brave.asked

    assert asked.path == "/res/v1/web/search"
    assert asked.headers["x-subscription-token"] == sandbox.brave.key
    assert asked.headers["user-agent"].startswith("qwen-mcp-tools/")
    assert asked.query == {
        "q": "css grid site:docs.python.org -site:pinterest.com",
        "count": "5",
        "offset": "2",
        "search_lang": "jp",
        "country": "JP",
        "freshness": "2026-01-01to2026-06-30",
        "text_decorations": "false",
        "extra_snippets": "true",
    }


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh_TW", "zh-hant"),
        ("pt", "pt-br"),
        ("en-GB", "en-gb"),
        ("en-US", "en"),
        ("de-AT", "de"),
        ("ja-JP", "jp"),
        ("no-NO", "nb"),
        ("pt-PT", "pt-pt"),
        ("xx", None),
    ],
)
async def test_languages_are_sent_by_braves_own_codes(
    connect: Connect, sandbox: Sandbox, language: str, code: str | None
) -> None:
    async with connect(**ONLY) as call:
        await call("web_search", query="kestrel", language=language)

    assert sandbox.brave.asked[0].query.get("search_lang") == code


async def test_entities_are_characters_and_tags_are_gone(
    connect: Connect, sandbox: Sandbox
) -> None:
    result = {
        "title": "What&#x27;s <strong>new</strong> &amp; old",
        "url": "https://a.example/",
        "description": "1 &lt; 2",
        "extra_snippets": ["&quot;more&quot;"],
        "page_age": "2026-06-30T05:41:00",
    }
    sandbox.brave.next(Scripted(body={"web": {"results": [result]}, "query": {}}))
    async with connect(**ONLY) as call:
        text = await call("web_search", query="x")

    assert "1. What's new & old (2026-06-30)\n" in text
    assert "   1 < 2\n" in text
    assert "more" not in text


@pytest.mark.parametrize(
    "infobox", [{"title": "A", "long_desc": "B"}, [{"title": "A", "long_desc": "B"}]]
)
async def test_an_infobox_may_be_one_or_a_list(
    connect: Connect, sandbox: Sandbox, infobox: object
) -> None:
    sandbox.brave.next(
        Scripted(
            body={
                "web": {"results": [{"title": "t", "url": "https://a.example"}]},
                "infobox": {"results": infobox},
            }
        )
    )
    async with connect(**ONLY) as call:
        assert "\nA B\n" in await call("web_search", query="x")


async def test_a_mended_spelling_is_told(connect: Connect) -> None:
    async with connect(**ONLY) as call:
        text = await call("web_search", query="asyncoi timeout")

    assert 'Searched for "asyncio timeout" instead\n' in text


async def test_no_results_is_an_answer(connect: Connect) -> None:
    async with connect(**ONLY) as call:
        text = await call("web_search", query="zyzzyva quux")

    assert text.startswith('Brave: no results for "zyzzyva quux"; try other or fewer words')


@pytest.mark.parametrize("spelling", ["error", "errors"])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SUBSCRIPTION_TOKEN_INVALID", "Brave does not accept the key; check BRAVE_API_KEY"),
        ("SUBSCRIPTION_NOT_FOUND", "Brave does not accept the key; check BRAVE_API_KEY"),
        ("OPTION_NOT_IN_PLAN", "Brave says that the key's plan does not include this"),
        ("QUOTA_LIMITED", "Brave says that this month's quota is spent"),
        ("USAGE_LIMIT_EXCEEDED", "Brave says that this month's quota is spent"),
    ],
)
async def test_an_error_is_told_by_its_code_and_asked_once(
    connect: Connect, sandbox: Sandbox, code: str, words: str, spelling: str
) -> None:
    sandbox.brave.fail(code, spelling=spelling)
    async with connect(**ONLY) as call:
        assert (await call.failure("web_search", query="kestrel")).startswith(words)
        assert len(sandbox.brave.asked) == 1


async def test_a_spent_quota_says_when_it_ends_and_brave_rests_until_then(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.fail("QUOTA_LIMITED")
    ends = {str((datetime.now(UTC) + timedelta(seconds=1419704 + n)).date()) for n in (0, 60)}
    async with connect() as call:
        texts = [await call("web_search", query=f"kestrel {n}") for n in range(2)]

    words = "(Brave says that this month's quota is spent; a new one begins on "
    for text in texts:
        assert text.startswith("DuckDuckGo: ")
        assert text.partition(words)[2][:10] in ends
    assert len(sandbox.brave.asked) == 1


async def test_the_limit_of_a_second_is_waited_for(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.brave.fail("RATE_LIMITED")
    async with connect(**ONLY) as call:
        await call("web_search", query="kestrel")

    assert len(sandbox.brave.asked) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Scripted(500, "oops"), "Brave failed with status 500"),
        (Scripted(502, "<html>bad gateway</html>"), "Brave failed with status 502"),
        (Scripted(403, {}), "Brave does not accept the key (403)"),
        (Scripted(404, {}), "Brave answered with status 404"),
        (Scripted(200, "<html>"), "Brave sent something else than JSON"),
        (Scripted(200, b"[]"), "Brave sent JSON of another shape"),
        (Scripted(200, b"\x1f\x8bbroken", {"content-encoding": "gzip"}), "Brave "),
        (Scripted(drop=True), "Brave "),
        (Scripted(200, {"web": {}}, cut_after=3), "Brave "),
    ],
    ids=["500", "502", "403", "404", "html", "list", "gzip", "dropped", "cut"],
)
async def test_every_other_failure_is_one_line(
    connect: Connect, sandbox: Sandbox, answer: Scripted, words: str
) -> None:
    sandbox.brave.next(*[answer] * 3)
    async with connect(**ONLY) as call:
        assert (await call.failure("web_search", query="kestrel")).startswith(words)
        sandbox.reset()
        assert await call("web_search", query="kestrel again")


async def test_a_wrong_key_is_found_out_and_never_shown(
    connect: Connect, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "BSA-a-wrong-key-that-nobody-may-see"
    async with connect(BRAVE_API_KEY=key, **ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == "Brave does not accept the key; check BRAVE_API_KEY"
    assert sandbox.brave.asked[0].headers["x-subscription-token"] == key
    assert "/res/v1/web/search" in caplog.text
    assert key not in caplog.text


async def test_the_key_is_in_no_repr(sandbox: Sandbox) -> None:
    settings = Settings.from_env(sandbox.settings())
    async with open_clients(settings) as (services, _):
        (brave, *_) = configured_engines(settings, services).asked

        assert brave.name == "Brave"
        assert sandbox.brave.key not in repr(brave)


def _too_many(limit: str, remaining: str) -> Scripted:
    headers = {
        "x-ratelimit-limit": limit,
        "x-ratelimit-remaining": remaining,
        "x-ratelimit-reset": "1, 1419704",
    }
    return Scripted(429, "slow", headers)


async def test_a_429_without_a_code_is_a_spent_quota_where_the_month_has_nothing_left(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.next(_too_many("1, 2000", "1, 0"))
    async with connect(**ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("Brave says that this month's quota is spent")
    assert len(sandbox.brave.asked) == 1


async def test_a_reset_beyond_all_windows_is_taken_for_the_longest_one(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.brave_limits.LONGEST_WINDOW_SECONDS", 0.2)
    sandbox.brave.next(Scripted(429, {}, {"x-ratelimit-reset": "999999999, 1419704"}))
    async with connect(**ONLY) as call:
        assert await call("web_search", query="kestrel")

    assert len(sandbox.brave.asked) == 2


async def test_a_monthly_limit_of_zero_is_no_limit(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.brave.next(_too_many("50, 0", "0, 0"))
    async with connect(**ONLY) as call:
        assert await call("web_search", query="kestrel")

    assert len(sandbox.brave.asked) == 2


async def test_a_wait_longer_than_the_call_is_not_begun(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.brave.next(Scripted(429, {}, {"x-ratelimit-reset": "10, 1419704"}))
    async with connect(QWEN_MCP_TIMEOUT="5", **ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == "Brave asks us to slow down; wait a second"
    assert len(sandbox.brave.asked) == 1


async def test_an_argument_that_brave_refuses_is_left_out_once_and_told(
    connect: Connect, sandbox: Sandbox
) -> None:
    problem = {"loc": ["query", "country"], "msg": "Input should be 'US'", "type": "enum"}
    error = {"code": "VALIDATION", "detail": "x", "meta": {"errors": [problem]}}
    sandbox.brave.next(Scripted(422, {"error": error}))
    async with connect() as call:
        text = await call(
            "web_search", query="job timeout", country="GR", freshness="year", site="127.0.0.1"
        )

    first, second = sandbox.brave.asked
    assert text.startswith("Brave: ")
    assert (
        "\n(Brave refuses country: Input should be 'US'; "
        "it was asked again without freshness, country)\n"
    ) in text
    assert first.query["country"], first.query["freshness"] == ("GR", "py")
    assert {"country", "freshness", "search_lang"}.isdisjoint(second.query)
    assert first.query["q"] == second.query["q"] == "job timeout site:127.0.0.1"


async def test_what_is_refused_without_filters_too_goes_to_the_next_engine(
    connect: Connect, sandbox: Sandbox
) -> None:
    problem = {"loc": ["query", "q"], "msg": "String should match", "type": "string"}
    error = {"code": "VALIDATION", "detail": "x", "meta": {"errors": [problem]}}
    sandbox.brave.next(*[Scripted(422, {"error": error})] * 3)
    async with connect() as call:
        text = await call("web_search", query="job timeout")
        other = await call("web_search", query="重试 退避")

    assert text.startswith("DuckDuckGo: ")
    assert "(Brave refuses q: String should match; change that argument)" in text
    assert other.startswith("DuckDuckGo: ")
    assert len(sandbox.brave.asked) == 3


async def test_a_missing_key_in_braves_own_words_is_a_key_failure(
    connect: Connect, sandbox: Sandbox
) -> None:
    problem = {"loc": ["header", "x-subscription-token"], "msg": "Field required"}
    sandbox.brave.next(
        Scripted(422, {"error": {"code": "VALIDATION", "meta": {"errors": [problem]}}})
    )
    async with connect(**ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == "Brave got no key; check BRAVE_API_KEY"


async def test_more_sites_than_a_query_holds_are_told_before_brave_is_asked(
    connect: Connect, sandbox: Sandbox
) -> None:
    sites = ",".join(f"site{number}.example" for number in range(25))
    async with connect(**ONLY) as call:
        text = await call.failure("web_search", query="kestrel", site=sites)

    assert text == (
        "Brave takes at most 400 characters and 50 words, sites included; name fewer sites"
    )
    assert sandbox.brave.asked == []


async def test_a_query_that_is_too_long_is_cut_and_told(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**ONLY) as call:
        text = await call("web_search", query=f'{"error " * 80}"job timeout"', site="127.0.0.1")

    sent = sandbox.brave.asked[0].query["q"]
    assert sent.startswith("error error ")
    assert sent.endswith('"job timeout" site:127.0.0.1')
    assert len(sent.split()) <= 50
    assert "\n(The query was too long for search engines and was cut to " in text


@pytest.mark.parametrize(
    ("query", "code"),
    [("异步 超时", "zh-hans"), ("タイムアウト", "jp"), ("重試", "zh-hant"), ("kestrel", None)],
)
async def test_a_query_is_asked_in_the_language_of_its_script(
    connect: Connect, sandbox: Sandbox, query: str, code: str | None
) -> None:
    async with connect(**ONLY) as call:
        await call("web_search", query=query)

    assert sandbox.brave.asked[0].query.get("search_lang") == code


@pytest.mark.parametrize(
    ("country", "code"), [("SG", "ALL"), ("VN", "ALL"), ("uk", "GB"), ("jp", "JP"), ("all", "ALL")]
)
async def test_countries_are_sent_as_brave_takes_them(
    connect: Connect, sandbox: Sandbox, country: str, code: str
) -> None:
    async with connect(**ONLY) as call:
        await call("web_search", query="kestrel", country=country)

    assert sandbox.brave.asked[0].query["country"] == code


async def test_each_page_is_shown_once_and_without_what_follows_readers(
    connect: Connect, sandbox: Sandbox
) -> None:
    urls = ["https://a.example/p?utm_source=x", "http://www.a.example/p/", "https://a.example/q"]
    results = [{"title": f"T{n}", "url": url} for n, url in enumerate(urls)]
    sandbox.brave.next(Scripted(body={"web": {"results": results}}))
    async with connect(**ONLY) as call:
        text = await call("web_search", query="x")

    assert "1. T0\n   https://a.example/p\n\n2. T2\n   https://a.example/q\n" in text


async def test_several_sites_are_joined_by_or(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**ONLY) as call:
        await call("web_search", query="grid", site="https://a.example/, b.example,a.example")

    assert sandbox.brave.asked[0].query["q"] == "grid site:a.example OR site:b.example"


async def test_what_brave_has_no_code_for_is_told(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**ONLY) as call:
        text = await call("web_search", query="job timeout", language="xx", country="ZW")

    assert "(Brave knows no language xx; its default was used)" in text
    assert "(Brave knows no country ZW; the whole world was searched)" in text
    assert "search_lang" not in sandbox.brave.asked[0].query
    assert sandbox.brave.asked[0].query["country"] == "ALL"


async def test_news_and_discussions_are_shown_short_where_they_answer_and_on_the_sites_asked_for(
    connect: Connect, sandbox: Sandbox
) -> None:
    news = [
        {"title": f"Kestrel {n}", "url": f"https://a.example/{n}", "age": "May 2, 2026"}
        for n in range(1, 9)
    ]
    other = {"title": "A falcon was seen", "url": "https://a.example/falcon"}
    talk = [
        {"title": "Kestrel stops", "url": "https://elsewhere.example/"},
        {
            "url": "https://a.example/t",
            "data": {"forum_name": "r/py", "title": "Kestrel?", "top_comment": "Works for me."},
        },
    ]
    asked = [{"question": "Why Kestrel?", "answer": "So.", "url": "https://a.example/q"}]
    body = {
        "web": {"results": [{"title": "t", "url": "https://a.example"}]},
        "news": {"results": [other, *news]},
        "discussions": {"results": talk},
        "faq": {"results": asked},
    }
    sandbox.brave.next(Scripted(body=body))
    async with connect(**ONLY) as call:
        text = await call("web_search", query="kestrel", site="a.example")

    assert (
        "\nNews: Kestrel 1 (2026-05-02) https://a.example/1\n"
        "News: Kestrel 2 (2026-05-02) https://a.example/2\n"
        "Discussion: Kestrel? (r/py) Works for me. https://a.example/t\n"
        "Question: Why Kestrel? So. https://a.example/q\n"
    ) in text
    assert "Kestrel 3" not in text
    assert "falcon" not in text
    assert "elsewhere" not in text


async def test_a_refused_connection_names_the_service(connect: Connect) -> None:
    async with connect(BRAVE_API_BASE_URL="http://127.0.0.1:9/res/v1", **ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("Brave ")
    assert text.endswith("; check that it runs there")


async def test_without_a_key_the_variable_is_named(connect: Connect) -> None:
    async with connect(BRAVE_API_KEY="", **ONLY) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == (
        "Searching with Brave needs BRAVE_API_KEY, which is not set; add it to the server's env"
    )
