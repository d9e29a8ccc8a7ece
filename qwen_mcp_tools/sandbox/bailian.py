"""Bailian's WebSearch: an MCP server behind a key."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import find, index, snippet
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.tool_server import RefusedError, ToolServer, text_part

PATH = "/api/v1/mcps/WebSearch/mcp"


class Bailian(ToolServer):
    """The tool `bailian_web_search` over the pages of the sandbox's site."""

    key = "sk-sandbox-key-00000000000000000000"
    tool = {  # noqa: RUF012 - it is never changed
        "name": "bailian_web_search",
        "description": "Search the web",
        "inputSchema": {
            "type": "object",
            "properties": {"query": {"type": "string"}, "count": {"type": "integer"}},
            "required": ["query"],
        },
    }

    def __init__(self, site: Site) -> None:
        self._site = site
        self.is_on = True
        """Whether the service is switched on in the console."""
        super().__init__()

    def app(self) -> Starlette:
        """Return the endpoint."""
        return Starlette(routes=[Route(PATH, self._guarded, methods=["POST"])])

    def reset(self) -> None:
        """Switch the service on."""
        super().reset()
        self.is_on = True

    def call(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the pages as one text of JSON."""
        if not self.is_on:
            told = {"code": "11200054", "message": "The MCP service is not activated."}
            return {"content": [text_part(json.dumps(told))], "isError": True}
        query, count = arguments.get("query"), arguments.get("count", 5)
        if not isinstance(query, str) or not query or not isinstance(count, int):
            raise RefusedError(-32602, "Invalid request parameters")
        found = find(index(documents()), query, self._site.url.removeprefix("http://"))
        pages = [
            {
                "title": entry.title,
                "url": f"{self._site.url}{entry.path}",
                "snippet": snippet(entry, query),
                "hostname": "sandbox",
                "hostlogo": "",
            }
            for entry in found[: min(count, 20)]
        ]
        body = {"pages": pages, "request_id": "0b7c", "tools": [], "status": 0}
        return {"content": [text_part(json.dumps(body, ensure_ascii=False))], "isError": False}

    async def _guarded(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            told = {"code": "InvalidApiKey", "message": "Invalid API-key provided."}
            return JSONResponse({**told, "request_id": "0b7d"}, 401)
        return await self.message(request)
