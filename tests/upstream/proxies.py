"""Proxies on loopback: by CONNECT and by SOCKS 5, each leading every tunnel to one port."""

import asyncio
from contextlib import suppress

from tests.upstream.loopback import Handle, Listener


def connecting(port: int, *, account: str = "", answer: bytes = b"200 Go on") -> Handle:
    """Return a handler that tunnels to 127.0.0.1:`port`; `account` is the Basic token it wants."""

    async def handle(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await listener.head(reader)
        allowed = f"Proxy-Authorization: Basic {account}\r\n" in head or not account
        writer.write(b"HTTP/1.1 %b\r\n\r\n" % (answer if allowed else b"407 Who are you"))
        if allowed and answer.startswith(b"200"):
            await _pipe_to(port, reader, writer)

    return handle


def socks(port: int, *, account: bytes = b"", reply: int = 0) -> Handle:
    """Return a SOCKS 5 handler; `account` is the RFC 1929 message it wants."""

    async def handle(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        methods = (await reader.readexactly(2))[1]
        offered = await reader.readexactly(methods)
        wanted = 2 if account else 0
        writer.write(bytes([5, wanted if wanted in offered else 255]))
        if account:
            given = await reader.readexactly(len(account))
            writer.write(b"\x01" + bytes([given != account]))
        await reader.readexactly(3)
        listener.heads.append(await _target(reader))
        writer.write(b"\x05" + bytes([reply]) + b"\x00\x03\x04here\x00\x50")
        if not reply:
            await _pipe_to(port, reader, writer)

    return handle


async def _target(reader: asyncio.StreamReader) -> str:
    kind = (await reader.readexactly(1))[0]
    length = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
    host = await reader.readexactly(length)
    port = int.from_bytes(await reader.readexactly(2))
    return f"{host.decode() if kind == 3 else host.hex()}:{port}"


async def _pipe_to(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    ways = [
        asyncio.ensure_future(_pipe(reader, far_writer)),
        asyncio.ensure_future(_pipe(far_reader, writer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        far_writer.close()
        await asyncio.gather(*ways, far_writer.wait_closed(), return_exceptions=True)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
