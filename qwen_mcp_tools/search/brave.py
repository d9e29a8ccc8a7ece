"""Brave's Search API (api-dashboard.search.brave.com, web search)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from qwen_mcp_tools.search.brave_errors import NAME, failure_of, section
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.settings import Secret
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry

MOST_PAGES = 10

_SPANS = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}
_LANGUAGES = frozenset(
    "ar eu bn bg ca zh-hans zh-hant hr cs da nl en en-gb et fi fr gl de el gu he hi hu is it jp kn "
    "ko lv lt ms ml mr nb pl pt-br pt-pt pa ro ru sr sk sl es sv ta te th tr uk vi".split()
)
_ODD_LANGUAGES = {
    "ja": "jp",
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "pt": "pt-br",
    "no": "nb",
}
"""Where Brave's codes are not the usual ones."""

_COUNTRIES = frozenset(
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES "
    "SE CH TW TR GB US ALL".split()
)


@dataclass(frozen=True, slots=True)
class Brave:
    """Asks Brave with the user's key."""

    client: ServiceClient
    base_url: str
    key: Secret

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of results.

        Raises:
            RejectedKeyError: The key is wrong, or its plan lacks what was asked.
            RateLimitedError: The quota is spent, or the limit of a second hit three times.
            BadArgumentError: Brave refuses an argument.
            UpstreamError: It can't be reached, or fails.
        """
        return await with_retry(lambda: self._ask(query))

    async def _ask(self, query: Query) -> Hits:
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url}/web/search",
            params=_parameters(query),
            headers={"X-Subscription-Token": self.key.reveal(), "Accept": "application/json"},
        )
        if answer.status != 200:
            raise failure_of(answer)
        return _hits(answer.json(NAME), query)


def _parameters(query: Query) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {
        "q": query.text_with_sites,
        "count": query.count,
        "offset": query.page - 1,  # a page's number, not a result's
        "text_decorations": "false",
        "extra_snippets": "true",
    }
    language = query.language.lower().replace("_", "-")
    code = _ODD_LANGUAGES.get(language, language)
    code = code if code in _LANGUAGES else code.partition("-")[0]
    if code in _LANGUAGES:
        parameters["search_lang"] = code
    if query.country.upper() in _COUNTRIES:
        parameters["country"] = query.country.upper()
    if query.freshness:
        span = query.freshness.replace("..", "to")
        parameters["freshness"] = _SPANS.get(query.freshness, span)
    return parameters


def _hits(answer: dict[str, Any], query: Query) -> Hits:
    asked = section(answer, "query")
    results: list[dict[str, Any]] = section(answer, "web").get("results") or []
    return Hits(
        engine=NAME,
        hits=tuple(_hit(each) for each in results if is_web(str(each.get("url", "")))),
        has_more=bool(asked.get("more_results_available")) and query.page < MOST_PAGES,
        notes=tuple(_notes(asked, query)),
        facts=_facts(section(answer, "infobox")),
    )


def _hit(result: dict[str, Any]) -> Hit:
    return Hit(
        title=plain(result.get("title") or ""),
        url=result["url"],
        snippet=plain(result.get("description") or ""),
        date=plain(result.get("age") or (result.get("page_age") or "")[:10]),
        more=tuple(map(plain, cast("list[str]", result.get("extra_snippets") or []))),
    )


def _notes(asked: dict[str, Any], query: Query) -> Iterator[str]:
    altered = asked.get("altered")
    if altered and altered.lower() != query.text_with_sites.lower():
        yield f'searched for "{one_line(plain(altered), 120)}" instead'
    if query.country and query.country.upper() not in _COUNTRIES:
        yield f"Brave knows no country {query.country.upper()}; its default was used"


def _facts(infobox: dict[str, Any]) -> str:
    # Its reference has a list here, its own client's types a single object.
    listed: Any = infobox.get("results")
    entities: Any = [listed] if isinstance(listed, dict) else listed
    return _described(entities[0]) if entities else ""


def _described(entity: dict[str, Any]) -> str:
    attributes: list[list[str]] = entity.get("attributes") or []
    pairs = "; ".join(f"{plain(name)}: {plain(value)}" for name, value in attributes[:8])
    parts = (plain(entity.get("title") or ""), plain(entity.get("long_desc") or ""), pairs)
    return "\n".join(filter(None, parts))
