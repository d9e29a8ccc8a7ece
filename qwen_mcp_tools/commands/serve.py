"""Serves the tools to an MCP client until it leaves, or until SIGINT or SIGTERM."""

import argparse
import asyncio
import os
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import cast

from qwen_mcp_tools.commands.configuration import configured
from qwen_mcp_tools.settings import Settings

LEAVE_SECONDS = 0.7
"""A thread that parses or waits for DNS can't be interrupted; the process waits no longer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the transport, stdio by default, and where to listen."""
    parser.add_argument(
        "--transport",
        choices=["stdio", "http", "streamable-http", "sse"],
        default="stdio",
        help="default: stdio; either HTTP transport serves /mcp and, for older clients, /sse",
    )
    parser.add_argument("--host", help="default: QWEN_MCP_HOST or 127.0.0.1")
    parser.add_argument("--port", type=int, help="default: QWEN_MCP_PORT or 8000")


def run(arguments: argparse.Namespace) -> int:
    """Serve; 0 once the client has left, or the process was told to."""
    with configured() as settings:
        if arguments.transport == "stdio":
            asyncio.run(_serve_stdio(settings, arguments.opening, arguments.unread))
        else:
            host, port = arguments.host or settings.host, arguments.port
            asyncio.run(_serve_http(settings, host, settings.port if port is None else port))
    return 0


async def _serve_stdio(settings: Settings, opening: bytes, unread: bytes) -> None:
    from qwen_mcp_tools.app import open_app
    from qwen_mcp_tools.server import create_server
    from qwen_mcp_tools.serving.recording import answers_kept
    from qwen_mcp_tools.serving.stdio import stdio_streams

    with _cancelled_by_signals():
        async with open_app(settings, local_files=True) as app:
            server = create_server(app)
            streams = stdio_streams(_leave_soon, opening, unread)
            async with streams as (incoming, outgoing), answers_kept(server):
                await server.run(incoming, outgoing, server.create_initialization_options())


async def _serve_http(settings: Settings, host: str, port: int) -> None:
    from qwen_mcp_tools.app import open_app
    from qwen_mcp_tools.server import create_server
    from qwen_mcp_tools.serving.http import create_http_server, listen

    with _cancelled_by_signals(), listen(host, port) as listener:
        async with open_app(settings) as app:
            serving = create_http_server(create_server(app), settings, listener)
            address = f"http://{host}:{listener.getsockname()[1]}"
            print(
                f"qwen-mcp-tools: {address}/mcp ({address}/sse for older clients)", file=sys.stderr
            )
            await serving.serve(sockets=[listener])


@contextmanager
def _cancelled_by_signals() -> Generator[None]:
    """End the block, without a traceback, on the first SIGINT or SIGTERM."""
    loop, task = asyncio.get_running_loop(), cast("asyncio.Task[None]", asyncio.current_task())
    signalled = threading.Event()

    def leave(_: int, __: FrameType | None) -> None:
        signalled.set()
        loop.call_soon_threadsafe(task.cancel)
        _leave_soon()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, leave)
    try:
        yield
    except asyncio.CancelledError:
        if not signalled.is_set():
            raise


def _leave_soon() -> None:
    """See to it that the process ends, whatever its threads are doing."""
    watchdog = threading.Timer(LEAVE_SECONDS, os._exit, args=[0])
    watchdog.daemon = True
    watchdog.start()
