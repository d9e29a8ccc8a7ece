"""Brave's limits, told in the headers of every answer (its guide "Rate limiting").

Each is a list with an entry for each window, the first of a second and the second of a month:
`X-RateLimit-Policy: 1;w=1, 15000;w=2592000`, `X-RateLimit-Reset: 1, 1419704` in seconds.
"""

import re
from itertools import zip_longest

from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.upstream.windows import LONGEST_WINDOW_SECONDS, Window

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_USUAL_SECONDS = (1.0, 2_592_000.0)


def windows_of(answer: Answer) -> tuple[Window, ...]:
    """Return the windows that `answer` tells; a monthly limit of 0 means that there is none."""
    limits, left, resets = (_numbers(answer, each) for each in ("limit", "remaining", "reset"))
    seconds = _lengths(answer) or _USUAL_SECONDS
    told = zip_longest(limits, seconds, left, resets)
    return tuple(
        Window(int(limit), length, None if remaining is None else int(remaining), reset)
        for limit, length, remaining, reset in list(told)[: len(limits)]
        if length
    )


def seconds_to_wait(answer: Answer) -> float:
    """Return for how long the shortest window stays shut; it may be told as 0 while it is.

    More than the longest window that is waited for is a slip of the header.
    """
    window = (_lengths(answer) or _USUAL_SECONDS)[0]
    return min(max([window, *_numbers(answer, "reset")[:1]]), LONGEST_WINDOW_SECONDS)


def _numbers(answer: Answer, name: str) -> list[float]:
    """Return the numbers of a header, one for each window; empty where it is none."""
    parts = [each.strip() for each in answer.headers.get(f"x-ratelimit-{name}", "").split(",")]
    return [float(each) for each in parts] if all(map(_NUMBER.fullmatch, parts)) else []


def _lengths(answer: Answer) -> list[float]:
    lengths = re.findall(
        rf";\s*w=({_NUMBER.pattern})", answer.headers.get("x-ratelimit-policy", "")
    )
    return [float(each) for each in lengths]
