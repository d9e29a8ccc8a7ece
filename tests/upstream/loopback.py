"""Servers on loopback for one test, and the clients opened on the settings that it needs."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress

from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.guard import Resolve
from qwen_mcp_tools.upstream.http import PageClient, ServiceClient, open_clients

PATIENCE = 5.0
"""Seconds after which a test that waits for the other side fails."""

NAME = "page.example.com"


class Listener:
    """A server on a port that the system chose: what it was asked, and whether its guest left."""

    def __init__(self) -> None:
        self.port = 0
        self.heads: list[str] = []
        self.connections = 0
        self._left = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def leave(self) -> None:
        self._left.set()

    async def until_left(self) -> None:
        """Wait until a client has closed its connection."""
        await asyncio.wait_for(self._left.wait(), PATIENCE)

    async def head(self, reader: asyncio.StreamReader) -> str:
        """Read and note the next request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        return head


Handle = Callable[[Listener, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(
    handle: Handle, *, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Listener]:
    """Serve `handle` until the end of the block."""
    listener = Listener()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.connections += 1
        try:
            await handle(listener, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            listener.leave()
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


def answering(*answers: bytes) -> Handle:
    """Return a handler that gives these answers in turn, the last one for ever."""
    left: Iterator[bytes] = iter(answers[:-1])

    async def handle(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            await listener.head(reader)
            answer = next(left, answers[-1])
            writer.write(answer)
            await writer.drain()
            if b"\r\nContent-Length:" not in answer:
                return

    return handle


async def silent(_: Listener, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Take everything and never answer."""
    while await reader.read(4096):
        pass


async def leaving(_: Listener, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Read something and close the connection."""
    await reader.read(1)


async def refusing(_: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer anything, a TLS handshake too, with words of HTTP."""
    await reader.read(1)
    writer.write(reply(status=400))


async def dripping(
    listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send a body without end, one byte every few milliseconds."""
    await listener.head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.005)


def reply(body: bytes = b"hello", status: int = 200, **headers: str) -> bytes:
    """Return a whole answer; `content_type="text/html"` is a header."""
    lines = [f"HTTP/1.1 {status} As It Is", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def to_loopback(host: str, port: int) -> list[str]:
    """Look every name up to this machine."""
    return ["127.0.0.1"]


async def nowhere(host: str, port: int) -> list[str]:
    """Know no name."""
    raise OSError("no such name")


def to(*addresses: str) -> Resolve:
    """Look every name up to `addresses`."""

    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


@asynccontextmanager
async def clients(
    resolve: Resolve = to_loopback, **variables: str
) -> AsyncGenerator[tuple[ServiceClient, PageClient]]:
    """Open both clients with these variables set."""
    async with open_clients(Settings.from_env(variables), resolve=resolve) as both:
        yield both


@asynccontextmanager
async def pages(
    *allowed: int, resolve: Resolve = to_loopback, **variables: str
) -> AsyncGenerator[PageClient]:
    """Open the client for pages; 127.0.0.1 and `NAME` may be read on the `allowed` ports."""
    hosts = ",".join(f"{host}:{port}" for port in allowed for host in ("127.0.0.1", NAME))
    async with clients(resolve, QWEN_MCP_ALLOW_HOSTS=hosts, **variables) as (_, client):
        yield client
