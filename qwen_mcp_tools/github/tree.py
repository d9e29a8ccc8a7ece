"""Tree: all that is in a commit or a folder, and the real path nearest to a wrong one."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import anyio.to_thread

from qwen_mcp_tools.github.names import Repository
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.question import Question
from qwen_mcp_tools.upstream.exchange import Answer
from qwen_mcp_tools.upstream.shapes import number, objects, word

FILE, FOLDER, SYMLINK, SUBMODULE = "file", "dir", "symlink", "submodule"
_KINDS = {"040000": FOLDER, "120000": SYMLINK, "160000": SUBMODULE}
NEAREST = 5
MOST_COMPARED, MOST_SORTED = 20_000, 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing in a tree."""

    path: str
    kind: str
    size: int = 0
    sha: str = ""


@dataclass(frozen=True)
class Tree:
    """The entries below a folder, in git's order, paths from the folder on."""

    entries: tuple[Entry, ...]
    is_cut: bool = False
    """Whether GitHub left some out: above 100,000 entries or 7 MB."""

    @cached_property
    def by_path(self) -> dict[str, Entry]:
        """The entries by their paths."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def levels(self) -> tuple[dict[str, list[Entry]], Counter[str]]:
        """The entries of each folder of the first two levels, and how many files are below each."""
        children: defaultdict[str, list[Entry]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for entry in self.entries:
            steps = entry.path.split("/", 2)
            if len(steps) <= 2:
                children["/".join(steps[:-1])].append(entry)
            if entry.kind != FOLDER:
                counts.update("/".join(steps[:depth]) for depth in range(1, len(steps)))
        return children, counts

    def below(self, folder: str) -> "Tree":
        """Return the tree of one of its folders."""
        start = f"{folder}/"
        entries = (
            replace(each, path=each.path.removeprefix(start))
            for each in self.entries
            if each.path.startswith(start)
        )
        return Tree(tuple(entries), is_cut=self.is_cut)

    def nearest(self, path: str) -> list[str]:
        """Return up to 5 real paths that `path` may have meant, the best first."""
        name = PurePosixPath(path).name.casefold()
        whole = path.casefold()
        same = [e.path for e in self.entries if e.path.casefold() == whole]
        named = [e.path for e in self.entries if PurePosixPath(e.path).name.casefold() == name]
        found = [*same, *_by_likeness(named, path)] or self._alike(name, path)
        return list(dict.fromkeys(found))[:NEAREST]

    def _alike(self, name: str, path: str) -> list[str]:
        names: dict[str, list[str]] = {}
        for entry in self.entries[:MOST_COMPARED]:
            names.setdefault(PurePosixPath(entry.path).name.casefold(), []).append(entry.path)
        close = difflib.get_close_matches(name, names, n=NEAREST, cutoff=0.75)
        return _by_likeness([each for key in close for each in names[key]], path)


async def tree_of(api: Api, repository: Repository, tree: str, *, is_fixed: bool) -> Tree:
    """Return everything below `tree`: a SHA of a tree or a commit, or a branch or tag.

    Raises:
        NotFoundError: There is none.
    """
    path = f"/repos/{repository}/git/trees/{quote(tree, safe='')}"
    question = Question(
        path, f"{repository} at {tree}", params=(("recursive", "1"),), is_fixed=is_fixed
    )
    answer = await api.get(question)
    # Of a large project it is 7 MB, which take half a second.
    return await anyio.to_thread.run_sync(_tree, answer, abandon_on_cancel=True)


def tree_in(contents: list[dict[str, Any]]) -> Tree:
    """Return the one level that GitHub's description of a folder's contents lists."""
    entries = (
        Entry(word(each, "name"), _named(each), int(number(each, "size")), word(each, "sha"))
        for each in contents
    )
    return Tree(tuple(entry for entry in entries if entry.path))


def _tree(answer: Answer) -> Tree:
    shape = answer.json(SERVICE)
    tree = Tree(tuple(_entries(shape)), is_cut=bool(shape.get("truncated")))
    _ = tree.levels  # Counted here, in the thread.
    return tree


def _entries(answer: dict[str, Any]) -> Iterator[Entry]:
    for each in objects(answer, "tree"):
        kind = _KINDS.get(word(each, "mode"), FILE)
        entry = Entry(word(each, "path"), kind, int(number(each, "size")), word(each, "sha"))
        if entry.path:
            yield entry


def _named(contents: dict[str, Any]) -> str:
    kind = word(contents, "type")
    return kind if kind in {FOLDER, SYMLINK, SUBMODULE} else FILE


def _by_likeness(paths: list[str], path: str) -> list[str]:
    wanted = difflib.SequenceMatcher(None, b=path.casefold())

    def likeness(each: str) -> float:
        wanted.set_seq1(each.casefold())
        return wanted.ratio()

    return sorted(paths[:MOST_SORTED], key=likeness, reverse=True)
