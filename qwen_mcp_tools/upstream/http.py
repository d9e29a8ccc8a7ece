"""The two clients: one for services that the user configured, one for pages that a model chose."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from qwen_mcp_tools.errors import MalformedAnswerError, RefusedError, UpstreamError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.addresses import judge_url
from qwen_mcp_tools.upstream.failures import talking_to
from qwen_mcp_tools.upstream.guard import Guard
from qwen_mcp_tools.upstream.identity import user_agent
from qwen_mcp_tools.upstream.inflate import ACCEPT_ENCODING, inflater_for
from qwen_mcp_tools.upstream.routes import Routes
from qwen_mcp_tools.upstream.transport import RoutedTransport

MAX_BYTES = 10_000_000
MAX_REDIRECTS = 10
TIMEOUT = httpx.Timeout(connect=8, read=20, write=20, pool=20)
"""Of one step each; the call as a whole has its own deadline."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an upstream said, whatever its status."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    """Inflated."""
    cut: bool = False
    """Whether the body is only the start of the whole: longer than was asked for, or broken off."""

    def json(self, service: str) -> Any:
        """Return the body as JSON.

        Raises:
            MalformedAnswerError: It is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise MalformedAnswerError(
                service, f"sent something else than JSON (status {self.status})", "try again later"
            ) from error


class ServiceClient:
    """Asks the services that the user configured, loopback and private addresses included."""

    def __init__(self, exchange: "_Exchange") -> None:
        self._exchange = exchange

    async def request(
        self,
        service: str,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """Return what `service` answers; a redirect too, since a key would go along with it.

        Raises:
            UnreachableError: No connection, no such name, or no answer in time.
            ServiceFaultError: The answer broke off.
            MalformedAnswerError: Its body can't be inflated.
        """
        request = self._exchange.build(method, url, params=params, headers=headers, json=json)
        return await self._exchange.send(service, request, max_bytes)


class PageClient:
    """Reads public pages, each redirect judged like the first address."""

    def __init__(self, exchange: "_Exchange") -> None:
        self._exchange = exchange

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = MAX_BYTES
    ) -> Answer:
        """Return what `url` answers after at most 10 redirects, whatever its status.

        Raises:
            RefusedError: The address, or one that it leads to, is not public.
            UnreachableError: No connection, no such name, or no answer in time.
            UpstreamError: Redirects in a circle, a broken answer.
        """
        seen: list[str] = []
        while True:
            answer = await self._get_once(url, headers, max_bytes)
            target = _target(answer)
            if target is None:
                return answer
            seen.append(url)
            site = urlsplit(url).hostname or url
            if target in seen:
                raise UpstreamError(site, "redirects in a circle", "try another address")
            if len(seen) > MAX_REDIRECTS:
                raise UpstreamError(
                    site, f"redirects more than {MAX_REDIRECTS} times", "try another address"
                )
            url = target

    async def _get_once(
        self, url: str, headers: Mapping[str, str] | None, max_bytes: int
    ) -> Answer:
        host = judge_url(url).hostname or ""
        try:
            request = self._exchange.build("GET", url, headers=headers)
        except httpx.InvalidURL as error:
            raise RefusedError(one_line(url, 120), "it is no valid URL") from error
        return await self._exchange.send(host, request, max_bytes)


class _Exchange:
    """One shared httpx client: a request out, an inflated and bounded answer back."""

    def __init__(self, routes: Routes, guard: Guard | None) -> None:
        self._routes = routes
        self._client = httpx.AsyncClient(
            transport=RoutedTransport(routes, guard),
            timeout=TIMEOUT,
            trust_env=False,
            headers={"User-Agent": user_agent(), "Accept-Encoding": ACCEPT_ENCODING},
        )

    def build(self, method: str, url: str, **facts: Any) -> httpx.Request:
        """Return the request, with our User-Agent."""
        return self._client.build_request(method, url, **facts)

    async def send(self, service: str, request: httpx.Request, max_bytes: int) -> Answer:
        """Return the answer to `request`, at most `max_bytes` of its inflated body."""
        url = str(request.url)
        with talking_to(service, self._routes.proxy_for(url)):
            response = await self._client.send(request, stream=True, follow_redirects=False)
            self._client.cookies.clear()  # Nothing that one page sets goes to another.
            try:
                body, cut = await _read(response, max_bytes)
            finally:
                await response.aclose()
        return Answer(url, response.status_code, response.headers, body, cut)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


@asynccontextmanager
async def open_clients(settings: Settings) -> AsyncGenerator[tuple[ServiceClient, PageClient]]:
    """Yield the client for services and the one for pages; connections are made when needed.

    Raises:
        SettingError: A proxy, or a range in QWEN_MCP_FAKE_IP, can't be used.
    """
    routes = Routes(settings)
    services, pages = _Exchange(routes, None), _Exchange(routes, Guard(settings))
    try:
        yield ServiceClient(services), PageClient(pages)
    finally:
        await services.close()
        await pages.close()


async def _read(response: httpx.Response, max_bytes: int) -> tuple[bytes, bool]:
    inflater = inflater_for(response.headers.get("content-encoding", ""))
    pieces: list[bytes] = []
    room = max_bytes + 1
    async for raw in response.aiter_raw():
        piece = inflater.feed(raw, room)
        pieces.append(piece)
        room -= len(piece)
        if room <= 0:
            return b"".join(pieces)[:max_bytes], True
    return b"".join(pieces), bool(pieces) and not inflater.is_whole()


def _target(answer: Answer) -> str | None:
    location = answer.headers.get("location", "")
    if answer.status not in REDIRECTS or not location:
        return None
    return urljoin(answer.url, location).partition("#")[0]
