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

POSTS = (
    (4410, "question", "How do I set a timeout for an asyncio task?", "asyncio timeout task wait_for cancel", 182),
    (4411, "answer", "How do I set a timeout for an asyncio task?", "Since Python 3.11 use asyncio.timeout as a context manager; wait_for is the older way. <code>async with asyncio.timeout(2):</code>", 97),
    (5120, "question", "Why doesn't CSS grid shrink my column?", "css grid minmax column overflow", 64),
    (5391, "question", "fetch API: how to abort a request?", "javascript fetch api abort controller signal", 77),
    (6002, "question", "What's the difference between retries & backoff?", "retry backoff jitter http", 41),
    (6100, "question", "Decode a GBK page in Python", "python gbk gb18030 decode charset", 12),
)  # fmt: skip


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
        found = [_item(*post) for post in POSTS if _is_about(post, words)]
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


def _is_about(post: tuple[int, str, str, str, int], words: list[str]) -> bool:
    text = f"{post[2]} {post[3]}".lower()
    return bool(words) and sum(word in text for word in words) * 2 > len(words)


def _item(number: int, kind: str, title: str, text: str, score: int) -> dict[str, Any]:
    question = number - 1 if kind == "answer" else number
    answer = {"answer_id": number} if kind == "answer" else {}
    return {
        "item_type": kind, "question_id": question, **answer, "title": escape(title, quote=True),
        "excerpt": f'... <span class="highlight">{escape(text, quote=True)}</span> ...',
        "body": escape(text), "tags": ["python"], "score": score, "question_score": score,
        "has_accepted_answer": True, "answer_count": 3, "creation_date": 1753000000,
        "last_activity_date": 1767000000,
    }  # fmt: skip


def _packed(body: dict[str, Any], status: int = 200) -> Scripted:
    headers = {"content-type": "application/json; charset=utf-8", "content-encoding": "gzip"}
    return Scripted(status, gzip.compress(json.dumps(body).encode()), headers)
