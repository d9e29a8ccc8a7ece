"""Where a submodule comes from: `.gitmodules`, a file of git's configuration format."""

import re

from qwen_mcp_tools.sandbox.github.history import Tree
from qwen_mcp_tools.sandbox.github.repository import Repository

_SECTION = re.compile(r"^\s*\[submodule[^\]]*\]", re.MULTILINE)
_LINE = re.compile(r"^\s*(path|url)\s*=\s*(.+?)\s*$", re.MULTILINE)


def address(repository: Repository, tree: Tree, path: str) -> str:
    """Return the URL of the submodule at `path`, empty where nothing tells it."""
    entry = tree.entries.get(".gitmodules")
    content = repository.history.read(entry.sha) if entry else None
    for section in _SECTION.split((content or b"").decode(errors="replace")):
        facts = dict(_LINE.findall(section))
        if facts.get("path") == path:
            return facts.get("url", "")
    return ""
