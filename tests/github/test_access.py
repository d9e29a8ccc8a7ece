"""What GitHub lets us do: tokens, limits, refusals; each in words that say what to do next."""

import re

import anyio
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.conftest import Connect

KESTREL = "kestrel-jobs/kestrel"
NO_TOKEN = {"GITHUB_TOKEN": ""}
FILE = {"repo": KESTREL, "path": "LICENSE", "ref": "v2.4.0"}


async def test_public_files_need_no_token(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(**NO_TOKEN) as call:
        text = await call("github_read_file", **FILE)

    assert "1\tMIT License" in text
    assert all("authorization" not in each.headers for each in sandbox.github.asked)


async def test_the_token_goes_to_the_api_alone(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        await call("github_read_file", repo="kestrel-jobs/odd-files", path="lfs/table.csv")

    assert {each.headers["authorization"] for each in sandbox.github.asked} == {
        f"token {sandbox.github.token}"
    }
    assert ["authorization" in each.headers for each in sandbox.media.asked] == [False]


async def test_a_private_repository_is_read_with_a_token_that_may(
    connect: Connect, sandbox: Sandbox
) -> None:
    asked = {"repo": "kestrel-jobs/secrets", "path": "notes.md"}
    async with connect() as call:
        assert "1\t# Rotation" in await call("github_read_file", **asked)
    async with connect(GITHUB_TOKEN=sandbox.github.stranger_token) as call:
        stranger = await call.failure("github_read_file", **asked)
    async with connect(**NO_TOKEN) as call:
        anonymous = await call.failure("github_read_file", **asked)

    assert stranger == (
        "Not found: kestrel-jobs/secrets; check the name; "
        "if it is private, GITHUB_TOKEN must be allowed to read it"
    )
    assert anonymous.endswith("if it is private, set a GITHUB_TOKEN that may read it")


async def test_a_token_that_is_not_accepted_is_told(connect: Connect) -> None:
    async with connect(GITHUB_TOKEN="ghp_expired0000000000000000") as call:
        text = await call.failure("github_read_file", **FILE)

        code = await call("github_search_code", query="RetryBudget")

    assert text == "GitHub does not accept the token; check GITHUB_TOKEN"
    assert code.startswith("grep.app: ")
    assert "\n(GitHub does not accept the token; check GITHUB_TOKEN)\n" in code


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sso", r"GitHub shows .* only to a token that its organisation's SSO has approved; auth"),
        ("suspended", r"GitHub does not let us see .* \(Sorry\. Your account was suspended\.\); "),
    ],
)
async def test_a_refusal_says_what_is_missing(
    connect: Connect, sandbox: Sandbox, kind: str, words: str
) -> None:
    sandbox.github.fail(kind)
    sandbox.github.fail(kind)
    async with connect() as call:
        assert re.match(words, await call.failure("github_read_file", **FILE))


async def test_a_repository_taken_down_is_told(connect: Connect) -> None:
    async with connect() as call:
        text = await call.failure("github_read_file", repo="kestrel-jobs/taken-down")

    assert text.startswith("GitHub may not show, for legal reasons (451), ")


async def test_an_enterprise_server_is_read_like_github(connect: Connect, sandbox: Sandbox) -> None:
    async with connect(GITHUB_API_URL=f"{sandbox.github.url}/api/v3") as call:
        text = await call("github_read_file", **FILE)
        url = f"{sandbox.github.url}/{KESTREL}/blob/v2.4.0/LICENSE"
        pasted = await call("github_read_file", repo=url)
        foreign = await call.failure("github_read_file", repo=f"https://github.com/{KESTREL}")

    assert "1\tMIT License" in text
    assert "1\tMIT License" in pasted
    assert f"Permalink: {sandbox.github.url}/{KESTREL}/blob/" in text
    assert "leads to no repository, folder or file of 127.0.0.1" in foreign
    paths = [each.path for each in sandbox.github.asked if "LICENSE" in each.path]
    assert paths
    assert all(path.startswith("/api/v3/repos/") for path in paths)


@pytest.mark.parametrize("status", [403, 429])
async def test_a_limit_that_ends_soon_is_waited_for(
    connect: Connect, sandbox: Sandbox, status: int
) -> None:
    async with connect() as call:
        await call("github_read_file", repo=KESTREL, path="LICENSE")
        sandbox.github.fail("secondary", status=status, retry_after=0)
        text = await call("github_read_file", repo=KESTREL, path="README.md")

    assert "1\t# Kestrel" in text


@pytest.mark.parametrize(
    ("kind", "retry_after", "words"),
    [
        ("primary", None, r"GitHub allows 5,000 requests an hour; used up until \S+ UTC \(in 60 "),
        ("primary", 90, r"GitHub allows 5,000 requests an hour; used up until \S+ UTC \(in 90 s\)"),
        ("secondary", None, r"GitHub asks for a pause, since it was asked too much at once, until"),
        ("secondary", 400, r"GitHub asks for a pause, .* until \S+ UTC \(in 7 min\)"),
    ],
)
async def test_a_limit_that_ends_too_late_is_told_and_nothing_more_is_asked(
    connect: Connect, sandbox: Sandbox, kind: str, retry_after: int | None, words: str
) -> None:
    async with connect() as call:
        await call("github_read_file", repo=KESTREL, path="LICENSE")
        sandbox.github.fail(kind, status=429, retry_after=retry_after, reset_in=3600)
        text = await call.failure("github_read_file", repo=KESTREL, path="README.md")
        asked = len(sandbox.github.asked)
        again = await call.failure("github_read_file", repo=KESTREL, path="CHANGELOG.md")

    assert re.match(words, text), text
    assert again.startswith("GitHub a")
    assert len(sandbox.github.asked) == asked


