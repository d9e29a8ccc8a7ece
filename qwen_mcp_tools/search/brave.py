"""Brave's Search API (api-dashboard.search.brave.com, web search)."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from qwen_mcp_tools.errors import RateLimitedError, UpstreamError
from qwen_mcp_tools.search.brave_beside import beside, facts
from qwen_mcp_tools.search.brave_errors import NAME, SpentQuotaError, failure_of
from qwen_mcp_tools.search.brave_limits import windows_of
from qwen_mcp_tools.search.brave_query import notes, parameters
from qwen_mcp_tools.search.dates import day_of
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.pace import Pace, Turn
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import items, objects, section

MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class Brave:
    """Asks Brave with the user's key."""

    client: ServiceClient
    base_url: str
    key: Secret
    pace: Pace = field(default_factory=lambda: Pace(NAME), repr=False)

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results.

        Raises:
            RejectedKeyError: The key is wrong, or its plan lacks what was asked.
            RateLimitedError: The quota is spent, or the limit of a second hit three times.
            UpstreamError: It can't be reached, fails, or refuses an argument.
        """
        asked, turn = parameters(query), self.pace.turn()
        return await with_retry(lambda: self._ask(query, asked, turn))

    async def _ask(self, query: Query, asked: dict[str, str | int], turn: Turn) -> Hits:
        async with turn:
            answer = await self.client.request(
                NAME,
                "GET",
                f"{self.base_url}/web/search",
                params=asked,
                headers={"X-Subscription-Token": self.key.reveal(), "Accept": "application/json"},
            )
            self.pace.learn(windows_of(answer))
        if answer.status != 200:
            raise self._failure(answer)
        return _hits(answer.json(NAME), query)

    def _failure(self, answer: Answer) -> UpstreamError:
        failure = failure_of(answer)
        match failure:
            case SpentQuotaError():
                pass  # Those in line are told the same.
            case RateLimitedError(retry_after=float(seconds)):
                self.pace.close_for(seconds)
            case _:
                pass
        return failure


def _hits(answer: dict[str, Any], query: Query) -> Hits:
    told = section(answer, "query")
    altered = plain(told.get("altered"))
    results = objects(section(answer, "web"), "results")
    return Hits(
        engine=NAME,
        hits=tuple(_hit(each) for each in results if is_web(each.get("url"))),
        has_more=bool(told.get("more_results_available")) and query.page < MOST_PAGES,
        notes=notes(query),
        altered="" if altered.lower() == query.text_with_sites.lower() else altered,
        facts=facts(answer),
        beside=tuple(beside(answer, query)),
    )


def _hit(result: dict[str, Any]) -> Hit:
    return Hit(
        title=plain(result.get("title")),
        url=result["url"],
        snippet=plain(result.get("description")),
        date=day_of(plain(result.get("page_age")) or plain(result.get("age"))),
        more=tuple(filter(None, map(plain, items(result, "extra_snippets")))),
    )
