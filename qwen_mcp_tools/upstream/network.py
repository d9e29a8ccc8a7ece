"""Network: connections to addresses that were looked up and judged just before, and once."""

import ssl
from collections.abc import Iterable
from typing import Any

import anyio
import httpcore

from qwen_mcp_tools.upstream.guard import Resolve

HEAD_START = 0.25
"""Seconds that an address has before the next is tried beside it (RFC 8305, 8)."""


class Network(httpcore.AsyncNetworkBackend):
    """Connects to what `addresses_of` gives for a host; TLS above it still checks the name."""

    def __init__(
        self, addresses_of: Resolve, sockets: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._addresses_of = addresses_of
        usual: Any = httpcore.AnyIOBackend  # Typed as the stub that stands in where anyio is not.
        self._sockets: httpcore.AsyncNetworkBackend = sockets or usual()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> "Connection":
        """Return a connection to the first address of `host` that answers.

        Raises:
            OSError: There is no such name.
            httpcore.ConnectError, httpcore.ConnectTimeout: None of its addresses answers.
        """
        try:
            with anyio.fail_after(timeout):
                return await self._first(await self._addresses_of(host, port), port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("no address answered") from error

    async def _first(self, addresses: list[str], port: int) -> "Connection":
        open_ones: list[Connection] = []
        failures: list[Exception] = [httpcore.ConnectError("the name has no address")]

        async def attempt(address: str, ended: anyio.Event) -> None:
            try:
                open_ones.append(Connection(await self._sockets.connect_tcp(address, port)))
                attempts.cancel_scope.cancel()
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                failures.append(failure)
                ended.set()

        try:
            async with anyio.create_task_group() as attempts:
                for address in addresses:
                    ended = anyio.Event()
                    attempts.start_soon(attempt, address, ended)
                    with anyio.move_on_after(HEAD_START):
                        await ended.wait()
        except BaseException:
            await _close(*open_ones)
            raise
        await _close(*open_ones[1:])
        if not open_ones:
            raise failures[-1]
        return open_ones[0]

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its own retries."""
        await anyio.sleep(seconds)


class Connection(httpcore.AsyncNetworkStream):
    """A connection that is closed when a TLS handshake on it fails or is cancelled.

    httpcore leaves a socket open whose handshake is cancelled.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return some bytes, none at the end."""
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of `buffer`."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection, even if the caller is cancelled meanwhile."""
        with anyio.CancelScope(shield=True):
            await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> "Connection":
        """Return this connection with TLS on it."""
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self.aclose()
            raise
        return Connection(stream)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks about the socket."""
        return self._stream.get_extra_info(info)


async def _close(*connections: Connection) -> None:
    for each in connections:
        await each.aclose()
