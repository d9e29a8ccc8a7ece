"""The two clients: one for services that the user configured, one for pages that a model chose."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from qwen_mcp_tools.errors import RefusedError, UpstreamError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.addresses import judge_url
from qwen_mcp_tools.upstream.exchange import MAX_BYTES, Answer, Exchange, lines, read
from qwen_mcp_tools.upstream.gateway import Allowance, Gateway, open_gateway
from qwen_mcp_tools.upstream.guard import Guard, Resolve, Resolver
from qwen_mcp_tools.upstream.proxies import Routes

__all__ = ["MAX_BYTES", "Answer", "Coming", "PageClient", "ServiceClient", "open_clients"]

MAX_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Coming:
    """An answer whose body is still to come: read it `whole`, or by `lines`."""

    url: httpx.URL
    response: httpx.Response

    @property
    def status(self) -> int:
        """The status."""
        return self.response.status_code

    @property
    def headers(self) -> httpx.Headers:
        """The headers."""
        return self.response.headers

    async def whole(self, max_bytes: int = MAX_BYTES) -> Answer:
        """Return the answer with at most `max_bytes` of its body."""
        return await read(self.url, self.response, max_bytes)

    def lines(self, max_bytes: int = MAX_BYTES) -> AsyncGenerator[str]:
        """Yield the body's lines as they come, at most `max_bytes` of them."""
        return lines(self.response, max_bytes)


class ServiceClient:
    """Asks the services that the user configured, loopback and private addresses included."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    @property
    def routes(self) -> Routes:
        """How each URL is reached, for a library that connects by itself."""
        return self._exchange.routes

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
            UpstreamError: The URL or a header is none that can be sent.
        """
        address = _configured(service, url)
        if params:  # Beside a query that the URL has already.
            address = address.copy_merge_params(params)
        async with self._exchange.open(
            service, method, address, headers=headers, json=json
        ) as response:
            return await read(address, response, max_bytes)

    def open(
        self, service: str, method: str, url: str, *, headers: Mapping[str, str], content: bytes
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Yield the answer as `Exchange.open` does, for one that comes bit by bit."""
        return self._exchange.open(
            service, method, _configured(service, url), headers=headers, content=content
        )

    @asynccontextmanager
    async def stream(
        self,
        service: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        patience: float,
    ) -> AsyncGenerator[Coming]:
        """Yield what `service` answers as soon as it begins to; pauses may last `patience` seconds.

        Raises:
            UpstreamError: As `request` does, while the answer is read too.
        """
        address = _configured(service, url)
        async with self._exchange.open(
            service, method, address, headers=headers, patience=patience, json=json
        ) as response:
            yield Coming(address, response)


class PageClient:
    """Reads public pages, each redirect judged like the first address."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int = MAX_BYTES
    ) -> Answer:
        """Return what `url` answers after at most 10 redirects, whatever its status.

        Raises:
            RefusedError: The address, or one that it leads to, is not public.
            UnreachableError: No connection, no such name, or no answer in time.
            ServiceFaultError, MalformedAnswerError: The answer broke off, or can't be inflated.
            UpstreamError: Redirects in a circle or without end.
        """
        here = judge_url(url)
        passed: list[httpx.URL] = []
        while True:
            async with self._exchange.open(here.host, "GET", here, headers=headers) as response:
                target = _target(here, response)
                if target is None:
                    return await read(here, response, max_bytes)
            passed.append(here)
            _check(passed, target)
            here = target

    def gateway(self, allowance: Allowance) -> AbstractAsyncContextManager[Gateway]:
        """Open a proxy on loopback for a browser: what goes through it is judged like a page."""
        return open_gateway(self._exchange, allowance)


@asynccontextmanager
async def open_clients(
    settings: Settings, *, resolve: Resolve | None = None
) -> AsyncGenerator[tuple[ServiceClient, PageClient]]:
    """Yield the client for services and the one for pages; connections are made when needed.

    `resolve` looks names up in place of the system.

    Raises:
        SettingError: A proxy, the certificates, or a network in QWEN_MCP_FAKE_IP can't be used.
    """
    routes = Routes(settings)
    resolve = resolve or Resolver()
    services = Exchange(routes, resolve)
    pages = Exchange(routes, resolve, Guard(settings, resolve))
    try:
        yield ServiceClient(services), PageClient(pages)
    finally:
        await services.close()
        await pages.close()


def _configured(service: str, url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if not address.host or not 0 <= (address.port or 0) <= 65535:
        raise UpstreamError(
            service, "can't be asked: its URL is no valid one", "correct it in the settings"
        )
    return address


def _target(here: httpx.URL, response: httpx.Response) -> httpx.URL | None:
    location = response.headers.get("location", "").strip()
    if response.status_code not in REDIRECTS or not location:
        return None
    # Many sites forget to escape a space, and browsers do it for them.
    location = location.partition("#")[0].replace(" ", "%20")
    try:
        return judge_url(urljoin(str(here), location))
    except ValueError as error:
        raise RefusedError(one_line(location, 120), "it is no valid URL") from error


def _check(passed: list[httpx.URL], target: httpx.URL) -> None:
    if target in passed:
        trouble = "redirects in a circle, as sites do that want a cookie"
    elif len(passed) > MAX_REDIRECTS:
        trouble = f"redirects more than {MAX_REDIRECTS} times"
    else:
        return
    raise UpstreamError(passed[-1].host, trouble, "try another address")
