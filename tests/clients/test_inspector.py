"""The MCP Inspector's command line, over stdio, against the server with its stand-ins."""

import json
import sys
from typing import Any

import pytest

from tests.clients.node import Node

pytestmark = pytest.mark.slow


def inspect(node: Node, *arguments: str) -> tuple[int, dict[str, Any]]:
    ended = node.run(
        node.path(".bin/mcp-inspector"),
        "--cli",
        "-e",
        "QWEN_MCP_SANDBOX=1",
        *arguments,
        "--",
        sys.executable,
        "-m",
        "qwen_mcp_tools",
    )
    return ended.returncode, json.loads(ended.stdout)


def call(node: Node, tool: str, **arguments: str) -> tuple[int, str]:
    pairs = [
        part for name, value in arguments.items() for part in ("--tool-arg", f"{name}={value}")
    ]
    status, result = inspect(node, "--method", "tools/call", "--tool-name", tool, *pairs)
    (part,) = result["content"]
    return status, part["text"]


def test_it_lists_the_tools_and_finds_nothing_to_criticise(node: Node) -> None:
    status, result = inspect(node, "--method", "tools/list", "--strict")

    assert status == 0
    assert [tool["name"] for tool in result["tools"]][:2] == ["web_search", "fetch_page"]


def test_it_searches(node: Node) -> None:
    status, text = call(node, "web_search", query="job timeout", count="2")

    assert status == 0
    assert text.startswith('Brave: 2 results for "job timeout", page 1')


def test_it_reads_what_a_search_found(node: Node) -> None:
    """Both calls go to one process here: the stand-ins choose new ports each time they start."""
    status, text = call(node, "fetch_page", url="https://localhost.invalid/")

    assert status == 5  # the Inspector's status for a tool's own error
    assert text.startswith("Refused localhost.invalid: ")
