"""Serper: Google's results for credits."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import find, index, snippet
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.stand_in import StandIn


class Serper(StandIn):
    """The search endpoint over the pages of the sandbox's site."""

    key = "serper-sandbox-key-00000000000000000000"

    def __init__(self, site: Site) -> None:
        self._site = site
        self.credits = 2500
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/search", self._search, methods=["POST"])])

    def reset(self) -> None:
        """Give the credits of a new account."""
        super().reset()
        self.credits = 2500

    async def _search(self, request: Request) -> Response:
        if request.headers.get("x-api-key") != self.key:
            return _refusal(403, "Unauthorized.")
        if not self.credits:
            return _refusal(400, "Not enough credits")
        body: dict[str, Any] = json.loads(await request.body())
        if not body.get("q"):
            return _refusal(400, "Missing query parameter")
        size, page = body.get("num", 10), body.get("page", 1)
        spent = 1 if size <= 10 else 2
        self.credits = max(self.credits - spent, 0)
        found = self._found(body["q"], size, page)
        return JSONResponse({"searchParameters": body, **found, "credits": spent})

    def _found(self, query: str, size: int, page: int) -> dict[str, Any]:
        found = find(index(documents()), query, self._site.url.removeprefix("http://"))
        shown = found[(page - 1) * size : page * size]
        answer: dict[str, Any] = {
            "organic": [
                {
                    "title": entry.title,
                    "link": f"{self._site.url}{entry.path}",
                    "snippet": snippet(entry, query),
                    "date": "Jun 30, 2026",
                    "position": position,
                }
                for position, entry in enumerate(shown, 1)
            ]
        }
        if "kestrel" in query.lower() and page == 1:
            answer["knowledgeGraph"] = {
                "title": "Kestrel",
                "type": "Software",
                "description": "Kestrel runs jobs that must not be lost.",
                "attributes": {"Language": "Python"},
            }
        return answer


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"message": message, "statusCode": status}, status)
