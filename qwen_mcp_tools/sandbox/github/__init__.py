"""GitHub on loopback: the REST API, the raw host and the LFS host over the same repositories."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from qwen_mcp_tools.sandbox.github.api import GitHub
from qwen_mcp_tools.sandbox.github.asking import Shelf
from qwen_mcp_tools.sandbox.github.checkout import published
from qwen_mcp_tools.sandbox.github.content import repositories
from qwen_mcp_tools.sandbox.github.raw import Media, Raw
from qwen_mcp_tools.sandbox.github.repository import Repository

__all__ = ["GitHub", "Media", "Raw", "github"]


def github(checkouts: Mapping[str, Path]) -> tuple[GitHub, Raw, Media]:
    """Return the three hosts with the built-in repositories, and these folders beside them.

    `checkouts` maps full names to folders; it wins over a built-in repository of the same name.
    """
    own = [Repository(name, partial(published, folder)) for name, folder in checkouts.items()]
    taken = {name.lower() for name in checkouts}
    shelf = Shelf([*own, *(each for each in repositories() if each.full_name.lower() not in taken)])
    raw = Raw(shelf)
    return GitHub(shelf, raw), raw, Media(shelf)
