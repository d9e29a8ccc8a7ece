"""What stands in front of a page is told, whatever its status says."""

from collections.abc import Callable
from typing import Any

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted

Connect = Callable[..., Any]

ARTICLE = "<p>" + "A long article about walls and what they keep out. " * 30 + "</p>"


def html(body: str, title: str = "", **facts: Any) -> Scripted:
    return Scripted(body=f"<!DOCTYPE html><title>{title}</title><body>{body}", **facts)


@pytest.mark.parametrize(
    ("page", "service"),
    [
        (
            html("<script>window._cf_chl_opt={}</script>", "Just a moment...", status=403),
            "by Cloud",
        ),
        (html("", headers={"cf-mitigated": "challenge"}, status=403), "by Cloudflare"),
        (html("<script>var arg1='9A';document.cookie='acw_sc__v2'</script>"), "by Alibaba Cloud"),
        (html("<script>document.cookie='__jsl_clearance=1'</script>", status=521), "by Knownsec"),
        (html("<script src='https://ct.captcha-delivery.com/c.js'>", status=403), "by DataDome"),
        (html("<h1>百度安全验证</h1>"), "a check that"),
        (html("<p>当前环境异常，完成验证后即可继续访问。</p>"), "a check that"),
        (html("<p>Please verify that you are not a robot.</p>"), "a check that"),
        (html("<p>Making sure you're not a bot!</p>"), "a check that"),
        (
            Scripted(
                403,
                "<meta charset=gbk><p>请完成安全验证</p>".encode("gbk"),
                {"content-type": "text/html"},
            ),
            "a check that",
        ),
    ],
)
async def test_a_check_for_a_person_is_an_error_that_names_who_asks(
    connect: Connect, sandbox: Sandbox, page: Scripted, service: str
):
    sandbox.site.next(page)
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/wall")

    assert service in failure
    assert "only a person in a browser passes" in failure
    assert "web_search" in failure


@pytest.mark.parametrize(
    "page",
    [
        html(f"<h1>Just a moment...</h1>{ARTICLE}<p>Verify you are human, it says.</p>"),
        html("<p>Short, and honest.</p><script src='/cdn-cgi/challenge-platform/jsd/main.js'>"),
        html("<p>Write to us.</p><script src='https://www.google.com/recaptcha/api.js'></script>"),
    ],
)
async def test_a_page_that_only_speaks_of_checks_is_read(
    connect: Connect, sandbox: Sandbox, page: Scripted
):
    sandbox.site.next(page)
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        assert "text from outside" in await call("fetch_page", url=f"{sandbox.site.url}/page")


async def test_a_missing_page_with_a_captcha_is_still_missing(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(html("<p>Are you a robot?</p>", status=404))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/page")

    assert failure.startswith("Not found: ")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/account", "this is a login page: what was asked for needs an account"),
        ("/login", "this is a login page"),
        ("/app", "nearly empty: it seems to make its text with JavaScript"),
        ("/empty", "the site sent an empty page (status 200)"),
        ("/challenge", "a check by Cloudflare"),
    ],
)
async def test_the_site_s_own_walls_are_told(
    connect: Connect, sandbox: Sandbox, path: str, words: str
):
    async with connect() as call:
        result = await call.client.call_tool("fetch_page", {"url": sandbox.site.url + path})

    assert words in result.content[0].text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (html("<p>Before you continue to Example, choose.</p>"), "a question about cookies"),
        (html("<p>请先登录</p><input type=password>"), "a login page"),
        (html("<p>Sorry.</p>", "404 - Page not found"), 'like a "not found" page'),
        (html("<p>抱歉</p>", "页面不存在"), 'like a "not found" page'),
        (html("<p>You need to enable JavaScript to run this app.</p>"), "with JavaScript"),
    ],
)
async def test_a_wall_with_a_good_status_is_a_note_beside_its_text(
    connect: Connect, sandbox: Sandbox, page: Scripted, words: str
):
    sandbox.site.next(page)
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        answer = await call("fetch_page", url=f"{sandbox.site.url}/wall")

    assert words in answer.partition("<<<")[0]


@pytest.mark.parametrize(
    "page",
    [
        html("<p>How to answer with 404 when a page is not found.</p>", "404 explained to all"),
        html("<p>Sign in to continue is a bad label.</p>", "Labels"),
        html(f"<h1>Enable JavaScript</h1>{ARTICLE}", "Enable JavaScript"),
    ],
)
async def test_a_page_about_walls_is_none(connect: Connect, sandbox: Sandbox, page: Scripted):
    sandbox.site.next(page)
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        assert "Note:" not in await call("fetch_page", url=f"{sandbox.site.url}/page")
