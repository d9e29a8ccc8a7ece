"""MCP over HTTP: Streamable HTTP at /mcp, and at /sse the transport of 2024 for older clients."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from mcp.server import Server
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qwen_mcp_tools.serving.gate import (
    ALIVE_PATH,
    MAX_HEADERS,
    READY_PATH,
    Gate,
    loopback_hosts,
)
from qwen_mcp_tools.serving.request_timer import TimedHttpProtocol
from qwen_mcp_tools.serving.tokens import tokens_at
from qwen_mcp_tools.settings import Settings

MAX_BODY = 32 * 1024 * 1024
"""A picture of 20 MB as a data: URI, and the message around it."""

MAX_CONNECTIONS = 512
LAST_CALLS_SECONDS = 1
"""How long calls may go on after the server was told to leave."""


def create_http_server(
    server: Server[Any], settings: Settings, listener: socket.socket, *, sse: bool = True
) -> uvicorn.Server:
    """Return what serves `server` on `listener`, once its `serve` is awaited.

    `sse` says whether /sse is served, whose sessions live in one process.

    Raises:
        SettingError: A token can't be used, or is missing where others can connect.
    """
    address, port = listener.getsockname()[:2]
    tokens = tokens_at(address, settings)
    hosts = loopback_hosts(port)
    gate = Gate(
        _application(server, sse=sse),
        hosts=[*hosts, *settings.allowed_hosts],
        origins=[*(f"http://{host}" for host in hosts), *settings.allowed_origins],
        tokens=tokens,
        # uvicorn's own limit would refuse whoever asks if this server is alive, too.
        is_full=lambda: len(serving.server_state.connections) >= MAX_CONNECTIONS,
    )
    serving = uvicorn.Server(_configuration(gate))
    return serving


def _configuration(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=TimedHttpProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # Nobody is known by an address here.
        h11_max_incomplete_event_size=MAX_HEADERS,
        timeout_graceful_shutdown=LAST_CALLS_SECONDS,
    )


def _application(server: Server[Any], *, sse: bool) -> Starlette:
    # A client's disconnect cancels its call only while `json_response` is off.
    streamable = StreamableHTTPSessionManager(
        server, stateless=True, max_request_body_size=MAX_BODY
    )
    events = SseServerTransport("/messages/", max_request_body_size=MAX_BODY)

    async def connect_events(scope: Scope, receive: Receive, send: Send) -> None:
        async with events.connect_sse(scope, receive, send) as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    older = [
        Route("/sse", _Endpoint(connect_events), methods=["GET"]),
        Mount("/messages/", events.handle_post_message),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with streamable.run():
            yield

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/mcp", _Endpoint(streamable.handle_request)),
            *(older if sse else [Route("/sse", _not_here, methods=["GET"])]),
            Route(ALIVE_PATH, _alive),
            Route(READY_PATH, _alive),
        ],
    )


class _Endpoint:
    """An ASGI application that a `Route` takes for what it is (a function would get a Request)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _alive(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _not_here(_: Request) -> PlainTextResponse:
    return PlainTextResponse(
        "The SSE transport needs a server with one worker; this one serves /mcp", 501
    )
