"""What a call is doing at the moment, for whoever waits for it."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Doing:
    """A few words, which change."""

    words: str = "still working"


_current: ContextVar[Doing | None] = ContextVar("doing", default=None)


def watched() -> Doing:
    """Return what the call that begins here is doing, whatever task does it."""
    current = Doing()
    _current.set(current)
    return current


@contextmanager
def doing(words: str) -> Generator[None]:
    """Tell `words` inside the block, and afterwards what was told before."""
    current = _current.get()
    if current is None:
        yield
        return
    before, current.words = current.words, words
    try:
        yield
    finally:
        current.words = before
