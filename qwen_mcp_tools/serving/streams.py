"""Streams: how many connections that only listen may be open, so that callers find room."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

MOST = 256
"""Of all callers together: half of the connections that are served."""

MOST_OF_ONE = 64
"""Of one token, or of one address where there are no tokens."""


class Streams:
    """Counts open streams by who listens."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._open: Counter[str] = Counter()

    @contextmanager
    def listening(self, who: str) -> Generator[bool]:
        """Take a place for `who` inside the block; False, and no place, if there is none."""
        if self._open[who] >= self._most_of_one or self._open.total() >= self._most:
            yield False
            return
        self._open[who] += 1
        try:
            yield True
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
