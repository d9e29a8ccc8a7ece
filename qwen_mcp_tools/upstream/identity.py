"""Who we say we are."""

from functools import cache
from importlib.metadata import metadata

NAME = "qwen-mcp-tools"


@cache
def user_agent() -> str:
    """Return `qwen-mcp-tools/VERSION`, with the project's URL once its metadata has one."""
    facts = metadata(NAME)
    urls = [entry.partition(",")[2].strip() for entry in facts.get_all("Project-URL") or []]
    about = f" (+{urls[0]})" if urls else ""
    return f"{NAME}/{facts['Version']}{about}"
