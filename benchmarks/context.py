"""Counts what our words cost a model, beside other servers: the list of tools, and results.

    python benchmarks/context.py

Tokens are cl100k's. The results are those of the stand-ins, so they are the same each time.
Goals: the list of six tools has at most 1,500 tokens; a result takes at most 1.1 times the bytes
of its text on the wire.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import counterparts
from figures import Figure, show
from stdio import OURS, Server

from qwen_mcp_tools.sandbox import Sandbox

MOST_TOKENS = 1500
LONGEST = 25_000 / 4
"""Tokens of the longest result, at the usual four characters each."""

SEARCH, PAGE = "a page of results", "a short web page"
QUERY, TIMEOUTS, PROJECT = "job timeout", "/docs/timeouts.html", "kestrel-jobs/kestrel"
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[Figure]:
    """Give the tokens of lists and results, and the bytes of results on the wire."""
    if not counterparts.packages():
        return
    with Sandbox() as sandbox, Server(OURS, sandbox.settings()) as ours:
        yield from _lists(ours, sandbox)
        yield from _results(ours, sandbox)


def _lists(ours: Server, sandbox: Sandbox) -> Iterator[Figure]:
    name = "the list of six tools"
    spent = _tokens(_listed(ours))
    yield _figure(name, "the limit", "tokens", spent, MOST_TOKENS, 1)
    yield _figure(
        f"{name}, and instructions", "the limit", "tokens",
        spent + _tokens(ours.greeting["instructions"]), MOST_TOKENS,
    )  # fmt: skip
    for counterpart, command, env in _others(sandbox):
        with Server(command, env) as other:
            tools = len(other.ask("tools/list", {})["tools"])
            words = _listed(other) + other.greeting.get("instructions", "")
        yield _figure(name, f"{counterpart}, tools: {tools}", "tokens", spent, _tokens(words))


def _results(ours: Server, sandbox: Sandbox) -> Iterator[Figure]:
    told = {name: ours.said(tool, **arguments) for name, tool, arguments in _calls(sandbox)}
    sizes = [(size, len(text.encode())) for text, size in told.values()]
    yield _figure(
        f"{len(told)} typical results, bytes on the wire", "their text", "bytes",
        *map(sum, zip(*sizes, strict=True)), goal=1.1,
    )  # fmt: skip
    spent = {name: _tokens(text) for name, (text, _) in told.items()}
    asked = {
        "Brave's server": (SEARCH, "brave_web_search", {"query": QUERY, "extra_snippets": True}),
        "mcp-server-fetch": (PAGE, "fetch", {"url": f"{sandbox.site.url}{TIMEOUTS}"}),
    }
    for counterpart, command, env in _others(sandbox):
        if counterpart in asked:
            name, tool, arguments = asked[counterpart]
            with Server(command, env) as other:
                words, _ = other.said(tool, **arguments)
            yield _figure(name, counterpart, "tokens", spent.pop(name), _tokens(words))
    for name, tokens in spent.items():
        yield _figure(name, "the longest result, 25,000 characters", "tokens", tokens, LONGEST)


def _calls(sandbox: Sandbox) -> list[tuple[str, str, dict[str, Any]]]:
    site, file = sandbox.site.url, "src/kestrel/retry.py"
    return [
        (SEARCH, "web_search", {"query": QUERY}),
        (PAGE, "fetch_page", {"url": f"{site}{TIMEOUTS}"}),
        ("a part of a long page", "fetch_page", {"url": f"{site}/article"}),
        ("a file of GitHub's", "github_read_file", {"repo": PROJECT, "path": file}),
        ("a project's overview", "github_read_file", {"repo": PROJECT}),
        ("found code", "github_search_code", {"query": "RetryBudget", "repo": PROJECT}),
        ("an error", "fetch_page", {"url": f"{site}/none"}),
    ]


def _others(sandbox: Sandbox) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    node, modules = counterparts.node(), Path(counterparts.packages(), "node_modules")
    send = (ROOT / "tests" / "clients" / "to_sandbox.mjs").as_uri()
    yield (
        "Brave's server",
        [node, "--import", send, str(modules / "@brave/brave-search-mcp-server/dist/index.js")],
        {"BRAVE_API_KEY": sandbox.brave.key, "BRAVE_STAND_IN": sandbox.brave.url},
    )
    github = modules / "@modelcontextprotocol/server-github/dist/index.js"
    yield "server-github (npm)", [node, str(github)], {}
    if python := counterparts.python():
        fetch = ["-m", "mcp_server_fetch", "--ignore-robots-txt", "--allow-private-ips"]
        # Without the Node that it would look for: it runs `npm install` at its first call.
        yield "mcp-server-fetch", [python, *fetch], {"PATH": str(Path(python).parent)}
        duckduckgo = str(Path(python).parent / "duckduckgo-mcp-server")
        yield "duckduckgo-mcp-server", [duckduckgo], {}


def _figure(  # noqa: PLR0913, PLR0917 - as a Figure has them
    name: str, counterpart: str, unit: str, ours: float, theirs: float, goal: float = 0
) -> Figure:
    return Figure(name, counterpart, unit, (ours,), (theirs,), goal)


def _listed(server: Server) -> str:
    listed: list[Any] = server.ask("tools/list", {})["tools"]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _bytes(text: str) -> int:
    return len(text.encode())


def _tokens(text: str) -> int:
    counter = str(ROOT / "tests" / "clients" / "count_tokens.mjs")
    counted = subprocess.run(
        [counterparts.node(), counter, counterparts.packages()],
        input=text, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return int(counted.stdout)


if __name__ == "__main__":
    show(measure())
