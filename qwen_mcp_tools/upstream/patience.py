"""How long one service is waited for, while another one could be asked instead.

Time spent in a line of our own is not the service's: it does not count.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import anyio


@dataclass(frozen=True, slots=True)
class Patience:
    """What a service is given in a block, and what of the call's time is kept for others."""

    scope: anyio.CancelScope
    reserve_seconds: float

    @property
    def is_over(self) -> bool:
        """Whether the service did not answer in time."""
        return self.scope.cancelled_caught


_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(seconds: float, *, reserve_seconds: float = 0) -> Generator[Patience]:
    """End what happens in the block after `seconds`; `is_over` says whether that was needed."""
    with anyio.move_on_after(seconds) as scope:
        given = Patience(scope, reserve_seconds)
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
        yield _seconds_left()
        return
    left = current.scope.deadline - anyio.current_time()
    current.scope.deadline = float("inf")
    try:
        yield _seconds_left() - current.reserve_seconds
    finally:
        current.scope.deadline = anyio.current_time() + left


def _seconds_left() -> float:
    return anyio.current_effective_deadline() - anyio.current_time()
