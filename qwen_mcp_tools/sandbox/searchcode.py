"""searchcode's code search: one public repository, by a phrase or a regular expression."""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn

Repositories = Mapping[str, Mapping[str, bytes]]
"""Full name → path → content."""

LONGEST_LINE = 500
MOST_MATCHES = 1000
"""After so many in all it stops looking, and says `truncated`."""

CHALLENGE = "<!DOCTYPE html><title>Just a moment...</title><p>Enable JavaScript and cookies"
COMMIT = "4f0c0ffee4f0c0ffee4f0c0ffee4f0c0ffee4f0c"
_PREFIX = "https://github.com/"


class Searchcode(StandIn):
    """The endpoint `code_search` over `repositories`."""

    def __init__(self, repositories: Repositories) -> None:
        self.repositories = repositories
        self.names_commits = False
        """Whether answers hold `commit_sha`, which some of those seen do."""
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Route("/api/v1/code_search", self._search, methods=["POST"])])

    def reset(self) -> None:
        """Leave commits out again."""
        super().reset()
        self.names_commits = False

    def challenge(self) -> None:
        """Answer the next request as one that must show that it is a browser."""
        self.next(Scripted(200, CHALLENGE))

    def slow_down(self, seconds: int) -> None:
        """Answer the next request with 429, which tells the wait in its body."""
        error = {"code": "rate_limited", "message": "Slow down", "retry_after_seconds": seconds}
        self.next(Scripted(429, {"error": error}))

    async def _search(self, request: Request) -> Response:
        if not request.query_params.get("client"):
            return _refusal(400, "missing_client", "client query parameter is required")
        try:
            asked: dict[str, Any] = json.loads(await request.body())
            pattern = _pattern(asked["query"], is_case_sensitive=asked.get("case_sensitive", False))
        except (ValueError, KeyError, re.error) as error:
            return _refusal(400, "invalid_query", f"query can't be read: {error}")
        files = self.repositories.get(asked.get("repository", "").removeprefix(_PREFIX))
        if files is None:
            return _refusal(404, "repository_not_found", "repository not found or not accessible")
        return JSONResponse(self._found(asked, files, pattern))

    def _found(
        self, asked: dict[str, Any], files: Mapping[str, bytes], pattern: re.Pattern[str]
    ) -> dict[str, Any]:
        lines = int(asked.get("context_lines", 0))
        most = int(asked.get("max_matches_per_file", 5))
        found = [
            entry
            for path, content in files.items()
            if b"\0" not in content and (entry := _file(path, content, pattern, lines, most))
        ]
        first, count = int(asked.get("offset", 0)), int(asked.get("max_results", 20))
        shown = found[first : first + count]
        total = sum(entry["matches_in_file"] for entry in found)
        return {
            "repository": asked["repository"],
            **({"commit_sha": COMMIT} if self.names_commits else {}),
            "total_matches": total,
            "results_returned": len(shown),
            "has_more": first + count < len(found),
            "truncated": total > MOST_MATCHES,
            "results": shown or None,
        }


def _pattern(query: str, *, is_case_sensitive: bool) -> re.Pattern[str]:
    if len(query) > 2 and query[0] == query[-1] == "/":
        text = query[1:-1]
        if re.search(r"\(\?<?[=!]|\\[1-9]", text):  # RE2 has neither
            raise re.error("invalid or unsupported Perl syntax")
    else:
        is_quoted = len(query) > 1 and query[0] == query[-1] == '"'
        text = re.escape(json.loads(query) if is_quoted else query)
    return re.compile(text, 0 if is_case_sensitive else re.IGNORECASE)


def _file(
    path: str, content: bytes, pattern: re.Pattern[str], context: int, most: int
) -> dict[str, Any] | None:
    lines = [line[:LONGEST_LINE] for line in content.decode("utf-8", "replace").splitlines()]
    found = [number for number, line in enumerate(lines) if pattern.search(line)]
    if not found:
        return None
    matches = [
        {
            "line": number + 1,
            "content": lines[number],
            "context_before": lines[max(number - context, 0) : number],
            "context_after": lines[number + 1 : number + 1 + context],
        }
        for number in found[:most]
    ]
    return {"file": path, "matches_in_file": len(found), "matches": matches}


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)
