"""What a model reads of a search for projects."""

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.conftest import Connect


async def test_a_project_is_told_with_what_one_chooses_by(connect: Connect, era: str) -> None:
    async with connect(mode=era) as call:
        text = await call("github_search_repositories", query="kestrel")

    assert text.startswith('GitHub: 3 repositories for "kestrel", page 1\n')
    assert (
        "1. kestrel-jobs/kestrel\n"
        "   4,218 stars; Python; MIT; last push 2026-03-06\n"
        "   Job runner: runs jobs that must not be lost, from a log of plain files\n"
        "   https://github.com/kestrel-jobs/kestrel\n"
    ) in text
    assert ". kestrel-jobs/kestrel-ui (archived)\n" in text


async def test_a_fork_and_a_missing_licence_are_told(connect: Connect) -> None:
    async with connect() as call:
        fork = await call("github_search_repositories", query="fork:true user:wen-li kestrel")
        bare = await call("github_search_repositories", query="oxq")

    assert "1. wen-li/kestrel (fork)\n" in fork
    assert "   1,840 stars; Rust; no licence told; last push " in bare


async def test_projects_are_sorted_and_narrowed(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        text = await call("github_search_repositories", query="job queue", sort="stars")
        rust = await call("github_search_repositories", query="queue", language="rust")

    names = [line.split()[1] for line in text.splitlines() if line[:1].isdigit()]
    assert names[:2] == ["sql-tools/pgjobs", "kestrel-jobs/kestrel"]
    assert "oxide-queue/oxq" in rust
    assert sandbox.github.asked[0].query["order"] == "desc"
    assert sandbox.github.asked[1].query["q"] == 'queue language:"rust"'


async def test_it_works_without_a_token(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(GITHUB_TOKEN="") as call:
        text = await call("github_search_repositories", query="kestrel")

    assert text.startswith("GitHub: 3 repositories")
    assert "authorization" not in sandbox.github.asked[0].headers


async def test_no_project_is_an_answer(connect: Connect) -> None:
    async with connect() as call:
        text = await call("github_search_repositories", query="zyzzyva")

    assert text == 'GitHub: no repositories for "zyzzyva"; try fewer words.'


async def test_the_next_page_is_the_same_call(connect: Connect, sandbox: Sandbox) -> None:
    items = [{"full_name": f"o/r{n}", "stargazers_count": n} for n in range(10)]
    answer = {"total_count": 40, "incomplete_results": True, "items": items}
    sandbox.github.next(Scripted(body=answer))
    async with connect() as call:
        text = await call(
            "github_search_repositories", query="x", language="go", sort="forks", page=2
        )

    assert text.startswith(
        'GitHub: 10 repositories of 40 for "x", page 2\n'
        "(GitHub ran out of time, so some may be missing)\n"
    )
    assert "\n11. o/r0\n   0 stars; no licence told\n" in text
    assert text.endswith(
        'More: github_search_repositories(query="x", language="go", sort="forks", page=3)'
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"query": ""}, "query must be text, 1 to 256 characters long"),
        ({"query": "x", "sort": "age"}, 'sort must be one of "best-match", "stars", "forks"'),
        ({"query": "x", "language": 'a"b'}, "language must be the name of a language"),
    ],
)
async def test_arguments_that_can_not_be_are_refused(
    connect: Connect, arguments: dict[str, str], words: str
) -> None:
    async with connect() as call:
        assert (await call.failure("github_search_repositories", **arguments)).startswith(words)
