"""The wire of a remote MCP server: the SDK's requests, sent the way that all of ours are.

Loaded with the SDK, at the first call of a remote tool.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress

import anyio
import httpx
import httpx2

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    UpstreamError,
)
from qwen_mcp_tools.upstream.exchange import MAX_BYTES
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.inflate import inflater_for
from qwen_mcp_tools.upstream.statuses import failure_of_status

GOODBYE_SECONDS = 1.0
"""What the end of a session may take: the answer is there already."""

REST_SECONDS = 0.1
LONGEST_REST = 65_536
"""What may be waited for and read of an answer behind its message."""

_OF_THE_WIRE = {"accept-encoding", "connection", "content-length", "host", "user-agent"}
"""Headers that httpx2 writes and our own client writes better."""

_WITH_REASONS = frozenset({400, 404, 405, 406, 415, 422})
"""Statuses whose JSON says more than they do."""


class RemoteTransport(httpx2.AsyncBaseTransport):
    """Sends the requests of one call to `service`, each with `headers`.

    No redirect is followed: a key would go along with it.
    """

    def __init__(self, client: ServiceClient, service: str, headers: Mapping[str, str]) -> None:
        self._client = client
        self._service = service
        self._headers = {name.lower(): value for name, value in headers.items()}
        self.trouble: UpstreamError | None = None
        """What the last message met with, in words; `None` where the server took it."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer, its body not yet read.

        Raises:
            UpstreamError: There is none, or one that ends the call.
        """
        if request.method == "POST":
            self.trouble = None
            return await self._post(request)
        if request.method == "DELETE":
            with suppress(UpstreamError), anyio.move_on_after(GOODBYE_SECONDS):
                return await self._send(request)
        # We wait for answers only: a stream of the server's own messages is not asked for.
        return httpx2.Response(405)

    async def _post(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._send(request)
        except UpstreamError as failure:
            self.trouble = failure
            raise
        self.trouble = self._judge(response)
        if self.trouble and not _may_be_older(response.status_code):
            await response.aclose()
            raise self.trouble
        return response

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        url, headers = str(request.url), dict(request.headers)
        kept = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
        async with AsyncExitStack() as stack:
            response = await stack.enter_async_context(
                self._client.open(
                    self._service,
                    request.method,
                    url,
                    headers=kept | self._headers,
                    content=await request.aread(),
                )
            )
            body = _Body(self, self._service, response, stack.pop_all())
        plain = [
            (name, value)
            for name, value in response.headers.raw
            if name.lower() not in {b"content-encoding", b"content-length"}
        ]
        return httpx2.Response(response.status_code, headers=plain, stream=body)

    def _judge(self, response: httpx2.Response) -> UpstreamError | None:
        status, headers = response.status_code, response.headers
        kind = headers.get("content-type", "").lower()
        if status < 300:
            if not kind.startswith("text/html"):
                return None
            page = "sent a web page in place of an answer"
            return MalformedAnswerError(self._service, page, "try again later")
        if kind.startswith("application/json") and status in _WITH_REASONS:
            return None
        has_key = "authorization" in self._headers
        return failure_of_status(self._service, status, headers, has_key=has_key)


class _Body(httpx2.AsyncByteStream):
    """A body, inflated and bounded as it comes; what breaks it off is put in words."""

    def __init__(
        self, owner: RemoteTransport, service: str, response: httpx.Response, stack: AsyncExitStack
    ) -> None:
        self._owner, self._service = owner, service
        self._response, self._stack = response, stack
        self._raw = response.aiter_raw()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async with self._stack:
                async for piece in self._pieces():
                    yield piece
        except UpstreamError as failure:
            self._owner.trouble = failure
            raise

    async def _pieces(self) -> AsyncIterator[bytes]:
        left = MAX_BYTES
        inflater = inflater_for(self._response.headers.get("content-encoding", ""))
        async for raw in self._raw:
            piece = inflater.feed(raw, left + 1)
            left -= max(len(piece), len(raw))
            if left < 0:
                trouble = f"sent more than {MAX_BYTES // 1_000_000} MB"
                raise MalformedAnswerError(self._service, trouble, "narrow the question")
            yield piece

    async def aclose(self) -> None:
        """Close the answer; the SDK does so as soon as it has its message, before the end."""
        with anyio.CancelScope(shield=True):
            with suppress(Exception), anyio.move_on_after(REST_SECONDS):
                await self._read_rest()
            await self._stack.aclose()

    async def _read_rest(self) -> None:
        """Read to the end, so that the connection is kept for the next message."""
        left = LONGEST_REST
        async for raw in self._raw:
            left -= len(raw)
            if left < 0:
                break


def _may_be_older(status: int) -> bool:
    """Say whether a server of an older era may answer so to a message that it does not know."""
    return status >= 400 and status not in {401, 403, 429}
