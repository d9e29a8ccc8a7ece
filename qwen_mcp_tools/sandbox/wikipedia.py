"""Wikipedia's search of pages, which wants to know who asks."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import StandIn
from qwen_mcp_tools.sandbox.written import written


class Wikipedia(StandIn):
    """The REST search endpoint."""

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/w/rest.php/v1/search/page", self._search)])

    async def _search(self, request: Request) -> Response:
        if not request.headers.get("user-agent"):
            return PlainTextResponse("Please set a user-agent and respect our robot policy", 403)
        words = request.query_params.get("q", "").lower().split()
        if not words:
            return JSONResponse(
                {"messageTranslations": {"en": "q must be set"}, "httpCode": 400}, 400
            )
        limit = int(request.query_params.get("limit", 50))
        found = [_page(page, words) for page in written("wikipedia") if _is_about(page, words)]
        return JSONResponse({"pages": found[:limit]})


def _is_about(page: dict[str, Any], words: list[str]) -> bool:
    text = f"{page['title']} {page['text']}".lower()
    return sum(word in text for word in words) * 2 > len(words)


def _page(page: dict[str, Any], words: list[str]) -> dict[str, Any]:
    excerpt = page["text"]
    for word in words:
        excerpt = excerpt.replace(word, f'<span class="searchmatch">{word}</span>')
    return {
        "id": page["id"],
        "key": page["key"],
        "title": page["title"],
        "excerpt": excerpt,
        "matched_title": None,
        "description": page["description"],
        "thumbnail": None,
    }
