"""What a model reads of a search for code, and which engine it asks."""

import json
import re

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.text import MAX_RESULT, width
from tests.conftest import Connect

KESTREL = "kestrel-jobs/kestrel"
NO_TOKEN = {"GITHUB_TOKEN": ""}


def asked(sandbox: Sandbox) -> str:
    """Return the query that GitHub was sent last."""
    return [a.query["q"] for a in sandbox.github.asked if a.path.endswith("/search/code")][-1]


async def test_a_hit_has_its_real_lines_and_leads_to_the_file_in_one_more_call(
    connect: Connect, era: str
) -> None:
    async with connect(mode=era) as call:
        text = await call("github_search_code", query="RetryBudget", repo=KESTREL, path="src")
        (url,) = re.findall(r"worker\.py\n   (https://github\.com/\S+#L\d+)\n", text)
        lines = await call("github_read_file", repo=url)

    assert text.startswith(f'GitHub: 3 files for "RetryBudget" in {KESTREL}, page 1\n')
    number = url.rpartition("#L")[2]
    assert f" >    {number}\tfrom kestrel.budget import RetryBudget\n" in text
    assert f"\n{number}\tfrom kestrel.budget import RetryBudget\n" in lines


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({"query": "retry"}, "retry"),
        ({"query": "retry", "repo": KESTREL}, f"retry repo:{KESTREL}"),
        ({"query": "retry", "repo": f"https://github.com/{KESTREL}"}, f"retry repo:{KESTREL}"),
        ({"query": "retry", "language": "c++"}, "retry language:c++"),
        ({"query": "retry", "language": "Common Lisp"}, 'retry language:"Common Lisp"'),
        ({"query": "retry", "path": "src/kestrel"}, "retry path:src/kestrel"),
        ({"query": "retry", "path": "src/"}, "retry path:src"),
        ({"query": "retry", "path": "retry.py"}, "retry filename:retry.py"),
        ({"query": "retry", "path": "src/retry.py"}, "retry filename:retry.py path:src"),
        ({"query": "retry", "path": "*.py"}, "retry extension:py"),
        ({"query": "retry", "path": "src/**/*.py"}, "retry path:src extension:py"),
        ({"query": '"share one budget"  NOT test'}, '"share one budget" NOT test'),
    ],
)
async def test_arguments_become_githubs_qualifiers(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, str], query: str
) -> None:
    async with connect() as call:
        text = await call("github_search_code", **arguments)

    assert text.startswith("GitHub: ")
    assert asked(sandbox) == query


@pytest.mark.parametrize(
    ("arguments", "engine", "reason"),
    [
        ({"query": "/class \\w+/", "repo": KESTREL}, "searchcode", "a regular expression"),
        ({"query": "/class Wo\\w+/"}, "grep.app", "a regular expression"),
        ({"query": "class", "path": "src/*/w*.py"}, "grep.app", "a glob in path"),
        ({"query": "symbol:Worker"}, "grep.app", "symbol:"),
    ],
)
async def test_what_github_would_answer_with_a_silent_zero_goes_to_an_engine_that_can(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, str], engine: str, reason: str
) -> None:
    async with connect() as call:
        text = await call("github_search_code", **arguments)

    assert text.startswith(f"{engine}: ")
    assert f"\n(GitHub's own search can't do {reason})\n" in text
    assert "class Worker:" in text
    assert sandbox.github.asked == []


@pytest.mark.parametrize(
    ("arguments", "engine"),
    [({"query": "RetryBudget", "repo": KESTREL}, "searchcode"), ({"query": "Retry"}, "grep.app")],
)
async def test_without_a_token_code_is_found_too(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, str], engine: str
) -> None:
    async with connect(**NO_TOKEN) as call:
        text = await call("github_search_code", **arguments)

    assert text.startswith(f"{engine}: ")
    assert "(GitHub" not in text
    assert re.search(r" >\s+\d+\t.*Retry", text)
    assert sandbox.github.asked == []


