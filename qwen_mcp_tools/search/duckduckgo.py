"""DuckDuckGo's page without JavaScript: no key is needed, and a refusal is always possible."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from qwen_mcp_tools.errors import RateLimitedError
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.statuses import expect_success
from qwen_mcp_tools.upstream.http import ServiceClient

NAME = "DuckDuckGo"
PAGE = 10
"""About as many results it shows on a page."""

_SPANS = {"day": "d", "week": "w", "month": "m", "year": "y"}


@dataclass(frozen=True, slots=True)
class DuckDuckGo:
    """Asks as what we are; it never pretends to be a browser."""

    client: ServiceClient
    base_url: str

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results.

        Raises:
            RateLimitedError: It takes us for a bot, and refuses.
            UpstreamError: It can't be reached, or fails.
        """
        answer = await self.client.request(
            NAME, "GET", f"{self.base_url}/html/", params=_parameters(query)
        )
        if answer.status != 202:  # its way to refuse
            expect_success(NAME, answer)
        return _hits(answer.status, answer.body.decode("utf-8", "replace"), query)


def _parameters(query: Query) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {"q": query.text_with_sites}
    if query.freshness:
        parameters["df"] = _SPANS.get(query.freshness, query.freshness)
    if query.country and query.language:
        language = query.language.lower().replace("_", "-").partition("-")[0]
        parameters["kl"] = f"{query.country.lower()}-{language}"
    if query.page > 1:
        parameters["s"] = (query.page - 1) * min(query.count, PAGE)
    return parameters


def _hits(status: int, html: str, query: Query) -> Hits:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "lxml")
    hits = tuple(filter(None, map(_hit, page.select("div.result:not(.result--ad)"))))
    if not hits and not page.select(".no-results"):
        # 202, or 200 with a form that asks for a person: a refusal, not an empty result.
        raise RateLimitedError(
            NAME,
            f"takes programs for bots at the moment and shows no results ({status})",
            "try again in some minutes, or set BRAVE_API_KEY for a search API",
        )
    return Hits(
        engine=NAME,
        hits=hits[: query.count],
        has_more=bool(page.select('.nav-link input[value="Next"]')) or len(hits) > query.count,
    )


def _hit(block: Any) -> Hit | None:
    link = block.select_one("a.result__a")
    url = _target(str(link.get("href", ""))) if link else ""
    if not is_web(url):
        return None
    snippet = block.select_one(".result__snippet")
    return Hit(
        title=plain(link.get_text()), url=url, snippet=plain(snippet.get_text()) if snippet else ""
    )


def _target(href: str) -> str:
    """Return where a result leads: its link goes by way of DuckDuckGo."""
    parts = urlsplit(href)
    if parts.path == "/y.js":
        return ""  # an advert
    return parse_qs(parts.query).get("uddg", [href])[0]
