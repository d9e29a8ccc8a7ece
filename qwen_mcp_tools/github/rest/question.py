"""What GitHub's REST API is asked: one GET."""

from dataclasses import dataclass

JSON = "application/vnd.github+json"
OBJECT = "application/vnd.github.object+json"
"""A folder as one object instead of a bare list."""
RAW = "application/vnd.github.raw+json"
SHA = "application/vnd.github.sha"
TEXT_MATCH = "application/vnd.github.text-match+json"


@dataclass(frozen=True, slots=True)
class Question:
    """A path below the API's address, its names already escaped, and how it is asked for."""

    path: str
    what: str
    """The thing asked for, as a failure names it."""
    params: tuple[tuple[str, str | int], ...] = ()
    accept: str = JSON
    resource: str = "core"
    """The limit that it counts against: "core", "search" or "code_search"."""
    is_fixed: bool = False
    """Whether the answer can never change, as that of a SHA can't."""
