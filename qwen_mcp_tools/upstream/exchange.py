"""One request out, one answer back: inflated, bounded, and its failures put in words."""

import codecs
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpcore
import httpx

from qwen_mcp_tools.errors import MalformedAnswerError
from qwen_mcp_tools.upstream.failures import TIMEOUTS, talking_to
from qwen_mcp_tools.upstream.guard import Guard, Resolve
from qwen_mcp_tools.upstream.identity import user_agent
from qwen_mcp_tools.upstream.inflate import ACCEPT_ENCODING, inflater_for
from qwen_mcp_tools.upstream.proxies import Routes
from qwen_mcp_tools.upstream.transport import RoutedTransport

MAX_BYTES = 10_000_000


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

    def json(self, service: str) -> dict[str, Any]:
        """Return the JSON object that the body is.

        Raises:
            MalformedAnswerError: It is none, or only the start of it.
        """
        body = self._parsed(service)
        if not isinstance(body, dict):
            raise MalformedAnswerError(service, "sent JSON of another shape", "try again later")
        return cast("dict[str, Any]", body)

    def entries(self, service: str, name: str) -> list[dict[str, Any]]:
        """Return the objects that the body lists under `name`.

        Raises:
            MalformedAnswerError: It lists none there.
        """
        return _objects(self.json(service).get(name), service)

    def listed(self, service: str) -> list[dict[str, Any]]:
        """Return the objects in the JSON list that the body is.

        Raises:
            MalformedAnswerError: It is none, or only the start of it.
        """
        return _objects(self._parsed(service), service)

    def _parsed(self, service: str) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            sent = "an answer without its end" if self.cut else "something else than JSON"
            raise MalformedAnswerError(
                service, f"sent {sent} (status {self.status})", "try again later"
            ) from error


def _objects(listed: Any, service: str) -> list[dict[str, Any]]:
    if not isinstance(listed, list):
        raise MalformedAnswerError(service, "sent JSON of another shape", "try again later")
    return [entry for entry in cast("list[Any]", listed) if isinstance(entry, dict)]


class Exchange:
    """The connections to all upstreams of one kind; with a `guard`, to public hosts only."""

    def __init__(self, routes: Routes, resolve: Resolve, guard: Guard | None = None) -> None:
        self.routes = routes
        self._transport = RoutedTransport(routes, resolve, guard)

    @asynccontextmanager
    async def open(
        self,
        service: str,
        method: str,
        url: httpx.URL,
        *,
        headers: Mapping[str, str] | None = None,
        patience: float | None = None,
        **content: Any,
    ) -> AsyncGenerator[httpx.Response]:
        """Yield the answer, its body not yet read; what fails in the block names `service`.

        No cookie is kept, no redirect is followed. `patience` is how many seconds a pause may
        last where that is more than usual. `content` is what `httpx.Request` takes.
        """
        proxy = self.routes.proxy_for(str(url))
        timeouts = TIMEOUTS | ({"read": patience, "write": patience} if patience else {})
        with talking_to(service, url, proxy, timeouts):
            request = httpx.Request(
                method, url, headers=_headers(headers), extensions={"timeout": timeouts}, **content
            )
            response = await self._transport.handle_async_request(request)
            try:
                if proxy and response.status_code == 407:
                    raise httpcore.ProxyError("wants a user name and password")
                yield response
            finally:
                await response.aclose()

    async def connect(self, url: httpx.URL) -> httpcore.AsyncNetworkStream:
        """Return a bare connection to where `url` leads, for a client that speaks TLS itself.

        Raises:
            RefusedError: The guard does not let the host through.
            UpstreamError: There is no connection.
        """
        with talking_to(url.host, url, self.routes.proxy_for(str(url))):
            host = url.raw_host.decode("ascii")
            return await self._transport.connect(host, url.port or 443)

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()


async def read(url: httpx.URL, response: httpx.Response, max_bytes: int) -> Answer:
    """Return the answer from `url` with at most `max_bytes` of its inflated body.

    No more than that is taken from the wire either: a body can be long and inflate to nothing.
    """
    inflater = inflater_for(response.headers.get("content-encoding", ""))
    body, taken, cut = bytearray(), 0, False
    async for raw in response.aiter_raw():
        body += inflater.feed(raw, max_bytes + 1 - len(body))
        taken += len(raw)
        if len(body) > max_bytes or taken > max_bytes:
            cut = True
            break
    cut = cut or (taken > 0 and not inflater.is_whole())
    return Answer(str(url), response.status_code, response.headers, bytes(body[:max_bytes]), cut)


async def lines(response: httpx.Response, max_bytes: int) -> AsyncGenerator[str]:
    """Yield the lines of a text in UTF-8 as they come, without their ends.

    What comes after `max_bytes` is left out.
    """
    inflater = inflater_for(response.headers.get("content-encoding", ""))
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    begun, left = "", max_bytes
    async for raw in response.aiter_raw():
        piece = inflater.feed(raw, left)
        *whole, begun = (begun + decoder.decode(piece)).split("\n")
        for line in whole:
            yield line.removesuffix("\r")
        left -= len(piece)
        if left <= 0:
            return
    if begun:
        yield begun


def _headers(given: Mapping[str, str] | None) -> httpx.Headers:
    headers = httpx.Headers(
        {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": ACCEPT_ENCODING}
    )
    headers.update(given)
    return headers
