"""The judged connection: a name is looked up once, and only a judged answer is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore

from qwen_mcp_tools.errors import RefusedError, SettingError, UnreachableError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.addresses import (
    Address,
    Network,
    is_public,
    is_special,
    is_within,
    literal_in,
)

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Looks a name up: all its addresses, or an OSError."""

FIRST_TRY_SECONDS = 3.0
"""How long an address may take to connect while others are left to try."""

_MEND = "to read a server of your own, add it to QWEN_MCP_ALLOW_HOSTS"


async def look_up(host: str, port: int) -> list[str]:
    """Return every address that the system's resolver gives for `host`, without repeats."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


class Guard:
    """Says which addresses a model may reach."""

    def __init__(self, settings: Settings, resolve: Resolve = look_up) -> None:
        self._allowed = settings.allow_hosts
        self._allows_all = settings.allow_private_network
        self._fake = tuple(_network(written) for written in settings.fake_ip)
        self._resolve = resolve

    async def addresses_of(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to for `host`.

        Raises:
            RefusedError: One of them is not public.
            UnreachableError: There is no such name, or the resolver fails.
        """
        exempt = self._is_exempt(host, port)
        if not exempt:
            self.judge_host(host, port)
        if literal_in(host):
            return [host.strip("[]")]
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(
                host, "can't be found: there is no such name here", "check its spelling"
            ) from error
        if not exempt:
            self._judge_all(host, found)
        return found

    def judge_host(self, host: str, port: int) -> None:
        """Return if `host` is no private literal and no name that never means the public internet.

        Raises:
            RefusedError: It is one.
        """
        if self._is_exempt(host, port):
            return
        literal = literal_in(host)
        if literal and not is_public(literal):
            raise RefusedError(host, "it is not a public address", _MEND)
        if not literal and is_special(host):
            raise RefusedError(host, "the name is not one of the public internet", _MEND)

    async def judge_behind_proxy(self, host: str, port: int) -> None:
        """Judge a host that a proxy will look up: what our own look-up says counts if there is one.

        Raises:
            RefusedError: The host, or an address that is found for it, is not public.
        """
        self.judge_host(host, port)
        if self._is_exempt(host, port) or literal_in(host):
            return
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            return  # Local DNS is often closed behind a proxy; the proxy looks it up itself.
        self._judge_all(host, found)

    def _is_exempt(self, host: str, port: int) -> bool:
        shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return self._allows_all or f"{shown.lower()}:{port}" in self._allowed

    def _judge_all(self, host: str, found: Iterable[str]) -> None:
        for each in found:
            address = ipaddress.ip_address(each)
            if not is_public(address) and not is_within(address, self._fake):
                raise RefusedError(host, f"it leads to {_kind(address)} address", _mend(address))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to none but judged addresses; TLS above it still checks the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to the first address of `host` that answers."""
        *others, last = await self._guard.addresses_of(host, port)
        for address in others:
            try:
                return await self._network.connect_tcp(
                    address,
                    port,
                    min(timeout or FIRST_TRY_SECONDS, FIRST_TRY_SECONDS),
                    local_address,
                    socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its own retries."""
        await asyncio.sleep(seconds)


def _network(written: str) -> Network:
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError as error:
        raise SettingError("QWEN_MCP_FAKE_IP takes ranges such as 198.18.0.0/15") from error


def _kind(address: Address) -> str:
    return "a loopback" if address.is_loopback else "a private or reserved"


def _mend(address: Address) -> str:
    if is_within(address, (ipaddress.ip_network("198.18.0.0/15"),)):
        return "if your proxy's DNS makes such addresses up, set QWEN_MCP_FAKE_IP=198.18.0.0/15"
    return _MEND
