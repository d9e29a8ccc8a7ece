"""MCP servers on loopback, of the era with a handshake and of the one without."""

import asyncio
import json
import re
from typing import Any

from tests.upstream.loopback import Handle, Listener, reply

DISCOVERED = {
    "resultType": "complete",
    "supportedVersions": ["2026-07-28"],
    "capabilities": {"tools": {}},
    "ttlMs": 0,
    "cacheScope": "private",
}
INITIALIZED = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "loopback", "version": "1"},
}


class Told(list[dict[str, Any]]):
    """The messages that a server got; `called` is set with the call of a tool."""

    def __init__(self) -> None:
        self.called = asyncio.Event()


def text(*texts: str, **more: Any) -> dict[str, Any]:
    """Return a tool's result."""
    return {"content": [{"type": "text", "text": each} for each in texts], **more}


def speaking(
    result: dict[str, Any] | bytes, *, era: str = "2025", session: str = ""
) -> tuple[Handle, Told]:
    """Return a server that answers `tools/call` with `result`, and what it is told.

    Bytes are the whole answer to it; none at all, and the server falls silent.
    """
    told = Told()

    usual = {
        "initialize": (INITIALIZED, {"mcp-session-id": session} if session else {}),
        **({"server/discover": (DISCOVERED, {})} if era == "2026" else {}),
    }

    def answer(message: dict[str, Any]) -> bytes:
        method = message["method"]
        if method in usual:
            known, headers = usual[method]
            return _event(message, known, **headers)
        if method == "tools/call":
            is_whole = isinstance(result, bytes)
            return result if is_whole else _event(message, {"resultType": "complete", **result})
        if method == "server/discover":
            return reply(b"Bad Request: no session", 400, content_type="text/plain")
        return reply(b"", 202)

    async def handle(
        listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            head = await listener.head(reader)
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1]) if length else 0)
            message = json.loads(body) if body else {"method": head.partition(" ")[0]}
            told.append(message)
            if message["method"] == "tools/call":
                told.called.set()
            writer.write(answer(message))
            await writer.drain()

    return handle, told


def _event(message: dict[str, Any], result: dict[str, Any], **headers: str) -> bytes:
    data = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result})
    body = f"event: message\ndata: {data}\n\n".encode()
    return reply(body, content_type="text/event-stream", **headers)
