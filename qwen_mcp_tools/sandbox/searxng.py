"""A SearXNG instance, as its source answers (searx/webapp.py and webutils.py)."""

import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import Entry, find, index, snippet
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn

PAGE = 3
"""Results on a page; real ones vary with the engines that answer."""

LANGUAGE = re.compile("[a-z]{2,3}(-[a-zA-Z]{2})?|auto")
FORBIDDEN = (
    "<!doctype html>\n<html lang=en>\n<title>403 Forbidden</title>\n<h1>Forbidden</h1>\n"
    "<p>You don&#39;t have the permission to access the requested resource.</p>\n"
)


class SearXng(StandIn):
    """An instance with JSON switched on, over the pages of the sandbox's site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.has_json = True
        """Whether `search.formats` of its settings names JSON; by default it does not."""
        self.silent: list[list[str]] = []
        """The engines that do not answer, each with the reason."""
        super().__init__()

    def app(self) -> Starlette:
        """Return the instance."""
        return Starlette(
            routes=[
                Route("/search", self._search),
                Route("/healthz", self._health),
            ]
        )

    def reset(self) -> None:
        """Give JSON, with all engines well."""
        super().reset()
        self.has_json, self.silent = True, []

    def take_for_a_bot(self) -> None:
        """Answer the next request as its limiter does."""
        self.next(Scripted(429, "Too Many Requests", {"content-type": "text/html; charset=utf-8"}))

    async def _health(self, _: Request) -> Response:
        return PlainTextResponse("OK")

    async def _search(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("format") == "json" and not self.has_json:
            return HTMLResponse(FORBIDDEN, 403)
        if asked.get("format") != "json":
            return HTMLResponse("<!DOCTYPE html><html><body>SearXNG</body></html>")
        if not asked.get("q"):
            return JSONResponse({"error": "No query"}, 400)
        for name, pattern in (
            ("language", LANGUAGE.pattern),
            ("time_range", "day|week|month|year"),
            ("pageno", "[1-9][0-9]*"),
        ):
            if name in asked and not re.fullmatch(pattern, asked[name]):
                told = f"Invalid value {asked[name]} for parameter {name}"
                return JSONResponse({"error": told}, 400)
        return JSONResponse(self._found(asked["q"], int(asked.get("pageno", 1))))

    def _found(self, query: str, number: int) -> dict[str, Any]:
        host = self._site.url.removeprefix("http://")
        found = [] if self.silent else find(index(documents()), query, host)
        shown = found[(number - 1) * PAGE : number * PAGE]
        return {
            "query": query,
            "results": [self._result(entry, query, at) for at, entry in enumerate(shown, 1)],
            "answers": [],
            "corrections": [],
            "infoboxes": [],
            "suggestions": [],
            "unresponsive_engines": self.silent,
        }

    def _result(self, entry: Entry, query: str, position: int) -> dict[str, Any]:
        url = f"{self._site.url}{entry.path}"
        return {
            "url": url,
            "title": entry.title,
            "content": snippet(entry, query),
            "publishedDate": "2026-06-30T05:41:00",
            "pubdate": "2026-06-30 05:41:00",
            "thumbnail": "",
            "engine": "duckduckgo",
            "template": "default.html",
            "parsed_url": ["http", url.split("/")[2], entry.path, "", "", ""],
            "img_src": "",
            "iframe_src": "",
            "audio_src": "",
            "priority": "",
            "engines": ["duckduckgo"],
            "positions": [position],
            "score": 1.0 / position,
            "category": "general",
            "open_group": False,
            "close_group": False,
        }
