"""Tunnels: connections through a proxy, which looks the name up at its end.

httpcore's own tunnels leave their socket open, and their place in the pool taken for good, when a
call is cancelled while the proxy keeps it waiting.
"""

import ssl
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import anyio
import httpcore

from qwen_mcp_tools.upstream.addresses import literal_in
from qwen_mcp_tools.upstream.network import Connection, Network
from qwen_mcp_tools.upstream.proxies import Proxy

LONGEST_HEAD = 16_384
_SOCKS_TROUBLES = {
    2: "does not allow it",
    3: "finds no network to it",
    4: "does not find it",
    5: "is refused by it",
    6: "gets no answer from it",
}
"""What the second byte of a reply means (RFC 1928, 6)."""


class Tunnels(httpcore.AsyncNetworkBackend):
    """Asks `proxy` for each connection, by CONNECT (RFC 9110, 9.3.6) or SOCKS 5 (RFC 1928)."""

    def __init__(self, proxy: Proxy, network: Network, tls: ssl.SSLContext) -> None:
        self._proxy = proxy
        self._network = network
        self._tls = tls

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> Connection:
        """Return a connection to `host`.

        Raises:
            httpcore.ProxyError: The proxy can't be reached, or does not make the connection.
            httpcore.ConnectTimeout: It took too long.
        """
        try:
            with anyio.fail_after(timeout):
                return await self._tunnel(await self._to_proxy(), host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("the proxy made no connection in time") from error

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its own retries."""
        await anyio.sleep(seconds)

    async def _to_proxy(self) -> Connection:
        try:
            connection = await self._network.connect_tcp(self._proxy.host, self._proxy.port)
            if self._proxy.scheme == "https":
                connection = await connection.start_tls(self._tls, self._proxy.host)
        except (OSError, httpcore.ConnectError) as error:
            raise httpcore.ProxyError("does not answer") from error
        return connection

    async def _tunnel(self, connection: Connection, host: str, port: int) -> Connection:
        ask = _socks if self._proxy.is_socks else _connect
        try:
            await ask(connection, self._proxy.account, host, port)
        except (httpcore.NetworkError, EOFError) as error:
            await connection.aclose()
            raise httpcore.ProxyError("breaks the connection off") from error
        except BaseException:
            await connection.aclose()
            raise
        return connection


Account = tuple[str, str] | None


async def _connect(connection: Connection, account: Account, host: str, port: int) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if account:
        lines.append(f"Proxy-Authorization: Basic {b64encode(':'.join(account).encode()).decode()}")
    await connection.write("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = await connection.read(LONGEST_HEAD)
        if not piece or len(head) > LONGEST_HEAD:
            raise EOFError
        head += piece
    status = head[9:12]
    if status == b"407":
        raise httpcore.ProxyError("wants a user name and password")
    if not head.startswith(b"HTTP/1.") or not status.startswith(b"2"):
        raise httpcore.ProxyError(f"answers {int(status)}" if status.isdigit() else "is no proxy")


async def _socks(connection: Connection, account: Account, host: str, port: int) -> None:
    await connection.write(b"\x05\x02\x00\x02" if account else b"\x05\x01\x00")
    version, method = await _exactly(connection, 2)
    if version != 5 or (method and not (method == 2 and account)):
        trouble = "is no SOCKS 5 proxy" if version != 5 else "wants a user name and password"
        raise httpcore.ProxyError(trouble)
    if method and account:
        await connection.write(b"\x01" + b"".join(map(_counted, account)))  # RFC 1929
        if (await _exactly(connection, 2))[1]:
            raise httpcore.ProxyError("does not accept the user name and password")
    await connection.write(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"))
    _, reply, _, kind = await _exactly(connection, 4)
    if reply:
        raise httpcore.ProxyError(_SOCKS_TROUBLES.get(reply, "fails"))
    length = (await _exactly(connection, 1))[0] if kind == 3 else 4 if kind == 1 else 16
    await _exactly(connection, length + 2)


def _socks_address(host: str) -> bytes:
    literal = literal_in(host)
    if literal:
        return (b"\x01" if literal.version == 4 else b"\x04") + literal.packed
    return b"\x03" + _counted(host)


def _counted(text: str) -> bytes:
    data = text.encode()[:255]
    return bytes([len(data)]) + data


async def _exactly(connection: Connection, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await connection.read(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
