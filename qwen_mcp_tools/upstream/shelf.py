"""Values kept for a while and up to a size, so that asking for the next part costs no request."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """Keeps values for `ttl_seconds` and up to `max_bytes`, the least recently used going first.

    The newest one stays whatever it weighs: somebody is about to ask for its next part.
    """

    def __init__(self, max_bytes: int, ttl_seconds: float) -> None:
        self._max_bytes = max_bytes
        self._ttl = ttl_seconds
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[float, int, V]] = OrderedDict()

    def find(self, key: Hashable) -> V | None:
        """Return what is kept as `key`, if it is not too old."""
        until, _, value = self._kept.get(key, (0.0, 0, None))
        if until < time.monotonic():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return value

    def keep(self, key: Hashable, value: V, size: int) -> None:
        """Keep `value`, which takes `size` bytes."""
        self._drop(key)
        self._kept[key] = (time.monotonic() + self._ttl, size, value)
        self._size += size
        while self._size > self._max_bytes and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        if key in self._kept:
            self._size -= self._kept.pop(key)[1]
