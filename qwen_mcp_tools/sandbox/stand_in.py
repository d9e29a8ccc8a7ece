"""What every stand-in can do: remember what it was asked, and answer by script where told to."""

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

PATIENCE_SECONDS = 20.0
"""How long a test waits for something to happen before it fails."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: header names in small letters, one value for each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Scripted:
    """An answer to give instead of the usual one."""

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0
    """Seconds before the answer begins."""
    cut_after: int | None = None
    """Bytes of the body after which the connection breaks."""
    drop: bool = False
    """Whether the connection breaks before any answer."""

    def encoded(self) -> tuple[bytes, dict[str, str]]:
        """Return the body as bytes and all headers."""
        match self.body:
            case bytes():
                body, kind = self.body, "application/octet-stream"
            case str():
                body, kind = self.body.encode(), "text/html; charset=utf-8"
            case _:
                body, kind = json.dumps(self.body).encode(), "application/json"
        usual = {"content-type": kind, "content-length": str(len(body))}
        return body, usual | {name.lower(): value for name, value in self.headers.items()}


class Hold:
    """Requests kept waiting, so that a test decides what happens meanwhile."""

    def __init__(self) -> None:
        self._asked, self._left, self._released = (threading.Event() for _ in range(3))

    def wait_until_asked(self) -> None:
        """Return as soon as a request has come."""
        _expect(self._asked, "nobody asked")

    def wait_until_left(self) -> None:
        """Return as soon as a held request's client has broken off."""
        _expect(self._left, "the client did not leave")

    def release(self) -> None:
        """Let the held requests be answered."""
        self._released.set()

    async def keep(self, receive: Receive) -> bool:
        """Wait until release; False if the client broke off before."""
        self._asked.set()
        leaving = asyncio.ensure_future(_disconnect(receive))
        while not self._released.is_set():
            done, _ = await asyncio.wait([leaving], timeout=0.005)
            if done:
                self._left.set()
                return False
        leaving.cancel()
        return True


class StandIn(ABC):
    """One upstream on one loopback port; a subclass gives its usual answers by `app`."""

    def __init__(self) -> None:
        self.url = ""
        """Where it is, without a slash at the end; set once it listens."""
        self.asked: list[Asked] = []
        self._connections: WeakSet[Any] = WeakSet()
        self._former: WeakSet[Any] = WeakSet()
        """Those from before the last reset: what still comes over them is nobody's question now."""
        self._script: deque[Scripted] = deque()
        self._hold: Hold | None = None
        self._app = self.app()

    @abstractmethod
    def app(self) -> Starlette:
        """Return the application that gives the usual answers."""

    def next(self, *answers: Scripted) -> None:
        """Give these answers to the next requests, one each, then the usual ones again."""
        self._script.extend(answers)

    def reset(self) -> None:
        """Forget the script and what was asked."""
        self._script.clear()
        self._former.update(self._connections)
        self.asked = []

    @contextmanager
    def holding(self) -> Generator[Hold]:
        """Keep requests waiting inside the block, or until `release`."""
        hold = self._hold = Hold()
        try:
            yield hold
        finally:
            hold.release()
            self._hold = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        body = await _body(receive)
        connection = scope["state"]["transport"]
        self._connections.add(connection)
        if connection not in self._former:
            self.asked.append(_asked(scope, body))
        scripted = self._script.popleft() if self._script else None
        if self._hold and not await self._hold.keep(receive):
            return
        if scripted:
            await _answer(scripted, scope, send)
        else:
            await self._app(scope, _replay(body, receive), send)


def _expect(happened: threading.Event, otherwise: str) -> None:
    if not happened.wait(PATIENCE_SECONDS):
        raise TimeoutError(otherwise)


async def _answer(scripted: Scripted, scope: Scope, send: Send) -> None:
    await asyncio.sleep(scripted.delay)
    if scripted.drop:
        scope["state"]["transport"].abort()
        return
    body, headers = scripted.encoded()
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": scripted.status, "headers": pairs})
    if scripted.cut_after is not None:
        await send(
            {"type": "http.response.body", "body": body[: scripted.cut_after], "more_body": True}
        )
        scope["state"]["transport"].close()
        return
    await send({"type": "http.response.body", "body": body})


def _asked(scope: Scope, body: bytes) -> Asked:
    from urllib.parse import parse_qsl

    return Asked(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={
            name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]
        },
        body=body,
    )


async def _body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
