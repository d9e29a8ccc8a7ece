"""MCP over stdin and stdout, one JSON-RPC message a line.

The SDK's own stdio transport drops a broken line without an answer and can't leave while its
reader waits for input; here a broken line gets its error, and the two threads that read and
write are daemons, which an ending process does not wait for.
"""

import asyncio
import json
import os
import queue
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import chain
from typing import Any, cast

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]
WriteLine = Callable[[bytes], None]
Id = str | int | None
Deliver = Callable[[bytes | None], object]

READ_BYTES = 65_536
MAX_LINE = 64 * 1024 * 1024
"""Pictures as data: URIs come in one line; a longer one is answered as broken, and not kept."""

LAST_WORDS_SECONDS = 0.5
"""How long an ending server waits for a client to read what was already said."""


@asynccontextmanager
async def stdio_streams(
    at_end: Callable[[], None], opening: bytes = b"", unread: bytes = b""
) -> AsyncGenerator[tuple[Incoming, Outgoing]]:
    """Yield the streams that the SDK's server runs on; the first one ends with stdin.

    `at_end` is called as soon as stdin has ended, while calls may still be running.
    `opening` are lines, a request first, that the server must hear and the client was answered;
    `unread` is what was read of stdin behind them.
    """
    source, sink = _take_wire()
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    writer = threading.Thread(target=_write_lines, args=(sink, lines), daemon=True)
    writer.start()
    to_server, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, from_server = anyio.create_memory_object_stream[SessionMessage](0)
    async with anyio.create_task_group() as pumps:
        read = partial(_read_lines, source, opening + unread)
        pumps.start_soon(_pump_in, read, to_server, lines.put, at_end)
        pumps.start_soon(_pump_out, from_server, lines.put, _first_id(opening))
        try:
            yield incoming, outgoing
        finally:
            pumps.cancel_scope.cancel()
            lines.put(None)
            writer.join(LAST_WORDS_SECONDS)


def parse(line: bytes) -> SessionMessage | bytes:
    """Return the message in `line`, or the line of JSON-RPC error that answers it.

    -32700 for what is not JSON, a lone surrogate included; -32600 for JSON that is no message
    (JSON-RPC 2.0, section 5.1). The answer carries the request's id where one can be read.
    """
    broken = False
    try:
        message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
        # The SDK takes a request whose id is no id (null, 1.5) for a notification.
        if not isinstance(message, types.JSONRPCNotification) or not _has_id(line):
            return SessionMessage(message)
    except ValidationError as error:
        broken = any(problem["type"] == "json_invalid" for problem in error.errors())
    code, message = (
        (types.PARSE_ERROR, "Parse error: the line is not valid JSON in UTF-8")
        if broken
        else (types.INVALID_REQUEST, "Invalid request: the line is no JSON-RPC 2.0 message")
    )
    answer = {"jsonrpc": "2.0", "id": _id_in(line), "error": {"code": code, "message": message}}
    return json.dumps(answer).encode()


def _id_in(line: bytes) -> Id:
    found = _members(line).get("id")
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _has_id(line: bytes) -> bool:
    return "id" in _members(line)


def _members(line: bytes) -> dict[str, Any]:
    """Return what the JSON object in `line` holds; nothing where there is none."""
    try:
        message: Any = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", message) if isinstance(message, dict) else {}


def _take_wire() -> tuple[int, int]:
    """Return private copies of stdin and stdout, and leave harmless ones in their places.

    A child process then can't read the client's messages, and a stray `print` lands on stderr.
    """
    sys.stdout.flush()
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


async def _pump_in(
    read: Callable[[Deliver], None],
    to_server: MemoryObjectSendStream[SessionMessage | Exception],
    write: WriteLine,
    at_end: Callable[[], None],
) -> None:
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    deliver = partial(asyncio.get_running_loop().call_soon_threadsafe, lines.put_nowait)
    threading.Thread(target=read, args=(deliver,), daemon=True).start()
    async with to_server:
        while (line := await lines.get()) is not None:
            match parse(line):
                case bytes() as answer:
                    write(answer)
                case message:
                    await to_server.send(message)
        at_end()


async def _pump_out(
    from_server: MemoryObjectReceiveStream[SessionMessage], write: WriteLine, answered: Id
) -> None:
    """Write each message but the answer to the request `answered`, which the client has."""
    async for each in from_server:
        if answered is not None and getattr(each.message, "id", None) == answered:
            answered = None
            continue
        write(written(each.message))


def written(message: types.JSONRPCMessage) -> bytes:
    """Return the message as a line of JSON, without its end."""
    return message.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _first_id(lines: bytes) -> Id:
    return _id_in(lines.partition(b"\n")[0]) if lines else None


def _read_lines(source: int, ahead: bytes, deliver: Deliver) -> None:
    """Deliver each line of `ahead` and of `source` behind it, then None.

    Reads the descriptor itself: an interpreter that ends while a thread holds the lock of a
    buffered stdin aborts.
    """
    pieces: list[bytes] = []
    size = 0
    with suppress(RuntimeError):  # the loop is closed: the process is ending
        for chunk in chain([ahead], iter(partial(_read, source), b"")):
            *ends, rest = chunk.split(b"\n")
            for end in ends:
                if line := b"".join([*pieces, end]).strip():
                    deliver(line)
                pieces, size = [], 0
            size += len(rest)
            pieces.append(rest)
            if size > MAX_LINE:
                pieces = [b"too long"]
        if line := b"".join(pieces).strip():
            deliver(line)
        deliver(None)


def _read(source: int) -> bytes:
    try:
        return os.read(source, READ_BYTES)
    except OSError:
        return b""


def _write_lines(sink: int, lines: "queue.SimpleQueue[bytes | None]") -> None:
    while (line := lines.get()) is not None:
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[os.write(sink, rest) :]
        except OSError:
            return  # the client is gone; stdin ends next
