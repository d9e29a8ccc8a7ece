"""searchcode: code of one repository, with its lines, its cuts and its refusals."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping

import anyio
import pytest
import pytest_asyncio

from qwen_mcp_tools.errors import (
    BadArgumentError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    ToolFailure,
    UpstreamError,
)
from qwen_mcp_tools.github.code.query import CodeHits, CodeLine, CodeQuery
from qwen_mcp_tools.github.code.searchcode import MOST_FILES, Searchcode
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.searchcode import COMMIT
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import open_clients
from tests.github.code.samples import REPOSITORIES

KESTREL = "example/kestrel"


@pytest.fixture(autouse=True)
def samples(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in find code in the samples."""
    monkeypatch.setattr(sandbox.searchcode, "repositories", REPOSITORIES)


@pytest_asyncio.fixture
async def engine(sandbox: Sandbox) -> AsyncGenerator[Searchcode]:
    settings = Settings.from_env(sandbox.settings())
    async with open_clients(settings) as (services, _):
        yield Searchcode(services, settings.searchcode_url, "https://github.com")


@pytest.fixture
def publish(sandbox: Sandbox) -> Iterator[dict[str, Mapping[str, bytes]]]:
    """A mapping whose repositories the stand-in finds code in."""
    before = sandbox.searchcode.repositories
    published: dict[str, Mapping[str, bytes]] = {}
    sandbox.searchcode.repositories = published
    yield published
    sandbox.searchcode.repositories = before


def paths(hits: CodeHits) -> list[str]:
    return [file.path for file in hits.files]


def body(sandbox: Sandbox) -> dict:
    return json.loads(sandbox.searchcode.asked[-1].body)


async def refused(engine: Searchcode, text: str = "retries") -> ToolFailure:
    with pytest.raises(ToolFailure) as raised:
        await engine.search(CodeQuery(text, KESTREL))
    return raised.value


async def test_files_come_with_numbered_lines_and_a_link_to_the_first_match(
    engine: Searchcode,
) -> None:
    hits = await engine.search(CodeQuery("store.claim", KESTREL))

    (file,) = hits.files
    assert (hits.engine, hits.total, hits.counted) == ("searchcode", 1, "matches")
    assert file.url == "https://github.com/example/kestrel/blob/HEAD/src/kestrel/jobs.py#L17"
    assert file.lines == (
        CodeLine(16, "    for attempt in range(job.retries):", is_match=False),
        CodeLine(17, "        if await store.claim(job.name, attempt):"),
        CodeLine(18, "            return", is_match=False),
    )


async def test_a_line_between_two_matches_is_shown_once(engine: Searchcode) -> None:
    hits = await engine.search(CodeQuery("retries", KESTREL, path="jobs.py"))
    numbers = [line.number for line in hits.files[0].lines]

    assert numbers == sorted(set(numbers))
    assert [line.number for line in hits.files[0].lines if line.is_match] == [9, 11, 15, 16]


async def test_it_is_asked_as_its_api_documents(engine: Searchcode, sandbox: Sandbox) -> None:
    await engine.search(CodeQuery('say "hi" OR path:x', KESTREL))

    asked = sandbox.searchcode.asked[0]
    assert (asked.method, asked.path) == ("POST", "/api/v1/code_search")
    assert asked.query == {"client": "qwen-mcp-tools"}
    assert body(sandbox) == {
        "repository": "https://github.com/example/kestrel",
        "query": r'"say \"hi\" OR"',
        "case_sensitive": False,
        "snippet_mode": "grep",
        "context_lines": 1,
        "include_all_dirs": True,
        "max_results": MOST_FILES,
        "max_matches_per_file": 50,
        "offset": 0,
    }


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ('"store.claim"', '"store.claim"'),
        ("/retr(y|ies)/", "/retr(y|ies)/"),
        (r"/a\/b/c\\/d/", r"/a\x2fb\x2fc\\\x2fd/"),
        ("a/b", '"a/b"'),
        ("/", '"/"'),
    ],
)
async def test_phrases_and_expressions_are_sent_in_its_way(
    engine: Searchcode, sandbox: Sandbox, text: str, sent: str
) -> None:
    await engine.search(CodeQuery(text, KESTREL))

    assert body(sandbox)["query"] == sent


