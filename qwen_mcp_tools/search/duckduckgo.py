"""DuckDuckGo's page without JavaScript: no key is needed, and a refusal is always possible."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from qwen_mcp_tools.errors import MalformedAnswerError, RateLimitedError
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.regions import region_of, unmet
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.statuses import failure_of_status
from qwen_mcp_tools.upstream.workers import Workers

NAME = "DuckDuckGo"
PAGE = 10
"""About as many results it shows on a page."""

REFUSALS = frozenset({202, 403, 418, 429})
MAX_BYTES = 300_000
"""Its page has some 40 kB; a larger one would only keep the parser busy."""

_SPANS = {"day": "d", "week": "w", "month": "m", "year": "y"}


@dataclass(frozen=True, slots=True)
class DuckDuckGo:
    """Asks as what we are; it never pretends to be a browser."""

    client: ServiceClient
    base_url: str
    workers: Workers = field(default_factory=Workers, repr=False)

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results.

        Raises:
            RateLimitedError: It takes us for a bot, and refuses.
            UpstreamError: It can't be reached, or fails.
        """
        answer = await self.client.request(
            NAME, "GET", f"{self.base_url}/html/", params=_parameters(query), max_bytes=MAX_BYTES
        )
        if answer.status in REFUSALS:
            raise _refusal(answer.status)
        if answer.status != 200:
            raise failure_of_status(NAME, answer.status, answer.headers)
        html = answer.body.decode("utf-8", "replace")
        return await self.workers.run(lambda: _hits(html, query, unmet(query)))


def _parameters(query: Query) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {"q": query.text_with_sites}
    if query.freshness:
        parameters["df"] = _SPANS.get(query.freshness, query.freshness)
    region = region_of(query)
    if region:
        parameters["kl"] = region
    if query.page > 1:
        # A result's number: where fewer than a page are shown, the next ones follow them.
        parameters["s"] = (query.page - 1) * min(query.count, PAGE)
    return parameters


def _hits(html: str, query: Query, ignored: tuple[str, ...]) -> Hits:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "lxml")
    hits = tuple(filter(None, map(_hit, page.select("div.result:not(.result--ad)"))))
    if not hits and not page.select(".no-results"):
        raise _nothing_shown(page)
    return Hits(
        engine=NAME,
        hits=hits[: query.count],
        has_more=bool(page.select('.nav-link input[value="Next"]')) or len(hits) > query.count,
        ignored=ignored,
    )


def _nothing_shown(page: Any) -> RateLimitedError | MalformedAnswerError:
    """Return what a page with no results means that does not say there are none."""
    if page.select("[class*=anomaly], [id*=anomaly], [id*=challenge], [action*=anomaly]"):
        return _refusal(200)
    return MalformedAnswerError(
        NAME, "sent a page of another shape", "set BRAVE_API_KEY for a search API"
    )


def _refusal(status: int) -> RateLimitedError:
    return RateLimitedError(
        NAME,
        f"takes programs for bots at the moment and shows no results ({status})",
        "try again in some minutes, or set BRAVE_API_KEY for a search API",
    )


def _hit(block: Any) -> Hit | None:
    link = block.select_one("a.result__a")
    url = _target(str(link.get("href", ""))) if link else ""
    if not is_web(url):
        return None
    snippet = block.select_one(".result__snippet")
    return Hit(
        title=written(link.get_text()),
        url=url,
        snippet=written(snippet.get_text()) if snippet else "",
    )


def _target(href: str) -> str:
    """Return where a result leads: its link goes by way of DuckDuckGo, an advert's too."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.path == "/y.js":
        return ""  # an advert
    return parse_qs(parts.query).get("uddg", [href])[0] if parts.path == "/l/" else href
