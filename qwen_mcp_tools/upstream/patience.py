"""How long one service is waited for, while another one could be asked instead.

Time spent in a line of our own is not the service's: it does not count.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import anyio


@dataclass(slots=True)
class Patience:
    """What a service is given in a block, and what of the call's time is kept for others."""

    scope: anyio.CancelScope
    seconds: float
    """What the service has, less where a wait in line took from it."""
    reserve_seconds: float
    check: Callable[[], None]
    """Raises what speaks against asking the service at all."""

    @property
    def is_over(self) -> bool:
        """Whether the service did not answer in time."""
        return self.scope.cancelled_caught


_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(
    seconds: float, *, reserve_seconds: float = 0, check: Callable[[], None] = lambda: None
) -> Generator[Patience]:
    """End what happens in the block after `seconds`; `is_over` says whether that was needed.

    Whoever waited in line meanwhile does `check` before the service is asked.
    """
    with anyio.move_on_after(seconds) as scope:
        given = Patience(scope, seconds, reserve_seconds, check)
        token = _current.set(given)
        try:
            yield given
        finally:
            _current.reset(token)


@contextmanager
def waiting_in_line() -> Generator[float]:
    """Stop the clock of `patience` inside the block; yields how many seconds may be waited."""
    current = _current.get()
    if current is None:
        yield seconds_left()
        return
    left = current.scope.deadline - anyio.current_time()
    current.scope.deadline = float("inf")
    try:
        yield seconds_left() - current.reserve_seconds
    finally:
        # The last engine has no need of it: the call's own end is its end.
        kept = left
        if current.reserve_seconds:
            kept = min(left, seconds_left() - current.reserve_seconds)
            current.seconds -= left - kept
        current.scope.deadline = anyio.current_time() + kept


def check_again() -> None:
    """Raise what by now speaks against asking the service, if anything does."""
    current = _current.get()
    if current:
        current.check()


def seconds_left() -> float:
    """Return how much of the call's time is left."""
    return anyio.current_effective_deadline() - anyio.current_time()
