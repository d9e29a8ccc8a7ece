"""The proxy that a browser is given: spoken to as a browser does, over a bare connection."""

import asyncio
from base64 import b64encode
from contextlib import suppress

import pytest

from qwen_mcp_tools.upstream.gateway import Allowance, Gateway
from tests.upstream.loopback import (
    NAME,
    Listener,
    answering,
    dripping,
    listening,
    nowhere,
    pages,
    reply,
    to_loopback,
)
from tests.upstream.proxies import connecting

PATIENCE = 5.0

ENDING = b"HTTP/1.1 200 OK\r\n\r\nhello"
"""An answer behind which the connection ends."""


def plenty() -> Allowance:
    return Allowance(requests=10, bytes=100_000)


async def ask(
    gateway: Gateway, line: str, *, password: str | None = None, more: bytes = b""
) -> bytes:
    """Send one request and return all that comes back."""
    account = f"{gateway.user}:{gateway.password if password is None else password}"
    head = f"{line} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic "
    head += b64encode(account.encode()).decode() + "\r\nConnection: close\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        writer.write(head.encode() + more)
        return await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_page_is_passed_on_without_what_is_meant_for_the_proxy() -> None:
    async with listening(answering(reply(b"hello"))) as site:
        async with pages(site.port, resolve=nowhere) as client:
            async with client.gateway(plenty()) as gateway:
                answer = await ask(gateway, f"GET {site.url}/a?b=c")

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"hello")
    assert site.heads[0].startswith("GET /a?b=c HTTP/1.1\r\n")
    assert "proxy-authorization" not in site.heads[0].lower()
    assert "qwen-mcp-tools/" in site.heads[0]


async def test_a_tunnel_carries_bytes_both_ways() -> None:
    async with listening(answering(ENDING)) as site:
        async with pages(site.port, resolve=to_loopback) as client:
            async with client.gateway(plenty()) as gateway:
                asked = b"GET /far HTTP/1.0\r\n\r\n"
                answer = await ask(gateway, f"CONNECT {NAME}:{site.port}", more=asked)

    assert answer.startswith(b"HTTP/1.1 200")
    assert b"hello" in answer
    assert site.heads == [asked.decode()]


@pytest.mark.parametrize("password", ["", "wrong", "x" * 500])
async def test_nobody_else_may_use_it(password: str) -> None:
    async with listening(answering(reply())) as site:
        async with pages(site.port, resolve=nowhere) as client:
            async with client.gateway(plenty()) as gateway:
                answer = await ask(gateway, f"GET {site.url}/", password=password)

    assert answer.startswith(b"HTTP/1.1 407")
    assert site.connections == 0


async def test_two_gateways_have_two_passwords() -> None:
    async with pages() as client:
        async with client.gateway(plenty()) as one, client.gateway(plenty()) as other:
            assert one.password != other.password


@pytest.mark.parametrize(
    "line",
    [
        "GET http://127.0.0.1:{port}/", "CONNECT 127.0.0.1:{port}", "CONNECT [::1]:{port}",
        "GET http://169.254.169.254/latest/", "CONNECT metadata.google.internal:443",
        "CONNECT rebinding.example.com:{port}", "GET http://rebinding.example.com:{port}/",
        "CONNECT 2130706433:{port}", "CONNECT user@127.0.0.1:{port}", "GET /relative",
        "GET ftp://example.com/", "CONNECT example.com:25", "CONNECT no-port",
    ],
)  # fmt: skip
async def test_what_is_not_public_is_refused(line: str) -> None:
    async with listening(answering(reply())) as site:
        async with pages() as client:
            async with client.gateway(plenty()) as gateway:
                answer = await ask(gateway, line.format(port=site.port))

    assert answer.startswith(b"HTTP/1.1 403")
    assert site.connections == 0


async def test_requests_are_counted() -> None:
    async with listening(answering(reply())) as site:
        async with pages(site.port, resolve=nowhere) as client:
            async with client.gateway(Allowance(requests=2, bytes=100_000)) as gateway:
                answers = [await ask(gateway, f"GET {site.url}/") for _ in range(3)]

    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"429"]
    assert len(site.heads) == 2


@pytest.mark.parametrize("tunnelled", [False, True])
async def test_what_comes_is_counted_and_breaks_off(tunnelled: bool) -> None:
    async with listening(dripping) as site:
        async with pages(site.port, resolve=nowhere) as client:
            allowance = Allowance(requests=10, bytes=50)
            async with client.gateway(allowance) as gateway:
                place = f"127.0.0.1:{site.port}"
                line = f"CONNECT {place}" if tunnelled else f"GET http://{place}/"
                answer = await ask(gateway, line, more=b"GET / HTTP/1.0\r\n\r\n")
                await site.until_left()

    assert allowance.is_spent
    assert len(answer) < 1000


async def test_the_users_own_proxy_is_taken() -> None:
    async with listening(answering(ENDING)) as site, listening(connecting(site.port)) as own:
        async with pages(resolve=nowhere, HTTPS_PROXY=own.url) as client:
            async with client.gateway(plenty()) as gateway:
                answer = await ask(gateway, f"CONNECT {NAME}:443", more=b"GET / HTTP/1.0\r\n\r\n")

    assert b"hello" in answer
    assert own.heads[0].startswith(f"CONNECT {NAME}:443 HTTP/1.1\r\n")


async def test_closing_it_ends_what_is_still_open() -> None:
    reached = asyncio.Event()

    async def keeping(_: Listener, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        reached.set()
        while await reader.read(4096):
            pass

    async with listening(keeping) as site, pages(site.port) as client:
        async with client.gateway(plenty()) as gateway:
            pending = asyncio.ensure_future(ask(gateway, f"GET {site.url}/"))
            await asyncio.wait_for(reached.wait(), PATIENCE)
        await site.until_left()
        (ended,) = await asyncio.gather(pending, return_exceptions=True)

    assert isinstance(ended, ConnectionError) or ended == b""
