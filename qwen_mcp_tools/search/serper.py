"""Google's results by way of Serper (serper.dev)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    UpstreamError,
)
from qwen_mcp_tools.search.dates import day_of
from qwen_mcp_tools.search.google_query import (
    google_country,
    google_language,
    google_range,
    unmet,
)
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.refusals import RefusedFilterError
from qwen_mcp_tools.search.telling import about
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import objects, section
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "Serper"
A_FEW = 2
_KEY_MEND = "check SERPER_API_KEY"
_SPANS = {"day": "qdr:d", "week": "qdr:w", "month": "qdr:m", "year": "qdr:y"}


@dataclass(frozen=True, slots=True)
class Serper:
    """Asks with the user's key."""

    client: ServiceClient
    base_url: str
    key: Secret

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results.

        Raises:
            RejectedKeyError: The key is wrong, or has no credits left.
            RateLimitedError: It is asked too fast.
            UpstreamError: It can't be reached, fails, or refuses an argument.
        """
        answer = await with_retry(lambda: self._ask(_body(query)))
        found = objects(answer, "organic")
        return Hits(
            engine=NAME,
            hits=tuple(_hit(each) for each in found if is_web(each.get("link"))),
            has_more=len(found) >= query.count,
            ignored=unmet(query),
            facts=_facts(answer),
            beside=tuple(_questions(answer, query)),
        )

    async def _ask(self, body: dict[str, str | int]) -> dict[str, Any]:
        answer = await self.client.request(
            NAME,
            "POST",
            f"{self.base_url}/search",
            headers={"X-API-KEY": self.key.reveal()},
            json=body,
        )
        _refuse_failure(answer)
        return answer.json(NAME)


def _body(query: Query) -> dict[str, str | int]:
    body: dict[str, str | int] = {
        "q": query.text_with_sites,
        "num": query.count,
        "page": query.page,
    }
    days = google_range(query)
    if days:
        first, last = (f"{day[4:6]}/{day[6:]}/{day[:4]}" for day in days)
        body["tbs"] = f"cdr:1,cd_min:{first},cd_max:{last}"
    elif query.freshness:
        body["tbs"] = _SPANS[query.freshness]
    if language := google_language(query):
        body["hl"] = language.lower()
    if country := google_country(query):
        body["gl"] = country
    return body


def _hit(result: dict[str, Any]) -> Hit:
    return Hit(
        title=written(result.get("title")),
        url=result["link"],
        snippet=written(result.get("snippet")),
        date=day_of(written(result.get("date"))),
    )


def _facts(answer: dict[str, Any]) -> str:
    box, graph = section(answer, "answerBox"), section(answer, "knowledgeGraph")
    attributes = section(graph, "attributes").items()
    pairs = "; ".join(f"{written(name)}: {written(value)}" for name, value in [*attributes][:8])
    parts = (
        written(box.get("answer")) or written(box.get("snippet")),
        written(graph.get("title")),
        written(graph.get("description")),
        pairs,
    )
    return "\n".join(filter(None, parts))


def _questions(answer: dict[str, Any], query: Query) -> list[str]:
    found = [
        f"Question: {one_line(question, 120)} {one_line(text, 160)} {each['link']}"
        for each in objects(answer, "peopleAlsoAsk")
        if is_web(each.get("link")) and query.wants(each["link"])
        for question, text in [(written(each.get("question")), written(each.get("snippet")))]
        if about(query.text, f"{question} {text}")
    ]
    return found[:A_FEW]


def _refuse_failure(answer: Answer) -> None:
    if answer.status == 200:
        return
    if answer.status >= 500:
        raise failure_of_status(NAME, answer.status, answer.headers)
    try:
        message = one_line(str(answer.json(NAME).get("message", "")), 120)
    except MalformedAnswerError:
        message = ""
    said = f" ({message})" if message else ""
    if answer.status in {401, 403}:
        raise RejectedKeyError(NAME, f"does not accept the key{said}", _KEY_MEND)
    if answer.status == 429:
        raise RateLimitedError(NAME, "asks us to slow down", "wait a second", retry_after=1.0)
    if "credit" in message.lower():
        raise RejectedKeyError(NAME, "says that the key has no credits left", "buy some at Serper")
    if answer.status == 400:
        raise RefusedFilterError(NAME, f"refuses an argument{said}", "drop a filter")
    raise UpstreamError(NAME, f"answered with status {answer.status}{said}", "try another query")
