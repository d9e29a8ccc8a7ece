"""The engines that need a key or a server: what they are asked, and how they fail."""

import asyncio
import json
from typing import Any

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn
from tests.conftest import Connect

KEYED = ["google", "serper", "bailian", "searxng"]
NAMES = {"google": "Google", "serper": "Serper", "bailian": "Bailian", "searxng": "SearXNG"}


def only(sandbox: Sandbox, engine: str) -> dict[str, str]:
    return {**sandbox.further_engines(), "QWEN_MCP_SEARCH": engine}


def asked_of(stand_in: StandIn) -> list[dict[str, Any]]:
    """Return the parameters of each search, whichever way they were sent."""
    bodies = [json.loads(each.body) if each.body else dict(each.query) for each in stand_in.asked]
    calls = [each for each in bodies if each.get("method", "tools/call") == "tools/call"]
    return [each["params"]["arguments"] if "params" in each else each for each in calls]


@pytest.mark.parametrize("engine", KEYED)
async def test_each_engine_finds_pages_and_is_named(
    connect: Connect, sandbox: Sandbox, engine: str, era: str
) -> None:
    async with connect(mode=era, **only(sandbox, engine)) as call:
        text = await call("web_search", query="job timeout", count=2)

    assert text.startswith(f'{NAMES[engine]}: 2 results for "job timeout", page 1')
    assert f"   {sandbox.site.url}/docs/timeouts.html\n" in text
    assert ("(2026-06-30)" in text) == (engine != "bailian")
    assert sandbox.brave.asked == []


@pytest.mark.parametrize("engine", KEYED)
async def test_each_engine_tells_no_results_from_a_failure(
    connect: Connect, sandbox: Sandbox, engine: str
) -> None:
    async with connect(**only(sandbox, engine)) as call:
        text = await call("web_search", query="zyzzyva quux")

    assert text.startswith(f'{NAMES[engine]}: no results for "zyzzyva quux"')


@pytest.mark.parametrize("engine", KEYED)
async def test_the_pages_of_each_engine_leave_nothing_out_and_repeat_nothing(
    connect: Connect, sandbox: Sandbox, engine: str
) -> None:
    def urls(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("   http")]

    async with connect(**only(sandbox, engine)) as call:
        whole = urls(await call("web_search", query="kestrel", count=6))
        pages = [await call("web_search", query="kestrel", count=3, page=n) for n in (1, 2)]

    assert len(whole) == 6
    assert urls(pages[0]) + urls(pages[1]) == whole
    assert pages[0].endswith('More: web_search(query="kestrel", count=3, page=2)')


WISHES = {"freshness": "week", "language": "zh-CN", "country": "SG", "site": "a.example,-b.example"}
RANGE = {"freshness": "2026-01-01..2026-06-30"}
SITES = "job timeout site:a.example -site:b.example"


@pytest.mark.parametrize(
    ("engine", "wishes", "sent"),
    [
        ("google", WISHES, {"q": SITES, "dateRestrict": "w1", "lr": "lang_zh-CN", "gl": "sg"}),
        ("google", RANGE, {"q": "job timeout", "sort": "date:r:20260101:20260630"}),
        ("google", {"language": "ja", "country": "GB"}, {"lr": "lang_ja", "gl": "uk"}),
        ("google", {"language": "pt-BR"}, {"lr": "lang_pt"}),
        ("serper", WISHES, {"q": SITES, "tbs": "qdr:w", "hl": "zh-cn", "gl": "sg"}),
        ("serper", RANGE, {"tbs": "cdr:1,cd_min:01/01/2026,cd_max:06/30/2026"}),
        ("searxng", WISHES, {"q": SITES, "time_range": "week", "language": "zh-SG"}),
        ("searxng", {"language": "zh-Hant"}, {"language": "zh-TW"}),
        ("searxng", {"language": "zh-TW", "country": "SG"}, {"language": "zh-TW"}),
        ("searxng", {"language": "zh-TW", "country": "HK"}, {"language": "zh-HK"}),
        ("searxng", {"language": "zh", "country": "TW"}, {"language": "zh-TW"}),
        ("searxng", {"language": "en"}, {"language": "en"}),
        ("bailian", WISHES, {"query": "job timeout", "count": 10}),
    ],
)
async def test_wishes_are_sent_in_each_engines_words(
    connect: Connect, sandbox: Sandbox, engine: str, wishes: dict[str, str], sent: dict[str, object]
) -> None:
    async with connect(**only(sandbox, engine)) as call:
        await call("web_search", query="job timeout", **wishes)
    asked = asked_of(getattr(sandbox, engine))[0]

    assert {name: asked.get(name) for name in sent} == sent


