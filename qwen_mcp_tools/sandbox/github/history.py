"""What a repository holds: commits, names of commits, and the trees and files under them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, join, normpath

from qwen_mcp_tools.sandbox.github.objects import DIRECTORY, LINK, SUBMODULE

MOST_LINKS = 40
"""Links followed before a path counts as a loop (path_resolution(7))."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a tree; a directory and a submodule have the size 0."""

    mode: str
    sha: str
    size: int = 0

    @property
    def kind(self) -> str:
        """The kind of object behind it, in git's word."""
        return {DIRECTORY: "tree", SUBMODULE: "commit"}.get(self.mode, "blob")

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.mode.startswith("100")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `moment` is in epoch seconds."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    address: str
    moment: int
    message: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; `sha` is the id of the tag's own object where it is annotated."""

    sha: str
    commit: str


class Tree:
    """Every path under a directory, in git's order, with directories."""

    def __init__(self, sha: str, entries: Mapping[str, Entry]) -> None:
        self.sha, self.entries = sha, entries

    @cached_property
    def folders(self) -> Mapping[str, list[str]]:
        """The paths in each directory; the root is ""."""
        found: dict[str, list[str]] = {"": []}
        for path, entry in self.entries.items():
            found.setdefault(dirname(path), []).append(path)
            if entry.mode == DIRECTORY:
                found.setdefault(path, [])
        return found

    def files(self) -> Iterator[tuple[str, Entry]]:
        """Yield the regular files."""
        return ((path, entry) for path, entry in self.entries.items() if entry.is_file)


class History(ABC):
    """The commits of a repository and what they hold."""

    default_branch: str
    branches: Mapping[str, str]
    """The commit of each branch."""
    tags: Mapping[str, Tag]

    @abstractmethod
    def commit(self, sha: str) -> Commit | None:
        """Return a commit by its id, whole or from 7 digits."""

    @abstractmethod
    def log(self, sha: str, path: str = "") -> list[Commit]:
        """Return the commits that lead to `sha` and touch `path`, newest first."""

    @abstractmethod
    def tree(self, sha: str) -> Tree | None:
        """Return the tree of a commit, or a tree by its own id."""

    @abstractmethod
    def blobs(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of these files that are there."""

    @abstractmethod
    def size(self, sha: str) -> int | None:
        """Return the size of a file, also of one whose content is too large to be had."""

    def resolve(self, ref: str) -> Commit | None:
        """Return the commit that a branch, a tag, HEAD or an id names."""
        if ref in {"", "HEAD"}:
            ref = self.default_branch
        name = ref.removeprefix("refs/")
        branch = self.branches.get(ref) or self.branches.get(name.removeprefix("heads/"))
        tag = self.tags.get(ref) or self.tags.get(name.removeprefix("tags/"))
        return self.commit(branch or (tag.commit if tag else ref))

    def read(self, sha: str) -> bytes | None:
        """Return the content of a file."""
        return self.blobs([sha]).get(sha)

    def follow(self, tree: Tree, path: str) -> str | None:
        """Return the regular file that a link leads to inside the repository, if it does."""
        for _ in range(MOST_LINKS):
            entry = tree.entries.get(path)
            if entry is None or entry.mode != LINK:
                return path if entry and entry.is_file else None
            target = (self.read(entry.sha) or b"").decode(errors="replace")
            path = normpath(join(dirname(path), target))
        return None
