"""A history written in code: each commit is a snapshot, a mapping of paths to files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qwen_mcp_tools.sandbox.github.history import Commit, Entry, History, Tag, Tree
from qwen_mcp_tools.sandbox.github.objects import (
    DIRECTORY,
    EXECUTABLE,
    FILE,
    LINK,
    SUBMODULE,
    commit_content,
    object_id,
    place,
    tree_id,
)

AUTHOR, ADDRESS = "Ida Falk", "ida@kestrel.example"


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


@dataclass(frozen=True, slots=True)
class Note:
    """What is written on a commit."""

    message: str
    moment: int
    author: str = AUTHOR
    address: str = ADDRESS


@dataclass
class WrittenHistory(History):
    """A history kept in memory; begin with `add`, then name commits in `branches` and `tags`."""

    default_branch: str = "main"
    branches: dict[str, str] = field(default_factory=dict[str, str])  # type: ignore[assignment]
    tags: dict[str, Tag] = field(default_factory=dict[str, Tag])  # type: ignore[assignment]
    _commits: dict[str, Commit] = field(default_factory=dict[str, Commit])
    _trees: dict[str, Tree] = field(default_factory=dict[str, Tree])
    _files: dict[str, Written] = field(default_factory=dict[str, Written])

    def add(self, snapshot: Snapshot, note: Note, *parents: str) -> str:
        """Add a commit and return its id."""
        tree = grown(snapshot)
        author = f"{note.author} <{note.address}>"
        content = commit_content(tree.sha, parents, author, note.moment, note.message)
        sha = object_id("commit", content)
        self._commits[sha] = Commit(
            sha, tree.sha, parents, note.author, note.address, note.moment, note.message
        )
        self._trees |= {sha: tree, tree.sha: tree}
        self._files |= {each.entry.sha: each for each in snapshot.values()}
        return sha

    def annotate(self, name: str, commit: str, note: Note) -> None:
        """Tag a commit with an object of its own."""
        content = (
            f"object {commit}\ntype commit\ntag {name}\n"
            f"tagger {note.author} <{note.address}> {note.moment} +0000\n\n{note.message}\n"
        )
        self.tags[name] = Tag(object_id("tag", content.encode()), commit)

    def commit(self, sha: str) -> Commit | None:
        """Return a commit by its id, whole or from 7 digits."""
        if len(sha) < 7:
            return None
        found = [each for each in self._commits if each.startswith(sha.lower())]
        return self._commits[found[0]] if len(found) == 1 else None

    def log(self, sha: str, path: str = "") -> list[Commit]:
        """Return the commits that lead to `sha` and touch `path`, newest first."""
        seen: dict[str, Commit] = {}
        pending = [sha]
        while pending:
            commit = self._commits[pending.pop()]
            seen[commit.sha] = commit
            pending += [parent for parent in commit.parents if parent not in seen]
        touching = [each for each in seen.values() if self._touches(each, path)]
        return sorted(touching, key=lambda each: -each.moment)

    def tree(self, sha: str) -> Tree | None:
        """Return the tree of a commit, or a tree by its own id."""
        return self._trees.get(sha) or next(
            (
                _part(tree, path)
                for tree in self._trees.values()
                for path, entry in tree.entries.items()
                if entry.sha == sha and entry.mode == DIRECTORY
            ),
            None,
        )

    def blobs(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of these files that are there."""
        found = ((sha, self._files[sha].content) for sha in shas if sha in self._files)
        return {sha: content for sha, content in found if content is not None}

    def size(self, sha: str) -> int | None:
        """Return the size of a file, also of one whose content is too large to be had."""
        return self._files[sha].entry.size if sha in self._files else None

    def _touches(self, commit: Commit, path: str) -> bool:
        def there(sha: str) -> str | None:
            entry = self._trees[sha].entries.get(path)
            return entry.sha if entry else None

        if not path:
            return True
        before = [there(parent) for parent in commit.parents] or [None]
        return there(commit.sha) not in before


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


def _part(tree: Tree, folder: str) -> Tree:
    start = f"{folder}/"
    entries = {
        path.removeprefix(start): entry
        for path, entry in tree.entries.items()
        if path.startswith(start)
    }
    return Tree(tree.entries[folder].sha, entries)
