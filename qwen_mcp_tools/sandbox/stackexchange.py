"""Stack Exchange's search of excerpts: always gzip, with quota, backoff and throttling."""

import gzip
import json
from html import escape
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn
from qwen_mcp_tools.sandbox.written import written

WRITTEN = 1_753_000_000
"""When every post was written: 2025-07-20."""


class StackExchange(StandIn):
    """The excerpts endpoint of version 2.3."""

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/2.3/search/excerpts", self._search)])

    def throttle(self, seconds: int = 30) -> None:
        """Refuse the next request with `throttle_violation`."""
        message = f"too many requests from this IP, more requests available in {seconds} seconds"
        error = {"error_id": 502, "error_name": "throttle_violation", "error_message": message}
        self.next(_packed(error, 400))

    def ask_for_backoff(self, seconds: int) -> None:
        """Answer the next request with results and a `backoff`."""
        self.next(
            _packed({"items": [], "has_more": False, "quota_remaining": 1, "backoff": seconds})
        )

    async def _search(self, request: Request) -> Response:
        words = request.query_params.get("q", "").lower().split()
        size = int(request.query_params.get("pagesize", 30))
        page = int(request.query_params.get("page", 1))
        since, until = (int(request.query_params.get(f"{each}date", 0)) for each in ("from", "to"))
        is_asked = since <= WRITTEN <= (until or WRITTEN)
        found = [
            _item(post) for post in written("stackexchange") if is_asked and _is_about(post, words)
        ]
        shown = found[(page - 1) * size : page * size]
        body = {
            "items": shown,
            "has_more": page * size < len(found),
            "quota_max": 300,
            "quota_remaining": 299 - len(self.asked),
        }
        scripted = _packed(body)
        data, headers = scripted.encoded()
        return Response(data, headers=headers)


def _is_about(post: dict[str, Any], words: list[str]) -> bool:
    text = f"{post['title']} {post['text']}".lower()
    return bool(words) and sum(word in text for word in words) * 2 > len(words)


def _item(post: dict[str, Any]) -> dict[str, Any]:
    number, is_answer = post["id"], post["type"] == "answer"
    text = escape(post["text"], quote=True)
    return {
        "item_type": post["type"],
        "question_id": number - 1 if is_answer else number,
        **({"answer_id": number} if is_answer else {}),
        "title": escape(post["title"], quote=True),
        "excerpt": f'... <span class="highlight">{text}</span> ...',
        "body": text,
        "tags": ["python"],
        "score": post["score"],
        "question_score": post["score"],
        "has_accepted_answer": True,
        "answer_count": 3,
        "creation_date": WRITTEN,
        "last_activity_date": 1767000000,
    }


def _packed(body: dict[str, Any], status: int = 200) -> Scripted:
    headers = {"content-type": "application/json; charset=utf-8", "content-encoding": "gzip"}
    return Scripted(status, gzip.compress(json.dumps(body).encode()), headers)
