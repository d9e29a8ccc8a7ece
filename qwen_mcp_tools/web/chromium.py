"""Chromium: found on the user's machine, started for one page, watched, and ended with it."""

import os
import shutil
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from qwen_mcp_tools.upstream.at_once import beside
from qwen_mcp_tools.upstream.gateway import Gateway

if TYPE_CHECKING:
    import psutil
    from playwright.async_api import Browser

MEMORY_BYTES = 800_000_000
"""What the browser's processes may hold that they do not share; an empty one takes 150 MB."""

WATCH_SECONDS = 0.2
CLOSE_SECONDS = 2.0

_NAMES = "chromium chromium-browser google-chrome-stable google-chrome chrome msedge".split()
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    ),
}
_SWITCHES = (
    # Everything goes through the gateway, loopback too, and nothing beside it.
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--no-pings",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=256",
)
_VARIABLES = frozenset("PATH HOME LANG LC_ALL SYSTEMROOT TEMP TMP TMPDIR USERPROFILE".split())
"""What the browser sees of the environment: no keys."""


def is_drivable() -> bool:
    """Say whether the extra `render` is installed, which drives the browser."""
    return find_spec("playwright") is not None


@asynccontextmanager
async def open_chromium(gateway: Gateway) -> AsyncGenerator["Browser"]:
    """Start a browser that reaches the network through `gateway` only; end it with the block.

    Raises:
        playwright.async_api.Error: There is none, or it does not start.
    """
    from playwright.async_api import async_playwright

    playwright = await async_playwright().start()
    try:
        browser = await playwright.chromium.launch(
            executable_path=_executable(),
            args=_SWITCHES,
            chromium_sandbox=not _is_root(),  # which Chromium refuses to root
            proxy={
                "server": gateway.address,
                "username": gateway.user,
                "password": gateway.password,
            },
            env={name: os.environ[name] for name in _VARIABLES if name in os.environ},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        async with beside(partial(_watch, gateway)):
            yield browser
    finally:
        with anyio.CancelScope(shield=True):
            _kill(gateway)
            with anyio.move_on_after(CLOSE_SECONDS):
                await playwright.stop()


async def _watch(gateway: Gateway) -> None:
    """End the browser when it takes more memory than it may."""
    held = 0
    while held <= MEMORY_BYTES:
        await anyio.sleep(WATCH_SECONDS)
        held = await anyio.to_thread.run_sync(_memory, gateway)
    _kill(gateway)


def _kill(gateway: Gateway) -> None:
    import psutil

    for process in _processes(gateway):
        with suppress(psutil.Error):  # it has gone
            process.kill()


def _memory(gateway: Gateway) -> int:
    """Return how many bytes the browser's processes hold for themselves."""
    import psutil

    held = 0
    for process in _processes(gateway):
        with suppress(psutil.Error):  # it has gone
            held += process.memory_full_info().uss
    return held


def _processes(gateway: Gateway) -> "list[psutil.Process]":
    """Return the browser behind `gateway`, which its command line names, and its children."""
    import psutil

    with suppress(psutil.Error):
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if f"--proxy-server={gateway.address}" in process.cmdline():
                    return [process, *process.children(recursive=True)]
    return []


def _executable() -> str | None:
    """Return where Chromium is; None leaves it to the driver, which may have one of its own."""
    return next(filter(None, map(shutil.which, _candidates())), None)


def _candidates() -> Iterator[str]:
    yield from _NAMES
    for place in _PLACES.get(sys.platform, ()):
        yield os.path.expandvars(place)


def _is_root() -> bool:
    identity: Callable[[], int] = getattr(os, "geteuid", lambda: 1)
    return identity() == 0
