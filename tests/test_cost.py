"""What a call costs, whatever the machine: bytes on the wire, and requests to the site."""

import json
import os
import subprocess
import sys
from typing import Any

from qwen_mcp_tools.sandbox import Sandbox
from tests.conftest import Connect

HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def answers_to(sandbox: Sandbox, tool: str, **arguments: Any) -> list[bytes]:
    """Return the lines that a server writes to a client that greets, calls and waits."""
    requests = [
        {"id": 1, "method": "initialize", "params": HELLO},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}},
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "qwen_mcp_tools"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **sandbox.settings()},
    ) as process:
        assert process.stdin
        assert process.stdout
        for each in requests:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **each}).encode() + b"\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(2)]
        process.stdin.close()
    return lines


def test_a_result_goes_over_the_wire_once(sandbox: Sandbox) -> None:
    _, line = answers_to(sandbox, "fetch_page", url=f"{sandbox.site.url}/article")
    (part,) = json.loads(line)["result"]["content"]
    text = part["text"].encode()

    assert len(text) > 15_000
    assert len(line) <= 1.1 * len(text)


async def test_a_page_costs_one_request_its_site_one_more_and_its_next_part_none(
    connect: Connect, sandbox: Sandbox
) -> None:
    site = sandbox.site
    async with connect() as call:
        await call("fetch_page", url=f"{site.url}/article")
        first = [each.path for each in site.asked]
        await call("fetch_page", url=f"{site.url}/docs/retries.html")
        second = [each.path for each in site.asked[len(first) :]]
        await call("fetch_page", url=f"{site.url}/article", start=5000)

    assert first == ["/robots.txt", "/article"]
    assert second == ["/docs/retries.html"]
    assert len(site.asked) == 3


async def test_a_search_costs_one_request(connect: Connect, sandbox: Sandbox) -> None:
    async with connect() as call:
        await call("web_search", query="job timeout")
        await call("web_search", query="job timeout")

    assert len(sandbox.brave.asked) == 1