async def test_a_regular_expression_finds_what_it_means(engine: Searchcode) -> None:
    hits = await engine.search(CodeQuery(r"/class \w+:/", KESTREL))

    assert paths(hits) == ["src/kestrel/jobs.py", "src/kestrel/store.py"]


async def test_a_symbol_is_found_where_it_is_defined(engine: Searchcode) -> None:
    hits = await engine.search(CodeQuery("symbol:JobList", KESTREL))

    assert paths(hits) == ["web/src/JobList.tsx"]
    assert hits.notes[0].startswith("symbol: was looked for as a definition")


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({"path": "src/**/*.py"}, ["src/kestrel/jobs.py", "src/kestrel/store.py"]),
        ({"path": "tests"}, ["tests/test_jobs.py"]),
        ({"language": "typescript"}, ["web/src/JobList.tsx"]),
        ({"language": "py", "path": "src"}, ["src/kestrel/jobs.py", "src/kestrel/store.py"]),
    ],
)
async def test_path_and_language_are_told_apart_by_the_names_of_files(
    engine: Searchcode, wishes: dict[str, str], found: list[str]
) -> None:
    hits = await engine.search(CodeQuery("retries", KESTREL, **wishes))

    assert paths(hits) == found
    assert (hits.total, hits.counted, hits.has_more) == (len(found), "files", False)


async def test_a_language_that_file_names_do_not_tell_is_told_and_nothing_dropped(
    engine: Searchcode,
) -> None:
    hits = await engine.search(CodeQuery("retries", KESTREL, language="brainfuck"))

    assert len(hits.files) == 5
    assert "'brainfuck'" in hits.notes[0]


async def test_pages_go_on_by_ten_files(
    engine: Searchcode, publish: dict[str, Mapping[str, bytes]]
) -> None:
    publish["example/many"] = {f"f{number:02}.py": b"needle\n" for number in range(23)}
    pages = [await engine.search(CodeQuery("needle", "example/many", page=n)) for n in (1, 2, 3, 4)]

    assert [len(page.files) for page in pages] == [10, 10, 3, 0]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert [path for page in pages for path in paths(page)] == [
        f"f{number:02}.py" for number in range(23)
    ]


async def test_pages_of_what_we_filter_go_on_within_what_was_looked_through(
    engine: Searchcode, publish: dict[str, Mapping[str, bytes]]
) -> None:
    publish["example/many"] = {
        f"f{number:03}.{'py' if number % 2 else 'go'}": b"needle\n" for number in range(120)
    }
    pages = [
        await engine.search(CodeQuery("needle", "example/many", "python", page=n))
        for n in (1, 5, 6)
    ]

    assert [len(page.files) for page in pages] == [10, 10, 0]
    assert [page.has_more for page in pages] == [True, False, False]
    assert pages[0].total is None
    assert pages[0].notes == (
        "only the first 100 files with matches were looked through for language",
    )


async def test_cuts_are_told(engine: Searchcode, publish: dict[str, Mapping[str, bytes]]) -> None:
    publish["example/long"] = {"long.txt": b"needle\n" * 1001}
    hits = await engine.search(CodeQuery("needle", "example/long"))

    assert hits.total == 1001
    assert hits.notes == (
        "searchcode stopped before it had seen all matches",
        "of a file at most 50 matches are shown",
    )


async def test_nothing_found_is_an_answer(engine: Searchcode) -> None:
    one, two = [
        await engine.search(CodeQuery(text, KESTREL)) for text in ("zyzzyva", "retry until")
    ]

    assert (one.files, one.total, one.notes) == ((), 0, ())
    assert two.notes == ("the text was looked for as it stands, not word by word",)


async def test_a_commit_that_is_named_makes_a_permalink(
    engine: Searchcode, sandbox: Sandbox
) -> None:
    sandbox.searchcode.names_commits = True
    (file,) = (await engine.search(CodeQuery("store.claim", KESTREL))).files

    assert file.commit == COMMIT
    assert f"/blob/{COMMIT}/src/" in file.url


