"""Model Studio: the Coding Plan, the Token Plan and pay-as-you-go, in both protocols.

The picture is really decoded, and the answer states what it shows, so that a test can tell what
was sent. `fail` scripts each way in which the service is known to fail.
"""

import json
from collections import deque
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.dashscope_answers import MANNERS, ModelAsked, answer
from qwen_mcp_tools.sandbox.dashscope_errors import BARE, ERRORS, refusal
from qwen_mcp_tools.sandbox.dashscope_picture import Refused, Seen, look
from qwen_mcp_tools.sandbox.stand_in import StandIn

PLAN_MODELS = frozenset(
    "qwen3.7-plus qwen3.6-plus qwen3.5-plus kimi-k2.5 glm-5 glm-4.7 MiniMax-M2.5 "
    "qwen3-max-2026-01-23 qwen3-coder-next qwen3-coder-plus".split()
)
OTHER_MODELS = PLAN_MODELS | {"qwen3-vl-plus"}
BLIND = PLAN_MODELS - {"qwen3.7-plus", "qwen3.6-plus", "qwen3.5-plus", "kimi-k2.5"}
MOST_ANTHROPIC_BYTES = 6_000_000


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
            return answer(asked, way, request, anthropic=anthropic)

        return endpoint

    def _check(self, asked: ModelAsked, *, is_plan: bool) -> None:
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


def _read_openai(raw: bytes) -> ModelAsked:
    body = json.loads(raw)
    (message,) = body["messages"]
    pictures: list[Seen] = []
    for part in message["content"]:
        if part["type"] == "image_url":
            head, comma, encoded = part["image_url"]["url"].partition(";base64,")
            if not comma:
                raise Refused("DOWNLOAD_FAILED")
            pictures.append(look(encoded, head.removeprefix("data:")))
    return ModelAsked(
        model=body["model"],
        pictures=tuple(pictures),
        text=message["content"][-1]["text"],
        is_streamed=body.get("stream", False),
        thinks=body.get("enable_thinking", True),
        high=body.get("vl_high_resolution_images", False),
    )


def _read_anthropic(raw: bytes) -> ModelAsked:
    if len(raw) > MOST_ANTHROPIC_BYTES:
        raise Refused("TOO_LARGE")
    body = json.loads(raw)
    (message,) = body["messages"]
    sources = [part["source"] for part in message["content"] if part["type"] == "image"]
    if not body["max_tokens"] > 0 or any(source["type"] != "base64" for source in sources):
        raise Refused("DOWNLOAD_FAILED")
    return ModelAsked(
        model=body["model"],
        pictures=tuple(look(source["data"], source["media_type"]) for source in sources),
        text=message["content"][-1]["text"],
        is_streamed=body.get("stream", False),
        thinks=body.get("thinking", {}).get("type") != "disabled",
        high=False,
    )
