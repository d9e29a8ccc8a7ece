"""PyGithub's requests go the way that all of ours go: proxies, certificates, limits, words."""

import asyncio
import base64
import gzip
import json
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest

from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.errors import ServiceFaultError, ToolFailure, UnreachableError
from qwen_mcp_tools.github.github import GitHub
from qwen_mcp_tools.github.rest.question import Question
from qwen_mcp_tools.settings import Settings
from tests.upstream.certificates import Authority
from tests.upstream.loopback import (
    NAME,
    Handle,
    Listener,
    answering,
    dripping,
    leaving,
    listening,
    reply,
    silent,
)  # fmt: skip
from tests.upstream.proxies import connecting, socks

ACCOUNT = "user:pass-word"
BASIC = base64.b64encode(ACCOUNT.encode()).decode()
SHA = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "ghp_0123456789abcdefghij"


def file(text: str = "hello\n", path: str = "a.txt") -> bytes:
    """Return GitHub's answer about a file."""
    content = base64.encodebytes(text.encode()).decode()
    shape = {
        "type": "file", "encoding": "base64", "size": len(text), "path": path, "name": path,
        "content": content, "sha": SHA, "html_url": f"https://github.com/o/r/blob/{SHA}/{path}",
    }  # fmt: skip
    return json.dumps(shape).encode()


@asynccontextmanager
async def github(url: str, **variables: str) -> AsyncGenerator[GitHub]:
    settings = Settings.from_env({"GITHUB_API_URL": url, "GITHUB_TOKEN": TOKEN, **variables})
    async with open_app(settings) as app:
        yield app.github


async def read(hub: GitHub, path: str = "a.txt") -> str:
    from qwen_mcp_tools.tools.github_read_file import read_place

    return (await read_place(hub, hub.place("o/r", path, SHA))).render()


async def test_it_goes_through_a_proxy_with_an_account_and_an_authority_of_ones_own(
    authority: Authority,
) -> None:
    async with (
        listening(answering(reply(file())), tls=authority.server(NAME)) as api,
        listening(connecting(api.port, account=BASIC)) as proxy,
        github(
            f"https://{NAME}",
            HTTPS_PROXY=proxy.url.replace("//", f"//{ACCOUNT}@"),
            SSL_CERT_FILE=str(authority.file),
        ) as hub,
    ):
        text = await read(hub)

    assert "1\thello\n" in text
    assert proxy.heads[0].startswith(f"CONNECT {NAME}:443 HTTP/1.")
    assert f"Authorization: token {TOKEN}\r\n" in api.heads[0]
    assert TOKEN not in proxy.heads[0]


async def test_it_goes_through_socks_which_looks_the_name_up(authority: Authority) -> None:
    async with (
        listening(answering(reply(file())), tls=authority.server(NAME)) as api,
        listening(socks(api.port)) as proxy,
        github(
            f"https://{NAME}",
            ALL_PROXY=f"socks5://127.0.0.1:{proxy.port}",
            SSL_CERT_FILE=str(authority.file),
        ) as hub,
    ):
        assert "1\thello\n" in await read(hub)

    assert proxy.heads == [f"{NAME}:443"]


async def test_loopback_is_reached_directly_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with (
        listening(answering(reply(file()))) as api,
        github(api.url, HTTP_PROXY="http://127.0.0.1:1") as hub,
    ):
        assert "1\thello\n" in await read(hub)


async def test_every_request_says_who_asks_and_which_version_is_meant() -> None:
    async with listening(answering(reply(file()))) as api, github(api.url) as hub:
        await read(hub)

    (head,) = api.heads
    assert head.startswith(f"GET /repos/o/r/contents/a.txt?ref={SHA} HTTP/1.1\r\n")
    assert "User-Agent: qwen-mcp-tools/" in head
    assert "X-GitHub-Api-Version: 2022-11-28\r\n" in head
    assert "Accept: application/vnd.github.object+json\r\n" in head


async def test_an_unknown_authority_is_told_with_the_mend(authority: Authority) -> None:
    async with (
        listening(answering(reply(file())), tls=authority.server("localhost")) as api,
        github(f"https://localhost:{api.port}") as hub,
    ):
        with pytest.raises(UnreachableError, match="certificate that is not trusted"):
            await read(hub)


