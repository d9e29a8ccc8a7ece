"""Serves the tools to an MCP client until it leaves, or until SIGINT or SIGTERM."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import cast

from qwen_mcp_tools.commands.configuration import configured, log_to_stderr
from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.settings import Settings

MOST_WORKERS = 64
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
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="processes for --transport http, each with its own caches; only a lone one has /sse",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve; 0 once the client has left, or the process was told to.

    Raises:
        SettingError: More than one worker is wanted for what one process has to serve.
    """
    _check_workers(arguments.workers, arguments.transport)
    with configured() as settings:
        if arguments.transport == "stdio":
            asyncio.run(_serve_stdio(settings, arguments.opening, arguments.unread))
            return 0
        host, port = arguments.host or settings.host, arguments.port
        return _serve_http(
            settings, host, settings.port if port is None else port, arguments.workers
        )


def _check_workers(number: int, transport: str) -> None:
    if not 1 <= number <= MOST_WORKERS:
        raise SettingError(f"--workers takes a number from 1 to {MOST_WORKERS}")
    if number > 1 and transport not in {"http", "streamable-http"}:
        raise SettingError(
            f"--workers {number} needs --transport http: "
            "a session over stdio or SSE lives in one process"
        )


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


def _serve_http(settings: Settings, host: str, port: int, workers: int) -> int:
    from qwen_mcp_tools.serving.listener import listen
    from qwen_mcp_tools.serving.processes import serve_in_processes
    from qwen_mcp_tools.serving.tokens import tokens_at

    with listen(host, port) as listener:
        tokens_at(listener.getsockname()[0], settings)  # Told before the address is.
        address = f"http://{host}:{listener.getsockname()[1]}"
        older = "" if workers > 1 else f" ({address}/sse for older clients)"
        print(f"qwen-mcp-tools: {address}/mcp{older}", file=sys.stderr, flush=True)
        if workers > 1:
            return serve_in_processes(_work, listener, workers)
        asyncio.run(_answer_http(settings, listener))
    return 0


def _work(listener: socket.socket) -> None:
    """Serve as one of several processes, which reads the settings anew: secrets are not passed."""
    settings = Settings.from_env(os.environ)
    log_to_stderr(settings)
    try:
        asyncio.run(_answer_http(settings, listener, is_alone=False))
    except SettingError as error:
        print(f"qwen-mcp-tools: {error}", file=sys.stderr)
        sys.exit(2)


async def _answer_http(
    settings: Settings, listener: socket.socket, *, is_alone: bool = True
) -> None:
    from qwen_mcp_tools.app import open_app
    from qwen_mcp_tools.server import create_server
    from qwen_mcp_tools.serving.http import create_http_server

    with _cancelled_by_signals():
        async with open_app(settings) as app:
            serving = create_http_server(create_server(app), settings, listener, sse=is_alone)
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
