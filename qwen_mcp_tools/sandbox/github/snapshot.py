"""The files of a commit written in code, and the tree that they make."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from qwen_mcp_tools.sandbox.github.history import Entry, Tree
from qwen_mcp_tools.sandbox.github.objects import (
    DIRECTORY,
    EXECUTABLE,
    FILE,
    LINK,
    SUBMODULE,
    object_id,
    place,
    tree_id,
)


class Written:
    """A file of a snapshot; `content` is made anew at each reading, so that none is kept."""

    def __init__(self, content: bytes | Callable[[], bytes], mode: str = FILE) -> None:
        self.mode, self._content = mode, content

    @property
    def content(self) -> bytes | None:
        """The bytes, or None where nobody has them."""
        return self._content if isinstance(self._content, bytes) else self._content()

    @cached_property
    def entry(self) -> Entry:
        """What a tree says of it."""
        content = self.content or b""
        return Entry(self.mode, object_id("blob", content), len(content))


class Untold(Written):
    """A file of which only the id and the size are known, or a commit of another repository."""

    def __init__(self, sha: str, size: int = 0, mode: str = FILE) -> None:
        super().__init__(b"", mode)
        self.entry = Entry(mode, sha, size)

    @property
    def content(self) -> bytes | None:
        """Nobody has it."""
        return None


def text(content: str) -> Written:
    """Return a file in UTF-8."""
    return Written(content.encode())


def program(content: str) -> Written:
    """Return an executable file."""
    return Written(content.encode(), EXECUTABLE)


def link(target: str) -> Written:
    """Return a symbolic link."""
    return Written(target.encode(), LINK)


def submodule(commit: str) -> Written:
    """Return another repository's commit."""
    return Untold(commit, mode=SUBMODULE)


Snapshot = Mapping[str, Written]


def grown(snapshot: Snapshot) -> Tree:
    """Return the tree of a snapshot."""
    root: dict[str, Any] = {}
    for path, written in snapshot.items():
        *folders, name = path.split("/")
        inner = root
        for folder in folders:
            inner = inner.setdefault(folder, {})
        inner[name] = written
    sha, entries = _grow(root, "")
    return Tree(sha, entries)


def _grow(folder: dict[str, Any], prefix: str) -> tuple[str, dict[str, Entry]]:
    names: list[tuple[str, str, str]] = []
    below: dict[str, dict[str, Entry]] = {}
    for name, inner in folder.items():
        if isinstance(inner, Written):
            entry, entries = inner.entry, {}
        else:
            sha, entries = _grow(inner, f"{prefix}{name}/")
            entry = Entry(DIRECTORY, sha)
        names.append((entry.mode, name, entry.sha))
        below[name] = {f"{prefix}{name}": entry, **entries}
    ordered = sorted(names, key=place)
    return tree_id(ordered), {
        path: entry for _, name, _ in ordered for path, entry in below[name].items()
    }
