"""Reader: a page of the web as text, kept a while so that its next part costs no request."""

from dataclasses import replace
from functools import partial

from qwen_mcp_tools.errors import ToolFailure
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.http import PageClient
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shelf import Shelf
from qwen_mcp_tools.upstream.workers import Workers
from qwen_mcp_tools.web.address import address_of
from qwen_mcp_tools.web.browser import INSTALL, Browser
from qwen_mcp_tools.web.chromium import is_drivable
from qwen_mcp_tools.web.page import Page, page_of
from qwen_mcp_tools.web.robots import Robots
from qwen_mcp_tools.web.selection import Selection, select

KEPT_SECONDS = 300
KEPT_BYTES = 32_000_000
ACCEPT = "text/markdown, text/html;q=0.9, application/xhtml+xml;q=0.9, text/*;q=0.8, */*;q=0.5"


class Reader:
    """Reads pages; who asks for one that is kept, or being read for another, shares it."""

    def __init__(self, pages: PageClient, settings: Settings) -> None:
        self._pages = pages
        self._workers = Workers()
        self._robots = Robots(pages, self._workers) if settings.robots == "honour" else None
        self._browser = Browser(pages)
        self._kept = Shelf[Page](KEPT_BYTES, KEPT_SECONDS)
        self._flights = Cache[Page](max_items=0, ttl_seconds=0)

    async def read(self, url: str, *, raw: bool = False) -> Page:
        """Return the page at `url`, written as models do; with `raw`, its source as it came.

        Raises:
            BadArgumentError: `url` holds characters that can't be seen.
            RefusedError: The address is not public, or the site's robots.txt says no.
            NotFoundError, UpstreamError: The site does not show the page.
            UnreadableError: It holds no text.
        """
        address = address_of(url)
        key = (address.url, raw)
        page = self._kept.find(key)
        if page is None:
            page = await self._flights.get(key, partial(self._fetch, address.url, raw=raw))
            self._kept.keep(key, page, page.size)
        return replace(page, fragment=address.fragment)

    async def select(self, page: Page, *, section: str = "", find: str = "") -> Selection:
        """Return what `section` and `find` ask for of `page`.

        Where neither is given, a fragment (`#install`) counts if it is the anchor of one heading.

        Raises:
            BadArgumentError: `section` is no heading of the page, or several.
        """
        if not (section or find or page.fragment):
            return Selection(page.document.text)
        return await self._workers.run(
            partial(
                select,
                page.document.text,
                page.headings,
                section=section,
                find=find,
                fragment=page.fragment,
            )
        )

    async def _fetch(self, url: str, *, raw: bool) -> Page:
        await self._ask_robots(url)
        answer = await with_retry(lambda: self._pages.get(url, headers={"Accept": ACCEPT}), tries=2)
        if answer.url != url:
            await self._ask_robots(answer.url)
        page = await self._workers.run(partial(page_of, url, answer, raw=raw))
        return await self._with_scripts(page) if page.needs_scripts else page

    async def _with_scripts(self, page: Page) -> Page:
        """Return the page as its scripts make it, or with a note why they were not run."""
        if not is_drivable():
            return page.noted(f"its scripts were not run: {INSTALL}")
        try:
            answer = await self._browser.run(page.url)
            if answer.url != page.url:
                await self._ask_robots(answer.url)
            made = await self._workers.run(partial(page_of, page.asked, answer, raw=False))
        except ToolFailure as failure:  # What came without scripts is still something.
            return page.noted(str(failure))
        fuller = made if len(made.document.text) > len(page.document.text) else page
        return fuller.noted("its scripts were run in Chromium")

    async def _ask_robots(self, url: str) -> None:
        if self._robots:
            await self._robots.check(url)
