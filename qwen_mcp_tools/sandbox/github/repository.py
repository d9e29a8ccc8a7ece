"""A repository of the stand-in: what GitHub knows of it, and its history."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from qwen_mcp_tools.sandbox.github.history import Commit, History, Tree
from qwen_mcp_tools.sandbox.github.languages import language_bytes
from qwen_mcp_tools.sandbox.github.written import WrittenHistory

LICENCES = {
    "mit": ("MIT License", "MIT"),
    "apache-2.0": ("Apache License 2.0", "Apache-2.0"),
    "gpl-3.0": ("GNU General Public License v3.0", "GPL-3.0"),
}


@dataclass(frozen=True, slots=True)
class Release:
    """The latest release."""

    tag: str
    name: str
    notes: str
    moment: int


@dataclass
class Repository:
    """A repository; `open_history` is called at the first look into it."""

    full_name: str
    open_history: Callable[[], History] = WrittenHistory
    description: str = ""
    homepage: str = ""
    topics: tuple[str, ...] = ()
    stars: int = 0
    forks: int = 0
    open_issues: int = 0
    licence: str = ""
    """A key of `LICENCES`, empty for none."""
    language: str = ""
    """The main language, where it is not to be counted from the files."""
    is_private: bool = False
    is_archived: bool = False
    is_fork: bool = False
    is_taken_down: bool = False
    """Whether it is answered with 451."""
    moved_from: tuple[str, ...] = ()
    """Full names that lead here by 301."""
    created: int = 1_700_000_000
    pushed: int = 0
    """When it was pushed to last, where its history does not tell."""
    release: Release | None = None
    lfs: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Objects kept in Git LFS, by the id in their pointer."""

    @property
    def owner(self) -> str:
        """The first half of the full name."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The second half of the full name."""
        return self.full_name.partition("/")[2]

    @property
    def id(self) -> int:
        """A number that stays the same as long as the name does."""
        return zlib.crc32(self.full_name.lower().encode()) >> 2

    @cached_property
    def history(self) -> History:
        """Its history, opened once."""
        return self.open_history()

    @property
    def head(self) -> Commit | None:
        """The last commit of the default branch; None where the repository is empty."""
        return self.history.resolve("HEAD")

    @property
    def tree(self) -> Tree | None:
        """The tree of `head`."""
        return self.history.tree(self.head.sha) if self.head else None

    @cached_property
    def language_bytes(self) -> Mapping[str, int]:
        """Bytes of code by language, most first."""
        return language_bytes(self.tree) if self.tree else {}

    @property
    def main_language(self) -> str:
        """The language with most bytes, empty for none."""
        return self.language or next(iter(self.language_bytes), "")

    @property
    def last_push(self) -> int:
        """Epoch seconds of the last push."""
        return self.pushed or (self.head.moment if self.head else self.created)