async def test_a_dead_engine_is_followed_by_the_next_and_told(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.searchcode.next(*[Scripted(503)] * 3)
    async with connect(**NO_TOKEN) as call:
        text = await call("github_search_code", query="RetryBudget", repo=KESTREL)

    assert text.startswith("grep.app: ")
    assert "\n(searchcode failed with status 503" in text


async def test_a_spent_limit_sends_the_search_elsewhere(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.github.leave("code_search", 0, reset_in=3000)
    async with connect() as call:
        text = await call("github_search_code", query="RetryBudget", repo=KESTREL)

    assert text.startswith("searchcode: ")
    assert re.search(
        r"\n\(GitHub allows 10 code searches a minute; used up until \S+ UTC \(in \d+ min\)\)", text
    )


async def test_a_query_that_github_can_not_parse_is_repaired_and_that_is_told(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        text = await call("github_search_code", query="(RetryBudget OR Backoff) fork:false")

    assert "GitHub could not parse the query; searched for RetryBudget OR Backoff instead" in text
    assert asked(sandbox) == "RetryBudget OR Backoff"
    assert re.match(r"GitHub: \d files? for ", text)


async def test_a_query_beyond_repair_is_explained(connect: Connect, sandbox: Sandbox) -> None:
    refusal = {"message": "ERROR_TYPE_QUERY_PARSING_FATAL unable to parse query!"}
    sandbox.github.next(Scripted(422, refusal), Scripted(422, refusal))
    async with connect() as call:
        text = await call.failure("github_search_code", query="(a)")

    assert text == (
        "GitHub refuses the search (ERROR_TYPE_QUERY_PARSING_FATAL unable to parse query!); "
        "try plain words"
    )


async def test_a_repository_that_can_not_be_searched_is_told(connect: Connect) -> None:
    async with connect() as call:
        text = await call.failure("github_search_code", query="x", repo="kestrel-jobs/none")

    assert text.startswith("GitHub refuses the search (The listed users and repositories cannot be")


async def test_no_code_is_an_answer(connect: Connect) -> None:
    async with connect() as call:
        text = await call("github_search_code", query="zyzzyva", repo=KESTREL, language="go")

    assert text == (
        f'GitHub: no code for "zyzzyva" in {KESTREL}; '
        "try other or fewer words, or drop repo and language.\n"
        "(GitHub searches default branches, and in them files below 384 KB)"
    )


def item(number: int, **more: object) -> dict[str, object]:
    path = f"src/file_{number}.py"
    return {
        "name": path, "path": path, "sha": "", "score": 1.0,
        "url": f"https://api.github.com/repositories/1/contents/{path}?ref={'a' * 40}",
        "html_url": f"https://github.com/o/r/blob/{'a' * 40}/{path}",
        "repository": {"full_name": "o/r"}, **more,
    }  # fmt: skip


def found(*items: dict[str, object], total: int, incomplete: bool = False) -> Scripted:
    answer = {"total_count": total, "incomplete_results": incomplete, "items": list(items)}
    return Scripted(body=answer)


async def test_pages_go_on_until_the_thousandth_result_and_that_is_told(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.next(found(*map(item, range(10)), total=5000, incomplete=True))
    async with connect() as call:
        text = await call("github_search_code", query='say "hi"', language="python", page=99)
        sandbox.github.next(found(item(1), total=5000))
        last = await call("github_search_code", query='say "hi"', page=100)

    assert text.startswith('GitHub: 10 files of 5,000 for "say "hi"", page 99\n')
    assert "(GitHub ran out of time, so some files may be missing; narrow the search)" in text
    assert "(GitHub shows only the first 1,000; add words, repo, language or path)" in text
    assert "\n981. o/r src/file_0.py\n" in text
    assert text.endswith(
        'More: github_search_code(query="say \\"hi\\"", language="python", page=100)'
    )
    assert "More:" not in last


async def test_a_hit_without_a_readable_file_keeps_its_fragment(
    connect: Connect, sandbox: Sandbox
) -> None:
    match = {"property": "content", "fragment": "a\nneedle b", "matches": [{"indices": [2, 8]}]}
    sandbox.github.next(found(item(1, sha="b" * 40, text_matches=[match]), total=1))
    async with connect() as call:
        text = await call("github_search_code", query="needle")

    assert f"\n   https://github.com/o/r/blob/{'a' * 40}/src/file_1.py\n" in text
    assert "\n >     \tneedle b" in text


async def test_the_largest_answer_fits(connect: Connect, sandbox: Sandbox) -> None:
    fragment = "needle " + "x" * 3000
    match = {"property": "content", "fragment": fragment, "matches": [{"indices": [0, 6]}]}
    items = (item(n, text_matches=[match] * 20, path="p" * 600) for n in range(10))
    sandbox.github.next(found(*items, total=10))
    async with connect() as call:
        text = await call("github_search_code", query="needle")

    assert width(text) <= MAX_RESULT


async def test_what_has_no_room_is_counted(connect: Connect, sandbox: Sandbox) -> None:
    fragment = "\n".join(f"needle {n}" for n in range(20))
    matches = [{"indices": [found.start(), found.end()]} for found in re.finditer("n", fragment)]
    match = {"property": "content", "fragment": fragment, "matches": matches}
    sandbox.github.next(found(item(1, text_matches=[match]), total=1))
    async with connect() as call:
        text = await call("github_search_code", query="needle")

    assert text.count("\tneedle ") == 12
    assert "\n   … 8 more lines with matches\n" in text


async def test_odd_items_are_passed_over(connect: Connect, sandbox: Sandbox) -> None:
    odd = [
        {}, {"path": 5, "repository": {"full_name": "o/r"}}, {"path": "a", "repository": []},
        {"path": "a", "repository": {"full_name": "../../user"}},
    ]  # fmt: skip
    sandbox.github.next(found(*odd, item(7), total=5))
    async with connect() as call:
        text = await call("github_search_code", query="x")

    assert "1. o/r src/file_7.py\n" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"query": " "}, "query must not be empty"),
        ({"query": "x" * 257}, "query must be text, 1 to 256 characters long"),
        ({"query": "/(/"}, "query: /(/ is no regular expression"),
        ({"query": "x", "repo": "octo"}, 'repo must be "owner/name" or a github.com URL'),
        ({"query": "x", "language": 'go" repo:a/b'}, "language must be the name of a language"),
        ({"query": "x", "path": 'a" repo:b'}, "path must be a folder, a file name or a glob"),
        ({"query": "x", "path": "../x"}, "path must be a folder, a file name or a glob"),
        ({"query": "x", "page": 101}, "page must be a whole number, 1 to 100"),
    ],
)
async def test_arguments_that_can_not_be_are_refused_unsent(
    connect: Connect, sandbox: Sandbox, arguments: dict[str, object], words: str
) -> None:
    async with connect() as call:
        assert (await call.failure("github_search_code", **arguments)).startswith(words)

    assert sandbox.github.asked == []