async def test_a_refused_connection_is_told() -> None:
    async with listening(silent) as gone:
        pass
    async with github(gone.url) as hub:
        with pytest.raises(UnreachableError, match="GitHub refuses the connection"):
            await read(hub)


async def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    proxy = f"http://{ACCOUNT}@127.0.0.1:1"
    async with github("https://api.example.com", HTTPS_PROXY=proxy) as hub:
        with pytest.raises(UnreachableError, match="the proxy in HTTPS_PROXY") as failure:
            await read(hub)

    assert "pass-word" not in str(failure.value)


async def test_a_proxy_that_wants_an_account_is_told(authority: Authority) -> None:
    async with (
        listening(connecting(1, account=BASIC)) as proxy,
        github(f"https://{NAME}", HTTPS_PROXY=proxy.url) as hub,
    ):
        with pytest.raises(UnreachableError, match="wants a user name and password"):
            await read(hub)


async def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    whole = reply(file())

    async def breaking(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await listener.head(reader)
        writer.write(whole[:-40] if len(listener.heads) == 1 else whole)
        await writer.drain()

    async with listening(breaking) as api, github(api.url) as hub:
        assert "1\thello\n" in await read(hub)

    assert len(api.heads) == 2


async def test_a_server_that_leaves_is_told() -> None:
    async with listening(leaving) as api, github(api.url) as hub:
        with pytest.raises((ServiceFaultError, UnreachableError)):
            await read(hub)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(file())), ("deflate", zlib.compress(file()))],
)
async def test_a_packed_answer_is_inflated(encoding: str, body: bytes) -> None:
    answer = reply(body, Content_Encoding=encoding)
    async with listening(answering(answer)) as api, github(api.url) as hub:
        assert "1\thello\n" in await read(hub)

    assert "Accept-Encoding: gzip\r\n" in api.heads[0]


@pytest.mark.parametrize(
    "answer",
    [
        reply(gzip.compress(b" " * 30_000_000), Content_Encoding="gzip"),
        reply(b"not packed at all", Content_Encoding="gzip"),
        reply(gzip.compress(file())[:-9], Content_Encoding="gzip"),
        reply(b"[" * 100_000),
        reply(b"<html>busy</html>"),
        reply(b'{"type": "file", "encoding": "base64", "content": "%%%"}'),
        reply(b'{"type": 5, "size": "x", "path": ["../.."]}'),
        reply(b'{"type": "file", "path": "../../user", "content": "", "size": 0}'),
        reply(file(), X_RateLimit_Remaining="many", X_RateLimit_Limit="x"),
        reply(b"", 202),
        reply(b"{}", 418),
    ],
    ids=["bomb", "no gzip", "cut gzip", "deep", "html", "base64", "types", "path", "limits", "202",
         "418"],
)  # fmt: skip
async def test_an_answer_without_sense_costs_one_line(answer: bytes) -> None:
    async with listening(answering(answer)) as api, github(api.url) as hub:
        try:
            text = await read(hub)
        except ToolFailure as failure:
            text = str(failure)

    assert "\n" not in text or "0 lines" in text or "1\t" in text


async def test_a_rename_is_followed_with_its_query_and_the_token_goes_nowhere_else() -> None:
    moved = reply(b"{}", 301, Location="/repositories/7/contents/a.txt?ref=x")
    away = reply(b"{}", 301, Location="http://evil.example/repos/o/r")
    async with listening(answering(moved, reply(file()))) as api, github(api.url) as hub:
        await read(hub)
    assert api.heads[1].startswith("GET /repositories/7/contents/a.txt?ref=x HTTP/1.1\r\n")

    async with listening(answering(away)) as api, github(api.url) as hub:
        with pytest.raises(ToolFailure, match="redirects to something else"):
            await read(hub)


async def test_redirects_without_end_are_ended() -> None:
    circle = reply(b"{}", 302, Location="/repos/o/r/contents/a.txt")
    async with listening(answering(circle)) as api, github(api.url) as hub:
        with pytest.raises(ToolFailure, match="redirects in a circle"):
            await read(hub)

    assert len(api.heads) <= 8


