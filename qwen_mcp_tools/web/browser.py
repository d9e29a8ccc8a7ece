"""Browser: pages that make their text with scripts, run once in a Chromium of the user's."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import httpx

from qwen_mcp_tools.errors import UnreadableError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.doing import doing
from qwen_mcp_tools.upstream.gateway import Allowance
from qwen_mcp_tools.upstream.http import Answer, PageClient
from qwen_mcp_tools.upstream.identity import user_agent
from qwen_mcp_tools.upstream.patience import seconds_left
from qwen_mcp_tools.web.chromium import open_chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Route

INSTALL = "install Chromium and qwen-mcp-tools with its extra `render`"
"""What to do where a page needs its scripts and they can't be run."""

MOST_SECONDS = 20.0
QUIET_SECONDS = 6.0
"""How long its scripts may go on asking after the page was read; then what is there counts."""

MOST_REQUESTS = 150
MOST_BYTES = 10_000_000
MOST_CHARS = 10_000_000
AT_ONCE = 2

UNWANTED = frozenset({"image", "media", "font", "ping", "manifest", "texttrack", "eventsource"})
"""Kinds of requests that add no text, or never end."""

_SERIALISE = """
(function flatten(node) {
  for (const host of node.querySelectorAll("*")) {
    if (!host.shadowRoot) continue;
    flatten(host.shadowRoot);
    host.prepend(...[...host.shadowRoot.childNodes].map(each => each.cloneNode(true)));
  }
})(document);
document.querySelectorAll("noscript").forEach(each => each.remove());
document.documentElement.outerHTML.slice(0, MOST_CHARS)
""".replace("MOST_CHARS", str(MOST_CHARS))
"""Gives the page as HTML, what stands in the shadow of its elements included."""


class Browser:
    """Runs pages, a few at a time; each has a browser of its own, which ends with it."""

    def __init__(self, pages: PageClient) -> None:
        self._pages = pages
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def run(self, url: str) -> Answer:
        """Return the page at `url` as HTML, as it stands when its scripts have come to rest.

        Raises:
            UnreadableError: The browser does not start, is ended, or shows no page.
        """
        async with self._limiter:
            with doing("running the page's scripts in Chromium"):
                try:
                    with anyio.fail_after(min(MOST_SECONDS, seconds_left() - 1)):
                        return await self._run(url)
                except TimeoutError as error:
                    raise _failure(url, "it takes too long") from error

    async def _run(self, url: str) -> Answer:
        from playwright.async_api import Error

        allowance = Allowance(MOST_REQUESTS, MOST_BYTES)
        try:
            async with (
                self._pages.gateway(allowance) as gateway,
                open_chromium(gateway) as chromium,
            ):
                return await _read(chromium, url)
        except Error as error:
            reason = "it takes more than a page may" if allowance.is_spent else _reason(error)
            raise _failure(url, reason) from error


async def _read(chromium: "Chromium", url: str) -> Answer:
    from playwright.async_api import Error

    context = await chromium.new_context(
        user_agent=user_agent(), accept_downloads=False, service_workers="block"
    )
    await context.route("**/*", _let_through)
    page = await context.new_page()
    response = await page.goto(url, wait_until="domcontentloaded")
    with suppress(Error):  # A page that polls is never quiet.
        await page.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)
    html = await _html(context, page)
    if not page.url.startswith(("http://", "https://")):  # where Chromium shows its own errors
        raise _failure(url, "it leads to where nothing can be read")
    return Answer(
        url=page.url,
        status=response.status if response else 200,
        headers=httpx.Headers({"content-type": "text/html; charset=utf-8"}),
        body=html.encode("utf-8", "replace"),
    )


async def _let_through(route: "Route") -> None:
    if route.request.resource_type in UNWANTED:
        await route.abort()
    else:
        await route.continue_()


async def _html(context: "BrowserContext", page: "Page") -> str:
    """Read the page in a world of our own, whose functions its scripts can't have replaced."""
    session: Any = await context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    world = await session.send(
        "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]}
    )
    found = await session.send(
        "Runtime.evaluate",
        {
            "expression": _SERIALISE,
            "contextId": world["executionContextId"],
            "returnByValue": True,
        },
    )
    return str(found["result"].get("value", ""))


def _failure(url: str, reason: str) -> UnreadableError:
    return UnreadableError(
        one_line(url, 200), f"its text is made by scripts, and in Chromium {reason}"
    )


def _reason(error: Exception) -> str:
    words = str(error)
    if "Executable doesn't exist" in words:
        return f"they can't be run: there is none; {INSTALL}"
    wire = re.search(r"net::ERR_[A-Z_]+", words)
    return f"it does not load ({wire[0]})" if wire else "it breaks off"
