"""Models on loopback that do as they are told: they make the calls of a plan, then say "done".

Each speaks one wire protocol, streamed, as its vendor documents it, and remembers every request;
so a test reads the text of a tool's result as the client's model was sent it.
"""

import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import StandIn

CLOSING = "All calls are made."


@dataclass(frozen=True, slots=True)
class Planned:
    """One call: the name as the client gives it to its model, and the arguments."""

    tool: str
    arguments: dict[str, Any]


class Model(StandIn):
    """What both protocols share: the plan, and what the client told."""

    def __init__(self) -> None:
        self._plan: Sequence[Planned] = ()
        super().__init__()

    def plan(self, *calls: Planned) -> None:
        """Make these calls, one a turn; what was asked before is forgotten."""
        self.reset()
        self._plan = calls

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The requests of the conversation itself: those that offer tools."""
        bodies = [json.loads(each.body) for each in self.asked if each.method == "POST"]
        return [body for body in bodies if body.get("tools")]

    @abstractmethod
    def declared(self, turn: dict[str, Any]) -> list[str]:
        """Return the names of the tools whose schemas a request carries."""

    @abstractmethod
    def results(self, turn: dict[str, Any]) -> dict[str, Any]:
        """Return the content of each tool result in a request, by the call's id."""

    @abstractmethod
    def reach(self, turn: dict[str, Any], at: int, planned: Planned) -> tuple[str, Planned]:
        """Return the call to make now for the one at `at`, by the client's rules, and its id.

        Both clients keep the schemas of most tools back until their model asks.
        """

    def told(self) -> list[str]:
        """Return the text that the client gave for each call of the plan."""
        found = self.results(self.turns[-1])
        return [_text(found[_identity(at)]) for at in range(len(self._plan))]

    def _next(self, turn: dict[str, Any]) -> tuple[str, Planned] | None:
        if not turn.get("tools"):  # a side question, such as a title for the conversation
            return None
        results = self.results(turn)
        done = sum(_identity(at) in results for at in range(len(self._plan)))
        return self.reach(turn, done, self._plan[done]) if done < len(self._plan) else None


class OpenAiModel(Model):
    """POST /v1/chat/completions, as Chat Completions streams."""

    def app(self) -> Starlette:
        """Return the endpoint."""
        return Starlette(routes=[Route("/v1/chat/completions", self._answer, methods=["POST"])])

    def declared(self, turn: dict[str, Any]) -> list[str]:
        """Return the names in `tools[].function`."""
        return [tool["function"]["name"] for tool in turn.get("tools", [])]

    def results(self, turn: dict[str, Any]) -> dict[str, Any]:
        """Return what stands in the messages of role `tool`."""
        return {
            message["tool_call_id"]: message["content"]
            for message in turn["messages"]
            if message["role"] == "tool"
        }

    def reach(self, turn: dict[str, Any], at: int, planned: Planned) -> tuple[str, Planned]:
        """Call a tool that is not declared through Qwen Code's `tool_call`."""
        if planned.tool in self.declared(turn):
            return _identity(at), planned
        wrapped = {"name": planned.tool, "arguments": planned.arguments}
        return _identity(at), Planned("tool_call", wrapped)

    async def _answer(self, request: Request) -> Response:
        turn = await request.json()
        planned = self._next(turn)
        delta, reason = (_spoken(), "stop") if planned is None else (_call(*planned), "tool_calls")
        if not turn.get("stream"):
            choice = {"index": 0, "message": delta, "finish_reason": reason}
            return JSONResponse(_completion("chat.completion", choice))
        choices = [
            {"index": 0, "delta": delta, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": reason},
        ]
        chunks = [json.dumps(_completion("chat.completion.chunk", each)) for each in choices]
        events = (f"data: {chunk}\n\n" for chunk in [*chunks, "[DONE]"])
        return StreamingResponse(events, media_type="text/event-stream")


class AnthropicModel(Model):
    """POST /v1/messages, as the Messages API streams."""

    def app(self) -> Starlette:
        """Return the endpoints."""
        return Starlette(
            routes=[
                Route("/v1/messages", self._answer, methods=["POST"]),
                Route("/v1/messages/count_tokens", _count, methods=["POST"]),
            ]
        )

    def declared(self, turn: dict[str, Any]) -> list[str]:
        """Return the names of the tools that are not kept back (`defer_loading`)."""
        return [tool["name"] for tool in turn.get("tools", []) if not tool.get("defer_loading")]

    def results(self, turn: dict[str, Any]) -> dict[str, Any]:
        """Return what stands in the blocks of type `tool_result`."""
        return {
            block["tool_use_id"]: block.get("content", "")
            for message in turn["messages"]
            if isinstance(message["content"], list)
            for block in message["content"]
            if block["type"] == "tool_result"
        }

    def reach(self, turn: dict[str, Any], at: int, planned: Planned) -> tuple[str, Planned]:
        """Ask Claude Code's `ToolSearch` for a tool that is not declared, then call it."""
        search = f"search_{at}"
        if planned.tool in self.declared(turn) or search in self.results(turn):
            return _identity(at), planned
        return search, Planned("ToolSearch", {"query": f"select:{planned.tool}"})

    async def _answer(self, request: Request) -> Response:
        turn = await request.json()
        planned = self._next(turn)
        if not turn.get("stream"):
            return JSONResponse(_message(content=[{"type": "text", "text": CLOSING}]))
        events = (
            f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in _events(planned)
        )
        return StreamingResponse(events, media_type="text/event-stream")


def _identity(at: int) -> str:
    return f"call_{at}"


def _text(content: Any) -> str:
    """Return the text of a result; anything else in it than text is shown as JSON."""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") or json.dumps(part) for part in content)


def _spoken() -> dict[str, Any]:
    return {"role": "assistant", "content": CLOSING}


def _call(identity: str, planned: Planned) -> dict[str, Any]:
    function = {"name": planned.tool, "arguments": json.dumps(planned.arguments)}
    call = {"index": 0, "id": identity, "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _completion(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    told = {"id": "scripted", "created": 0, "model": "scripted", "usage": usage}
    return {**told, "object": kind, "choices": [choice]}


def _message(*, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "scripted",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": content,
        "stop_reason": "end_turn" if content else None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _events(planned: tuple[str, Planned] | None) -> Iterator[dict[str, Any]]:
    if planned is None:
        block = {"type": "text", "text": ""}
        delta, reason = {"type": "text_delta", "text": CLOSING}, "end_turn"
    else:
        identity, call = planned
        block = {"type": "tool_use", "id": identity, "name": call.tool, "input": {}}
        arguments = json.dumps(call.arguments)
        delta, reason = {"type": "input_json_delta", "partial_json": arguments}, "tool_use"
    yield {"type": "message_start", "message": _message(content=[])}
    yield {"type": "content_block_start", "index": 0, "content_block": block}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    ending = {"stop_reason": reason, "stop_sequence": None}
    yield {"type": "message_delta", "delta": ending, "usage": {"output_tokens": 1}}
    yield {"type": "message_stop"}


async def _count(_: Request) -> Response:
    return JSONResponse({"input_tokens": 1})
