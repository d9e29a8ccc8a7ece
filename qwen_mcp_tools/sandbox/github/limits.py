"""The budgets of requests: how many are left in a window, and when it begins anew."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIZES: Mapping[str, tuple[int, int, int]] = {
    "core": (60, 5000, 3600),
    "search": (10, 30, 60),
    "code_search": (0, 10, 60),
}
"""Requests without and with a token, and the seconds that they are for."""
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID 0400:0000."
)
SPENT_BY_ADDRESS = (
    "API rate limit exceeded for 203.0.113.1. (But here's the good news: Authenticated requests "
    "get a higher rate limit. Check out the documentation for more details.)"
)
SPENT = (
    "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please "
    "include the request ID 0400:0000."
)


@dataclass
class Budget:
    """What is left of one bucket; `reset` is in epoch seconds."""

    name: str
    limit: int
    window: int
    left: int
    reset: int

    def renew(self) -> None:
        """Begin a new window if this one is over."""
        if time.time() >= self.reset:
            self.left, self.reset = self.limit, int(time.time()) + self.window

    def headers(self) -> dict[str, str]:
        """Return the headers that tell of it."""
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.left),
            "x-ratelimit-used": str(max(self.limit - self.left, 0)),
            "x-ratelimit-reset": str(self.reset),
            "x-ratelimit-resource": self.name,
        }

    def shown(self) -> dict[str, int]:
        """Return what `/rate_limit` says of it."""
        used = max(self.limit - self.left, 0)
        return {"limit": self.limit, "used": used, "remaining": self.left, "reset": self.reset}


class Budgets:
    """The buckets of everybody who asks."""

    def __init__(self) -> None:
        self._by_asker: dict[tuple[str, str], Budget] = {}
        self._left: dict[str, tuple[int, int]] = {}

    def of(self, asker: str, name: str) -> Budget:
        """Return a bucket of `asker`, who is empty without a token."""
        key = (asker, name)
        if key not in self._by_asker:
            anonymous, known, window = SIZES[name]
            limit = known if asker else anonymous
            left, seconds = self._left.get(name, (limit, window))
            reset = int(time.time()) + seconds
            self._by_asker[key] = Budget(name, limit, window, min(left, limit), reset)
        budget = self._by_asker[key]
        budget.renew()
        return budget

    def leave(self, name: str, left: int, reset_in: int) -> None:
        """Leave everybody `left` requests of a bucket for so many seconds."""
        self._left[name] = (left, reset_in)
        self._by_asker = {key: each for key, each in self._by_asker.items() if key[1] != name}

    def shown(self, asker: str) -> dict[str, Any]:
        """Return what `/rate_limit` says."""
        return {name: self.of(asker, name).shown() for name in SIZES}
