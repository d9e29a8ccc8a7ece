"""The MCP Inspector's command line over every transport: the list, every tool, every failure."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from subprocess import CompletedProcess

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.tools import OFFER
from tests.clients.calls import CALLS, FAILURES, Call, Failing, kinds
from tests.clients.desk import sit_down
from tests.clients.node import Node
from tests.serving.running import serving

pytestmark = pytest.mark.slow

PROGRAM = "@modelcontextprotocol/inspector/clients/launcher/build/index.js"
TOOL_FAILED = 5
"""The Inspector's exit status where a tool answers with an error."""

Inspect = Callable[..., CompletedProcess[str]]
"""Words and variables in; out comes what the Inspector says of a server with these variables."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Callable[..., str]]:
    """Return the address of a server with the given variables; one server for each set of them."""
    addresses: dict[frozenset[tuple[str, str]], str] = {}
    with ExitStack() as servers:

        def address(**variables: str) -> str:
            key = frozenset(variables.items())
            if key not in addresses:
                addresses[key] = servers.enter_context(serving(**variables))
            return addresses[key]

        yield address


@pytest.fixture(params=["stdio", "http", "sse"])
def inspect(
    request: pytest.FixtureRequest, node: Node, sandbox: Sandbox, listening: Callable[..., str]
) -> Inspect:
    """The Inspector in front of each transport in turn."""

    def inspect(*words: str, **more: str) -> CompletedProcess[str]:
        variables = {**sandbox.settings(), **more}
        if request.param == "stdio":
            # The Inspector gives a server no variable but these, and takes none that is empty.
            pairs = [f"{name}={value}" for name, value in variables.items() if value]
            given = [word for pair in pairs for word in ("-e", pair)]
            target = [*given, "--", sys.executable, "-m", "qwen_mcp_tools"]
        else:
            path = {"http": "mcp", "sse": "sse"}[request.param]
            url = f"{listening(**variables)}/{path}"
            target = ["--transport", request.param, "--server-url", url]
        program = node.command(node.path(PROGRAM), "--cli", "--quiet")
        with sit_down(**variables) as desk:
            return desk.run([*program, *words, *target])

    return inspect


def called(inspect: Inspect, sandbox: Sandbox, call: Call, **variables: str) -> tuple[int, str]:
    words = ("--method", "tools/call", "--tool-name", call.tool)
    arguments = json.dumps(call.for_(sandbox))
    ended = inspect(*words, "--tool-args-json", arguments, **variables)
    result = json.loads(ended.stdout)
    (part,) = result["content"]
    assert "structuredContent" not in result
    return ended.returncode, part["text"]


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_it_lists_the_tools_and_finds_nothing_to_criticise(inspect: Inspect, era: str) -> None:
    ended = inspect("--protocol-era", era, "--method", "tools/list", "--strict")

    assert (ended.returncode, ended.stderr) == (0, "")
    tools = json.loads(ended.stdout)["tools"]
    assert [tool["name"] for tool in tools] == [tool.name for tool in OFFER]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.title)
def test_it_gets_an_answer_from_every_tool(inspect: Inspect, sandbox: Sandbox, call: Call) -> None:
    status, text = called(inspect, sandbox, call)

    assert status == 0
    assert re.search(call.shows, text)


@pytest.mark.parametrize("failing", FAILURES, ids=lambda failing: failing.kind.__name__)
def test_it_shows_every_kind_of_failure_in_one_short_line(
    inspect: Inspect, sandbox: Sandbox, failing: Failing
) -> None:
    failing.prepare(sandbox)

    status, text = called(inspect, sandbox, failing.call, **failing.variables)

    assert status == TOOL_FAILED
    assert re.search(failing.call.shows, text)
    assert "\n" not in text
    assert len(text) <= 600


def test_no_kind_of_failure_is_left_out() -> None:
    assert {failing.kind for failing in FAILURES} == kinds()
