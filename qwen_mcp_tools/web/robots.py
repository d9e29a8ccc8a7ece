"""robots.txt, asked before each page, by the rules of RFC 9309."""

import re
from functools import partial
from urllib.parse import urlsplit

import anyio

from qwen_mcp_tools.errors import (
    RefusedError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.http import Answer, PageClient
from qwen_mcp_tools.upstream.workers import Workers
from qwen_mcp_tools.web.address import site_of

PRODUCT = "qwen-mcp-tools"
"""The product token that a site's rules name us by (RFC 9309, 2.2.1)."""

LONGEST = 500 * 1024
"""What must be read of a robots.txt; the rest is left (2.5)."""

KEPT_SECONDS = 3600
"""A day is the most that is allowed (2.4)."""

MOST_KEPT = 64
LONGEST_WAIT = 10.0
_MEND = "read another page, or set QWEN_MCP_ROBOTS=ignore to read it all the same"
_MEND_LATER = "try again later, or set QWEN_MCP_ROBOTS=ignore to go without"
_USER_AGENT = re.compile(r"[ \t]*user[- ]?agent(?:[ \t]*:|[ \t])(?P<token>.*)", re.IGNORECASE)
_TOKEN = re.compile(r"(?:[a-z_-]+|\*)(?=[\s/#]|$)", re.IGNORECASE)


class Robots:
    """What the sites visited lately let a program read."""

    def __init__(self, pages: PageClient, workers: Workers) -> None:
        self._pages = pages
        self._workers = workers
        # The text is kept, not the parsed rules: those can take a hundred times its room.
        self._rules = Cache[str](max_items=MOST_KEPT, ttl_seconds=KEPT_SECONDS)

    async def check(self, url: str) -> None:
        """Return if we may read `url`, or if its address has to be judged first.

        Raises:
            RefusedError: The site's robots.txt says no.
            ServiceFaultError: It answers with a server error, which counts as no (2.3.1.4).
            UnreachableError: There is no connection for it, or no answer in time.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        try:
            rules = await self._rules.get(site, lambda: self._fetch(site))
        except RefusedError:
            return  # Not public: the page is refused next, in words about its own address.
        if rules and not await self._workers.run(partial(_allows, rules, url)):
            raise RefusedError(url, f"robots.txt of {site_of(url)} keeps programs out", _MEND)

    async def _fetch(self, site: str) -> str:
        """Return the rules of `site`; an empty text allows all."""
        name = site_of(site)
        with anyio.move_on_after(LONGEST_WAIT):
            try:
                answer = await self._pages.get(f"{site}/robots.txt", max_bytes=LONGEST)
            except (UnreachableError, ServiceFaultError):
                raise
            except UpstreamError:
                return ""  # Redirects without end, a body that can't be read (2.3.1.2).
            if answer.status >= 500:
                trouble = f"answers {answer.status} for its robots.txt, which counts as a no"
                raise ServiceFaultError(name, trouble, _MEND_LATER)
            return _ours(answer) if 200 <= answer.status < 300 else ""
        raise UnreachableError(
            name, f"did not give its robots.txt within {LONGEST_WAIT:g} s", _MEND_LATER
        )


def _ours(answer: Answer) -> str:
    """Return the rules with every other product's name made one and the same.

    Only a whole token counts as ours (2.2.1), and a file that names thousands of products in
    one group would otherwise multiply its rules by them.
    """
    lines = answer.body.decode("utf-8-sig", errors="replace").splitlines()
    return "\n".join(map(_rename, lines[:-1] if answer.cut else lines))


def _rename(line: str) -> str:
    named = _USER_AGENT.match(line)
    if not named:
        return line
    token = _TOKEN.match(named["token"].strip())
    known = token and token[0].lower() in {PRODUCT, "*"}
    return f"User-agent: {token[0] if token and known else 'another'}"


def _allows(rules: str, url: str) -> bool:
    from protego import Protego

    return Protego.parse(rules).can_fetch(url, PRODUCT)
