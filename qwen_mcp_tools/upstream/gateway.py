"""Gateway: a proxy on loopback for a browser, so that all it asks for is judged like a page.

It serves one browser for one page: who asks needs its password, and what it may ask is counted.
"""

import secrets
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import anyio.abc
import h11
import httpcore
import httpx

from qwen_mcp_tools.errors import ToolFailure
from qwen_mcp_tools.upstream.addresses import judge_url
from qwen_mcp_tools.upstream.at_once import beside
from qwen_mcp_tools.upstream.exchange import Exchange

PIECE_BYTES = 65_536
LONGEST_HEAD = 65_536
LONGEST_BODY = 1_000_000
"""What a page may send with one request."""

CLOSE = [("Content-Length", "0"), ("Connection", "close")]
CHALLENGE = [("Content-Length", "0"), ("Proxy-Authenticate", 'Basic realm="gateway"')]
_OF_THE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer"
    b" transfer-encoding upgrade".split()
)
"""Headers that go no further than the next hop (RFC 9110, 7.6.1)."""

_BROKEN = (anyio.BrokenResourceError, anyio.ClosedResourceError, httpcore.NetworkError)
_GONE = (*_BROKEN, anyio.EndOfStream, h11.RemoteProtocolError, h11.LocalProtocolError)


@dataclass(slots=True)
class Allowance:
    """What is left of the requests and bytes that one page may take."""

    requests: int
    bytes: int

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than is allowed."""
        return self.requests < 0 or self.bytes < 0

    def take_request(self) -> bool:
        """Return whether one more request is allowed, and count it."""
        self.requests -= 1
        return self.requests >= 0 and self.bytes > 0

    def take(self, count: int) -> None:
        """Count `count` bytes.

        Raises:
            EndOfStream: It is more than was left.
        """
        self.bytes -= count
        if self.bytes < 0:
            raise anyio.EndOfStream


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the proxy listens, and what opens it."""

    port: int
    user: str
    password: str

    @property
    def address(self) -> str:
        """The proxy's URL, without user and password."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def open_gateway(exchange: Exchange, allowance: Allowance) -> AsyncGenerator[Gateway]:
    """Serve until the end of the block; then every connection is closed."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port: int = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610
    gateway = Gateway(port, "browser", secrets.token_urlsafe(16))
    account = b64encode(f"{gateway.user}:{gateway.password}".encode())

    async def serve(stream: anyio.abc.ByteStream) -> None:
        async with stream:
            with suppress(*_GONE):
                await _Visit(stream, exchange, allowance, b"Basic " + account).serve()

    async with listener, beside(partial(listener.serve, serve)):
        yield gateway


class _Visit:
    """One connection of the browser's."""

    def __init__(
        self, stream: anyio.abc.ByteStream, exchange: Exchange, left: Allowance, account: bytes
    ) -> None:
        self._stream = stream
        self._exchange = exchange
        self._left = left
        self._account = account
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)

    async def serve(self) -> None:
        """Answer request after request, as long as the connection may be kept."""
        while True:
            request = await self._next()
            if not isinstance(request, h11.Request):
                return
            if not await self._answer(request):
                return
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _answer(self, request: h11.Request) -> bool:
        """Return whether the connection still speaks HTTP afterwards."""
        body = b"".join([piece async for piece in self._body()])
        given = dict(request.headers).get(b"proxy-authorization", b"")
        if not secrets.compare_digest(given, self._account):
            await self._say(407, CHALLENGE)
            return True
        if not self._left.take_request():
            await self._say(429, CLOSE)
            return False
        try:
            target = request.target.decode("ascii")
            if request.method == b"CONNECT":
                await self._tunnel(judge_url(f"https://{target}/"))
                return False
            await self._relay(request, judge_url(target), body)
        except (ToolFailure, UnicodeDecodeError):
            if self._http.our_state is h11.SEND_RESPONSE:
                await self._say(403, CLOSE)
            return False  # Half an answer, if it was begun, breaks off.
        return True

    async def _tunnel(self, url: httpx.URL) -> None:
        far = await self._exchange.connect(url)
        try:
            await self._send(h11.Response(status_code=200, headers=[]))
            await far.write(self._http.trailing_data[0])
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._pass_on, far, tasks.cancel_scope)
                with suppress(*_GONE):
                    while piece := await far.read(PIECE_BYTES):
                        self._left.take(len(piece))
                        await self._stream.send(piece)
                tasks.cancel_scope.cancel()
        finally:
            await far.aclose()

    async def _pass_on(self, far: httpcore.AsyncNetworkStream, both: anyio.CancelScope) -> None:
        with suppress(*_GONE):
            async for piece in self._stream:
                await far.write(piece)
        both.cancel()

    async def _relay(self, request: h11.Request, url: httpx.URL, body: bytes) -> None:
        headers = httpx.Headers(_onward(request.headers.raw_items()))
        method = request.method.decode("ascii")
        async with self._exchange.open(
            url.host, method, url, headers=headers, content=body
        ) as response:
            onward = _onward(response.headers.raw)
            await self._send(h11.Response(status_code=response.status_code, headers=onward))
            async for piece in response.aiter_raw():
                self._left.take(len(piece))
                await self._send(h11.Data(piece))
            await self._send(h11.EndOfMessage())

    async def _body(self) -> AsyncIterator[bytes]:
        size = 0
        while isinstance(event := await self._next(), h11.Data):
            size += len(event.data)
            if size > LONGEST_BODY:
                raise anyio.EndOfStream
            yield bytes(event.data)

    async def _next(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            try:
                self._http.receive_data(await self._stream.receive(PIECE_BYTES))
            except anyio.EndOfStream:
                self._http.receive_data(b"")
        return event

    async def _say(self, status: int, headers: list[tuple[str, str]]) -> None:
        await self._send(h11.Response(status_code=status, headers=headers))
        await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.Event) -> None:
        data: bytes | None = self._http.send(event)
        if data:
            await self._stream.send(data)


def _onward(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [pair for pair in headers if pair[0].lower() not in _OF_THE_HOP]
