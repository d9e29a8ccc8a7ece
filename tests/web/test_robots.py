"""robots.txt, as RFC 9309 has it."""

from collections.abc import Callable
from typing import Any

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted

Connect = Callable[..., Any]


def robots(rules: str) -> Scripted:
    return Scripted(body=rules.encode(), headers={"content-type": "text/plain"})


async def test_a_page_that_robots_txt_keeps_us_from_is_refused_and_not_asked_for(
    connect: Connect, sandbox: Sandbox
):
    url = f"{sandbox.site.url}/private/page"
    async with connect() as call:
        failure = await call.failure("fetch_page", url=url)

    assert failure.startswith(f"Refused {url}: robots.txt of ")
    assert "QWEN_MCP_ROBOTS=ignore" in failure
    assert [asked.path for asked in sandbox.site.asked] == ["/robots.txt"]


async def test_the_user_may_ignore_robots_txt(connect: Connect, sandbox: Sandbox):
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        answer = await call("fetch_page", url=f"{sandbox.site.url}/private/page")

    assert "not for programs" in answer
    assert [asked.path for asked in sandbox.site.asked] == ["/private/page"]


async def test_robots_txt_is_asked_for_once(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        await call("fetch_page", url=f"{sandbox.site.url}/docs/")
        await call("fetch_page", url=f"{sandbox.site.url}/notes.md")

    assert [asked.path for asked in sandbox.site.asked] == ["/robots.txt", "/docs/", "/notes.md"]


async def test_a_redirect_into_what_is_kept_from_us_is_refused(connect: Connect, sandbox: Sandbox):
    moved = Scripted(302, headers={"location": "/private/page"})
    async with connect() as call:
        sandbox.site.next(robots("User-agent: *\nDisallow: /private/"), moved)
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/short")

    assert "/private/page: robots.txt" in failure


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: qwen-mcp-tools\nDisallow: /docs",
        "user-agent: Qwen-MCP-Tools/1.0 # us\ndisallow: /docs",
        "User-agent: a\nUser-agent: qwen-mcp-tools\n\nDisallow: /docs",
        "\ufeffUser-agent: *\nDisallow: /docs",
        "User-agent: *\nDisallow: /\nAllow: /notes",
        "User-agent: *\nDisallow: /*/$",
        "User-agent: *\r\nDisallow: /d%6Fcs/\r\n",
    ],
)
async def test_rules_that_mean_us_count(connect: Connect, sandbox: Sandbox, rules: str):
    sandbox.site.next(robots(rules))
    async with connect() as call:
        assert "robots.txt" in await call.failure("fetch_page", url=f"{sandbox.site.url}/docs/")


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: qwen\nDisallow: /",
        "User-agent: qwen-mcp-tools-2\nDisallow: /",
        "User-agent: *bot\nDisallow: /",
        "User-agent: *\nDisallow: /\n\nUser-agent: qwen-mcp-tools\nAllow: /",
        "User-agent: *\nDisallow: /docs\nAllow: /docs/",
        "Disallow: /",
        "<html><p>no such file</p></html>",
        "\x00\xff\xfe",
        "",
    ],
)
async def test_rules_that_mean_others_or_nothing_do_not(
    connect: Connect, sandbox: Sandbox, rules: str
):
    sandbox.site.next(robots(rules))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")


@pytest.mark.parametrize("status", [301, 401, 403, 404, 429])
async def test_without_a_robots_txt_all_may_be_read(
    connect: Connect, sandbox: Sandbox, status: int
):
    sandbox.site.next(Scripted(status, body="User-agent: *\nDisallow: /"))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")


async def test_a_robots_txt_that_leads_nowhere_good_is_none(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(Scripted(302, headers={"location": "http://10.0.0.1/robots.txt"}))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")


async def test_a_robots_txt_that_redirects_in_a_circle_is_none(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(Scripted(302, headers={"location": "/robots.txt"}))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")


async def test_a_server_error_for_robots_txt_counts_as_a_no_until_it_is_over(
    connect: Connect, sandbox: Sandbox
):
    sandbox.site.next(Scripted(503))
    async with connect() as call:
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/docs/")
        answer = await call("fetch_page", url=f"{sandbox.site.url}/docs/")

    assert "answers 503 for its robots.txt, which counts as a no" in failure
    assert "QWEN_MCP_ROBOTS=ignore" in failure
    assert "# Kestrel" in answer


async def test_a_group_of_thousands_of_names_costs_no_more_than_one(
    connect: Connect, sandbox: Sandbox
):
    names = "".join(f"User-agent: bot{number}\n" for number in range(10_000))
    rules = "".join(f"Disallow: /x{number}\n" for number in range(10_000))
    sandbox.site.next(robots(f"{names}{rules}User-agent: *\nDisallow: /docs/"))
    async with connect() as call:
        assert "robots.txt" in await call.failure("fetch_page", url=f"{sandbox.site.url}/docs/")


async def test_rules_beyond_the_size_that_must_be_read_are_left(connect: Connect, sandbox: Sandbox):
    padding = "# nothing\n" * 52_000
    sandbox.site.next(robots(f"{padding}User-agent: *\nDisallow: /docs/"))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")


async def test_a_rule_that_the_size_limit_cuts_does_not_count(connect: Connect, sandbox: Sandbox):
    rule = "User-agent: *\nDisallow: /d"
    padding = "#" * (500 * 1024 - len(rule) - 1) + "\n"
    sandbox.site.next(robots(f"{padding}{rule}rafts/only"))
    async with connect() as call:
        assert "# Kestrel" in await call("fetch_page", url=f"{sandbox.site.url}/docs/")
