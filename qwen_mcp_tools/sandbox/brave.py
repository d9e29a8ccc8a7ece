"""Brave's Search API: parameters, sections, limits and errors as reference and users show them."""

import gzip
import json
import time
import uuid
from html import escape
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import Entry, find, index, snippet, understand
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn

COUNTRIES = (
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES "
    "SE CH TW TR GB US ALL"
).split()
SEARCH_LANGUAGES = (
    "ar eu bn bg ca zh-hans zh-hant hr cs da nl en en-gb et fi fr gl de el gu he hi hu is it jp kn "
    "ko lv lt ms ml mr nb pl pt-br pt-pt pa ro ru sr sk sl es sv ta te th tr uk vi"
).split()
UI_LANGUAGES = (
    "es-AR en-AU de-AT nl-BE fr-BE pt-BR en-CA fr-CA es-CL da-DK fi-FI fr-FR de-DE el-GR zh-HK "
    "en-IN en-ID it-IT ja-JP ko-KR en-MY es-MX nl-NL en-NZ no-NO zh-CN pl-PL en-PH ru-RU en-ZA "
    "es-ES sv-SE fr-CH de-CH zh-TW tr-TR en-GB en-US es-US"
).split()
FRESHNESS = r"pd|pw|pm|py|\d{4}-\d\d-\d\dto\d{4}-\d\d-\d\d"
EXTRA, EXTRA_LENGTH = 5, 200
"""How many further passages of a page there are at most, and of how many characters."""

AGES = {"/docs/": "June 30, 2026", "/article": "October 5, 2026"}

ERRORS: dict[str, tuple[int, str]] = {
    "SUBSCRIPTION_TOKEN_INVALID": (422, "The provided subscription token is invalid."),
    "OPTION_NOT_IN_PLAN": (400, "The option is not subscribed in the plan."),
    "USAGE_LIMIT_EXCEEDED": (402, "Usage limit exceeded."),
    "SUBSCRIPTION_NOT_FOUND": (404, "No such subscription."),
    "RATE_LIMITED": (429, "Request rate limit exceeded for plan"),
    "QUOTA_LIMITED": (429, "Request quota limit exceeded for plan."),
    "INTERNAL": (500, "Internal error"),
}


def _few_words(query: str) -> str:
    if len(query.split()) > 50:
        raise ValueError("String should have at most 50 words")
    return query


class _Query(BaseModel):
    model_config = ConfigDict(extra="ignore")

    q: Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_few_words)]
    country: Literal[tuple(COUNTRIES)] = "US"  # type: ignore[valid-type]
    search_lang: Literal[tuple(SEARCH_LANGUAGES)] = "en"  # type: ignore[valid-type]
    ui_lang: Literal[tuple(UI_LANGUAGES)] = "en-US"  # type: ignore[valid-type]
    count: Annotated[int, Field(ge=1, le=20)] = 20
    offset: Annotated[int, Field(ge=0, le=9)] = 0
    safesearch: Literal["off", "moderate", "strict"] = "moderate"
    freshness: Annotated[str, Field(pattern=f"^(?:{FRESHNESS})$")] | None = None
    text_decorations: bool = True
    extra_snippets: bool = False
    spellcheck: bool = True


