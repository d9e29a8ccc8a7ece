"""What a start and a call cost, counted in things that do not depend on the machine."""

import json
import subprocess
import sys

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from tests.conftest import Connect
from tests.serving.talking import request, serving

MODULES = {
    "qwen_mcp_tools",
    "qwen_mcp_tools.__main__",
    "qwen_mcp_tools.answers",
    "qwen_mcp_tools.dialogue",
    "qwen_mcp_tools.prelude",
    "__future__",
    "_json",
    "zlib",
}
"""All that is loaded before the first call, beside what every Python process has."""
INSTALLED = "import sys; from qwen_mcp_tools.__main__ import main; sys.exit(main())"


def counting(program: str) -> list[str]:
    return [sys.executable, "-X", "importtime", "-c", program]


def names(told: bytes) -> set[str]:
    return {line.rpartition(b"|")[2].strip().decode() for line in told.splitlines()}


@pytest.mark.skipif(sys.platform == "win32", reason="the SDK answers there")
def test_a_start_loads_next_to_nothing() -> None:
    bare = subprocess.run(counting("pass"), capture_output=True, check=True).stderr
    with serving(counting(INSTALLED)) as server:
        server.initialize()
        server.say(request(2, "tools/list"))
        assert server.hear()["result"]["tools"]
        server.leave()

        assert names(server.told()) - names(bare) <= MODULES


def test_a_result_is_on_the_wire_once(sandbox: Sandbox) -> None:
    page = {"name": "fetch_page", "arguments": {"url": f"{sandbox.site.url}/article"}}
    with serving(**sandbox.settings()) as server:
        server.initialize()
        server.say(request(2, "tools/call", **page))
        line = server.hear_line()

    text = json.loads(line)["result"]["content"][0]["text"]
    assert len(text) > 15_000
    assert len(line) <= 1.1 * len(text.encode())


@pytest.mark.parametrize(
    ("tool", "arguments", "most"),
    [
        ("web_search", {"query": "job timeout"}, 1),
        ("fetch_page", {"url": "{site}/docs/"}, 2),  # robots.txt and the page
        ("github_search_repositories", {"query": "job queue"}, 1),
        ("github_read_file", {"repo": "kestrel-jobs/kestrel", "path": "README.md"}, 2),
    ],
)
async def test_a_call_asks_upstream_no_more_than_it_must(
    connect: Connect, sandbox: Sandbox, tool: str, arguments: dict[str, str], most: int
) -> None:
    given = {name: text.replace("{site}", sandbox.site.url) for name, text in arguments.items()}
    async with connect() as call:
        await call(tool, **given)
        first = requests_to(sandbox)
        await call(tool, **given)

    assert 0 < first <= most
    assert requests_to(sandbox) - first <= 1


def requests_to(sandbox: Sandbox) -> int:
    places = [sandbox.site, sandbox.brave, sandbox.github, sandbox.raw, sandbox.media]
    return sum(len(each.asked) for each in places)
