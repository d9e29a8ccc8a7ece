"""What both searches share: the envelope, the pages, the cap of a thousand results."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from qwen_mcp_tools.sandbox.github.answers import Answer, Refusal, page_number, page_size, paged
from qwen_mcp_tools.sandbox.github.asking import Ask

MOST = 1_000
T = TypeVar("T")


def envelope(
    ask: Ask, found: Sequence[T], item: Callable[[T], dict[str, Any]], *, is_incomplete: bool
) -> Answer:
    """Return the page of a search that was asked for; refuse one beyond the thousandth result."""
    if page_number(ask.request) > 1 and (page_number(ask.request) * page_size(ask.request) > MOST):
        raise Refusal(
            422,
            "Only the first 1000 search results are available",
            docs="https://docs.github.com/v3/search/",
        )
    page, link = paged(list(found[:MOST]), ask.request)
    body = {
        "total_count": len(found),
        "incomplete_results": is_incomplete,
        "items": [item(each) for each in page],
    }
    return Answer(body, {"link": link} if link else {})