@pytest.mark.parametrize(
    ("engine", "wishes", "told"),
    [
        ("searxng", RANGE, "(SearXNG can't search by freshness, so that was not applied)"),
        ("searxng", {"country": "SG"}, "(SearXNG can't search by country, so that was not applied"),
        (
            "searxng",
            {"language": "zh-TW", "country": "SG"},
            "(SearXNG can't search by country, so that was not applied",
        ),
        ("google", {"language": "sw"}, "(Google can't search by language, so that was not applied"),
        ("serper", {"language": "sw"}, "(Serper can't search by language, so that was not applied"),
        (
            "bailian",
            {"freshness": "week", "language": "en", "country": "US"},
            "(Bailian can't search by freshness and language and country, so that was not applied)",
        ),
        ("bailian", {"site": "127.0.0.1"}, "(Bailian can't search by site: only its results on "),
    ],
)
async def test_wishes_that_an_engine_cannot_honour_are_told(
    connect: Connect, sandbox: Sandbox, engine: str, wishes: dict[str, str], told: str
) -> None:
    async with connect(**only(sandbox, engine)) as call:
        assert told in await call("web_search", query="job timeout", **wishes)


@pytest.mark.parametrize(
    ("query", "engine", "sent"),
    [
        ("异步 超时 处理", "google", {"lr": "lang_zh-CN"}),
        ("異步 逾時 處理", "serper", {"hl": "zh-tw"}),
        ("タイムアウトの設定", "searxng", {"language": "ja"}),
        ("비동기 시간 초과", "google", {"lr": "lang_ko"}),
        ("asyncio timeout", "google", {"lr": None}),
    ],
)
async def test_the_script_of_a_query_tells_its_language(
    connect: Connect, sandbox: Sandbox, query: str, engine: str, sent: dict[str, str | None]
) -> None:
    async with connect(**only(sandbox, engine)) as call:
        text = await call("web_search", query=query)
    asked = asked_of(getattr(sandbox, engine))[0]

    assert {name: asked.get(name) for name in sent} == sent
    assert "can't search" not in text


@pytest.mark.parametrize(
    ("language", "sent"),
    [
        ("zh-Hans-CN", ["zh-hans", "lang_zh-CN", "zh-CN"]),
        ("zh-Hant-HK", ["zh-hant", "lang_zh-TW", "zh-HK"]),
        ("zh-Hant-SG", ["zh-hant", "lang_zh-TW", "zh-TW"]),
        ("sr-Latn-RS", ["sr", "lang_sr", "sr-RS"]),
    ],
)
async def test_a_language_may_be_written_with_its_script_and_its_place(
    connect: Connect, sandbox: Sandbox, language: str, sent: list[str]
) -> None:
    for engine in ("brave", "google", "searxng"):
        async with connect(**only(sandbox, engine)) as call:
            await call("web_search", query="job timeout", language=language)

    asked = [each.asked[0].query for each in (sandbox.brave, sandbox.google, sandbox.searxng)]
    assert [asked[0]["search_lang"], asked[1]["lr"], asked[2]["language"]] == sent


async def test_the_end_of_googles_service_is_told(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**only(sandbox, "google")) as call:
        text = await call("web_search", query="kestrel")

    assert "\n(Google ends this service on 2027-01-01: SERPER_API_KEY gives " in text


