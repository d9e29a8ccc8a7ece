"""Loads an HTTP server with MCP calls over raw sockets: httpx would be slower than the server."""

import asyncio
import json
import time
from typing import Any

VERSION = "2026-07-28"


def request(port: int, tool: str, arguments: dict[str, Any]) -> bytes:
    """Return a call of `tool` as a client of 2026-07-28 sends it."""
    prefix = "io.modelcontextprotocol/"
    meta = {
        f"{prefix}protocolVersion": VERSION,
        f"{prefix}clientCapabilities": {},
        f"{prefix}clientInfo": {"name": "benchmark", "version": "1"},
    }
    params = {"name": tool, "arguments": arguments, "_meta": meta}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    body = json.dumps(message, separators=(",", ":")).encode()
    head = (
        f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: {VERSION}\r\n"
        f"Mcp-Method: tools/call\r\nMcp-Name: {tool}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(port: int, sent: bytes, clients: int, requests: int) -> list[float]:
    """Send `requests` of the same from `clients` connections; the milliseconds of each."""
    return asyncio.run(_load(port, sent, clients, requests))


async def _load(port: int, sent: bytes, clients: int, requests: int) -> list[float]:
    spent: list[float] = []
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(requests // clients):
            started = time.perf_counter()
            writer.write(sent)
            body = await _body(reader)
            spent.append((time.perf_counter() - started) * 1000)
            assert b'"content":[{' in body, body
            assert b'"isError":true' not in body, body

    await asyncio.gather(*(client(*each) for each in connections))
    for _, writer in connections:
        writer.close()
    return spent


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"chunked" not in head:
        return await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body
