"""Guard: which hosts a model may reach, judged by every address that their name leads to."""

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import anyio
import anyio.to_thread

from qwen_mcp_tools.errors import RefusedError, SettingError
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

MOST_LOOK_UPS = 40
LONGEST_LOCAL_LOOK_UP = 3.0
"""Seconds that a look-up may take behind a proxy, which makes its own."""

_FAKE = ipaddress.ip_network("198.18.0.0/15")


class Resolver:
    """Asks the system, in threads of its own: asyncio's few are soon all held by a dead server."""

    def __init__(self) -> None:
        self._threads = anyio.CapacityLimiter(MOST_LOOK_UPS)

    async def __call__(self, host: str, port: int) -> list[str]:
        """Return every address of `host`, without repeats; an OSError if there is none."""
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = await anyio.to_thread.run_sync(
                ask, limiter=self._threads, abandon_on_cancel=True
            )
        except UnicodeError as error:  # A label of more than 63 characters.
            raise socket.gaierror(socket.EAI_NONAME, "no such name") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def look_up(resolve: Resolve, host: str, port: int) -> list[str]:
    """Return the addresses of `host`, unjudged; one that it spells out is its own."""
    return [host] if literal_in(host) else await resolve(host, port)


class Guard:
    """Says which hosts a model may reach.

    Raises:
        SettingError: QWEN_MCP_FAKE_IP holds something else than networks.
    """

    def __init__(self, settings: Settings, resolve: Resolve) -> None:
        self._allowed = settings.allow_hosts
        self._allows_all = settings.allow_private_network
        self._fake = tuple(map(_network, settings.fake_ip))
        self._resolve = resolve

    async def addresses_of(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to for `host`, each of them judged.

        Raises:
            RefusedError: One of them is not public.
            OSError: There is no such name, or the resolver fails.
        """
        exempt = self._is_exempt(host, port)
        if not exempt:
            _judge_host(host, port)
        found = await look_up(self._resolve, host, port)
        if not exempt and not literal_in(host):
            self._judge(host, port, found)
        return found

    async def judge_behind_proxy(self, host: str, port: int) -> None:
        """Return if a proxy may be asked for `host`; what a look-up here says counts, if it works.

        Raises:
            RefusedError: The host, or an address that is found for it, is not public.
        """
        with anyio.move_on_after(LONGEST_LOCAL_LOOK_UP):
            try:
                await self.addresses_of(host, port)
            except OSError:
                return  # Local DNS is often closed behind a proxy.

    def _is_exempt(self, host: str, port: int) -> bool:
        shown = _shown(host, port)
        return self._allows_all or shown in self._allowed

    def _judge(self, host: str, port: int, found: Iterable[str]) -> None:
        for each in found:
            address = literal_in(each)
            if not address or not (is_public(address) or is_within(address, self._fake)):
                raise RefusedError(
                    host, "its name leads to no public address", _mend(host, port, address)
                )


def _judge_host(host: str, port: int) -> None:
    literal = literal_in(host)
    if literal and not is_public(literal):
        raise RefusedError(host, "it is no public address", _mend(host, port))
    if not literal and is_special(host):
        raise RefusedError(host, "it is no name of the public internet", _mend(host, port))


def _mend(host: str, port: int, address: Address | None = None) -> str:
    if address and is_within(address, (_FAKE,)):
        return f"if a local proxy makes such addresses up, set QWEN_MCP_FAKE_IP={_FAKE}"
    return f"if it is a server of yours, set QWEN_MCP_ALLOW_HOSTS={_shown(host, port)}"


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host.lower()}:{port}"


def _network(written: str) -> Network:
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError as error:
        raise SettingError("QWEN_MCP_FAKE_IP takes networks such as 198.18.0.0/15") from error