async def test_without_a_token_a_spent_limit_leaves_the_raw_host(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.leave("core", 0, reset_in=1800)
    async with connect(**NO_TOKEN) as call:
        text = await call("github_read_file", repo=KESTREL, path="README.md", start_line=1)
        url = f"https://github.com/{KESTREL}/blob/feature/retry-budget/README.md"
        branch = await call("github_read_file", repo=url)
        folder = await call.failure("github_read_file", repo=KESTREL, path="src")
        overview = await call.failure("github_read_file", repo=KESTREL)

    assert "1\t# Kestrel" in text
    assert "1\t# Kestrel" in branch
    assert "\nBranch and path: feature/retry-budget/README.md\n" in branch
    assert "Permalink" not in branch
    assert re.search(r"Note: read without the API: GitHub allows 60 requests an hour; used", text)
    for each in (folder, overview):
        assert re.match(
            r"GitHub allows 60 requests an hour; used up until \S+ UTC \(in 30 min\); "
            "set GITHUB_TOKEN for a larger limit",
            each,
        )


async def test_the_next_part_from_the_raw_host_is_of_the_same_branch(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.leave("core", 0, reset_in=1800)
    url = "https://github.com/kestrel-jobs/odd-files/blob/main/texts/1.5-mb.txt"
    async with connect(**NO_TOKEN) as call:
        text = await call("github_read_file", repo=url)

    assert text.endswith(f'Next: github_read_file(repo="{url}", start_line=255)')


async def test_only_the_start_of_a_huge_file_comes_without_the_api(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.leave("core", 0, reset_in=1800)
    asked = {"repo": "kestrel-jobs/odd-files", "path": "texts/30-mb.txt"}
    async with connect(**NO_TOKEN) as call:
        text = await call("github_read_file", **asked)
        beyond = await call.failure("github_read_file", **asked, start_line=300_000)

    assert "\nNote: only its first 10 MB were read\n" in text
    assert re.search(r"\nSize: (30,000,000 bytes|not told), more than ", text)
    assert beyond.startswith("start_line is 300000, but texts/30-mb.txt could be read for ")


async def test_with_a_token_the_raw_host_is_not_asked(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.github.leave("core", 0, reset_in=1800)
    async with connect() as call:
        await call.failure("github_read_file", **FILE)

    assert sandbox.raw.asked == []


async def test_a_server_error_is_asked_again(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.github.fail("unavailable")
    sandbox.github.fail("bad gateway")
    async with connect() as call:
        assert "1\tMIT License" in await call("github_read_file", **FILE)


async def test_a_server_that_stays_down_is_told(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.github.next(*[Scripted(503, {"message": "Unicorn"})] * 12)
    async with connect() as call:
        text = await call.failure("github_read_file", **FILE)

    assert text == "GitHub failed with status 503; try again later"


async def test_many_calls_at_once_share_what_they_ask(connect: Connect, sandbox: Sandbox) -> None:
    texts: list[str] = []
    async with connect() as call, anyio.create_task_group() as tasks:

        async def read() -> None:
            texts.append(await call("github_read_file", **FILE))

        for _ in range(20):
            tasks.start_soon(read)

    assert len({text.partition("<<<")[0] for text in texts}) == 1
    assert len(sandbox.github.asked) == 2


async def test_twenty_code_searches_at_once_keep_to_what_is_left_of_a_minute(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.leave("code_search", 10, reset_in=3000)
    texts: list[str] = []
    async with connect() as call, anyio.create_task_group() as tasks:

        async def search(number: int) -> None:
            texts.append(await call("github_search_code", query=f"retry NOT x{number}"))

        for number in range(20):
            tasks.start_soon(search, number)

    engines = [text.partition(":")[0] for text in texts]
    assert (engines.count("GitHub"), engines.count("grep.app")) == (10, 10)
    assert len([each for each in sandbox.github.asked if "/search/" in each.path]) == 10


async def test_a_minute_of_searches_that_ends_soon_is_waited_for(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.github.leave("code_search", 0, reset_in=1)
    async with connect() as call:
        text = await call("github_search_code", query="RetryBudget")

    assert text.startswith("GitHub: ")


async def test_a_call_that_is_cancelled_holds_nobody_up(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        with sandbox.github.holding() as held:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: call("github_read_file", **FILE))
                await anyio.to_thread.run_sync(held.wait_until_asked)
                tasks.cancel_scope.cancel()
        assert "1\tMIT License" in await call("github_read_file", **FILE)


async def test_no_answer_and_no_error_shows_the_token(connect: Connect, sandbox: Sandbox) -> None:
    token = sandbox.github.token
    sandbox.github.next(
        Scripted(418, {"message": f"token {token}"}), Scripted(418, {"message": token})
    )
    async with connect() as call:
        text = await call.failure("github_read_file", **FILE)

    assert token not in text


async def test_a_branch_is_looked_up_again_when_it_was_long_ago(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.github.pins.KEPT_SECONDS", 0)
    monkeypatch.setattr("qwen_mcp_tools.github.rest.api.FRESH_SECONDS", 0)
    async with connect() as call:
        for path in ("LICENSE", "README.md"):
            await call("github_read_file", repo=KESTREL, path=path, ref="main")

    commits = [each for each in sandbox.github.asked if each.path.endswith("/commits/main")]
    assert len(commits) == 2
    assert "if-none-match" in commits[1].headers
