from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.listening import Listening
from tests.clients.agents import AGENTS, Agent
from tests.clients.desk import sit_down
from tests.clients.node import Node, install
from tests.serving.running import serving

TOKEN = "a-token-of-a-team-of-32-characters"


@pytest.fixture(scope="session")
def node() -> Node:
    """A current Node with the clients installed; takes half a minute the first time."""
    return install()


@pytest.fixture(scope="session")
def address(running_sandbox: Sandbox) -> Iterator[str]:
    """Where a server listens that wants a token and whose upstreams are the stand-ins."""
    with serving(QWEN_MCP_TOKEN=TOKEN, **running_sandbox.settings()) as address:
        yield address


@pytest.fixture(params=list(AGENTS))
def agent(request: pytest.FixtureRequest, node: Node, sandbox: Sandbox) -> Iterator[Agent]:
    """Each agent in turn, at a desk of its own."""
    with at_work(request.param, node, sandbox) as agent:
        yield agent


@contextmanager
def at_work(name: str, node: Node, sandbox: Sandbox) -> Generator[Agent]:
    kind, brain = AGENTS[name]
    model = brain()
    listening = Listening([model])
    variables = {**sandbox.settings(), "QWEN_MCP_TOKEN": TOKEN, **kind.variables(model)}
    try:
        with sit_down(**variables) as desk:
            yield kind(node, desk, model)
    finally:
        listening.close()
