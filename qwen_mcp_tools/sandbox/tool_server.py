"""An MCP server of one tool over Streamable HTTP, spoken as servers did before 2026."""

import json
from abc import abstractmethod
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from qwen_mcp_tools.sandbox.stand_in import StandIn

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")


class RefusedError(Exception):
    """A JSON-RPC error to answer with."""

    def __init__(self, code: int, message: str) -> None:
        self.error = {"code": code, "message": message}


class ToolServer(StandIn):
    """A subclass gives its tool by `tool` and `call`, and routes `message`."""

    server_name = "mcp server"
    tool: dict[str, Any]

    @abstractmethod
    def call(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return what the tool answers, or raise a `RefusedError`."""

    async def message(self, request: Request) -> Response:
        """Answer one message."""
        accepted = request.headers.get("accept", "")
        if "application/json" not in accepted or "text/event-stream" not in accepted:
            return _error(-32000, "Not Acceptable: accept JSON and event streams", 406)
        version = request.headers.get("mcp-protocol-version", VERSIONS[0])
        if version not in VERSIONS:
            supported = ", ".join(VERSIONS)
            told = f"Bad Request: Unsupported protocol version (supported: {supported})"
            return _error(-32000, told, 400)
        message: dict[str, Any] = json.loads(await request.body())
        if "id" not in message:
            return Response(status_code=202)
        try:
            result = self._result(message["method"], message.get("params") or {})
        except RefusedError as refused:
            return _event({"id": message["id"], "error": refused.error})
        return _event({"id": message["id"], "result": result})

    def _result(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "initialize":
                asked = parameters.get("protocolVersion")
                return {
                    "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
                    "capabilities": {"tools": {"listChanged": True}},
                    "serverInfo": {"name": self.server_name, "version": "1.0.0"},
                }
            case "tools/list":
                return {"tools": [self.tool]}
            case "tools/call" if parameters.get("name") == self.tool["name"]:
                return self.call(parameters.get("arguments") or {})
            case "tools/call":
                raise RefusedError(-32602, f"Tool {parameters.get('name')} not found")
            case _:
                raise RefusedError(-32601, "Method not found")


def text_part(text: str) -> dict[str, str]:
    """Return a part of a tool's answer."""
    return {"type": "text", "text": text}


def _event(message: dict[str, Any]) -> Response:
    data = json.dumps({"jsonrpc": "2.0", **message})
    return PlainTextResponse(f"event: message\ndata: {data}\n\n", media_type="text/event-stream")


def _error(code: int, message: str, status: int) -> Response:
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    return Response(json.dumps(error), status, media_type="application/json")
