"""A filter that a service does not take after all."""

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.query import Query


class RefusedFilterError(UpstreamError):
    """The service refuses an argument; without the filters it may well answer."""


def told(refusal: RefusedFilterError, query: Query) -> str:
    """Return what a reader is told when `query` was asked again without its filters."""
    given = query.wishes("freshness", "language", "country") or ("the query's own language",)
    return f"{refusal.service} {refusal.trouble}; it was asked again without {', '.join(given)}"