async def test_more_than_ten_results_of_google_are_two_requests(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(**only(sandbox, "google")) as call:
        await call("web_search", query="kestrel", count=15, page=2)
        text = await call("web_search", query="kestrel", count=20, page=6)

    parts = [(each["start"], each["num"]) for each in asked_of(sandbox.google)]
    assert sorted(parts) == [("16", "10"), ("26", "5")]
    assert "(Google gives the first 100 results only)" in text


async def test_the_last_of_googles_hundred_results_are_asked_for_and_no_more(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(**only(sandbox, "google")) as call:
        await call("web_search", query="kestrel", count=12, page=9)

    assert [(each["start"], each["num"]) for each in asked_of(sandbox.google)] == [("97", "4")]


async def test_a_failed_part_of_googles_results_ends_the_request_for_the_other(
    connect: Connect, sandbox: Sandbox
) -> None:
    refusal = Scripted(403, {"error": {"message": "no"}})
    sandbox.google.next(refusal, Scripted(delay=60))
    async with connect(**only(sandbox, "google")) as call:
        before = asyncio.all_tasks()
        text = await call.failure("web_search", query="kestrel", count=20)
        # What is left of the other one would be a task.
        left = [
            each for each in asyncio.all_tasks() - before if "with_retry" in repr(each.get_coro())
        ]

    assert text.startswith("Google does not accept the key")
    assert left == []


KEYS = {"google": "GOOGLE_API_KEY", "serper": "SERPER_API_KEY", "bailian": "DASHSCOPE_API_KEY"}


@pytest.mark.parametrize("engine", KEYS)
async def test_a_wrong_key_is_told_by_its_variable_and_never_shown(
    connect: Connect, sandbox: Sandbox, engine: str
) -> None:
    key = "sk-a-wrong-key-that-nobody-may-see"
    async with connect(**{**only(sandbox, engine), KEYS[engine]: key}) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith(f"{NAMES[engine]} does not ")
    assert f"check {KEYS[engine]}" in text
    assert key not in text


@pytest.mark.parametrize("engine", KEYED)
async def test_without_its_key_an_engine_names_the_variable(connect: Connect, engine: str) -> None:
    async with connect(QWEN_MCP_SEARCH=engine) as call:
        text = await call.failure("web_search", query="kestrel")

    variable = KEYS.get(engine, "SEARXNG_URL")
    assert text.startswith(f"Searching with {NAMES[engine]} needs ")
    assert variable in text


async def test_an_engine_named_without_its_key_is_told_where_another_answers(
    connect: Connect,
) -> None:
    async with connect(QWEN_MCP_SEARCH="serper,brave") as call:
        text = await call("web_search", query="kestrel")

    assert text.startswith("Brave: ")
    assert "\n(Searching with Serper needs SERPER_API_KEY, which is not set; add it to " in text


async def test_a_coding_plans_key_does_not_switch_bailian_on(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_SEARCH="bailian", DASHSCOPE_API_KEY="sk-sp-123456") as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith("Searching with Bailian needs a pay-as-you-go DASHSCOPE_API_KEY")
    assert sandbox.bailian.asked == []


async def test_the_engines_that_are_configured_are_asked_before_duckduckgo(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.fail("QUOTA_LIMITED")
    sandbox.google.spend()
    sandbox.serper.credits = 0
    sandbox.bailian.is_on = False
    async with connect(**sandbox.further_engines()) as call:
        text = await call("web_search", query="job timeout")

    head, *notes = text.splitlines()[:5]
    assert head.startswith("SearXNG: ")
    assert [note.split()[0] for note in notes] == ["(Brave", "(Google", "(Serper", "(Bailian"]
    assert sandbox.duckduckgo.asked == []


async def test_spent_queries_of_google_say_when_they_end_and_google_rests(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.google.spend()
    async with connect(**only(sandbox, "google,serper")) as call:
        text = await call("web_search", query="job timeout")
        await call("web_search", query="kestrel")

    assert text.startswith("Serper: ")
    assert "(Google says that today's queries are spent; new ones come at midnight Pacific" in text
    assert len(sandbox.google.asked) == 1


@pytest.mark.parametrize(
    ("engine", "answer", "words"),
    [
        ("serper", Scripted(400, {"message": "Not enough credits"}), "says that the key has no cr"),
        ("serper", Scripted(429, {}), "asks us to slow down"),
        ("serper", Scripted(404, "gone"), "answered with status 404"),
        ("serper", Scripted(200, b"[]"), "sent JSON of another shape"),
        ("google", Scripted(403, {"error": {"message": "no"}}), "does not accept the key (no)"),
        ("google", Scripted(429, {"error": {"message": "5 per minute"}}), "asks us to slow down"),
        ("google", Scripted(500, "<html>"), "failed with status 500"),
        ("google", Scripted(400, {"error": {"message": "cx"}}), "refuses an argument (cx)"),
        ("searxng", Scripted(500, {"error": "search error"}), "failed with status 500"),
        ("searxng", Scripted(200, "<html>"), "sent a web page in place of JSON"),
        ("searxng", Scripted(200, b"{}"), "sent JSON of another shape"),
        ("searxng", Scripted(302, "", {"location": "/x"}), "is somewhere else"),
        ("bailian", Scripted(500, "no"), "failed with status 500"),
        ("bailian", Scripted(200, "<html>"), "sent a web page in place of an answer"),
        ("bailian", Scripted(429, {}), "asks us to slow down"),
    ],
)
async def test_every_failure_is_one_line_of_the_engine(
    connect: Connect, sandbox: Sandbox, engine: str, answer: Scripted, words: str
) -> None:
    getattr(sandbox, engine).next(*[answer] * 6)
    async with connect(**only(sandbox, engine)) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text.startswith(f"{NAMES[engine]} {words}")


async def test_a_searxng_without_json_says_how_to_switch_it_on(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.searxng.has_json = False
    async with connect(**only(sandbox, "searxng")) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == (
        "SearXNG does not give JSON; its operator switches it on: "
        '"formats: [html, json]" under "search:" in settings.yml'
    )


async def test_a_searxng_that_takes_us_for_a_bot_says_so(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.searxng.take_for_a_bot()
    async with connect(**only(sandbox, "searxng,duckduckgo")) as call:
        text = await call("web_search", query="kestrel")

    assert text.startswith("DuckDuckGo: ")
    assert "(SearXNG takes programs for bots (its limiter is on); its operator lets our" in text


async def test_a_searxng_whose_engines_are_refused_is_no_empty_result(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.searxng.silent = [["google", "Suspended: too many requests"], ["bing", "timeout"]]
    async with connect(**only(sandbox, "searxng,duckduckgo")) as call:
        text = await call("web_search", query="kestrel")

    assert text.startswith("DuckDuckGo: ")
    told = "google: Suspended: too many requests, bing: timeout"
    assert f"(SearXNG got no answer from its engines ({told}); " in text


@pytest.mark.parametrize("engine", ["google", "serper", "searxng"])
async def test_a_refused_filter_is_left_out_once_and_told(
    connect: Connect, sandbox: Sandbox, engine: str
) -> None:
    stand_in: StandIn = getattr(sandbox, engine)
    error = {"error": "time_range", "message": "time_range"}
    body = {"error": {"message": "time_range"}} if engine == "google" else error
    stand_in.next(Scripted(400, body))
    async with connect(**only(sandbox, engine)) as call:
        text = await call("web_search", query="job timeout", freshness="week", language="de")

    assert text.startswith(f"{NAMES[engine]}: ")
    told = "refuses an argument (time_range); it was asked again without freshness, language)"
    assert f"\n({NAMES[engine]} {told}\n" in text
    first, second = asked_of(stand_in)[:2]
    assert len(first) == len(second) + 2


async def test_a_bailian_that_is_not_switched_on_says_where_to(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.bailian.is_on = False
    async with connect(**only(sandbox, "bailian")) as call:
        text = await call.failure("web_search", query="kestrel")

    assert text == (
        "Bailian has its WebSearch not switched on for this key; "
        "switch it on in the Bailian console, under MCP"
    )


async def test_what_serper_knows_of_the_subject_is_shown(
    connect: Connect, sandbox: Sandbox
) -> None:
    question = {
        "question": "What is Kestrel?",
        "snippet": "It runs jobs.",
        "title": "T",
        "link": "https://a.example/q",
    }
    sandbox.serper.next(
        Scripted(
            body={
                "answerBox": {"answer": "2.4"},
                "organic": [{"title": "t", "link": "https://a.example/"}],
                "peopleAlsoAsk": [question, {**question, "question": "Who?", "snippet": "He."}],
            }
        )
    )
    async with connect(**only(sandbox, "serper")) as call:
        text = await call("web_search", query="kestrel")

    assert "\n2.4\n" in text
    assert "\nQuestion: What is Kestrel? It runs jobs. https://a.example/q\n" in text
    assert "Who?" not in text


async def test_answers_of_a_searxng_may_be_texts_or_objects(
    connect: Connect, sandbox: Sandbox
) -> None:
    results = [{"url": f"https://a.example/{n}", "title": "t"} for n in range(2)]
    for answers in (["42 < 43"], [{"answer": "42 < 43", "url": "https://a.example"}]):
        sandbox.searxng.next(Scripted(body={"results": results, "answers": answers}))
    async with connect(**only(sandbox, "searxng")) as call:
        for query in ("one", "two"):
            assert "\n42 < 43\n" in await call("web_search", query=query, count=1)
