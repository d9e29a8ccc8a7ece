"""Stack Exchange's API, keyless: what Stack Overflow knows (api.stackexchange.com/docs)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, ClassVar

from qwen_mcp_tools.errors import RateLimitedError
from qwen_mcp_tools.search.dates import days_of
from qwen_mcp_tools.search.hits import Hit, Hits, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.shapes import number
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "Stack Overflow"
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class StackExchange:
    """Asks within the 300 requests a day that an address has without a key."""

    client: ServiceClient
    base_url: str

    name: ClassVar[str] = NAME
    site: ClassVar[str] = "stackoverflow.com"

    async def search(self, query: Query) -> Hits:
        """Return one page of questions and answers.

        Raises:
            RateLimitedError: The day's requests are spent, or it asks us to wait.
            UpstreamError: It can't be reached, or fails.
        """
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url}/search/excerpts",
            params={
                "q": query.text,
                "site": "stackoverflow",
                "order": "desc",
                "sort": "relevance",
                "page": query.page,
                "pagesize": query.count,
                **_days(query),
            },
        )
        _refuse_failure(answer)
        body, items = answer.json(NAME), answer.entries(NAME, "items")
        if body.get("backoff") and not items:
            raise _asks_to_wait(number(body, "backoff"))
        return Hits(
            engine=NAME,
            hits=tuple(_hit(item) for item in items),
            has_more=bool(body.get("has_more")),
            ignored=query.wishes("country", *_language(query)),
            rest_seconds=number(body, "backoff"),
        )


def _language(query: Query) -> tuple[str, ...]:
    return () if query.base_language == "en" else ("language",)


def _days(query: Query) -> dict[str, int]:
    """Return when posts must have been written, in Unix time."""
    if not query.freshness:
        return {}
    first, last = (
        int(datetime.combine(day, time(), UTC).timestamp()) for day in days_of(query.freshness)
    )
    return {"fromdate": first, "todate": last + SECONDS_A_DAY}


def _hit(item: dict[str, Any]) -> Hit:
    is_answer = item.get("item_type") == "answer"
    path = (
        f"a/{number(item, 'answer_id'):.0f}"
        if is_answer
        else f"questions/{number(item, 'question_id'):.0f}"
    )
    about = f"{'answer' if is_answer else 'question'}, score {number(item, 'score'):.0f}"
    return Hit(
        title=plain(item.get("title")),
        url=f"https://{StackExchange.site}/{path}",
        snippet=f"({about}) {plain(item.get('excerpt'))}",
        date=_day(number(item, "last_activity_date")),
    )


def _day(seconds: float) -> str:
    """Return the day of a Unix time, as dates from 1970 to 9999 can say it."""
    is_known = 0 < seconds < 250_000_000_000
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if is_known else ""


def _refuse_failure(answer: Answer) -> None:
    if answer.status == 400 and answer.json(NAME).get("error_name") == "throttle_violation":
        words = str(answer.json(NAME).get("error_message")).split()
        seconds = [word for word in words if word.isascii() and word.isdecimal()]
        raise _asks_to_wait(float(seconds[-1][:9]) if seconds else 60)
    if answer.status != 200:
        raise failure_of_status(NAME, answer.status, answer.headers)


def _asks_to_wait(seconds: float) -> RateLimitedError:
    return RateLimitedError(
        NAME, f"asks us to wait {seconds:.0f} s", "use another engine", retry_after=seconds
    )
