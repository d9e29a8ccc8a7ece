"""Who we say we are, and toward a service that wants to know it, who asked us."""

import re
from functools import cache
from importlib.metadata import metadata

NAME = "qwen-mcp-tools"
LONGEST_PRODUCT = 40

_NO_TOKEN = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]+")


def user_agent(via: str = "") -> str:
    """Return `qwen-mcp-tools/VERSION`, with the project's URL once its metadata has one.

    `via` is the client that asked, in the form of `product`; a comment names it.
    """
    return f"{_own()} (via {via})" if via else _own()


def product(name: str, version: str) -> str:
    """Return `name/version` with nothing in it that a comment of a header does not carry."""
    name, version = (
        _NO_TOKEN.sub("-", each).strip("-")[:LONGEST_PRODUCT] for each in (name, version)
    )
    return f"{name}/{version}" if name and version else name


@cache
def _own() -> str:
    facts = metadata(NAME)
    urls = [entry.partition(",")[2].strip() for entry in facts.get_all("Project-URL") or []]
    about = f" (+{urls[0]})" if urls else ""
    return f"{NAME}/{facts['Version']}{about}"
