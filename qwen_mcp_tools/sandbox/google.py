"""Google's Custom Search JSON API: ten results an answer, a hundred of a query."""

import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import Entry, find, index, snippet
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn

LANGUAGES = (
    "ar bg ca cs da de el en es et fi fr hr hu id is it iw ja ko lt lv nl no pl pt ro ru sk sl sr "
    "sv tr zh-CN zh-TW"
).split()
PATTERNS = {
    "num": "[1-9]|10",
    "start": "[1-9]|[1-9][0-9]|100",
    "dateRestrict": "[dwmy][0-9]+",
    "lr": "|".join(f"lang_{each}" for each in LANGUAGES),
    "gl": "[a-z]{2}",
    "sort": "date(:[ads](:.*)?)?|date:r:[0-9]{8}:[0-9]{8}",
}
PER_DAY = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service "
    "'customsearch.googleapis.com' for consumer 'project_number:0'."
)


class Google(StandIn):
    """The API over the pages of the sandbox's site."""

    key = "AIza-sandbox-key-0000000000000000000000"
    engine_id = "0123456789abcdef0"

    def __init__(self, site: Site) -> None:
        self._site = site
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/customsearch/v1", self._search)])

    def spend(self, message: str = PER_DAY) -> None:
        """Refuse the next request: the quota is used up."""
        self.next(Scripted(429, _error(429, message, "RESOURCE_EXHAUSTED", "rateLimitExceeded")))

    async def _search(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("key") != self.key:
            told = "API key not valid. Please pass a valid API key."
            return JSONResponse(_error(400, told, "INVALID_ARGUMENT", "badRequest"), 400)
        first, size = asked.get("start", "1"), asked.get("num", "10")
        is_wrong = any(
            not re.fullmatch(pattern, asked[name])
            for name, pattern in PATTERNS.items()
            if name in asked
        )
        is_wrong = is_wrong or asked.get("cx") != self.engine_id or not asked.get("q")
        if is_wrong or int(first) + int(size) > 101:
            told = "Request contains an invalid argument."
            return JSONResponse(_error(400, told, "INVALID_ARGUMENT", "badRequest"), 400)
        return JSONResponse(self._found(asked["q"], int(first), int(size)))

    def _found(self, query: str, first: int, size: int) -> dict[str, Any]:
        found = find(index(documents()), query, self._site.url.removeprefix("http://"))
        shown = found[first - 1 : first - 1 + size]
        queries: dict[str, Any] = {"request": [{"startIndex": first, "count": size}]}
        if first - 1 + size < len(found):
            queries["nextPage"] = [{"startIndex": first + size, "count": size}]
        answer: dict[str, Any] = {
            "kind": "customsearch#search",
            "queries": queries,
            "searchInformation": {"totalResults": str(len(found))},
        }
        if shown:  # Without results the list is absent.
            answer["items"] = [self._item(entry, query) for entry in shown]
        return answer

    def _item(self, entry: Entry, query: str) -> dict[str, Any]:
        return {
            "kind": "customsearch#result",
            "title": entry.title,
            "link": f"{self._site.url}{entry.path}",
            "displayLink": self._site.url.removeprefix("http://"),
            "snippet": f"{snippet(entry, query)} ...",
            "pagemap": {"metatags": [{"article:published_time": "2026-06-30T05:41:00Z"}]},
        }


def _error(code: int, message: str, status: str, reason: str) -> dict[str, Any]:
    one = {"message": message, "domain": "global", "reason": reason}
    return {"error": {"code": code, "message": message, "errors": [one], "status": status}}
