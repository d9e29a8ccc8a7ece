"""grep.app: code of all public repositories, read out of texts whose layout nobody promises."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any

import anyio
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import (
    BadArgumentError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.github.code.grep_app import GrepApp
from qwen_mcp_tools.github.code.grep_app_text import files_in
from qwen_mcp_tools.github.code.kinds import sought_by
from qwen_mcp_tools.github.code.query import CodeFile, CodeHits, CodeLine, CodeQuery
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import open_clients
from qwen_mcp_tools.upstream.remote_tools import RemoteTools
from tests.github.code.samples import REPOSITORIES

BLOCK = """\
Repository: example/kestrel
Path: src/jobs.py
URL: https://github.com/example/kestrel/blob/main/src/jobs.py
License: MIT

Snippets:
--- Snippet 1 (Line 27) ---

class Job:
    retries = 3

--- Snippet 2 (Line 90) ---
Repository: not/one
Path: in the code
return retries
"""


@pytest.fixture(autouse=True)
def samples(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in find code in the samples."""
    monkeypatch.setattr(sandbox.grep_app, "repositories", REPOSITORIES)


@pytest_asyncio.fixture
async def engine(sandbox: Sandbox) -> AsyncGenerator[GrepApp]:
    settings = Settings.from_env(sandbox.settings())
    async with open_clients(settings) as (services, _):
        yield GrepApp(RemoteTools(services).call, settings.grep_app_url)


@pytest.fixture
def publish(sandbox: Sandbox) -> Iterator[dict[str, Mapping[str, bytes]]]:
    """A mapping whose repositories the stand-in finds code in."""
    before = sandbox.grep_app.repositories
    published: dict[str, Mapping[str, bytes]] = {}
    sandbox.grep_app.repositories = published
    yield published
    sandbox.grep_app.repositories = before


def arguments(sandbox: Sandbox) -> dict[str, Any]:
    messages = [json.loads(each.body) for each in sandbox.grep_app.asked if each.body]
    (call,) = [each for each in messages if each["method"] == "tools/call"]
    assert call["params"]["name"] == "searchGitHub"
    return call["params"]["arguments"]


def paths(hits: CodeHits) -> list[str]:
    return [file.path for file in hits.files]


def read(*texts: str, text: str = "retries") -> list[CodeFile]:
    return list(files_in(texts, sought_by(CodeQuery(text))))


async def test_files_of_many_repositories_come_with_their_lines(engine: GrepApp) -> None:
    hits = await engine.search(CodeQuery("retries"))

    last = hits.files[-1]
    assert {file.repo for file in hits.files} == {"example/kestrel", "example/kestrel-go"}
    assert hits.files[0].licence == "MIT"
    assert (last.path, last.licence) == ("worker/worker.go", "")
    assert last.url == "https://github.com/example/kestrel-go/blob/main/worker/worker.go#L3"
    assert last.lines[2] == CodeLine(3, "func Run(retries int) error {")
    assert not last.lines[0].is_match


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (CodeQuery("retries"), {"query": "retries"}),
        (CodeQuery('"store.claim"'), {"query": "store.claim"}),
        (CodeQuery("/retr(y|ies)/"), {"query": "retr(y|ies)", "useRegexp": True}),
        (CodeQuery("x", "a/b", path="/src/"), {"query": "x", "repo": "a/b", "path": "src/"}),
        (CodeQuery("x", path="src/**/*.py"), {"query": "x", "path": "src/"}),
        (CodeQuery("x", language="c++"), {"query": "x", "language": ["C++"]}),
        (CodeQuery("x", language="ts"), {"query": "x", "language": ["TypeScript", "TSX"]}),
        (CodeQuery("lang:go x"), {"query": "x", "language": ["Go"]}),
    ],
)
async def test_a_search_is_sent_in_its_words(
    engine: GrepApp, sandbox: Sandbox, query: CodeQuery, sent: dict[str, Any]
) -> None:
    await engine.search(query)

    assert arguments(sandbox) == sent


async def test_the_endpoint_is_asked_at_exactly_its_url(engine: GrepApp, sandbox: Sandbox) -> None:
    await engine.search(CodeQuery("retries"))

    assert {asked.path for asked in sandbox.grep_app.asked} == {"/"}
    assert all(
        asked.headers["user-agent"].startswith("qwen-mcp-tools/")
        for asked in sandbox.grep_app.asked
    )


async def test_a_repository_whose_name_only_begins_so_is_left_out(engine: GrepApp) -> None:
    hits = await engine.search(CodeQuery("retries", "Example/kestrel"))

    assert {file.repo for file in hits.files} == {"example/kestrel"}


async def test_a_glob_is_asked_by_its_fixed_part_and_compared_by_us(engine: GrepApp) -> None:
    hits = await engine.search(CodeQuery("retries", path="src/**/j*.py"))

    assert paths(hits) == ["src/kestrel/jobs.py"]


async def test_a_symbol_is_found_where_it_is_defined(engine: GrepApp) -> None:
    hits = await engine.search(CodeQuery("symbol:Job"))

    assert paths(hits) == ["src/kestrel/jobs.py"]
    assert [line.number for line in hits.files[0].lines if line.is_match] == [6]
    assert hits.notes[0].startswith("symbol: was looked for as a definition")


async def test_nothing_found_is_an_answer_and_words_are_told_apart_from_text(
    engine: GrepApp,
) -> None:
    one, two = [await engine.search(CodeQuery(text)) for text in ("zyzzyva", "job run")]

    assert (one.files, one.notes) == ((), ())
    assert two.notes == ("the text was looked for as it stands, not word by word",)