class Brave(StandIn):
    """The web search endpoint, over the pages of the sandbox's site."""

    key = "BSA-sandbox-key-0000000000000000"

    def __init__(self, site: Site) -> None:
        self._site = site
        self.is_metered = False
        """Whether the plan has no monthly limit, which its headers tell as a limit of 0."""
        self._used = 0
        self._window: tuple[int, float] | None = None
        self._counted: list[float] = []
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/res/v1/web/search", self._search)])

    def reset(self) -> None:
        """Begin a new month with the usual plan."""
        super().reset()
        self.is_metered, self._used = False, 0
        self._window, self._counted = None, []

    def limit_to(self, requests: int, seconds: float) -> None:
        """Refuse more than `requests` in any span of `seconds`, as a plan does for one second.

        Only requests that are answered count (Brave's guide on rate limiting).
        """
        self._window = (requests, seconds)

    def fail(self, code: str, *, spelling: str = "error") -> None:
        """Answer the next request with the documented failure `code`.

        `spelling` is "error", which the service sends, or "errors", which its reference shows.
        """
        status, detail = ERRORS[code]
        body = _error(status, code, detail, {"component": "rate_limiter"}, spelling)
        self.next(Scripted(status, body, self._limits()))

    async def _search(self, request: Request) -> Response:
        token = request.headers.get("x-subscription-token")
        if token is None:
            missing = {
                "input": None, "loc": ["header", "x-subscription-token"],
                "msg": "Field required", "type": "missing",
            }  # fmt: skip
            return self._refuse("VALIDATION", 422, {"errors": [missing]})
        if token != self.key:
            return self._refuse("SUBSCRIPTION_TOKEN_INVALID", 422, {"component": "authentication"})
        try:
            query = _Query.model_validate(dict(request.query_params))
        except ValidationError as error:
            problems = [
                {**problem, "loc": ["query", *problem["loc"]]}
                for problem in error.errors(include_url=False, include_context=False)
            ]
            return self._refuse("VALIDATION", 422, {"errors": problems})
        if self._is_too_fast():
            return self._refuse("RATE_LIMITED", 429, {"component": "rate_limiter"})
        self._used += 1
        return self._answer(self._found(query), 200, request)

    def _found(self, query: _Query) -> dict[str, Any]:
        host = self._site.url.removeprefix("http://")
        entries = find(index(documents()), query.q, host)
        first = query.offset * query.count
        shown = entries[first : first + query.count]
        answer: dict[str, Any] = {
            "type": "search",
            "query": {
                "original": query.q,
                "is_navigational": False,
                "spellcheck_off": not query.spellcheck,
                "more_results_available": first + query.count < len(entries),
            },
        }
        if query.spellcheck and "asyncoi" in query.q:
            answer["query"]["altered"] = query.q.replace("asyncoi", "asyncio")
            shown = find(index(documents()), answer["query"]["altered"], host)[: query.count]
        if shown:
            results = [self._result(entry, query) for entry in shown]
            answer["web"] = {"type": "search", "family_friendly": True, "results": results}
            answer["mixed"] = {"type": "mixed", "main": [{"type": "web", "index": 0, "all": True}]}
        if "kestrel" in query.q.lower() and not query.offset:
            answer["infobox"] = {"type": "graph", "results": [self._infobox()]}
        return answer

    def _result(self, entry: Entry, query: _Query) -> dict[str, Any]:
        description = escape(snippet(entry, query.q), quote=True)
        if query.text_decorations:
            for word in understand(query.q).words:
                description = description.replace(word, f"<strong>{word}</strong>")
        url = f"{self._site.url}{entry.path}"
        result: dict[str, Any] = {
            "title": escape(entry.title),
            "url": url,
            "description": description,
            "language": "zh" if entry.is_chinese else "en",
            "family_friendly": True,
            "type": "search_result",
            "subtype": "generic",
            "meta_url": {"scheme": "http", "netloc": url.split("/")[2], "path": "› docs"},
        }
        age = next((age for start, age in AGES.items() if entry.path.startswith(start)), None)
        if age:
            result["age"] = age
        if query.extra_snippets:
            starts = range(0, len(entry.text), max(len(entry.text) // EXTRA, EXTRA_LENGTH))
            extra = [escape(entry.text[at : at + EXTRA_LENGTH]) for at in starts]
            result["extra_snippets"] = extra[:EXTRA]
        return result

    def _infobox(self) -> dict[str, Any]:
        return {
            "type": "infobox", "subtype": "generic", "position": 0, "title": "Kestrel",
            "url": f"{self._site.url}/docs/", "label": "software", "category": "other",
            "long_desc": "Kestrel runs jobs that must not be lost.",
            "attributes": [["Language", "Python"], ["Version", "2.4.1"]],
        }  # fmt: skip

    def _refuse(self, code: str, status: int, meta: dict[str, Any]) -> Response:
        detail = ERRORS.get(code, (0, "Unable to validate request parameter(s)"))[1]
        body = _error(status, code, detail, meta, "error")
        return Response(
            json.dumps(body), status, {**self._limits(), "content-type": "application/json"}
        )

    def _answer(self, body: dict[str, Any], status: int, request: Request) -> Response:
        data = json.dumps(body).encode()
        headers = {**self._limits(), "content-type": "application/json"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            data, headers["content-encoding"] = gzip.compress(data), "gzip"
        return Response(data, status, headers)

    def _is_too_fast(self) -> bool:
        if not self._window:
            return False
        requests, seconds = self._window
        now = time.monotonic()
        self._counted = [each for each in self._counted if each > now - seconds]
        if len(self._counted) >= requests:
            return True
        self._counted.append(now)
        return False

    def _limits(self) -> dict[str, str]:
        requests, seconds = self._window or (50, 1)
        month = 0 if self.is_metered else 2000
        left = max(month - self._used, 0)
        return {
            "X-RateLimit-Limit": f"{requests}, {month}",
            "X-RateLimit-Policy": f"{requests};w={seconds}, {month};w=2592000",
            "X-RateLimit-Remaining": f"{max(requests - len(self._counted), 0)}, {left}",
            "X-RateLimit-Reset": f"{seconds}, 1419704",
        }


def _error(
    status: int, code: str, detail: str, meta: dict[str, Any], spelling: str
) -> dict[str, Any]:
    facts = {
        "id": str(uuid.uuid4()),
        "status": status,
        "detail": detail,
        "meta": meta,
        "code": code,
    }
    shown = {"error": facts} if spelling == "error" else {"errors": [facts]}
    return {"type": "ErrorResponse", **shown, "time": int(time.time())}
