"""MDN's search."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import StandIn

DOCUMENTS = (
    ("Web/API/Fetch_API", "Fetch API", "An interface for fetching resources, across the network too."),
    ("Web/API/AbortController", "AbortController", "Ends one or more web requests, such as a fetch, when wanted."),
    ("Web/CSS/CSS_grid_layout", "CSS grid layout", "Divides a page into regions by a grid of columns and rows."),
    ("Web/API/AbortSignal/timeout_static", "AbortSignal: timeout() static method", "A signal that aborts after a timeout."),
    ("Web/HTTP/Reference/Headers/Retry-After", "Retry-After header", "How long to wait before a retry."),
)  # fmt: skip
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
        found = [_document(locale, *each) for each in DOCUMENTS if _is_about(each, words)]
        size, page = int(asked.get("size", 10)), int(asked.get("page", 1))
        metadata = {"took_ms": 3, "total": {"value": len(found)}, "size": size, "page": page}
        shown = found[(page - 1) * size : page * size]
        return JSONResponse({"documents": shown, "metadata": metadata, "suggestions": []})


def _is_about(document: tuple[str, str, str], words: list[str]) -> bool:
    text = " ".join(document).lower()
    return sum(word in text for word in words) * 2 > len(words)


def _document(locale: str, slug: str, title: str, summary: str) -> dict[str, Any]:
    return {
        "mdn_url": f"/{locale}/docs/{slug}", "title": title, "summary": summary, "score": 9.5,
        "locale": locale.lower(), "slug": slug.lower(), "highlight": {"body": [], "title": []},
    }  # fmt: skip
