"""OpenAI's chat/completions as Model Studio speaks it (its API reference and vision guide)."""

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

MOST_BYTES: int = 7_000_000
"""Older pages of the guide allow 10 MB of base64, newer ones 20."""
SEES_MORE: bool = True


def url(base_url: str) -> str:
    """Return where to post."""
    return f"{base_url}/chat/completions"


def headers(key: str) -> dict[str, str]:
    """Return what carries the key."""
    return {"Authorization": f"Bearer {key}"}


def body(ask: Ask) -> dict[str, Any]:
    """Return the request; models of 3.5 and later think unless they are told not to."""
    request: dict[str, Any] = {
        "model": ask.model,
        "messages": [{"role": "user", "content": [_part(each) for each in ask.content]}],
        "enable_thinking": ask.thinks,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": MOST_TOKENS + (THINKING_TOKENS if ask.thinks else 0),
    }
    if ask.thinks:
        request["thinking_budget"] = THINKING_TOKENS
    if ask.high:
        request["vl_high_resolution_images"] = True
    return request


def take(event: Mapping[str, Any], said: Said) -> None:
    """Add what a chunk of the stream says, or a whole answer."""
    for choice in objects(event, "choices")[:1]:
        said.text += text(within(choice, "delta") or within(choice, "message"), "content")
        said.finish = text(choice, "finish_reason") or said.finish
    usage = within(event, "usage")
    if usage:
        said.tokens_in = number(usage, "prompt_tokens")
        said.tokens_out = number(usage, "completion_tokens")
        said.tokens_of_pictures = number(within(usage, "prompt_tokens_details"), "image_tokens")


def _part(each: str | Picture) -> dict[str, Any]:
    if isinstance(each, str):
        return {"type": "text", "text": each}
    return {
        "type": "image_url",
        "image_url": {"url": f"data:{each.mime};base64,{encoded(each)}"},
    }
