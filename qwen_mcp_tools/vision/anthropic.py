"""Anthropic's messages as Model Studio speaks it (its page on Claude Code)."""

from collections.abc import Mapping
from typing import Any

from qwen_mcp_tools.vision.picture import Picture
from qwen_mcp_tools.vision.question import Ask, Said
from qwen_mcp_tools.vision.wire import (
    MOST_TOKENS,
    THINKING_TOKENS,
    encoded,
    number,
    objects,
    text,
    within,
)

MOST_BYTES: int = 4_400_000
"""A whole request has at most 6 MB, and base64 takes a third more."""
SEES_MORE: bool = False

VERSION = "2023-06-01"
ENDS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length"}


def url(base_url: str) -> str:
    """Return where to post."""
    return f"{base_url}/v1/messages"


def headers(key: str) -> dict[str, str]:
    """Return what carries the key."""
    return {"x-api-key": key, "anthropic-version": VERSION}


def body(ask: Ask) -> dict[str, Any]:
    """Return the request."""
    thinking = {"type": "enabled", "budget_tokens": THINKING_TOKENS}
    return {
        "model": ask.model,
        "messages": [{"role": "user", "content": [_part(each) for each in ask.content]}],
        "thinking": thinking if ask.thinks else {"type": "disabled"},
        "stream": True,
        "max_tokens": MOST_TOKENS + (THINKING_TOKENS if ask.thinks else 0),
    }


def take(event: Mapping[str, Any], said: Said) -> None:
    """Add what an event of the stream says, or a whole answer."""
    match event.get("type"):
        case "message_start":
            _count(within(within(event, "message"), "usage"), said)
        case "content_block_delta":
            said.text += text(within(event, "delta"), "text")
        case "message_delta":
            _end(within(event, "delta"), said)
            _count(within(event, "usage"), said)
        case "message":
            said.text += "".join(text(each, "text") for each in objects(event, "content"))
            _end(event, said)
            _count(within(event, "usage"), said)
        case _:
            pass  # ping, and the beginning and end of a block


def _end(facts: Mapping[str, Any], said: Said) -> None:
    reason = text(facts, "stop_reason")
    said.finish = ENDS.get(reason, reason) or said.finish


def _count(usage: Mapping[str, Any], said: Said) -> None:
    said.tokens_in = number(usage, "input_tokens") or said.tokens_in
    said.tokens_out = number(usage, "output_tokens") or said.tokens_out


def _part(each: str | Picture) -> dict[str, Any]:
    if isinstance(each, str):
        return {"type": "text", "text": each}
    source = {"type": "base64", "media_type": each.mime, "data": encoded(each)}
    return {"type": "image", "source": source}
