"""Bailian's WebSearch, an MCP server of Alibaba's: it works inside China, with an `sk-` key."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from qwen_mcp_tools.errors import MalformedAnswerError, RejectedKeyError, UpstreamError
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.upstream.remote_tools import CallTool
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import objects

NAME = "Bailian"
TOOL = "bailian_web_search"
MOST = 20
"""As many it gives, and there is no second page."""

_NOT_ON = ("11200054", "11200058", "11200059", "11200060")
"""Its codes for a service that is not switched on, or no more."""


@dataclass(frozen=True, slots=True)
class Bailian:
    """Calls the tool `bailian_web_search` of the server at exactly `url`."""

    call: CallTool
    url: str
    key: Secret

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of at most 20 results in all.

        Raises:
            RejectedKeyError: The key is wrong, or the service is not switched on for it.
            RateLimitedError: It asks us to slow down.
            UpstreamError: It can't be reached, or fails.
        """
        begin, end = (query.page - 1) * query.count, min(query.page * query.count, MOST)
        if begin >= MOST:
            return Hits(NAME, (), notes=(f"{NAME} gives the first {MOST} results only",))
        pages = _pages(await with_retry(lambda: self._ask(query.text, end), tries=2))
        hits = tuple(_hit(each) for each in pages if is_web(each.get("url")))
        return Hits(
            engine=NAME,
            hits=hits[begin:end],
            has_more=len(hits) >= end and end < MOST,
            notes=tuple(_notes(query)),
            ignored=query.wishes("freshness", "language", "country"),
        )

    async def _ask(self, text: str, count: int) -> tuple[str, ...]:
        headers = {"authorization": f"Bearer {self.key.reveal()}"}
        arguments = {"query": text, "count": count}
        try:
            return await self.call(NAME, self.url, TOOL, arguments, headers)
        except RejectedKeyError as failure:
            raise RejectedKeyError(
                NAME, failure.trouble, "check DASHSCOPE_API_KEY (pay-as-you-go, not a plan's)"
            ) from failure
        except UpstreamError as failure:
            if any(code in failure.trouble for code in _NOT_ON):
                raise _not_on() from failure
            raise


def _pages(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the pages that the one text block of JSON lists."""
    try:
        body: Any = json.loads("".join(texts))
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError(NAME, "sent something else than JSON", "try again") from error
    told = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    if any(str(told.get(name)) in _NOT_ON for name in ("code", "status", "error_code")):
        raise _not_on()
    if not isinstance(told.get("pages"), list):
        raise MalformedAnswerError(NAME, "sent JSON of another shape", "try again later")
    return objects(told, "pages")


def _hit(page: dict[str, Any]) -> Hit:
    return Hit(title=plain(page.get("title")), url=page["url"], snippet=plain(page.get("snippet")))


def _notes(query: Query) -> Iterator[str]:
    if query.sites or query.without_sites:
        yield f"{NAME} can't search by site: only its results on the sites asked for are shown"


def _not_on() -> RejectedKeyError:
    return RejectedKeyError(
        NAME,
        "has its WebSearch not switched on for this key",
        "switch it on in the Bailian console, under MCP",
    )
