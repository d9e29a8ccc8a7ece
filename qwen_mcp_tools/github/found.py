"""What was found in a repository: a file, a folder, or something that leads elsewhere."""

from dataclasses import dataclass

from qwen_mcp_tools.github.blob import Content
from qwen_mcp_tools.github.names import Repository
from qwen_mcp_tools.github.tree import Tree


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was found: its real names, and the commit that it is pinned to."""

    repository: Repository
    path: str
    ref: str
    """As it was asked for; the default branch's name where none was, if it is known."""
    commit: str
    """Empty where GitHub did not tell it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file, as much of it as was wanted."""

    spot: Spot
    size: int
    content: Content
    notes: tuple[str, ...] = ()
    is_in_lfs: bool = False
    """Whether Git LFS keeps it: the repository itself holds only a pointer."""
    address: str = ""
    """Its URL, where nobody has told which part of it is the branch; `path` begins with that."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with all that is below it."""

    spot: Spot
    tree: Tree
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submodule:
    """Another repository, pinned to a commit of its own."""

    spot: Spot
    url: str
    pinned: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Symlink:
    """A link that leads to nothing that can be read here."""

    spot: Spot
    target: str
    reason: str
    notes: tuple[str, ...] = ()


Found = File | Folder | Submodule | Symlink
