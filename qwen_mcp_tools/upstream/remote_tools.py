"""Tools of other MCP servers, called over Streamable HTTP by the SDK's own client."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from qwen_mcp_tools.errors import MalformedAnswerError, ServiceFaultError, UpstreamError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import ServiceClient

LONGEST_REASON = 200
_CONNECTION_CLOSED = -32000
_PARSE_ERROR = -32700


class CallTool(Protocol):
    """Calls a tool of a remote server: what an engine needs of `RemoteTools`."""

    async def __call__(
        self,
        service: str,
        url: str,
        tool: str,
        arguments: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, ...]:
        """Return the texts that the tool answers with, or raise an `UpstreamError`."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteTools:
    """Calls tools along the routes of `client`: its proxies, certificates and limits."""

    client: ServiceClient

    async def call(
        self,
        service: str,
        url: str,
        tool: str,
        arguments: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, ...]:
        """Return the texts of the answer of `tool` at exactly `url`, in their order.

        Each call is a session of its own, in the era that the server speaks (the 2026-07-28
        revision, or the handshake of those before). `headers` go along with every request.

        Raises:
            UnreachableError: No connection, no such name, or no answer in time.
            RejectedKeyError, RateLimitedError, ServiceFaultError: Status 401, 403, 429, or 5xx.
            MalformedAnswerError: What answers is no MCP server.
            UpstreamError: The server or its tool refuses the call; the text says why.
        """
        from qwen_mcp_tools.upstream.remote_transport import RemoteTransport

        transport = RemoteTransport(self.client, service, headers or {})
        try:
            result = await _ask(transport, url, tool, arguments)
        except Exception as error:
            # What the wire said is more than what the SDK makes of it.
            raise transport.trouble or _failure_of(service, _first_in(error)) from error
        texts = tuple(part.text for part in result.content if part.type == "text")
        if result.is_error:
            reason = one_line(" ".join(texts), LONGEST_REASON) or "no reason is given"
            raise UpstreamError(service, f"refuses the call: {reason}", "change the arguments")
        return texts


async def _ask(transport: Any, url: str, tool: str, arguments: Mapping[str, Any]) -> Any:
    from importlib.metadata import version

    import httpx2
    from mcp import types
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    from qwen_mcp_tools.upstream.exchange import MAX_BYTES
    from qwen_mcp_tools.upstream.identity import NAME

    _hush()
    parameters = types.CallToolRequestParams(name=tool, arguments=dict(arguments))
    # `timeout=None`: the transport has its own, and the call its deadline.
    async with (
        httpx2.AsyncClient(transport=transport, trust_env=False, timeout=None) as http,
        Client(
            streamable_http_client(url, http_client=http, max_sse_event_size=MAX_BYTES),
            client_info=types.Implementation(name=NAME, version=version(NAME)),
        ) as client,
    ):
        # Not `client.call_tool`, which asks for the list of tools before it hands over a result.
        return await client.session.send_request(
            types.CallToolRequest(params=parameters), types.CallToolResult
        )


def _hush() -> None:
    """Keep the SDK from writing down, with tracebacks and foreign text, what we tell in a line."""
    logger = logging.getLogger("mcp.client.streamable_http")
    if not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.CRITICAL)


def _first_in(error: Any) -> Exception:
    """Return what a task group of the SDK wrapped up."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    return error


def _failure_of(service: str, error: Exception) -> UpstreamError:
    from mcp import MCPError

    if isinstance(error, UpstreamError):
        return error
    if not isinstance(error, MCPError) or error.code == _PARSE_ERROR:
        return MalformedAnswerError(service, "does not answer as MCP servers do", "try again later")
    if error.code == _CONNECTION_CLOSED and "stream" in error.message:
        return ServiceFaultError(service, "broke off its answer", "try again")
    reason = one_line(error.message, LONGEST_REASON)
    return UpstreamError(service, f"refuses the call: {reason}", "change the arguments")
