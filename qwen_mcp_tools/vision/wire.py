"""Wire: what the two protocols have in common; each is one module, `openai` and `anthropic`."""

import base64
from collections.abc import Mapping
from typing import Any, Protocol, cast

from qwen_mcp_tools.vision.picture import Picture
from qwen_mcp_tools.vision.question import Ask, Said

MOST_TOKENS = 8192
"""Of an answer: three times what one result can show."""
THINKING_TOKENS = 4096


class Wire(Protocol):
    """One protocol."""

    MOST_BYTES: int
    """Of all pictures of a request together, before they are base64."""
    SEES_MORE: bool
    """Whether a request can ask for high resolution."""

    def url(self, base_url: str) -> str:
        """Return where to post."""
        ...

    def headers(self, key: str) -> dict[str, str]:
        """Return what carries the key."""
        ...

    def body(self, ask: Ask) -> dict[str, Any]:
        """Return the request."""
        ...

    def take(self, event: Mapping[str, Any], said: Said) -> None:
        """Add to `said` what an event of the stream says, or a whole answer."""
        ...


def encoded(picture: Picture) -> str:
    """Return the bytes as base64."""
    return base64.b64encode(picture.data).decode("ascii")


def number(facts: Mapping[str, Any], name: str) -> int:
    """Return the whole number `name`, 0 where it is none."""
    value: object = facts.get(name)
    return value if isinstance(value, int) else 0


def within(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object `name`, an empty one where it is none."""
    value: object = facts.get(name)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def objects(facts: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects that are listed as `name`."""
    value: object = facts.get(name)
    listed = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]


def text(facts: Mapping[str, Any], name: str) -> str:
    """Return the text `name`, an empty one where it is none."""
    value: object = facts.get(name)
    return value if isinstance(value, str) else ""
