"""How long to wait before a job is tried again."""

import random


class Backoff:
    """Doubles the wait after each try, up to a limit, and spreads it by jitter."""

    def __init__(self, first: float = 0.5, limit: float = 60.0, jitter: float = 0.1) -> None:
        self.first = first
        self.limit = limit
        self.jitter = jitter

    def wait(self, attempt: int) -> float:
        """Return the seconds to wait after the given try, counted from 1."""
        seconds = min(self.first * 2 ** (attempt - 1), self.limit)
        return seconds * (1 + random.uniform(-self.jitter, self.jitter))
