"""The documents say what the code does, in both languages."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from qwen_mcp_tools.cli import COMMANDS
from qwen_mcp_tools.settings import variables
from qwen_mcp_tools.tools import OFFER
from tests.readme import ROOT, additions, blocks

READMES = ["README.md", "README.zh-CN.md"]
EXAMPLE = json.loads((ROOT / "mcp.json.example").read_text(encoding="utf-8"))
STARTED = {client: block for (client, way), block in blocks().items() if way == "stdio"}
STARTED["mcp.json.example"] = EXAMPLE


def table(readme: str, name: str) -> list[list[str]]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    section = text.partition(f"<!-- {name} -->")[2].partition("<!-- end -->")[0]
    rows = [line.strip("|").split("|") for line in section.strip().splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in rows]


def names_in(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_tools_is_the_offer(readme: str) -> None:
    described = {names_in(row[0])[0]: names_in(row[2]) for row in table(readme, "tools")}

    assert described == {tool.name: list(tool.arguments.schema["properties"]) for tool in OFFER}


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_settings_names_every_variable_in_order(readme: str) -> None:
    assert [names_in(row[0])[0] for row in table(readme, "settings")] == list(variables())


def test_the_meanings_are_those_of_the_code() -> None:
    told = {names_in(name)[0]: meaning for name, meaning in table("README.md", "settings")}

    assert told == variables()


def test_the_example_is_the_block_that_suits_most_clients() -> None:
    assert blocks()["cursor", "stdio"] == EXAMPLE


def test_both_languages_have_the_same_blocks_and_commands() -> None:
    assert blocks("README.md") == blocks("README.zh-CN.md")
    assert additions("README.md", QWEN_MCP_TOKEN="t") == additions(
        "README.zh-CN.md", QWEN_MCP_TOKEN="t"
    )


@pytest.mark.parametrize("readme", READMES)
def test_every_block_says_what_it_is_for(readme: str) -> None:
    assert len(blocks(readme)) == (ROOT / readme).read_text(encoding="utf-8").count("```json")


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_named_are_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for verb in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE)
    for command in re.findall(r"^qwen-mcp-tools (\w+)", text, re.MULTILINE):
        assert command in COMMANDS


def test_both_languages_have_the_same_parts() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)

    assert english.count("\n## ") == chinese.count("\n## ")
    assert english.count("\n| ") == chinese.count("\n| ")


@pytest.mark.parametrize("name", STARTED)
async def test_every_block_starts_the_server(name: str, tmp_path: Path) -> None:
    (entries,) = STARTED[name].values()
    entry = entries["qwen_mcp_tools"]
    beside_python = Path(sys.executable).with_name(entry["command"])
    command = shutil.which(str(beside_python)) or shutil.which(entry["command"])
    assert command, "the package is not installed"
    server = StdioServerParameters(
        command=command, args=entry["args"], env=entry["env"], cwd=tmp_path
    )

    async with Client(stdio_client(server)) as client:
        tools = (await client.list_tools()).tools

    assert [tool.name for tool in tools] == [tool.name for tool in OFFER]


def test_the_version_is_told_once() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "qwen_mcp_tools", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert f'version = "{told.stdout.strip()}"' in project