async def test_an_enterprise_server_is_asked_alone(connect: Connect, sandbox: Sandbox) -> None:
    api = f"{sandbox.github.url}/api/v3"
    async with connect(GITHUB_API_URL=api) as call:
        text = await call("github_search_code", query="RetryBudget", repo=KESTREL)
        pattern = await call.failure("github_search_code", query="/x+/", repo=KESTREL)
    async with connect(GITHUB_API_URL=api, **NO_TOKEN) as call:
        without = await call.failure("github_search_code", query="x")

    assert text.startswith("GitHub: ")
    assert pattern.startswith("GitHub finds no regular expression on this server; search for plain")
    assert without.startswith("Searching code needs GITHUB_TOKEN, which is not set")
    assert sandbox.searchcode.asked == sandbox.grep_app.asked == []


async def test_lines_of_a_file_in_another_charset_are_found(
    connect: Connect, sandbox: Sandbox
) -> None:
    source = "# 说明\n\n超时处理\n"
    match = {"property": "content", "fragment": "超时处理", "matches": [{"indices": [0, 4]}]}
    sandbox.github.next(
        found(item(1, sha="c" * 40, text_matches=[match]), total=1),
        Scripted(body=(source * 20).encode("gb18030")),
    )
    async with connect() as call:
        text = await call("github_search_code", query="超时")

    assert "\n >    3\t超时处理" in text
    assert json.dumps(text)
