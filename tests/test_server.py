"""What a client learns about the server before it calls anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qwen_mcp_tools.server import INSTRUCTIONS
from qwen_mcp_tools.tools import OFFER
from tests.conftest import Connect

SNAPSHOTS = Path(__file__).parent / "snapshots"
REFUSED_BY_SOME_MODELS = ("anyOf", "$ref", "$defs", "oneOf", "exclusiveMinimum", "format", "null")


async def test_a_client_of_either_era_meets_the_same_server(connect: Connect, era: str) -> None:
    async with connect(mode=era) as call:
        client = call.client
        tools = (await client.list_tools()).tools

        assert client.server_info.name == "qwen-mcp-tools"
        assert client.instructions == INSTRUCTIONS
        assert [tool.name for tool in tools] == [tool.name for tool in OFFER]


@pytest.mark.parametrize("tool", OFFER, ids=lambda tool: tool.name)
def test_the_offer_is_on_record(tool, record: bool) -> None:
    """A change of what clients see is a visible change: `pytest --record` writes it."""
    offered = tool.declaration.model_dump(mode="json", by_alias=True, exclude_none=True)
    path = SNAPSHOTS / f"{tool.name}.json"
    if record:
        path.write_text(json.dumps(offered, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    assert offered == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("tool", OFFER, ids=lambda tool: tool.name)
def test_a_tool_is_declared_as_clients_want_it(tool) -> None:
    offered = tool.declaration
    schema = json.dumps(offered.input_schema)

    assert offered.annotations.read_only_hint
    assert offered.annotations.open_world_hint
    assert offered.annotations.destructive_hint is False
    assert offered.annotations.idempotent_hint is (tool.name != "qwen_vision_describe")
    assert offered.title
    assert offered.output_schema is None
    assert len(offered.description.splitlines()[0]) <= 160
    assert all(f'"{word}"' not in schema for word in REFUSED_BY_SOME_MODELS)
    assert all(each.get("description") for each in offered.input_schema["properties"].values())


def test_the_tools_used_most_are_shown_at_once() -> None:
    shown = [t.name for t in OFFER if (t.declaration.meta or {}).get("anthropic/alwaysLoad")]

    assert shown == ["web_search", "fetch_page"]


def test_the_instructions_fit_every_client() -> None:
    assert len(INSTRUCTIONS) < 1000


async def test_an_unknown_tool_is_told_with_the_known_ones(connect: Connect, era: str) -> None:
    async with connect(mode=era) as call:
        text = await call.failure("summon")

    assert text.startswith("No tool is called 'summon'; this server offers web_search, fetch_page")


async def test_only_the_tools_asked_for_are_offered(connect: Connect) -> None:
    async with connect(QWEN_MCP_TOOLS="fetch_page") as call:
        tools = (await call.client.list_tools()).tools

    assert [tool.name for tool in tools] == ["fetch_page"]


SPANS = """
import asyncio, os
from contextlib import contextmanager
from mcp.client import Client
from opentelemetry import trace
from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.settings import Settings

class Tracer(trace.NoOpTracer):
    @contextmanager
    def start_as_current_span(self, name, *rest, kind=None, **more):
        if kind is trace.SpanKind.SERVER:
            print(name)
        yield trace.INVALID_SPAN

class Provider(trace.NoOpTracerProvider):
    def get_tracer(self, *rest, **more):
        return Tracer()

if "TRACED" in os.environ:
    trace.set_tracer_provider(Provider())

async def main():
    async with open_app(Settings()) as app, Client(create_server(app)) as client:
        await client.call_tool("fetch_page", {})
        print("done", len(create_server(app).middleware))
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("env", "said"),
    [({}, ["done 0"]), ({"TRACED": "1"}, ["tools/call fetch_page", "done 1"])],
    ids=["nobody listens", "traced"],
)
def test_calls_make_spans_where_opentelemetry_is_set_up(env: dict, said: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SPANS], env=env, capture_output=True, text=True, check=False
    )

    assert [line for line in ended.stdout.splitlines() if "discover" not in line] == said
