"""Windows of time in which a service allows so many requests."""

from dataclasses import dataclass

LONGEST_WINDOW_SECONDS = 60.0
"""Longer windows are quotas: nobody waits in line for a month."""

DOUBT_SECONDS = 0.2
"""A request is counted somewhere between its sending and its answer: how long that may take."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a service says of one window: `limit` requests in `seconds`, a limit of 0 being none."""

    limit: int
    seconds: float
    remaining: int | None = None
    reset_seconds: float | None = None
    """In how many seconds the window begins anew."""

    @property
    def is_short(self) -> bool:
        """Whether waiting for it makes sense."""
        return self.limit > 0 and 0 < self.seconds <= LONGEST_WINDOW_SECONDS


@dataclass(slots=True)
class Sent:
    """A request on its way, or answered."""

    at: float
    answered: float = float("inf")
    is_first: bool = False
    """Whether it has to connect first, and so arrives late."""

    def counts_until(self, window: Window) -> float:
        """Return until when the service may count this request in `window`."""
        if self.is_first:
            return self.answered + window.seconds
        return min(self.answered, self.at + DOUBT_SECONDS) + window.seconds
