"""MDN's search."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import StandIn
from qwen_mcp_tools.sandbox.written import written

LOCALES = {"en-US", "es", "fr", "ja", "ko", "pt-BR", "ru", "zh-CN", "zh-TW", "de"}


class Mdn(StandIn):
    """The site search that its own search page uses."""

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/api/v1/search", self._search)])

    async def _search(self, request: Request) -> Response:
        asked = request.query_params
        words = asked.get("q", "").lower().split()
        locale = asked.get("locale", "en-US")
        problems: dict[str, Any] = {}
        if not words:
            problems["q"] = [{"message": "This field is required.", "code": "required"}]
        if locale not in LOCALES:
            problems["locale"] = [{"message": "Not a valid choice.", "code": "invalid"}]
        if problems:
            return JSONResponse({"errors": problems}, 400)
        found = [_document(locale, each) for each in written("mdn") if _is_about(each, words)]
        size, page = int(asked.get("size", 10)), int(asked.get("page", 1))
        metadata = {"took_ms": 3, "total": {"value": len(found)}, "size": size, "page": page}
        shown = found[(page - 1) * size : page * size]
        return JSONResponse({"documents": shown, "metadata": metadata, "suggestions": []})


def _is_about(document: dict[str, str], words: list[str]) -> bool:
    text = " ".join(document.values()).lower()
    return sum(word in text for word in words) * 2 > len(words)


def _document(locale: str, document: dict[str, str]) -> dict[str, Any]:
    slug = document["slug"]
    return {
        "mdn_url": f"/{locale}/docs/{slug}",
        "title": document["title"],
        "summary": document["summary"],
        "score": 9.5,
        "locale": locale.lower(),
        "slug": slug.lower(),
        "highlight": {"body": [], "title": []},
    }
