"""No name leads to another endpoint than its own: what GitHub's stand-in was asked is looked at."""

# ruff: noqa: E501 - tables are wide

import re

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from tests.conftest import Connect

KESTREL = "kestrel-jobs/kestrel"
OWN = re.compile(
    rf"/repos/{KESTREL}(?:/(?:contents/.+|commits/.+|git/(?:trees|blobs|ref|matching-refs)/.+|git/"
    r"trees|languages|readme|releases/latest|contents))?"
)

REPOSITORIES = [
    "..", "../..", "a/..", "a/.", "a/...", "./b", "../user", "a/b/../..", "a//b", "/a/b", "//a/b",
    "a\\b", "a/b\\..", "a/b?x=1", "a/b#x", "a/b%2f..", "a%2Fb", "%2e%2e/b", "a/%2e%2e", "a/b\r\nX: y",
    "a/\tb", "a b/c", "a/b/c", "a/b/c/d", "ä/b", "а/b", "a/ｂ", "a/b\u200bc", "a/b\u202ec",
    "a/b\U000e0041c", "a/" + "b" * 101, "b" * 40 + "/a", "-a/b", "a/.git", "a/..git", "a", "/",
    "a/", "/b", "a/b@main", "a/b:x", "a/b;c", "a/b|c", "a/b$(x)", "a/b`x`c", "a/b*", "a/b'c",
    "http://evil.example/a/b", "https://github.com.evil.example/a/b",
    "https://evil.example/github.com/a/b", "https://github.com@evil.example/a/b",
    "https://github.com:8443/a/b", "https://github.com:99999/a/b", "https://github.com/../../user",
    "https://github.com/a/../user", "https://github.com/%2e%2e/user",
    "https://github.com/a%2f..%2fb/c", "https://github.com/a/b/blob/main/../../../user",
    "https://github.com/a/b/blob/main/%2e%2e/%2e%2e/user",
    "https://github.com/a/b/blob/main/%2e%2e%2f%2e%2e%2fuser",
    "https://github.com/a/b/blob/main/%252e%252e/user", "https://github.com/a/b/blob/..%2f/x",
    "https://github.com/a/b/blob/main/x%0d%0aX:%20y", "https://github.com/a/b/blob/main/x%00",
    "https://github.com/a/b/tree/..", "https://github.com/a/b/commit/../../user",
    "https://github.com/a/b/releases/tag/../../../user", "https://github.com\\a\\b", "https://[",
    "javascript:alert(1)", "file:///etc/passwd", "data:text/plain,x", "git@evil.example:a/b",
    "ssh://git@evil.example/a/b", "https://api.github.com/user", "https://api.github.com/graphql",
    "https://api.github.com/repos/a/b/../../../user",
    "https://api.github.com/repos/a/b/contents/../../../user",
    "https://api.github.com/repos/a/b/contents/x?ref=../../..",
    "https://api.github.com/repos/a/b/actions/secrets", "https://api.github.com/repos/a/b/keys",
    "https://raw.githubusercontent.com/a/b/main/../../../user",
    "https://github.com/settings/tokens", "https://gist.github.com/a/b", "[::1]/a", "127.0.0.1/a",
]  # fmt: skip

PATHS = [
    "..", "../x", "a/..", "a/../b", "../../../user", "../../../../user", "/../../user", "./../x",
    "a/./../..", "..\\..\\user", "a\\..\\b", "%2e%2e/x", "%2E%2E%2F%2e%2e%2fuser",
    "%252e%252e/user", "%25252e%25252e/user", "..%2f..%2fuser", "..%5cuser", ".%2e/user", "a/%2e%2e",
    "a%2f..%2fb", "a\0b", "a\nb", "a\r\nX: y", "a\rb", "a\u202eb", "a\u200bb", "a\U000e0041", "a\x7fb",
    "a\x1b[31m", "x" * 701, "x/" * 400 + "x", "a\ufeff", "a\u2028b",
]  # fmt: skip

