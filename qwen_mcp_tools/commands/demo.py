"""Shows every tool at work, offline: the stand-ins, the server as a process, a real MCP client."""

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client import Client

    from qwen_mcp_tools.sandbox import Sandbox

PATIENCE_SECONDS = 60
EXCERPT_LINES = 7
EXCERPT_WIDTH = 110
CHARACTERS_A_TOKEN = 4.2
"""Of such a list, counted with the cl100k table, which is not at hand here."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One call, and what a right answer looks like."""

    title: str
    tool: str
    arguments: Mapping[str, Any]
    shows: str
    """A pattern that the answer holds."""
    fails: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the demo needs no choice."""


def run(_: argparse.Namespace) -> int:
    """Play every scene; 0 if every answer was right."""
    from qwen_mcp_tools.sandbox import Sandbox

    with Sandbox() as sandbox:
        wrong = asyncio.run(_play(sandbox))
    print(_bold(f"{wrong} answers were wrong." if wrong else "Every answer was right."))
    return int(bool(wrong))


async def _play(sandbox: "Sandbox") -> int:
    import anyio
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    wrong = 0
    for heading, settings, scenes in _acts(sandbox):
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "qwen_mcp_tools"],
            env={**os.environ, **settings},
        )
        with anyio.fail_after(PATIENCE_SECONDS):
            async with Client(stdio_client(server)) as client:
                print(_bold(heading))
                await _introduce(client)
                for scene in scenes:
                    wrong += not await _show(client, scene)
    return wrong


async def _introduce(client: "Client") -> None:
    tools = (await client.list_tools()).tools
    offer = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    size = len(json.dumps(offer, ensure_ascii=False, separators=(",", ":")))
    names = ", ".join(tool.name for tool in tools)
    print(f"  served on stdio, protocol {client.protocol_version}")
    print(f"  {len(tools)} tools, about {size / CHARACTERS_A_TOKEN:.0f} tokens: {names}\n")


async def _show(client: "Client", scene: Scene) -> bool:
    result = await client.call_tool(scene.tool, dict(scene.arguments))
    text = "\n".join(getattr(part, "text", "") for part in result.content)
    is_right = bool(re.search(scene.shows, text)) and bool(result.is_error) is scene.fails
    arguments = " ".join(f"{name}={value!r}" for name, value in scene.arguments.items())
    print(f"{_mark(is_right=is_right)} {_bold(scene.title)}")
    print(_dim(f"  {scene.tool} {arguments}"))
    for line in _excerpt(text):
        print(f"  | {line}")
    print()
    return is_right


def _acts(sandbox: "Sandbox") -> list[tuple[str, dict[str, str], list[Scene]]]:
    site = sandbox.site.url
    with_key = sandbox.settings()
    return [
        (
            "With a Brave key",
            with_key,
            [
                Scene(
                    "Find pages",
                    "web_search",
                    {"query": "job timeout", "count": 3},
                    r"Brave: \d results[\s\S]*/docs/timeouts\.html",
                ),
                Scene(
                    "Read one of them, its code and tables whole",
                    "fetch_page",
                    {"url": f"{site}/docs/timeouts.html", "section": "Set a limit"},
                    r"```python[\s\S]*async with asyncio\.timeout\(2\)",
                ),
                Scene(
                    "Read a long article from its middle",
                    "fetch_page",
                    {"url": f"{site}/article", "start": 30000, "max_chars": 2000},
                    r"fetch_page\(url=\S+ start=3\d{4}",
                ),
                Scene(
                    "Read a Chinese page in GBK that claims to be UTF-8",
                    "fetch_page",
                    {"url": f"{site}/zh/timeouts-labelled-utf-8"},
                    "异步任务的超时处理",
                ),
                Scene(
                    "Read an API's JSON",
                    "fetch_page",
                    {"url": f"{site}/api/releases"},
                    r'"version": "2\.4"',
                ),
                Scene(
                    "Find code in a repository, with its real lines",
                    "github_search_code",
                    {"query": "RetryBudget", "repo": "kestrel-jobs/kestrel", "path": "src"},
                    r"GitHub: \d files[\s\S]*> +\d+\t.*RetryBudget",
                ),
                Scene(
                    "Read lines of a file on a branch, by its address",
                    "github_read_file",
                    {
                        "repo": "https://github.com/kestrel-jobs/kestrel/blob/"
                        "feature/retry-budget/src/kestrel/retry.py#L6-L12"
                    },
                    r"Ref: feature/retry-budget, commit [\s\S]*\n 6\tclass ",
                ),
                Scene(
                    "See what a project is",
                    "github_read_file",
                    {"repo": "kestrel-jobs/kestrel"},
                    r"Stars: 4,218[\s\S]*\nsrc/ ",
                ),
                Scene(
                    "Find projects",
                    "github_search_repositories",
                    {"query": "job queue", "sort": "stars"},
                    r"1\. sql-tools/pgjobs",
                ),
                Scene(
                    "Refuse an address that is not public",
                    "fetch_page",
                    {"url": "http://169.254.169.254/latest/meta-data/"},
                    "no public address",
                    fails=True,
                ),
            ],
        ),
        (
            "Without any key",
            {**with_key, "BRAVE_API_KEY": "", "GITHUB_TOKEN": ""},
            [
                Scene(
                    "Find code by a regular expression",
                    "github_search_code",
                    {"query": "/class \\w+Budget/"},
                    r"grep\.app: \d files?[\s\S]*class RetryBudget",
                ),
                Scene(
                    "Find pages with DuckDuckGo",
                    "web_search",
                    {"query": "重試 退避", "count": 2},
                    r"DuckDuckGo: \d results?[\s\S]*/zh/retries",
                ),
            ],
        ),
    ]


def _excerpt(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    shown = [line if len(line) <= EXCERPT_WIDTH else f"{line[:EXCERPT_WIDTH]}…" for line in lines]
    if len(shown) <= EXCERPT_LINES + 1:
        return shown
    return [*shown[:EXCERPT_LINES], f"… {len(shown) - EXCERPT_LINES} lines more"]


def _mark(*, is_right: bool) -> str:
    return _styled("32", "right") if is_right else _styled("31", "WRONG")


def _bold(text: str) -> str:
    return _styled("1", text)


def _dim(text: str) -> str:
    return _styled("2", text)


def _styled(code: str, text: str) -> str:
    """Colour `text` on a terminal; NO_COLOR is honoured (no-color.org)."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{code}m{text}\x1b[0m"
