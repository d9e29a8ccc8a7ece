"""Qwen Code and Claude Code, set up by the README, over every transport: what their models read."""

import json
import re
from collections.abc import Callable

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.tools import OFFER
from tests.clients.agents import PREFIX, Agent
from tests.clients.calls import CALLS, REFUSED, plain
from tests.clients.conftest import TOKEN
from tests.clients.models import Planned
from tests.conftest import Connect
from tests.readme import additions, blocks

pytestmark = pytest.mark.slow

SetUp = Callable[[Agent, str, str, Sandbox], None]


def paste(agent: Agent, transport: str, address: str, sandbox: Sandbox) -> None:
    """Do as somebody does who pastes the README's block and fills in the keys."""
    block = blocks(address=address)[agent.name, transport]
    (entry,) = block["mcpServers"].values()
    if "env" in entry:
        entry["env"] = {name: sandbox.settings()[name] for name in entry["env"]}
    agent.paste(block)


def add(agent: Agent, transport: str, address: str, _: Sandbox) -> None:
    """Do as somebody does who types the README's command."""
    typed = additions(address=address, QWEN_MCP_TOKEN=TOKEN)
    agent.type(*typed[agent.command, transport])


@pytest.fixture(params=["stdio", "http", "sse"])
def transport(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[paste, add], ids=["pasted block", "mcp add"])
def ready(
    request: pytest.FixtureRequest, agent: Agent, transport: str, address: str, sandbox: Sandbox
) -> Agent:
    """Each agent, set up in each way, over each transport."""
    set_up: SetUp = request.param
    set_up(agent, transport, address, sandbox)
    return agent


@pytest.fixture
async def said(sandbox: Sandbox, connect: Connect) -> list[str]:
    """What the tools say to the calls, heard without any client between."""
    async with connect() as caller:
        return [plain(await caller(call.tool, **call.for_(sandbox))) for call in CALLS]


def test_every_tool_has_a_call() -> None:
    assert {call.tool for call in CALLS} == {tool.name for tool in OFFER}


def test_its_model_is_sent_what_the_tools_say_whole_and_once(
    ready: Agent, sandbox: Sandbox, said: list[str]
) -> None:
    listed = ready.type("mcp", "list")
    told = ready.work(*(Planned(call.tool, call.for_(sandbox)) for call in CALLS))

    assert re.search(r"qwen_mcp_tools: .* - (✔ )?Connected", listed)
    assert [plain(text) for text in told] == said
    assert max(map(len, told)) > 24_000  # as long as a result may be
    for call, text in zip(CALLS, told, strict=True):
        assert re.search(call.shows, text)
    first = json.dumps(ready.model.turns[0])
    assert [tool.name for tool in OFFER if f"{PREFIX}{tool.name}" not in first] == []


def test_its_model_is_sent_an_error_as_one_short_line(
    agent: Agent, transport: str, address: str, sandbox: Sandbox
) -> None:
    paste(agent, transport, address, sandbox)

    (told,) = agent.work(Planned(REFUSED.tool, REFUSED.for_(sandbox)))

    (line,) = set(re.findall(r"Refused 10\.0\.0\.1: [^\"\\\n]+", told))
    assert told.count(line) == agent.error_copies
    assert "\n" not in told.replace(r"\n", "\n")
    assert len(told) <= 600


def test_the_readmes_block_shows_the_schemas_at_once(
    agent: Agent, address: str, sandbox: Sandbox
) -> None:
    """Claude Code does so for the tools that ask for it, Qwen Code for all of a server's."""
    paste(agent, "stdio", address, sandbox)

    agent.work()

    wanted = {
        tool.name
        for tool in OFFER
        if agent.name == "qwen-code" or (tool.declaration.meta or {}).get("anthropic/alwaysLoad")
    }
    declared = agent.model.declared(agent.model.turns[0])
    assert wanted <= {name.removeprefix(PREFIX) for name in declared}
