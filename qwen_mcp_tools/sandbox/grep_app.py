"""grep.app's MCP endpoint: one tool over Streamable HTTP, spoken as servers did before 2026."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from qwen_mcp_tools.sandbox.stand_in import Scripted
from qwen_mcp_tools.sandbox.tool_server import RefusedError, ToolServer, text_part

Repositories = Mapping[str, Mapping[str, bytes]]
"""Full name → path → content."""

MOST_FILES = 10
CONTEXT = 3
"""Lines shown before and after a match."""

NOTHING = "No results found for your query."
LANGUAGES = {
    "py": "Python", "ts": "TypeScript", "tsx": "TSX", "js": "JavaScript", "go": "Go",
    "rs": "Rust", "cpp": "C++", "md": "Markdown",
}  # fmt: skip
LICENCES = {"example/kestrel": "MIT"}
CHALLENGE = "<!DOCTYPE html><title>Vercel Security Checkpoint</title><p>Checking your browser"
TOOL: dict[str, Any] = {
    "name": "searchGitHub",
    "description": "Find code in public repositories by a literal pattern",
    "inputSchema": {
        "type": "object",
        "properties": {
            "query": {"type": "string"},
            "matchCase": {"type": "boolean", "default": False},
            "matchWholeWords": {"type": "boolean", "default": False},
            "useRegexp": {"type": "boolean", "default": False},
            "repo": {"type": "string"},
            "path": {"type": "string"},
            "language": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["query"],
        "additionalProperties": False,
    },
}
_TYPES = {"string": str, "boolean": bool, "array": list}


class GrepApp(ToolServer):
    """The tool `searchGitHub` over `repositories`."""

    server_name = "mcp-typescript server on vercel"
    tool = TOOL

    def __init__(self, repositories: Repositories) -> None:
        self.repositories = repositories
        super().__init__()

    def app(self) -> Starlette:
        """Return the endpoint, which is the root and nothing else."""
        return Starlette(routes=[Route("/", self.message, methods=["POST"])])

    def challenge(self) -> None:
        """Answer the next request as one that must show that it is a browser."""
        self.next(Scripted(403, CHALLENGE))

    def slow_down(self, seconds: int | None = None) -> None:
        """Answer the next request with 429."""
        headers = {} if seconds is None else {"retry-after": str(seconds)}
        self.next(Scripted(429, "Too Many Requests", headers))

    def call(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return a text for each file, as the real one writes them."""
        _check(arguments)
        try:
            pattern = _pattern(arguments)
        except re.error as error:
            return {"content": [text_part(f"Invalid regular expression: {error}")], "isError": True}
        blocks = [
            _block(repo, path, lines, found)
            for repo, path, lines in self._files(arguments)
            if (found := [number for number, line in enumerate(lines) if pattern.search(line)])
        ]
        return {"content": [text_part(block) for block in blocks[:MOST_FILES] or [NOTHING]]}

    def _files(self, arguments: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
        languages = arguments.get("language")
        for repo, files in self.repositories.items():
            for path, content in files.items():
                language = LANGUAGES.get(path.rpartition(".")[2], "")
                is_asked = (
                    arguments.get("repo", "").lower() in repo.lower()
                    and arguments.get("path", "").lower() in path.lower()
                    and (not languages or language in languages)
                )
                if is_asked and b"\0" not in content:
                    yield repo, path, content.decode("utf-8", "replace").splitlines()


def _check(arguments: dict[str, Any]) -> None:
    known: dict[str, Any] = TOOL["inputSchema"]["properties"]
    for name, value in arguments.items():
        if name in known and not isinstance(value, _TYPES[known[name]["type"]]):
            raise RefusedError(
                -32602, f"Invalid arguments for tool searchGitHub: Expected another type at {name}"
            )
    if not arguments.get("query"):
        raise RefusedError(-32602, "Invalid arguments for tool searchGitHub: query is Required")


def _pattern(arguments: dict[str, Any]) -> re.Pattern[str]:
    query = arguments["query"]
    if not arguments.get("useRegexp"):
        query = re.escape(query)
    elif re.search(r"\(\?<?[=!]|\\[1-9]", query):  # RE2 has neither
        raise re.error("invalid or unsupported Perl syntax")
    if arguments.get("matchWholeWords"):
        query = rf"\b(?:{query})\b"
    return re.compile(query, 0 if arguments.get("matchCase") else re.IGNORECASE)


def _block(repo: str, path: str, lines: list[str], found: list[int]) -> str:
    text = [
        f"Repository: {repo}",
        f"Path: {path}",
        f"URL: https://github.com/{repo}/blob/main/{path}",
        f"License: {LICENCES.get(repo, 'Unknown')}",
        "",
        "Snippets:",
    ]
    for count, (first, end) in enumerate(_snippets(found), 1):
        text += [f"--- Snippet {count} (Line {first + 1}) ---", *lines[first:end], ""]
    return "\n".join(text)


def _snippets(found: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where the lines around matches begin and end, none of them twice."""
    end = 0
    for number in found:
        if number >= end:
            first, end = max(number - CONTEXT, end), number + CONTEXT + 1
            yield first, end
