"""Brave's Search API (api-dashboard.search.brave.com, web search)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from qwen_mcp_tools.errors import (
    BadArgumentError,
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.search.hits import Hit, Hits, is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.settings import Secret
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry

NAME = "Brave"
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
_KEY_MEND = "check BRAVE_API_KEY"


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
            raise _failure(answer)
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
    asked = _section(answer, "query")
    results: list[dict[str, Any]] = _section(answer, "web").get("results") or []
    return Hits(
        engine=NAME,
        hits=tuple(_hit(each) for each in results if is_web(str(each.get("url", "")))),
        has_more=bool(asked.get("more_results_available")) and query.page < MOST_PAGES,
        notes=tuple(_notes(asked, query)),
        facts=_facts(_section(answer, "infobox")),
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


def _section(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part of the answer; Brave leaves out what it has nothing for."""
    section: Any = answer.get(name)
    return cast("dict[str, Any]", section) if isinstance(section, dict) else {}


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


def _failure(answer: Answer) -> Exception:
    """Word a failure by the code in its body; Brave's statuses are not what one would guess."""
    error = _error_in(answer)
    code, detail = str(error.get("code", "")), one_line(str(error.get("detail", "")), 120)
    meta = _section(error, "meta")
    match code:
        case "SUBSCRIPTION_TOKEN_INVALID" | "SUBSCRIPTION_NOT_FOUND":
            return RejectedKeyError(NAME, "does not accept the key", _KEY_MEND)
        case "OPTION_NOT_IN_PLAN":
            return RejectedKeyError(
                NAME, "says that the key's plan does not include this", "use a key of a Search plan"
            )
        case "QUOTA_LIMITED" | "USAGE_LIMIT_EXCEEDED":
            return RateLimitedError(
                NAME, "says that this month's quota is spent", "raise the plan's limit at Brave"
            )
        case "RATE_LIMITED":
            return RateLimitedError(
                NAME, "asks us to slow down", "wait a second", retry_after=_reset(answer)
            )
        case "VALIDATION":
            return _refused_argument(meta, detail)
        case _:
            return _by_status(answer.status, detail)


def _error_in(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json(NAME)
    except MalformedAnswerError:
        return {}
    # The service sends `error`; its reference shows a list, `errors`.
    listed: list[dict[str, Any]] = body.get("errors") or []
    return _section(body, "error") or (listed[0] if listed else {})


def _refused_argument(meta: dict[str, Any], detail: str) -> Exception:
    problems: list[dict[str, Any]] = meta.get("errors") or [{}]
    location: list[Any] = problems[0].get("loc") or []
    place = [str(part) for part in location]
    if "x-subscription-token" in place:
        return RejectedKeyError(NAME, "got no key", _KEY_MEND)
    message = one_line(str(problems[0].get("msg", detail)), 120)
    return BadArgumentError(f"{NAME} refuses {place[-1] if place else 'an argument'}: {message}")


def _by_status(status: int, detail: str) -> Exception:
    said = f" ({detail})" if detail else ""
    if status in {401, 403}:
        return RejectedKeyError(NAME, f"does not accept the key ({status})", _KEY_MEND)
    if status == 429:
        return RateLimitedError(NAME, "asks us to slow down (429)", "try again later")
    if status >= 500:
        return ServiceFaultError(NAME, f"failed with status {status}{said}", "try again later")
    return UpstreamError(NAME, f"answered with status {status}{said}", "try another query")


def _reset(answer: Answer) -> float:
    """Return the seconds until the first window, a second long, is over."""
    first = answer.headers.get("x-ratelimit-reset", "1").partition(",")[0].strip()
    return max(float(first), 1) if first.isdecimal() else 1