ODD_PATHS = [
    "a?ref=x", "a#b", "a%3fx", "a%23b", "//evil.example/x", "///etc/passwd", "https://evil.example/x",
    "http://169.254.169.254/", "~root", "$(id)", "a b", "ä", "中文", ".git/config", "con", "a:b", "a|b",
    "*", "-rf", "'", '"', "...", "..x", "x..", "a;b", "a&b=c", "a+b", "100%", "%", "%zz", "@", "a@{1}",
    "?", "#", "/", "a\\b", "././a", "a//b",
]  # fmt: skip

REFS = [
    "..", "a..b", "../../user", "refs/../..", "refs/heads/../../x", "@", "@{", "@{-1}", "main@{1}",
    "main@{upstream}", "a//b", "/main", "main/", "main.", "main.lock", "a.lock/b", "a/.b", ".main",
    "-main", "--upload-pack=x", "a b", "a~1", "a^", "HEAD^{}", "HEAD~1", "main:README.md", "a?b", "a*",
    "a[b", "a\\b", "a\0b", "a\nb", "a\r\nX: y", "a\tb", "a\x7fb", "a\u200bb", "main\u202e",
    "a\U000e0041", "x" * 251, "%2e%2e", "%2e%2e/x", "%252e%252e/x", "..%2f", "%2F..", "main%00",
    "main%0d%0aX", "a%2f%2e%2e%2fb", "main%20x", "https://evil.example", "main?y=z", ".", "/", "a/..",
]  # fmt: skip

ODD_REFS = [
    "ä", "main#x", "main&x=y", "HEAD", "$(id)", "main;id", "main|id", "'", '"', "100%", "heads/main",
    "refs/heads/main", "refs/tags/v2.4.0", "refs/pull/1/head", "0" * 40, "0" * 39, "v2.4.0", "a@b",
    "feature/retry-budget", "{x}", "a=b", "a+b",
]  # fmt: skip


def asked(sandbox: Sandbox) -> list[str]:
    stand_ins = (
        sandbox.github, sandbox.raw, sandbox.media, sandbox.searchcode, sandbox.grep_app,
        sandbox.site,
    )  # fmt: skip
    return [each.path for stand_in in stand_ins for each in stand_in.asked]


@pytest.mark.parametrize("tool", ["github_read_file", "github_search_code"])
async def test_what_names_no_repository_is_asked_of_nobody(
    connect: Connect, sandbox: Sandbox, tool: str
) -> None:
    async with connect() as call:
        for repo in REPOSITORIES:
            more = {"query": "x"} if tool == "github_search_code" else {}
            words = await call.failure(tool, repo=repo, **more)

            assert len(words) < 300, repo
            assert asked(sandbox) == [], repo


@pytest.mark.parametrize(
    ("argument", "values"), [("path", PATHS), ("ref", REFS)], ids=["path", "ref"]
)
async def test_a_path_or_ref_that_leaves_is_asked_of_nobody(
    connect: Connect, sandbox: Sandbox, argument: str, values: list[str]
) -> None:
    async with connect() as call:
        for value in values:
            words = await call.failure("github_read_file", repo=KESTREL, **{argument: value})

            assert words.startswith(argument), value
            assert len(words) < 300, value
            assert asked(sandbox) == [], value


@pytest.mark.parametrize(
    ("argument", "values"), [("path", ODD_PATHS), ("ref", ODD_REFS)], ids=["path", "ref"]
)
async def test_an_odd_path_or_ref_stays_below_its_repository(
    connect: Connect, sandbox: Sandbox, argument: str, values: list[str]
) -> None:
    async with connect() as call:
        for value in values:
            await call.client.call_tool(
                "github_read_file", {"repo": KESTREL, "path": "README.md"} | {argument: value}
            )

    paths = asked(sandbox)
    assert len(paths) >= len(values)
    assert not [path for path in paths if not OWN.fullmatch(path) or "/../" in f"{path}/"]
    assert not [each for each in sandbox.github.asked if set(each.query) - {"ref", "recursive"}]


def test_there_are_as_many_cases_as_are_told() -> None:
    counts = [len(set(each)) for each in (REPOSITORIES, PATHS, ODD_PATHS, REFS, ODD_REFS)]

    assert counts == [len(each) for each in (REPOSITORIES, PATHS, ODD_PATHS, REFS, ODD_REFS)]
    assert sum(counts) >= 220