async def test_a_name_with_signs_is_quoted_in_its_link(
    engine: Searchcode, publish: dict[str, Mapping[str, bytes]]
) -> None:
    publish["example/odd"] = {"a b/c#d?e%.py": b"needle\n"}
    (file,) = (await engine.search(CodeQuery("needle", "example/odd"))).files

    assert file.path == "a b/c#d?e%.py"
    assert file.url.endswith("/blob/HEAD/a%20b/c%23d%3Fe%25.py#L1")


async def test_an_unknown_repository_is_not_found(engine: Searchcode) -> None:
    with pytest.raises(NotFoundError) as raised:
        await engine.search(CodeQuery("retries", "example/secret"))

    assert str(raised.value) == (
        "Not found: the public repository example/secret at searchcode; check owner and name"
    )


async def test_what_re2_lacks_is_told_when_it_is_refused(engine: Searchcode) -> None:
    failure = await refused(engine, "/(?=a)b/")

    assert isinstance(failure, BadArgumentError)
    assert str(failure).endswith("; RE2 has no look-around")


async def test_a_wrong_regular_expression_is_not_sent(engine: Searchcode, sandbox: Sandbox) -> None:
    await refused(engine, "/a(/")

    assert sandbox.searchcode.asked == []


async def test_a_wait_that_the_body_asks_for_is_told(engine: Searchcode, sandbox: Sandbox) -> None:
    sandbox.searchcode.slow_down(90)
    failure = await refused(engine)

    assert isinstance(failure, RateLimitedError)
    assert failure.retry_after == 90
    assert str(failure) == "searchcode asks us to slow down; wait 90 s"


async def test_a_short_wait_is_waited_for(engine: Searchcode, sandbox: Sandbox) -> None:
    sandbox.searchcode.slow_down(0)
    hits = await engine.search(CodeQuery("store.claim", KESTREL))

    assert len(hits.files) == 1


async def test_a_challenge_is_told_as_no_answer(engine: Searchcode, sandbox: Sandbox) -> None:
    sandbox.searchcode.challenge()
    failure = await refused(engine)

    assert isinstance(failure, MalformedAnswerError)
    assert failure.trouble == "sent a web page in place of an answer"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, RejectedKeyError), (403, RejectedKeyError), (500, ServiceFaultError),
     (503, ServiceFaultError), (301, UpstreamError), (418, UpstreamError),
     (400, BadArgumentError), (429, RateLimitedError)],
)  # fmt: skip
async def test_a_status_without_words_is_told_by_its_class(
    engine: Searchcode, sandbox: Sandbox, status: int, kind: type[ToolFailure]
) -> None:
    sandbox.searchcode.next(*[Scripted(status, "<p>no</p>")] * 2)

    assert type(await refused(engine)) is kind


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"results": "many"},
        {"results": [{"file": "a.py", "matches": 7}]},
        [],
        b"{",
        "null",
    ],
)
async def test_json_of_another_shape_is_told(
    engine: Searchcode, sandbox: Sandbox, answer: object
) -> None:
    sandbox.searchcode.next(Scripted(200, answer, {"content-type": "application/json"}))  # type: ignore[arg-type]

    assert isinstance(await refused(engine), MalformedAnswerError)


async def test_what_surprises_in_an_entry_loses_no_other(
    engine: Searchcode, sandbox: Sandbox
) -> None:
    entries = [
        7,
        {"file": 3, "matches": None},
        {"file": "/a.py", "matches_in_file": "2", "matches": [
            {"line": "x", "content": "no number"}, {"line": 2, "content": None}, None,
        ]},
    ]  # fmt: skip
    answer = {"results": entries, "total_matches": "many", "commit_sha": "../../evil"}
    sandbox.searchcode.next(Scripted(200, answer))
    hits = await engine.search(CodeQuery("x", KESTREL))

    (file,) = hits.files
    assert (file.path, file.commit, hits.total) == ("a.py", "", None)
    assert file.lines == (CodeLine(0, "no number"), CodeLine(2, ""))


async def test_a_search_that_is_given_up_ends_its_request(
    engine: Searchcode, sandbox: Sandbox
) -> None:
    with sandbox.searchcode.holding() as hold:
        async with anyio.create_task_group() as calls:
            calls.start_soon(engine.search, CodeQuery("retries", KESTREL))
            await anyio.to_thread.run_sync(hold.wait_until_asked)
            calls.cancel_scope.cancel()
        await anyio.to_thread.run_sync(hold.wait_until_left)
