"""Budgets: how often GitHub lets us ask, learnt from its answers, and the waiting that saves them.

Primary limits are a window for each resource (`x-ratelimit-*`, the reset an epoch second);
secondary ones ask for a pause of everything (docs.github.com, rate limits for the REST API).
"""

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from math import inf

import anyio

from qwen_mcp_tools.errors import RateLimitedError
from qwen_mcp_tools.upstream.doing import doing
from qwen_mcp_tools.upstream.patience import seconds_left

SERVICE = "GitHub"
ROOM_SECONDS = 1.0
"""What must be left of a call's time after a wait for it to be worth it."""

LONGEST_WINDOW = 7200.0
ROUNDING_SECONDS = 1.0
"""GitHub tells its time and the end of a window in whole seconds."""

FIRST_BURST = {"search": 10, "code_search": 10}
"""How many are asked at once before an answer has told how many may be."""


@dataclass(slots=True)
class _Window:
    limit: int = 0
    left: float = inf
    until: float = 0.0
    """When it is renewed, by the monotonic clock."""
    under_way: int = 0


class Budgets:
    """The windows of one identity."""

    def __init__(self, *, has_token: bool) -> None:
        self._has_token = has_token
        self._windows: dict[str, _Window] = {}
        self._paused_until = 0.0
        self._answered = anyio.Event()

    @asynccontextmanager
    async def place_in(self, resource: str) -> AsyncGenerator[None]:
        """Wait until `resource` may be asked, and count the request while the block runs.

        Raises:
            RateLimitedError: That is later than the call's time allows; it says when.
        """
        window = self._windows.setdefault(resource, _Window())
        while self._may_not_yet(resource, window):
            await self._wait(resource, window)
        window.under_way += 1
        try:
            yield
        finally:
            window.under_way -= 1
            self._answered.set()
            self._answered = anyio.Event()

    def learn(self, resource: str, headers: Mapping[str, str]) -> None:
        """Note what an answer says about its window."""
        limit, left, reset = (_count(headers, name) for name in ("limit", "remaining", "reset"))
        if limit is None or left is None or reset is None:
            return  # An Enterprise Server has no limits unless its owner sets them.
        window = self._windows.setdefault(resource, _Window())
        seconds = reset - server_time(headers) + ROUNDING_SECONDS
        until = time.monotonic() + min(max(seconds, 0), LONGEST_WINDOW)
        is_new = until > window.until + 2  # Answers may overtake each other.
        window.left = left if is_new else min(left, window.left)
        window.limit, window.until = limit, max(until, window.until)

    def pause(self, seconds: float) -> RateLimitedError:
        """Let nothing be asked for `seconds`, and return the failure that tells so."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)
        return self._failure("asks for a pause, since it was asked too much at once,", seconds)

    def spent(self, resource: str, seconds: float) -> RateLimitedError:
        """Return the failure that tells that `resource` is used up for `seconds`."""
        limit = self._windows.get(resource, _Window()).limit
        span = "a minute" if "search" in resource else "an hour"
        kind = _KINDS.get(resource, "requests")
        allowed = f"allows {limit:,} {kind} {span}; used up" if limit else f"allows no more {kind}"
        return self._failure(allowed, seconds)

    def _may_not_yet(self, resource: str, window: _Window) -> bool:
        is_open = not window.limit and window.under_way < FIRST_BURST.get(resource, 100)
        has_room = window.left > window.under_way or window.until <= time.monotonic()
        may = is_open or (window.limit > 0 and has_room)
        return not may or self._paused_until > time.monotonic()

    async def _wait(self, resource: str, window: _Window) -> None:
        now = time.monotonic()
        if self._paused_until > now:
            await _sleep(self._paused_until - now, self.pause)
        elif window.limit:
            await _sleep(window.until - now, partial(self.spent, resource))
        else:  # The first answers tell how much there is.
            await self._answered.wait()

    def _failure(self, trouble: str, seconds: float) -> RateLimitedError:
        mend = "" if self._has_token else "set GITHUB_TOKEN for a larger limit"
        when = time.strftime("%H:%M:%S", time.gmtime(time.time() + seconds))
        return RateLimitedError(
            SERVICE, f"{trouble} until {when} UTC (in {_span(seconds)})", mend, retry_after=seconds
        )


async def _sleep(seconds: float, refuse: Callable[[float], RateLimitedError]) -> None:
    if seconds + ROOM_SECONDS > seconds_left():
        raise refuse(seconds)
    with doing(f"waiting {_span(seconds)} for GitHub's limit"):
        await anyio.sleep(seconds)


_KINDS = {"search": "searches", "code_search": "code searches"}


def server_time(headers: Mapping[str, str]) -> float:
    """Return GitHub's own clock, in epoch seconds; ours where its answer does not show it."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return time.time()


def _count(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(f"x-ratelimit-{name}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
