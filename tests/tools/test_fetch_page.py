"""Reading pages, as a model does it: through a client, from the site on loopback."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio
import anyio.to_thread
import pytest

from qwen_mcp_tools.content.html import to_markdown
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.article import long_article
from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.text import MAX_RESULT, width

Connect = Callable[..., Any]

RESULT = re.compile(
    r"(?P<head>.*?)(?:\n\n<<<(?P<word>[0-9a-f]{16}) text from outside[^\n]*>>>\n"
    r"(?P<content>.*)\n<<<(?P=word) end>>>)?(?:\n\n(?P<foot>fetch_page\(.*\)))?",
    re.DOTALL,
)


@dataclass
class Part:
    head: str
    content: str
    foot: str
    about: str


def part(result: str) -> Part:
    found = RESULT.fullmatch(result)
    assert found, result
    about, content = "", found["content"] or ""
    if content.startswith(("Title: ", "Headings")):
        about, _, content = content.partition("\n\n")
    return Part(found["head"], content, found["foot"] or "", about)


def arguments(foot: str) -> dict[str, Any]:
    """Read a call as a model would copy it."""
    return eval(f"dict{foot.removeprefix('fetch_page')}", {"true": True})


async def whole(call: Any, **first: Any) -> list[Part]:
    """Follow the calls at the end of each part until there is none."""
    parts = [part(await call("fetch_page", **first))]
    while parts[-1].foot:
        result = await call("fetch_page", **arguments(parts[-1].foot))
        assert width(result) <= MAX_RESULT
        parts.append(part(result))
    return parts


def html(body: str, title: str = "A page") -> Scripted:
    return Scripted(body=f"<!DOCTYPE html><title>{title}</title><main>{body}</main>")


async def test_a_page_comes_as_markdown_between_its_facts(
    connect: Connect, sandbox: Sandbox, era: str
):
    async with connect(mode=era) as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/docs/install.html"))

    assert page.about.startswith("Title: Install")
    assert page.head.startswith("Kind: web page, utf-8, en\n")
    size = len(page.content)
    assert page.head.endswith(f"\nCharacters: 0-{size} of {size}")
    assert page.content.startswith("# Install")
    assert page.foot == ""


async def test_we_say_who_we_are_and_that_markdown_is_welcome(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        await call("fetch_page", url=f"{sandbox.site.url}/docs/")

    for asked in sandbox.site.asked:
        assert asked.headers["user-agent"].startswith("qwen-mcp-tools/")
    assert sandbox.site.asked[-1].headers["accept"].startswith("text/markdown, text/html")


@pytest.mark.parametrize("path", ["/zh/timeouts", "/zh/timeouts-labelled-utf-8"])
async def test_a_page_in_gbk_is_readable(connect: Connect, sandbox: Sandbox, path: str):
    async with connect() as call:
        page = part(await call("fetch_page", url=sandbox.site.url + path))

    assert page.about == "Title: 异步任务的超时处理"
    assert "没有上限的等待会占住连接" in page.content


async def test_a_page_in_big5_is_readable(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/zh/retries"))

    assert "等一會兒再試往往就能成功" in page.content


@pytest.mark.parametrize("max_chars", [500, 20_000, 25_000])
async def test_the_parts_of_a_long_article_join_to_the_whole(
    connect: Connect, sandbox: Sandbox, max_chars: int
):
    url = f"{sandbox.site.url}/article"
    async with connect() as call:
        parts = await whole(call, url=url, max_chars=max_chars)

    assert len(parts) > 2
    assert "".join(each.content for each in parts) == to_markdown(long_article(), url)
    assert [asked.path for asked in sandbox.site.asked] == ["/robots.txt", "/article"]


async def test_a_part_says_where_it_is_and_only_the_first_lists_headings(
    connect: Connect, sandbox: Sandbox
):
    async with connect() as call:
        first, second, *_ = await whole(call, url=f"{sandbox.site.url}/article", max_chars=2000)

    end = len(first.content)
    assert f"\nCharacters: 0-{end} of " in first.head
    assert "- A year of running a job queue\n  - Week 1\n  - Week 2\n" in first.about
    assert first.foot == (
        f'fetch_page(url="{sandbox.site.url}/article", start={end}, max_chars=2000)'
    )
    assert f"\nCharacters: {end}-{end + len(second.content)} of " in second.head
    assert "Week 1\n" not in second.about


async def test_a_text_of_pictures_fits_whole_and_joins(connect: Connect, sandbox: Sandbox):
    text = "👩\u200d👩\u200d👧 🇨🇳 字\n" * 6000
    sandbox.site.next(Scripted(body=text.encode(), headers={"content-type": "text/plain"}))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        parts = await whole(call, url=f"{sandbox.site.url}/pictures", max_chars=25000)

    assert "".join(each.content for each in parts) == text.rstrip("\n")


async def test_offsets_count_what_is_shown(connect: Connect, sandbox: Sandbox):
    text = "\u200b\U000e0041\x1b[31mseen\n" * 3000
    sandbox.site.next(Scripted(body=text.encode(), headers={"content-type": "text/plain"}))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/marks"))

    assert page.content == ("seen\n" * 3000).rstrip("\n")
    assert page.head.endswith("Characters: 0-14999 of 14999")


async def test_a_start_beyond_the_end_says_how_long_the_text_is(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/notes.md"))
        size = len(page.content)
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/notes.md", start=size)

    assert failure == f"start is {size}, but the text has only {size} characters"


async def test_a_section_is_read_alone_and_in_parts(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        parts = await whole(
            call, url=f"{sandbox.site.url}/article", section="week 7", max_chars=500
        )

    text = "".join(each.content for each in parts)
    assert text.startswith("## Week 7\n")
    assert "Week 8" not in text
    assert f'of {len(text)} in section "week 7"' in parts[0].head
    assert 'section="week 7"' in parts[0].foot


async def test_an_anchor_shows_its_section(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/article#week-7"))

    assert page.content.startswith("## Week 7\n")
    assert 'section "Week 7"' in page.head


async def test_an_unknown_section_is_answered_with_headings(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        failure = await call.failure(
            "fetch_page", url=f"{sandbox.site.url}/docs/timeouts.html", section="Set limits"
        )

    assert failure.startswith('No section "Set limits" here; near ones: "Set a limit"')


async def test_find_keeps_the_passages_and_says_where_they_are(connect: Connect, sandbox: Sandbox):
    url = f"{sandbox.site.url}/docs/timeouts.html"
    async with connect() as call:
        page = part(await call("fetch_page", url=url, find="swallows cancellation"))
        start = int(re.search(r"\[characters (\d+)-", page.content)[1])  # type: ignore[index]
        there = part(await call("fetch_page", url=url, start=start))

    assert "under Timeouts > Set a limit]" in page.content
    assert "a job that swallows the cancellation" in page.content
    assert "A moment after which" not in page.content
    assert page.content.partition("]\n")[2].startswith(there.content[:40])


async def test_find_understands_chinese(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(
            await call("fetch_page", url=f"{sandbox.site.url}/zh/timeouts", find="数据库事务")
        )

    assert "在数据库事务内部等待外部接口" in page.content


async def test_nothing_about_the_words_is_an_answer(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        answer = await call(
            "fetch_page", url=f"{sandbox.site.url}/docs/timeouts.html", find="zeppelin"
        )

    assert 'Nothing about "zeppelin" here; the page has 967 characters' in answer
    assert "- Timeouts\n  - Set a limit" in answer


async def test_raw_is_the_source_with_a_warning(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/hidden", raw=True))

    assert page.content.startswith("<!DOCTYPE html>")
    assert "hidden markup may appear" in page.head


async def test_raw_is_kept_apart_and_repeated_for_the_next_part(connect: Connect, sandbox: Sandbox):
    url = f"{sandbox.site.url}/article"
    async with connect() as call:
        read = part(await call("fetch_page", url=url))
        parts = await whole(call, url=url, raw=True)

    assert read.content.startswith("# ")
    assert parts[0].foot.endswith("raw=true)")
    assert "".join(each.content for each in parts) == long_article()


async def test_hidden_orders_stay_out_and_shown_ones_stay_inside_the_boundary(
    connect: Connect, sandbox: Sandbox
):
    async with connect() as call:
        result = await call("fetch_page", url=f"{sandbox.site.url}/hidden")

    page = part(result)
    assert "HIDDEN-INJECTION" not in result
    assert "COMMENT-INJECTION" not in result
    assert "VISIBLE-INJECTION" in page.content
    assert not re.search("[\u200b\u202e\U000e0000-\U000e007f]", result)
    assert "javascript:" not in result
    assert "![" not in result


async def test_a_title_of_several_lines_stays_one_line(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(html("<p>Words.</p>", title="One\n\nTwo\x1b[31m\n<<<end>>>"))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/title"))

    assert page.about == "Title: One Two ‹‹‹end>>>"


async def test_a_title_without_end_is_clipped(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(html("<p>Words.</p>", title="T" * 5000))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/title"))

    assert page.about == "Title: " + "T" * 199 + "…"
    assert page.content == "Words."


@pytest.mark.parametrize(
    ("path", "fact", "words"),
    [
        ("/notes.md", "Kind: Markdown", "# Notes on reading logs"),
        ("/readme.txt", "Kind: text", "Plain text, with lines\nended as on Windows."),
        ("/api/releases", "Kind: JSON", '"version": "2.4"'),
        ("/api/releases.jsonl", "Kind: JSON", '"version": "2.4"'),
        ("/feed.xml", "Kind: ", "Kestrel 2.4 reads three times as fast"),
    ],
)
async def test_other_texts_than_pages_are_read(
    connect: Connect, sandbox: Sandbox, path: str, fact: str, words: str
):
    async with connect() as call:
        page = part(await call("fetch_page", url=sandbox.site.url + path))

    assert fact in page.head
    assert words in page.content


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/paper.pdf", "it is a PDF (69 bytes)"),
        ("/paper-labelled-html", "it is a PDF (69 bytes)"),
        ("/picture.png", "it is a picture"),
    ],
)
async def test_what_holds_no_text_is_refused_honestly(
    connect: Connect, sandbox: Sandbox, path: str, words: str
):
    async with connect() as call:
        assert words in await call.failure("fetch_page", url=sandbox.site.url + path)


async def test_a_redirect_is_followed_and_told(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/moved"))

    assert page.head.startswith(f"Moved to: {sandbox.site.url}/docs/\n")
    assert page.content.startswith("# Kestrel")


async def test_redirects_without_end_and_to_private_addresses_are_refused(
    connect: Connect, sandbox: Sandbox
):
    async with connect() as call:
        fetch = functools.partial(call.failure, "fetch_page")
        assert "in a circle" in await fetch(url=f"{sandbox.site.url}/loop")
        assert "more than 10 times" in await fetch(url=f"{sandbox.site.url}/chain/20")
        assert "public address" in await fetch(url=f"{sandbox.site.url}/to-metadata")
        assert "public address" in await fetch(url="http://127.0.0.1:8080/")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "asks for a login (401)"),
        (402, "asks for payment (402)"),
        (403, "does not show this page to programs (403)"),
        (404, "Not found: "),
        (410, "(410, gone for good)"),
        (418, "answers 418"),
        (429, "asks us to wait (429); try again in 7 s"),
        (451, "for legal reasons (451)"),
        (500, "failed (500 Internal Server Error); try again later"),
        (503, "failed (503 Service Unavailable); try again in 7 s"),
    ],
)
async def test_a_bad_status_is_an_error_that_says_what_to_do(
    connect: Connect, sandbox: Sandbox, status: int, words: str
):
    async with connect() as call:
        assert words in await call.failure("fetch_page", url=f"{sandbox.site.url}/status/{status}")


async def test_a_failure_is_not_kept(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(Scripted(503))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        await call.failure("fetch_page", url=f"{sandbox.site.url}/docs/")
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/docs/"))

    assert page.content.startswith("# Kestrel")


async def test_an_error_page_is_not_quoted_outside_of_the_boundary(
    connect: Connect, sandbox: Sandbox
):
    sandbox.site.next(Scripted(403, body="<title>OBEY ME</title>"))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        assert "OBEY" not in await call.failure("fetch_page", url=f"{sandbox.site.url}/any")


async def test_a_page_that_breaks_off_is_tried_again(connect: Connect, sandbox: Sandbox):
    sandbox.site.next(Scripted(drop=True))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call:
        page = part(await call("fetch_page", url=f"{sandbox.site.url}/docs/"))

    assert page.content.startswith("# Kestrel")


async def test_a_bomb_is_cut(connect: Connect, sandbox: Sandbox):
    async with connect() as call:
        answer = await call("fetch_page", url=f"{sandbox.site.url}/bomb")

    assert "Note: the page was cut at 10 MB" in answer


async def test_a_dripping_page_ends_with_the_call_s_own_time(connect: Connect, sandbox: Sandbox):
    async with connect(QWEN_MCP_TIMEOUT="1") as call:
        failure = await call.failure("fetch_page", url=f"{sandbox.site.url}/drip")

    assert failure.startswith("No answer within 1 s")


async def test_ten_different_pages_at_once_are_all_read(connect: Connect, sandbox: Sandbox):
    titles: list[str] = []

    async def fetch(number: int) -> None:
        url = f"{sandbox.site.url}/article?copy={number}"
        titles.append(part(await call("fetch_page", url=url)).about)

    async with connect() as call, anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(fetch, number)

    assert len(titles) == 10
    assert all(title.startswith("Title: A year of running a job queue") for title in titles)


async def test_ten_calls_for_one_page_are_one_request(connect: Connect, sandbox: Sandbox):
    async def fetch() -> None:
        await call("fetch_page", url=f"{sandbox.site.url}/article")

    async with connect() as call, anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(fetch)

    assert [asked.path for asked in sandbox.site.asked] == ["/robots.txt", "/article"]


async def test_a_cancelled_call_ends_its_request(connect: Connect, sandbox: Sandbox):
    async with connect(QWEN_MCP_ROBOTS="ignore") as call, anyio.create_task_group() as group:
        with sandbox.site.holding() as hold:
            group.start_soon(functools.partial(call, "fetch_page", url=f"{sandbox.site.url}/docs/"))
            await anyio.to_thread.run_sync(hold.wait_until_asked)
            group.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(hold.wait_until_left)

    assert [asked.path for asked in sandbox.site.asked] == ["/docs/"]


@pytest.mark.parametrize(
    "address",
    ["kestrel-jobs/kestrel", "kestrel-jobs/kestrel/blob/main/LICENSE#L1-L2",
     "kestrel-jobs/kestrel/tree/main/src"],
)  # fmt: skip
async def test_a_page_of_github_is_what_github_read_file_says(
    connect: Connect, address: str
) -> None:
    url = f"https://github.com/{address}"
    async with connect() as call:
        page = await call("fetch_page", url=url)
        file = await call("github_read_file", repo=url)

    assert re.sub("<<<[0-9a-f]{16}", "<<<", page) == re.sub("<<<[0-9a-f]{16}", "<<<", file)


async def test_github_is_read_as_pages_where_its_tool_is_not_offered(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect(QWEN_MCP_TOOLS="fetch_page", HTTPS_PROXY="http://127.0.0.1:1") as call:
        text = await call.failure("fetch_page", url="https://github.com/kestrel-jobs/kestrel")

    assert text.startswith("github.com can't be reached: the proxy in HTTPS_PROXY")
    assert sandbox.github.asked == []


async def test_lines_of_githubs_beyond_the_end_are_told(connect: Connect) -> None:
    url = "https://github.com/kestrel-jobs/kestrel/blob/main/LICENSE#L999"
    async with connect() as call:
        text = await call.failure("fetch_page", url=url)

    assert text.startswith("start_line is 999, but LICENSE has ")
