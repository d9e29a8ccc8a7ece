"""What a search engine is."""

from typing import ClassVar, Protocol

from qwen_mcp_tools.search.hits import Hits
from qwen_mcp_tools.search.query import Query


class Engine(Protocol):
    """Something that can be asked; its `name` is shown with its results."""

    name: ClassVar[str]

    async def search(self, query: Query) -> Hits:
        """Return one page of results, or raise a `ToolFailure`."""
        ...
