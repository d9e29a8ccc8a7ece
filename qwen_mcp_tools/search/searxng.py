"""A SearXNG instance of the user's (docs.searxng.org, "Search API")."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    UpstreamError,
)
from qwen_mcp_tools.search.dates import day_of
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.refusals import RefusedFilterError
from qwen_mcp_tools.search.scripts import TRADITIONAL
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import elements, objects
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "SearXNG"
MOST_PAGES = 4
"""How many of its pages are asked for one of ours: they are of no fixed size."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_PLACES = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}


@dataclass(frozen=True, slots=True)
class SearXng:
    """Asks the instance at `base_url` for JSON."""

    client: ServiceClient
    base_url: str

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results, cut from all of its pages up to there.

        Raises:
            RejectedKeyError: Its operator has JSON switched off, or keeps us out.
            RateLimitedError: It takes us for a bot, or none of its engines answers.
            UpstreamError: It can't be reached, fails, or refuses an argument.
        """
        begin, end = (query.page - 1) * query.count, query.page * query.count
        answer = await self._ask(query, 1)
        found = _results(answer)
        if not found:
            _refuse_silence(answer)
        number, size = 1, 0
        while size < len(found) < end and number < MOST_PAGES:
            number, size = number + 1, len(found)
            found |= _results(await self._ask(query, number))
        results = [*found.values()]
        return Hits(
            engine=NAME,
            hits=tuple(map(_hit, results[begin:end])),
            # With exactly as many as were asked for, nobody knows: the next page tells.
            has_more=len(results) >= end and len(results) > size,
            ignored=_unmet(query),
            facts=_facts(answer),
        )

    async def _ask(self, query: Query, number: int) -> dict[str, Any]:
        asked: dict[str, str | int] = {
            "q": query.text_with_sites,
            "format": "json",
            "pageno": number,
        }
        if language := _language(query):
            asked["language"] = language
        if query.freshness and ".." not in query.freshness:
            asked["time_range"] = query.freshness
        return await with_retry(lambda: self._answer(asked))

    async def _answer(self, asked: dict[str, str | int]) -> dict[str, Any]:
        answer = await self.client.request(NAME, "GET", f"{self.base_url}/search", params=asked)
        _refuse_failure(answer)
        answer.entries(NAME, "results")
        return answer.json(NAME)


def _language(query: Query) -> str:
    """Return a language as it takes them: "de", "de-AT", never a script."""
    language, _, place = _PLACES.get(query.language_tag, query.language_tag).partition("-")
    country = query.country_code.lower() if len(query.country_code) == 2 else ""
    # A country where Chinese is written otherwise would change the script.
    is_written_alike = (country in TRADITIONAL) == (place.lower() in TRADITIONAL)
    is_kept = language == "zh" and bool(place) and not is_written_alike
    region = (place if is_kept or not country else country).upper()
    code = f"{language}-{region}" if region else language
    return next((each for each in (code, language) if _LANGUAGE.fullmatch(each)), "")


def _unmet(query: Query) -> tuple[str, ...]:
    has_range = ("freshness",) if ".." in query.freshness else ()
    is_placed = query.country_code == "ALL" or _language(query).endswith(f"-{query.country_code}")
    return (*query.wishes(*has_range), *(() if is_placed else query.wishes("country")))


def _results(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = objects(answer, "results")
    return {each["url"]: each for each in listed if is_web(each.get("url"))}


def _hit(result: dict[str, Any]) -> Hit:
    return Hit(
        title=plain(result.get("title")),
        url=result["url"],
        snippet=plain(result.get("content")),
        date=day_of(written(result.get("publishedDate"))),
    )


def _facts(answer: dict[str, Any]) -> str:
    # Older instances list answers as texts, newer ones as objects.
    told = [each for each in elements(answer.get("answers")) if isinstance(each, str)]
    told += [each.get("answer") for each in objects(answer, "answers")]
    boxes = [each.get(name) for each in objects(answer, "infoboxes") for name in _BOX]
    return "\n".join(filter(None, map(plain, [*told[:1], *boxes[:2]])))


_BOX = ("infobox", "content")


def _refuse_silence(answer: dict[str, Any]) -> None:
    """Tell an instance whose engines are all refused from one that found nothing."""
    silent = [
        ": ".join(one_line(str(part), 40) for part in elements(each)[:2])
        for each in elements(answer.get("unresponsive_engines"))
    ]
    if silent:
        told = ", ".join(silent[:3])
        raise RateLimitedError(
            NAME, f"got no answer from its engines ({told})", "look at its page of statistics"
        )


def _refuse_failure(answer: Answer) -> None:
    status, is_page = answer.status, b"<html" in answer.body[:2000].lower()
    if status == 403:
        raise RejectedKeyError(
            NAME,
            "does not give JSON",
            'its operator switches it on: "formats: [html, json]" under "search:" in settings.yml',
        )
    if status == 429:
        raise RateLimitedError(
            NAME,
            "takes programs for bots (its limiter is on)",
            "its operator lets our address through: pass_ip in limiter.toml",
        )
    if status == 400:
        raise RefusedFilterError(NAME, f"refuses an argument{_said(answer)}", "drop a filter")
    if 300 <= status < 400:
        raise UpstreamError(NAME, "is somewhere else", "correct SEARXNG_URL")
    if status != 200:
        raise failure_of_status(NAME, status, answer.headers)
    if is_page:
        raise MalformedAnswerError(
            NAME, "sent a web page in place of JSON", "check that SEARXNG_URL is an instance's root"
        )


def _said(answer: Answer) -> str:
    try:
        return f" ({one_line(str(answer.json(NAME).get('error', '')), 120)})"
    except MalformedAnswerError:
        return ""
