"""Model Studio: the Coding Plan, the Token Plan and pay-as-you-go, in both protocols.

The picture is really decoded, and the answer states what it shows, so that a test can tell what
was sent. `fail` scripts each way in which the service is known to fail.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from qwen_mcp_tools.sandbox.dashscope_errors import BARE, ERRORS, error, refusal
from qwen_mcp_tools.sandbox.dashscope_picture import Refused, Seen, look
from qwen_mcp_tools.sandbox.stand_in import StandIn

PLAN_MODELS = frozenset(
    "qwen3.7-plus qwen3.6-plus qwen3.5-plus kimi-k2.5 glm-5 glm-4.7 MiniMax-M2.5 "
    "qwen3-max-2026-01-23 qwen3-coder-next qwen3-coder-plus".split()
)
OTHER_MODELS = PLAN_MODELS | {"qwen3-vl-plus"}
BLIND = PLAN_MODELS - {"qwen3.7-plus", "qwen3.6-plus", "qwen3.5-plus", "kimi-k2.5"}
HANG_SECONDS = 3600
MOST_ANTHROPIC_BYTES = 6_000_000

MANNERS = (
    "CUT", "CUT_AT_ONCE", "ERROR_EVENT", "ERROR_AT_ONCE", "PARTIAL", "SILENT", "LENGTH", "HANG",
)  # fmt: skip
"""Ways in which an answer that has begun goes wrong."""


@dataclass(frozen=True, slots=True)
class _Asked:
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
        return sum(seen.tokens(high=self.high) for seen in self.pictures)

    @property
    def text_tokens(self) -> int:
        return len(self.text) // 4 + 7


class DashScope(StandIn):
    """The endpoints under `/v1` and `/apps/anthropic` (Coding Plan), and beside them."""

    plan_key = "sk-sp-sandbox-plan-0000000000000"
    token_plan_key = "sk-sp-sandbox-token-000000000000"  # noqa: S105 - opens nothing
    other_key = "sk-sandbox-paid-0000000000000000"

    def __init__(self) -> None:
        self.calls = 0
        """How many requests a model has taken, which is what a plan's quota counts."""
        self.forces_thinking: set[str] = set()
        """Models that answer only with thinking."""
        self._ways: deque[str] = deque()
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        places = {
            "": self.plan_key,
            "/token-plan/compatible-mode": self.token_plan_key,
            "/compatible-mode": self.other_key,
        }
        anthropic = {"": self.plan_key, "/token-plan": self.token_plan_key}
        return Starlette(
            routes=[
                *(
                    Route(f"{path}/v1/chat/completions", self._endpoint(key), methods=["POST"])
                    for path, key in places.items()
                ),
                *(
                    Route(
                        f"{path}/apps/anthropic/v1/messages",
                        self._endpoint(key, anthropic=True),
                        methods=["POST"],
                    )
                    for path, key in anthropic.items()
                ),
                Route("/{path:path}", _nothing, methods=["GET", "POST"]),
            ]
        )

    def reset(self) -> None:
        """Begin anew, with a fresh quota."""
        super().reset()
        self.calls = 0
        self.forces_thinking = set()
        self._ways.clear()

    def fail(self, *names: str) -> None:
        """Let the next requests go wrong as named, one each."""
        unknown = set(names) - {*ERRORS, *BARE, *MANNERS}
        if unknown:
            raise KeyError(*unknown)
        self._ways.extend(names)

    def _endpoint(self, key: str, *, anthropic: bool = False) -> Any:
        async def endpoint(request: Request) -> Response:
            way = self._ways.popleft() if self._ways else ""
            if way and way not in MANNERS:
                return refusal(way, anthropic=anthropic)
            if _key_in(request, anthropic=anthropic) != key:
                name = "WRONG_KEY" if key == self.other_key else "WRONG_PLAN_KEY"
                return refusal(name, anthropic=anthropic)
            raw = await request.body()
            try:
                asked = (_read_anthropic if anthropic else _read_openai)(raw)
                self._check(asked, is_plan=key != self.other_key)
            except Refused as refused:
                return refusal(str(refused), anthropic=anthropic)
            self.calls += 1
            return _answer(asked, way, request, anthropic=anthropic)

        return endpoint

    def _check(self, asked: _Asked, *, is_plan: bool) -> None:
        if asked.model not in (PLAN_MODELS if is_plan else OTHER_MODELS):
            raise Refused("MODEL_NOT_IN_PLAN" if is_plan else "MODEL_NOT_FOUND")
        if asked.pictures and asked.model in BLIND:
            raise Refused("BAD_PICTURE")
        if asked.model in self.forces_thinking and not asked.thinks:
            raise Refused("THINKING_FORCED")


