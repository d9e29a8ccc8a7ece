"""What the READMEs tell users to paste and to type, read out of them."""

import json
import re
import shlex
from pathlib import Path
from string import Template
from typing import Any

ROOT = Path(__file__).parent.parent
ADDRESS = "http://127.0.0.1:8000"
"""Where the server is in the documents."""

Purpose = tuple[str, str]
"""A client and a transport: ("qwen-code", "stdio")."""


def read(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


def blocks(readme: str = "README.md", address: str = ADDRESS) -> dict[Purpose, Any]:
    """Return each block of configuration by its purpose, with the server at `address`."""
    found = re.findall(r"<!-- block: (\S+) (\S+) -->\n```json\n(.*?)```", read(readme), re.DOTALL)
    return {
        (client, transport): json.loads(text.replace(ADDRESS, address))
        for client, transport, text in found
    }


def additions(
    readme: str = "README.md", address: str = ADDRESS, **variables: str
) -> dict[Purpose, list[str]]:
    """Return the words of each command that adds the server to a client, after the client's name.

    `variables` are those that a user's shell fills in.
    """
    lines = re.findall(r"^(qwen|claude) (mcp add .*)$", read(readme), re.MULTILINE)
    found: dict[Purpose, list[str]] = {}
    for client, line in lines:
        typed = Template(line.replace(ADDRESS, address)).substitute(variables)
        named = re.search(r"(?:-t|--transport) (\w+)", line)
        found[client, named.group(1) if named else "stdio"] = shlex.split(typed)
    return found
