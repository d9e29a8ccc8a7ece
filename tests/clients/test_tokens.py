"""What the list of tools costs a model before anything is asked, and what an answer costs."""

import json
import os

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.tools import OFFER
from tests.clients.node import HERE, Node
from tests.conftest import Connect

pytestmark = pytest.mark.slow

MOST_TOKENS = 1500


def test_the_list_of_all_tools_is_cheap(node: Node) -> None:
    offer = [
        tool.declaration.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in OFFER
    ]
    text = json.dumps(offer, ensure_ascii=False, separators=(",", ":"))

    assert 0 < tokens(node, text) <= MOST_TOKENS


@pytest.mark.parametrize("query", ["kestrel", "job timeout", "retries"])
async def test_a_result_costs_half_of_what_the_same_passages_cost_from_braves_own_server(
    node: Node, connect: Connect, sandbox: Sandbox, query: str
) -> None:
    # Both with the further passages, for equal information: they are off there unless asked for.
    theirs = await braves_own(node, sandbox, query)
    async with connect() as call:
        ours = await call("web_search", query=query)

    assert ours.count("\n   http") == theirs.count('"url"') > 0
    assert tokens(node, ours) <= 0.5 * tokens(node, theirs)


def tokens(node: Node, text: str) -> int:
    counted = node.run(str(HERE / "count_tokens.mjs"), f"{node.packages}/", stdin=text)
    return int(counted.stdout)


async def braves_own(node: Node, sandbox: Sandbox, query: str) -> str:
    """Return what it answers to the same search, with the further passages that we ask for too."""
    server = StdioServerParameters(
        command=node.program,
        args=[
            "--import",
            (HERE / "to_sandbox.mjs").as_uri(),
            node.path("@brave/brave-search-mcp-server/dist/index.js"),
        ],
        env={**os.environ, "BRAVE_API_KEY": sandbox.brave.key, "BRAVE_STAND_IN": sandbox.brave.url},
    )
    async with Client(stdio_client(server), mode="legacy") as client:
        arguments = {"query": query, "extra_snippets": True}
        result = await client.call_tool("brave_web_search", arguments)
    return "\n".join(getattr(part, "text", "") for part in result.content)
