"""The stand-ins behave as the services are documented to, errors and limits included."""

import json
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.brave import ERRORS
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.github.code.samples import REPOSITORIES


@pytest.fixture(autouse=True)
def samples(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the keyless code searches find code in the samples."""
    for stand_in in (sandbox.searchcode, sandbox.grep_app):
        monkeypatch.setattr(stand_in, "repositories", REPOSITORIES)


def brave(sandbox: Sandbox, key: str | None = "", **parameters: object) -> httpx.Response:
    headers = {} if key is None else {"X-Subscription-Token": key or sandbox.brave.key}
    url = f"{sandbox.brave.url}/res/v1/web/search"
    return httpx.get(url, params={"q": "kestrel", **parameters}, headers=headers)


def test_brave_finds_pages_of_the_site(sandbox: Sandbox) -> None:
    answer = brave(sandbox, q="job timeout").json()
    first = answer["web"]["results"][0]

    assert first["url"] == f"{sandbox.site.url}/docs/timeouts.html"
    assert "<strong>" in first["description"]
    assert httpx.get(first["url"]).status_code == 200


def test_brave_leaves_out_sections_without_results(sandbox: Sandbox) -> None:
    answer = brave(sandbox, q="zyzzyva").json()

    assert "web" not in answer
    assert answer["query"]["more_results_available"] is False


def test_brave_turns_pages_by_number(sandbox: Sandbox) -> None:
    first, second = (brave(sandbox, count=2, offset=offset).json() for offset in (0, 1))

    assert first["query"]["more_results_available"] is True
    assert first["web"]["results"] != second["web"]["results"]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"q": ""}, "q"),
        ({"q": "x" * 401}, "q"),
        ({"q": "w " * 51}, "q"),
        ({"count": 21}, "count"),
        ({"offset": 10}, "offset"),
        ({"search_lang": "ja"}, "search_lang"),
        ({"ui_lang": "en"}, "ui_lang"),
        ({"country": "XX"}, "country"),
        ({"freshness": "today"}, "freshness"),
    ],
)
def test_brave_refuses_a_parameter_with_its_place(
    sandbox: Sandbox, parameters: dict[str, object], name: str
) -> None:
    answer = brave(sandbox, **parameters)
    error = answer.json()["error"]

    assert (answer.status_code, error["code"]) == (422, "VALIDATION")
    assert error["meta"]["errors"][0]["loc"] == ["query", name]


def test_brave_looks_at_the_key_first(sandbox: Sandbox) -> None:
    missing, wrong = brave(sandbox, key=None, count=99), brave(sandbox, key="no", count=99)

    assert missing.json()["error"]["meta"]["errors"][0]["loc"] == ["header", "x-subscription-token"]
    assert wrong.json()["error"]["code"] == "SUBSCRIPTION_TOKEN_INVALID"
    assert (missing.status_code, wrong.status_code) == (422, 422)


def test_brave_tells_two_windows_and_packs_its_answer(sandbox: Sandbox) -> None:
    answer = brave(sandbox)
    sandbox.brave.is_metered = True
    sandbox.brave.limit_to(1, 60)
    metered, refused = brave(sandbox), brave(sandbox)

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["x-ratelimit-limit"] == "50, 2000"
    assert answer.headers["x-ratelimit-remaining"] == "50, 1999"
    assert metered.headers["x-ratelimit-limit"] == "1, 0"
    assert metered.headers["x-ratelimit-policy"] == "1;w=60, 0;w=2592000"
    assert metered.headers["x-ratelimit-remaining"] == "0, 0"
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "RATE_LIMITED")


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("spelling", ["error", "errors"])
def test_brave_fails_as_it_is_told_and_once(sandbox: Sandbox, code: str, spelling: str) -> None:
    sandbox.brave.fail(code, spelling=spelling)
    failed, after = brave(sandbox), brave(sandbox)
    shown = failed.json()[spelling]

    assert failed.status_code == ERRORS[code][0]
    assert (shown[0] if spelling == "errors" else shown)["code"] == code
    assert after.status_code == 200


def test_stack_exchange_always_packs_its_answer(sandbox: Sandbox) -> None:
    url = f"{sandbox.stackexchange.url}/2.3/search/excerpts"
    answer = httpx.get(
        url, params={"q": "asyncio timeout"}, headers={"Accept-Encoding": "identity"}
    )

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["items"][0]["item_type"] == "question"


def test_wikipedia_wants_to_know_who_asks(sandbox: Sandbox) -> None:
    url = f"{sandbox.wikipedia.url}/w/rest.php/v1/search/page?q=timeout"

    assert httpx.get(url, headers={"User-Agent": ""}).status_code == 403
    assert httpx.get(url).json()["pages"][0]["key"]


def test_mdn_refuses_a_search_for_nothing(sandbox: Sandbox) -> None:
    answer = httpx.get(f"{sandbox.mdn.url}/api/v1/search", params={"q": ""})

    assert answer.status_code == 400
    assert "q" in answer.json()["errors"]


def test_a_script_is_followed_and_then_forgotten(sandbox: Sandbox) -> None:
    sandbox.site.next(Scripted(503, {"busy": True}, {"Retry-After": "1"}), Scripted(204))
    statuses = [httpx.get(f"{sandbox.site.url}/docs/").status_code for _ in range(3)]

    assert statuses == [503, 204, 200]
    assert [asked.path for asked in sandbox.site.asked] == ["/docs/"] * 3


def test_a_connection_can_break_before_and_within_an_answer(sandbox: Sandbox) -> None:
    sandbox.site.next(Scripted(drop=True), Scripted(body="whole", cut_after=2))

    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(sandbox.site.url)


def test_a_request_can_be_held(sandbox: Sandbox) -> None:
    statuses: list[int] = []
    with sandbox.site.holding() as held:
        asking = threading.Thread(
            target=lambda: statuses.append(httpx.get(sandbox.site.url).status_code)
        )
        asking.start()
        held.wait_until_asked()
        assert statuses == []
        held.release()
        asking.join()

    assert statuses == [200]


def test_a_folder_is_published_and_nothing_beside_it(tmp_path: Path) -> None:
    import gzip

    site = tmp_path / "site"
    (site / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "index.html").write_text("<p>home</p>", encoding="utf-8")
    (site / "sub" / "page.html.gz").write_bytes(gzip.compress(b"<p>packed</p>"))
    with Sandbox(site) as sandbox:
        home = httpx.get(f"{sandbox.site.url}/")
        packed = httpx.get(f"{sandbox.site.url}/sub/page.html")
        outside = [
            httpx.get(f"{sandbox.site.url}/{path}").status_code
            for path in (
                "%2e%2e/secret.txt",
                "..%2fsecret.txt",
                "sub/../../secret.txt",
                "%2fetc/passwd",
            )
        ]

    assert (home.text, home.headers["content-type"]) == ("<p>home</p>", "text/html")
    assert packed.text == "<p>packed</p>"
    assert outside == [404] * 4


def searchcode(sandbox: Sandbox, client: str = "?client=tests", **asked: object) -> httpx.Response:
    body = {"repository": "https://github.com/example/kestrel", "query": '"retries"', **asked}
    return httpx.post(f"{sandbox.searchcode.url}/api/v1/code_search{client}", json=body)


def test_searchcode_wants_to_know_the_client_and_knows_public_repositories(
    sandbox: Sandbox,
) -> None:
    assert searchcode(sandbox).status_code == 200
    assert searchcode(sandbox, client="").status_code == 400
    assert searchcode(sandbox, query="/a(/").status_code == 400
    unknown = searchcode(sandbox, repository="https://github.com/example/secret")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["code"] == "repository_not_found"


def test_searchcode_turns_pages_by_files_and_sends_null_for_none(sandbox: Sandbox) -> None:
    first = searchcode(sandbox, max_results=2).json()
    last = searchcode(sandbox, max_results=2, offset=4).json()

    assert (len(first["results"]), first["has_more"]) == (2, True)
    assert (len(last["results"]), last["has_more"]) == (1, False)
    assert searchcode(sandbox, query='"zyzzyva"').json()["results"] is None


def grep_app(sandbox: Sandbox, method: str, **message: object) -> httpx.Response:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, **message}
    headers = {"Accept": "application/json, text/event-stream"}
    return httpx.post(sandbox.grep_app.url, json=body, headers=headers)


def test_grep_app_speaks_mcp_as_before_2026(sandbox: Sandbox) -> None:
    newer = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28"}
    probe = httpx.post(sandbox.grep_app.url, json={"method": "server/discover"}, headers=newer)
    unaccepted = httpx.post(sandbox.grep_app.url, json={"method": "tools/list"})

    assert probe.status_code == 400
    assert "Unsupported protocol version" in probe.json()["error"]["message"]
    assert unaccepted.status_code == 406
    assert httpx.get(sandbox.grep_app.url).status_code == 405
    assert httpx.post(f"{sandbox.grep_app.url}/search").status_code == 404
    assert "searchGitHub" in grep_app(sandbox, "tools/list").text
    assert "-32601" in grep_app(sandbox, "server/discover").text


def test_grep_app_refuses_a_language_that_is_no_list(sandbox: Sandbox) -> None:
    arguments = {"query": "retries", "language": "Python"}
    answer = grep_app(
        sandbox, "tools/call", params={"name": "searchGitHub", "arguments": arguments}
    )

    assert "-32602" in answer.text


def google(sandbox: Sandbox, **parameters: object) -> httpx.Response:
    known = {"key": sandbox.google.key, "cx": sandbox.google.engine_id, "q": "kestrel"}
    return httpx.get(f"{sandbox.google.url}/customsearch/v1", params={**known, **parameters})


def test_google_gives_ten_results_at_most_and_names_the_next_page(sandbox: Sandbox) -> None:
    answer, nothing = google(sandbox, num=2).json(), google(sandbox, q="zyzzyva").json()

    assert len(answer["items"]) == 2
    assert answer["queries"]["nextPage"][0]["startIndex"] == 3
    assert "items" not in nothing


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "no"},
        {"cx": "no"},
        {"num": 11},
        {"start": 0},
        {"start": 95, "num": 10},
        {"dateRestrict": "week"},
        {"lr": "lang_zh"},
        {"sort": "date:r:2026-01-01:2026-06-30"},
        {"q": ""},
    ],
)
def test_google_refuses_what_it_does_not_take(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    answer = google(sandbox, **wrong)

    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_serper_wants_a_key_and_credits(sandbox: Sandbox) -> None:
    def ask(key: str, **body: object) -> httpx.Response:
        headers = {"X-API-KEY": key}
        return httpx.post(f"{sandbox.serper.url}/search", json=body, headers=headers)

    found = ask(sandbox.serper.key, q="kestrel", num=20)
    sandbox.serper.credits = 0

    assert found.json()["credits"] == 2
    assert found.json()["organic"][0]["position"] == 1
    assert ask("no", q="kestrel").json() == {"message": "Unauthorized.", "statusCode": 403}
    assert ask(sandbox.serper.key, q="kestrel").json()["message"] == "Not enough credits"


def test_a_searxng_answers_as_its_source_does(sandbox: Sandbox) -> None:
    def ask(**parameters: object) -> httpx.Response:
        given = {"q": "kestrel", "format": "json", **parameters}
        return httpx.get(f"{sandbox.searxng.url}/search", params=given)

    first, second = ask(), ask(pageno=2)
    wrong = [ask(language="zh-hans"), ask(time_range="d"), ask(pageno=0), ask(q="")]
    sandbox.searxng.has_json = False

    assert first.json()["unresponsive_engines"] == []
    assert "number_of_results" not in first.json()
    assert first.json()["results"] != second.json()["results"]
    assert [each.json()["error"] for each in wrong] == [
        "Invalid value zh-hans for parameter language",
        "Invalid value d for parameter time_range",
        "Invalid value 0 for parameter pageno",
        "No query",
    ]
    assert ask().status_code == 403
    assert ask().headers["content-type"].startswith("text/html")
    assert httpx.get(f"{sandbox.searxng.url}/healthz").text == "OK"


def test_bailian_is_an_mcp_server_behind_a_key(sandbox: Sandbox) -> None:
    url = f"{sandbox.bailian.url}/api/v1/mcps/WebSearch/mcp"
    call = {"name": "bailian_web_search", "arguments": {"query": "kestrel", "count": 2}}

    def ask(key: str, method: str, parameters: dict[str, object]) -> httpx.Response:
        headers = {
            "authorization": f"Bearer {key}",
            "accept": "application/json, text/event-stream",
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        return httpx.post(url, json=message, headers=headers)

    def result(answer: httpx.Response) -> dict[str, Any]:
        return json.loads(answer.text.partition("data: ")[2])["result"]

    key = sandbox.bailian.key
    pages = json.loads(result(ask(key, "tools/call", call))["content"][0]["text"])["pages"]
    sandbox.bailian.is_on = False
    off = result(ask(key, "tools/call", call))

    assert len(pages) == 2
    assert {"title", "url", "snippet", "hostname"} <= set(pages[0])
    assert result(ask(key, "tools/list", {}))["tools"][0]["name"] == "bailian_web_search"
    assert off["isError"]
    assert "11200054" in off["content"][0]["text"]
    assert ask("no", "tools/list", {}).status_code == 401
