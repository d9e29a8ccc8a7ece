"""Wikipedia's search of pages, which wants to know who asks."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import StandIn

PAGES = (
    (101, "Asynchronous_I/O", "Asynchronous I/O", "a form of input/output that lets other work go on; asyncio timeout", "Input and output without waiting"),
    (102, "Timeout_(computing)", "Timeout (computing)", "a timeout is a limit of time after which an event is taken not to come", "Limit of time"),
    (103, "CSS_grid_layout", "CSS grid layout", "CSS grid layout makes columns and rows for web pages", "Layout technique"),
    (104, "Exponential_backoff", "Exponential backoff", "backoff widens the wait between each retry", "Algorithm"),
    (105, "异步IO", "异步IO", "异步IO 让程序在等待时继续做别的事，常与超时一起使用", "输入输出方式"),
)  # fmt: skip


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
        found = [_page(page, words) for page in PAGES if _is_about(page, words)]
        return JSONResponse({"pages": found[:limit]})


def _is_about(page: tuple[int, str, str, str, str], words: list[str]) -> bool:
    text = f"{page[2]} {page[3]}".lower()
    return sum(word in text for word in words) * 2 > len(words)


def _page(page: tuple[int, str, str, str, str], words: list[str]) -> dict[str, Any]:
    number, key, title, text, description = page
    for word in words:
        text = text.replace(word, f'<span class="searchmatch">{word}</span>')
    return {
        "id": number, "key": key, "title": title, "excerpt": text,
        "matched_title": None, "description": description, "thumbnail": None,
    }  # fmt: skip
