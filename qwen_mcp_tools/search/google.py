"""Google's Programmable Search (Custom Search JSON API), which ends on 2027-01-01."""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from qwen_mcp_tools.search.dates import day_of
from qwen_mcp_tools.search.google_errors import NAME, failure_of
from qwen_mcp_tools.search.google_query import (
    google_country,
    google_language,
    google_range,
    unmet,
)
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.upstream.at_once import at_once
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import objects, section

PART, MOST = 10, 100
"""How many results it gives in one answer, and of one query at all."""

ENDS = "Google ends this service on 2027-01-01: SERPER_API_KEY gives Google's results after it"
_SPANS = {"day": "d1", "week": "w1", "month": "m1", "year": "y1"}
_DATES = ("article:published_time", "article:modified_time", "og:updated_time", "date")


@dataclass(frozen=True, slots=True)
class Google:
    """Asks the search engine `engine_id` with the user's key."""

    client: ServiceClient
    base_url: str
    key: Secret
    engine_id: str

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results; more than ten are two requests.

        Raises:
            RejectedKeyError: The key is wrong, or may not use the service.
            RateLimitedError: The day's queries are spent.
            UpstreamError: It can't be reached, fails, or refuses an argument.
        """
        first = (query.page - 1) * query.count
        sizes = [min(PART, query.count - at) for at in range(0, query.count, PART)]
        starts = [first + at * PART for at in range(len(sizes))]
        asked = [
            _parameters(query) | {"start": start + 1, "num": min(size, MOST - start)}
            for start, size in zip(starts, sizes, strict=True)
            if start < MOST
        ]
        if not asked:
            return Hits(NAME, (), notes=(f"{NAME} gives the first {MOST} results only",))
        answers = await at_once(*(partial(with_retry, partial(self._ask, each)) for each in asked))
        items = [item for answer in answers for item in objects(answer, "items")]
        return Hits(
            engine=NAME,
            hits=tuple(_hit(item) for item in items if is_web(item.get("link"))),
            has_more=bool(objects(section(answers[-1], "queries"), "nextPage"))
            and first + query.count < MOST,
            notes=(ENDS,),
            ignored=unmet(query),
            altered=written(section(answers[0], "spelling").get("correctedQuery")),
        )

    async def _ask(self, asked: dict[str, str | int]) -> dict[str, Any]:
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url}/customsearch/v1",
            params={"key": self.key.reveal(), "cx": self.engine_id, **asked},
        )
        if answer.status != 200:
            raise failure_of(answer)
        return answer.json(NAME)


def _parameters(query: Query) -> dict[str, str | int]:
    asked: dict[str, str | int] = {"q": query.text_with_sites}
    days = google_range(query)
    if days:
        asked["sort"] = f"date:r:{days[0]}:{days[1]}"
    elif query.freshness:
        asked["dateRestrict"] = _SPANS[query.freshness]
    if language := google_language(query):
        asked["lr"] = f"lang_{language}"
    if country := google_country(query):
        asked["gl"] = country
    return asked


def _hit(item: dict[str, Any]) -> Hit:
    tags = objects(section(item, "pagemap"), "metatags")[:1]
    dates = (written(each.get(name)) for each in tags for name in _DATES)
    return Hit(
        title=written(item.get("title")),
        url=item["link"],
        snippet=written(item.get("snippet")),
        date=day_of(next(filter(None, dates), "")),
    )