async def test_the_tenth_file_says_that_there_may_be_others(
    engine: GrepApp, publish: dict[str, Mapping[str, bytes]]
) -> None:
    publish["example/many"] = {f"f{number}.py": b"needle\n" for number in range(12)}
    hits = await engine.search(CodeQuery("needle"))

    assert len(hits.files) == 10
    assert hits.notes == ("grep.app shows 10 files at most; narrow by repo, path or language",)


async def test_there_is_no_second_page_and_nobody_is_asked(
    engine: GrepApp, sandbox: Sandbox
) -> None:
    hits = await engine.search(CodeQuery("retries", page=2))

    assert (hits.files, hits.has_more) == ((), False)
    assert hits.notes == ("grep.app gives one page of results only",)
    assert sandbox.grep_app.asked == []


async def test_what_re2_lacks_is_told_when_it_is_refused(engine: GrepApp) -> None:
    with pytest.raises(UpstreamError) as raised:
        await engine.search(CodeQuery(r"/(a)\1/"))

    assert str(raised.value).startswith("grep.app refuses the call: Invalid regular expression")
    assert str(raised.value).endswith("; RE2 has no back-references")


async def test_a_wrong_regular_expression_is_not_sent(engine: GrepApp, sandbox: Sandbox) -> None:
    with pytest.raises(BadArgumentError, match="at position 1"):
        await engine.search(CodeQuery("/a(/"))

    assert sandbox.grep_app.asked == []


async def test_a_challenge_a_limit_and_a_fault_are_told_by_their_class(
    engine: GrepApp, sandbox: Sandbox
) -> None:
    sandbox.grep_app.challenge()
    with pytest.raises(RejectedKeyError, match="does not let us in"):
        await engine.search(CodeQuery("retries"))
    sandbox.grep_app.slow_down(60)
    with pytest.raises(RateLimitedError, match="wait 60 s"):
        await engine.search(CodeQuery("retries"))
    sandbox.grep_app.next(*[Scripted(504, "FUNCTION_INVOCATION_TIMEOUT")] * 4)
    with pytest.raises(ServiceFaultError, match="failed with status 504"):
        await engine.search(CodeQuery("retries"))


async def test_a_fault_that_passes_is_not_seen(engine: GrepApp, sandbox: Sandbox) -> None:
    sandbox.grep_app.next(*[Scripted(504, "FUNCTION_INVOCATION_TIMEOUT")] * 2)

    assert (await engine.search(CodeQuery("retries"))).files


async def test_a_search_that_is_given_up_ends_its_request(
    engine: GrepApp, sandbox: Sandbox
) -> None:
    with sandbox.grep_app.holding() as hold:
        async with anyio.create_task_group() as calls:
            calls.start_soon(engine.search, CodeQuery("retries"))
            await anyio.to_thread.run_sync(hold.wait_until_asked)
            calls.cancel_scope.cancel()
        await anyio.to_thread.run_sync(hold.wait_until_left)


def test_a_block_is_read_with_every_line_in_its_place() -> None:
    (file,) = read(BLOCK, "No results found for your query.")

    assert (file.repo, file.path, file.licence) == ("example/kestrel", "src/jobs.py", "MIT")
    assert file.url == "https://github.com/example/kestrel/blob/main/src/jobs.py#L29"
    assert file.lines == (
        CodeLine(27, "", is_match=False),
        CodeLine(28, "class Job:", is_match=False),
        CodeLine(29, "    retries = 3"),
        CodeLine(90, "Repository: not/one", is_match=False),
        CodeLine(91, "Path: in the code", is_match=False),
        CodeLine(92, "return retries"),
    )


def test_blocks_that_were_joined_to_one_text_are_told_apart() -> None:
    other = BLOCK.replace("src/jobs.py", "src/other.py").replace("Repository: not/one\n", "")
    files = read(f"{other}\n{other}".replace("License: MIT\n", "", 1))

    assert [(file.path, file.licence) for file in files] == [
        ("src/other.py", ""),
        ("src/other.py", "MIT"),
    ]


def test_carriage_returns_change_nothing() -> None:
    assert read(BLOCK.replace("\n", "\r\n"), "x") == read(BLOCK, "x")


def test_lines_with_numbers_of_their_own_are_read_without_snippets() -> None:
    (file,) = read("Repository: a/b\nPath: c.py\n\n  7: def f():\n  8|     retries\n9\tend\n...")

    assert file.url == "https://github.com/a/b/blob/HEAD/c.py#L8"
    assert [(line.number, line.text) for line in file.lines] == [
        (7, "def f():"),
        (8, "    retries"),
        (9, "end"),
        (0, "..."),
    ]


def test_a_text_of_another_layout_is_shown_and_not_lost() -> None:
    (file,) = read("We changed everything:\n\n  retries = 3")

    assert (file.repo, file.path, file.url) == ("", "", "")
    assert [(line.number, line.text) for line in file.lines] == [
        (0, "We changed everything:"),
        (0, "  retries = 3"),
    ]


def test_a_link_to_another_site_is_not_handed_on() -> None:
    (file,) = read(BLOCK.replace("https://github.com/", "https://evil.example/"))

    assert file.url == "https://github.com/example/kestrel/blob/HEAD/src/jobs.py#L29"


@given(st.lists(st.text(max_size=80), max_size=4))
def test_of_any_text_every_word_is_kept(texts: list[str]) -> None:
    files = read(*texts, text="needle")
    shown = "".join(
        f"{file.repo}{file.path}" + "".join(x.text for x in file.lines) for file in files
    )

    for text in texts:
        if not {":", "-", "|"} & set(text) and "no results found" not in text.lower():
            kept = "".join(text.split())
            assert all(letter in shown for letter in kept if letter.isalpha())
