"""Calls one tool and prints what a model would read: `call fetch_page url=https://example.com`."""

import argparse
import asyncio
import json
import sys
from typing import Any

from qwen_mcp_tools.commands.configuration import configured
from qwen_mcp_tools.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the tool's name, its arguments and the choice of JSON."""
    parser.add_argument("tool", help="e.g. web_search")
    parser.add_argument("arguments", nargs="*", metavar="name=value", help='e.g. query="css grid"')
    parser.add_argument("--json", action="store_true", help="print the protocol's result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the tool's text; 0, or 1 where the tool answered with an error."""
    with configured() as settings:
        result = asyncio.run(_call(settings, arguments.tool, arguments.arguments))
    if arguments.json:
        print(result.model_dump_json(by_alias=True, exclude_none=True))
    else:
        stream = sys.stderr if result.is_error else sys.stdout
        print("\n".join(part.text for part in result.content), file=stream)
    return int(bool(result.is_error))


async def _call(settings: Settings, name: str, pairs: list[str]) -> Any:
    from mcp.client import Client

    from qwen_mcp_tools.app import open_app
    from qwen_mcp_tools.server import create_server

    async with open_app(settings) as app, Client(create_server(app)) as client:
        schemas = {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
        properties = schemas.get(name, {}).get("properties", {})
        return await client.call_tool(name, _values(pairs, properties))


def _values(pairs: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments; a value that is no text in the schema is read as JSON if it can be."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise SystemExit(f"qwen-mcp-tools call: write name=value, not {pair!r}")
        is_text = properties.get(name, {}).get("type", "string") == "string"
        values[name] = value if is_text else _read_json(value)
    return values


def _read_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