async def test_a_cancelled_call_stops_reading() -> None:
    async with listening(dripping) as api, github(api.url) as hub:
        with anyio.move_on_after(0.3):
            await read(hub)
        await api.until_left()


async def test_a_listing_of_more_than_ten_megabytes_is_refused() -> None:
    async def endless(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await listener.head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * 65_536)
            await writer.drain()

    async with listening(endless) as api, github(api.url) as hub:
        with pytest.raises(ToolFailure, match="answers with more than 10 MB"):
            await read(hub)


async def test_questions_of_threads_are_not_mixed_up() -> None:
    """One PyGithub for several threads gives now and then another file's content."""
    import sys

    async def echo(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            head = await listener.head(reader)
            name = head.split()[1].partition("?")[0].rpartition("/")[2]
            writer.write(reply(file(f"content of {name}\n", name)))
            await writer.drain()

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        async with listening(echo) as api, github(api.url) as hub:
            names = [f"f{n}.txt" for n in range(300)]
            texts = await asyncio.gather(*(read(hub, name) for name in names))
    finally:
        sys.setswitchinterval(usual)

    assert [f"1\tcontent of {n}\n" in t for n, t in zip(names, texts, strict=True)] == [True] * 300


async def test_the_same_question_at_the_same_time_is_asked_once() -> None:
    async with listening(answering(reply(file()))) as api, github(api.url) as hub:
        await asyncio.gather(*(read(hub) for _ in range(20)))
        await read(hub)

    assert len(api.heads) == 1


async def test_what_may_have_changed_is_asked_for_by_its_etag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.github.rest.api.FRESH_SECONDS", 0)
    answers = reply(b'{"a": 1}', ETag='W/"one"'), reply(b"", 304), reply(b'{"a": 2}')
    async with listening(answering(*answers)) as api, github(api.url) as hub:
        question = Question("/repos/o/r", "o/r")
        found = [(await hub._api.get(question)).body for _ in range(3)]

    assert found == [b'{"a": 1}', b'{"a": 1}', b'{"a": 2}']
    assert "If-None-Match" not in api.heads[0]
    assert 'If-None-Match: W/"one"\r\n' in api.heads[1]


async def drip_a_header(
    listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await listener.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.005)


async def never_answer(
    listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await listener.head(reader)
    await reader.read(1)


@pytest.mark.parametrize("handle", [drip_a_header, never_answer])
async def test_a_call_that_is_cancelled_leaves_whatever_it_waited_for(handle: Handle) -> None:
    async with listening(handle) as api, github(api.url) as hub:
        with anyio.move_on_after(0.3):
            await read(hub)
        await api.until_left()


async def test_a_name_that_is_not_known_is_told() -> None:
    async with github("https://nothing.invalid") as hub:
        with pytest.raises(UnreachableError, match=r"GitHub (has no address|can't be looked up)"):
            await read(hub)


async def test_a_body_that_is_cut_inside_its_packing_is_asked_for_again() -> None:
    cut = reply(gzip.compress(file())[:-9], Content_Encoding="gzip")
    async with listening(answering(cut, reply(file()))) as api, github(api.url) as hub:
        assert "1\thello\n" in await read(hub)

    assert len(api.heads) == 2


@pytest.mark.parametrize(
    "location",
    ["/user", "/repos/o/r/../../../user", "/repositories/7/contents/b.txt", "/repos/o/r", "foo",
     "http://[::1", "//evil.example/repos/o/r/contents/a.txt", ""],
)  # fmt: skip
async def test_a_redirect_leads_to_the_same_thing_or_nowhere(location: str) -> None:
    moved = reply(b"{}", 301, Location=location)
    async with listening(answering(moved)) as api, github(api.url) as hub:
        with pytest.raises(ToolFailure, match=r"GitHub (redirects to some|answered)"):
            await read(hub)

    assert {head.split()[1] for head in api.heads} == {f"/repos/o/r/contents/a.txt?ref={SHA}"}