async def _nothing(_: Request) -> Response:
    return Response(status_code=404)


def _key_in(request: Request, *, anthropic: bool) -> str:
    if anthropic and "x-api-key" in request.headers:
        return request.headers["x-api-key"]
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _read_openai(raw: bytes) -> _Asked:
    body = json.loads(raw)
    (message,) = body["messages"]
    pictures: list[Seen] = []
    for part in message["content"]:
        if part["type"] == "image_url":
            head, comma, encoded = part["image_url"]["url"].partition(";base64,")
            if not comma:
                raise Refused("DOWNLOAD_FAILED")
            pictures.append(look(encoded, head.removeprefix("data:")))
    return _Asked(
        model=body["model"],
        pictures=tuple(pictures),
        text=message["content"][-1]["text"],
        is_streamed=body.get("stream", False),
        thinks=body.get("enable_thinking", True),
        high=body.get("vl_high_resolution_images", False),
    )


def _read_anthropic(raw: bytes) -> _Asked:
    if len(raw) > MOST_ANTHROPIC_BYTES:
        raise Refused("TOO_LARGE")
    body = json.loads(raw)
    (message,) = body["messages"]
    sources = [part["source"] for part in message["content"] if part["type"] == "image"]
    if not body["max_tokens"] > 0 or any(source["type"] != "base64" for source in sources):
        raise Refused("DOWNLOAD_FAILED")
    return _Asked(
        model=body["model"],
        pictures=tuple(look(source["data"], source["media_type"]) for source in sources),
        text=message["content"][-1]["text"],
        is_streamed=body.get("stream", False),
        thinks=body.get("thinking", {}).get("type") != "disabled",
        high=False,
    )


def _answer(asked: _Asked, way: str, request: Request, *, anthropic: bool) -> Response:
    headers = {"x-request-id": "r-1", "x-dashscope-request-id": "r-1"}
    if way == "PARTIAL":
        headers["x-dashscope-partialresponse"] = "true"
    if way == "PARTIAL" or not asked.is_streamed:
        whole = _whole_anthropic if anthropic else _whole_openai
        return JSONResponse(whole(asked, cut=way == "PARTIAL"), headers=headers)
    stream = _stream(asked, way, request, anthropic=anthropic)
    return StreamingResponse(stream, headers=headers, media_type="text/event-stream")


async def _stream(
    asked: _Asked, way: str, request: Request, *, anthropic: bool
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


def _openai_events(asked: _Asked, way: str) -> Iterator[str]:
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


def _anthropic_events(asked: _Asked, way: str) -> Iterator[str]:
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


def _whole_openai(asked: _Asked, *, cut: bool) -> dict[str, Any]:
    text = asked.says()[:60] if cut else asked.says()
    message = {"role": "assistant", "content": text}
    if asked.thinks:
        message["reasoning_content"] = "I look at it."
    return {
        "choices": [{"message": message, "finish_reason": "stop", "index": 0, "logprobs": None}],
        "object": "chat.completion", "usage": _usage(asked), "model": asked.model,
    }  # fmt: skip


def _whole_anthropic(asked: _Asked, *, cut: bool) -> dict[str, Any]:
    text = asked.says()[:60] if cut else asked.says()
    usage = {"input_tokens": asked.image_tokens + asked.text_tokens, "output_tokens": 9}
    return {
        "type": "message", "role": "assistant", "model": asked.model, "usage": usage,
        "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
    }  # fmt: skip


def _usage(asked: _Asked) -> dict[str, Any]:
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


def _words(asked: _Asked) -> int:
    return len(asked.says().split())


def _pieces(text: str) -> list[str]:
    return [text[at : at + 24] for at in range(0, len(text), 24)]


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _named(body: dict[str, Any]) -> str:
    return f"event: {body['type']}\n{_event(body)}"
