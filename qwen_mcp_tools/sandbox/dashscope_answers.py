"""What a model of Model Studio says about pictures, whole or as a stream, in either protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qwen_mcp_tools.sandbox.dashscope_errors import error
from qwen_mcp_tools.sandbox.dashscope_picture import Seen

HANG_SECONDS = 3600

MANNERS = (
    "CUT", "CUT_AT_ONCE", "ERROR_EVENT", "ERROR_AT_ONCE", "PARTIAL", "SILENT", "LENGTH", "HANG",
)  # fmt: skip
"""Ways in which an answer that has begun goes wrong."""


@dataclass(frozen=True, slots=True)
class ModelAsked:
    """A request that both protocols come down to."""

    model: str
    pictures: tuple[Seen, ...]
    text: str
    is_streamed: bool
    thinks: bool
    high: bool

    def says(self) -> str:
        """Return the answer: what each picture is, and how the question begins."""
        lines = [f"Picture {number}: {seen}." for number, seen in enumerate(self.pictures, start=1)]
        return "\n".join([*lines, f"Asked: {self.text.partition(chr(10))[0]}"])

    @property
    def image_tokens(self) -> int:
        """What the pictures cost."""
        return sum(seen.tokens(high=self.high) for seen in self.pictures)

    @property
    def text_tokens(self) -> int:
        """What the text costs, roughly."""
        return len(self.text) // 4 + 7


def answer(asked: ModelAsked, way: str, request: Request, *, anthropic: bool) -> Response:
    """Return the answer, gone wrong in the `way` that is named, if any."""
    headers = {"x-request-id": "r-1", "x-dashscope-request-id": "r-1"}
    if way == "PARTIAL":
        headers["x-dashscope-partialresponse"] = "true"
    if way == "PARTIAL" or not asked.is_streamed:
        whole = _whole_anthropic if anthropic else _whole_openai
        return JSONResponse(whole(asked, cut=way == "PARTIAL"), headers=headers)
    stream = _stream(asked, way, request, anthropic=anthropic)
    return StreamingResponse(stream, headers=headers, media_type="text/event-stream")


async def _stream(
    asked: ModelAsked, way: str, request: Request, *, anthropic: bool
) -> AsyncIterator[str]:
    events = list((_anthropic_events if anthropic else _openai_events)(asked, way))
    wrong_at = {"CUT": len(events) // 2, "ERROR_EVENT": len(events) // 2}
    wrong_at |= {"CUT_AT_ONCE": 1, "ERROR_AT_ONCE": 1}
    for number, event in enumerate(events):
        if way == "HANG" and number == len(events) // 2:
            await asyncio.sleep(HANG_SECONDS)
        if way.startswith("CUT") and number == wrong_at[way]:
            request.scope["state"]["transport"].close()
            return
        if way.startswith("ERROR") and number == wrong_at[way]:
            yield _event(error("SERVER", anthropic=anthropic))
            return
        yield event


def _openai_events(asked: ModelAsked, way: str) -> Iterator[str]:
    facts = {"object": "chat.completion.chunk", "model": asked.model, "id": "chatcmpl-1"}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"delta": delta, "finish_reason": finish, "index": 0, "logprobs": None}
        return _event({"choices": [choice], "usage": None, **facts})

    yield chunk({"role": "assistant", "content": None if asked.thinks else ""})
    if asked.thinks:
        yield chunk({"content": None, "reasoning_content": "I look at it."})
    if way != "SILENT":
        for piece in _pieces(asked.says()):
            yield chunk({"content": piece})
    yield chunk({"content": ""}, "length" if way == "LENGTH" else "stop")
    yield _event({"choices": [], "usage": _usage(asked), **facts})
    yield "data: [DONE]\n\n"


def _anthropic_events(asked: ModelAsked, way: str) -> Iterator[str]:
    usage = {"input_tokens": asked.image_tokens + asked.text_tokens, "output_tokens": 0}
    message = {"id": "msg-1", "type": "message", "role": "assistant", "model": asked.model}
    yield _named({"type": "message_start", "message": {**message, "content": [], "usage": usage}})
    yield _named({"type": "ping"})
    blocks = [("thinking", ["I look at it."])] if asked.thinks else []
    blocks += [("text", _pieces("" if way == "SILENT" else asked.says()))]
    for index, (kind, pieces) in enumerate(blocks):
        block = {"type": kind, kind: ""}
        yield _named({"type": "content_block_start", "index": index, "content_block": block})
        for piece in pieces:
            delta = {"type": f"{kind}_delta", kind: piece}
            yield _named({"type": "content_block_delta", "index": index, "delta": delta})
        yield _named({"type": "content_block_stop", "index": index})
    end = {"stop_reason": "max_tokens" if way == "LENGTH" else "end_turn"}
    said = {"output_tokens": _words(asked)}
    yield _named({"type": "message_delta", "delta": end, "usage": said})
    yield _named({"type": "message_stop"})


def _whole_openai(asked: ModelAsked, *, cut: bool) -> dict[str, Any]:
    text = asked.says()[:60] if cut else asked.says()
    message = {"role": "assistant", "content": text}
    if asked.thinks:
        message["reasoning_content"] = "I look at it."
    return {
        "choices": [{"message": message, "finish_reason": "stop", "index": 0, "logprobs": None}],
        "object": "chat.completion", "usage": _usage(asked), "model": asked.model,
    }  # fmt: skip


def _whole_anthropic(asked: ModelAsked, *, cut: bool) -> dict[str, Any]:
    text = asked.says()[:60] if cut else asked.says()
    usage = {"input_tokens": asked.image_tokens + asked.text_tokens, "output_tokens": 9}
    return {
        "type": "message", "role": "assistant", "model": asked.model, "usage": usage,
        "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
    }  # fmt: skip


def _usage(asked: ModelAsked) -> dict[str, Any]:
    read, said = asked.image_tokens + asked.text_tokens, _words(asked)
    return {
        "prompt_tokens": read,
        "completion_tokens": said,
        "total_tokens": read + said,
        "prompt_tokens_details": {
            "image_tokens": asked.image_tokens,
            "text_tokens": asked.text_tokens,
        },
    }


def _words(asked: ModelAsked) -> int:
    return len(asked.says().split())


def _pieces(text: str) -> list[str]:
    return [text[at : at + 24] for at in range(0, len(text), 24)]


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _named(body: dict[str, Any]) -> str:
    return f"event: {body['type']}\n{_event(body)}"
