"""Calls one tool and prints what a model would read: `call fetch_page url=https://example.com`."""

import argparse
import asyncio
import json
import sys
from typing import Any

from qwen_mcp_tools.commands.configuration import configured
from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the tool's name, its arguments and the choice of JSON."""
    parser.add_argument("tool", help="e.g. web_search")
    parser.add_argument("arguments", nargs="*", metavar="name=value", help='e.g. query="css grid"')
    parser.add_argument("--json", action="store_true", help="print the protocol's result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the tool's text; 0, or 1 where the tool answered with an error."""
    given = _pairs(arguments.arguments)
    with configured() as settings:
        result = asyncio.run(_call(settings, arguments.tool, given))
    if arguments.json:
        print(result.model_dump_json(by_alias=True, exclude_none=True))
    else:
        stream = sys.stderr if result.is_error else sys.stdout
        print("\n".join(part.text for part in result.content), file=stream)
    return int(bool(result.is_error))


async def _call(settings: Settings, name: str, given: dict[str, str]) -> Any:
    from mcp.client import Client

    from qwen_mcp_tools.app import open_app
    from qwen_mcp_tools.server import create_server

    async with (
        open_app(settings, local_files=True) as app,
        Client(create_server(app)) as client,
    ):
        schemas = {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
        properties = schemas.get(name, {}).get("properties", {})
        return await client.call_tool(name, _values(given, properties))


def _pairs(arguments: list[str]) -> dict[str, str]:
    for pair in arguments:
        if "=" not in pair:
            raise SettingError(f"call takes arguments as name=value, not {pair!r}")
    return {name: value for name, _, value in (pair.partition("=") for pair in arguments)}


def _values(given: dict[str, str], properties: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments; a value that is no text in the schema is read as JSON if it can be."""
    return {
        name: value
        if properties.get(name, {}).get("type", "string") == "string"
        else _read_json(value)
        for name, value in given.items()
    }


def _read_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
