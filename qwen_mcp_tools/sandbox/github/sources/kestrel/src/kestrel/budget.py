"""A budget of retries that all jobs of a worker share."""

import time


class RetryBudget:
    """Allows retries as long as they are a small part of all calls."""

    def __init__(self, ratio: float = 0.2, window: float = 60.0) -> None:
        self.ratio = ratio
        self.window = window
        self._calls: list[float] = []
        self._retries: list[float] = []

    def note_call(self) -> None:
        """Count a first try."""
        self._calls.append(time.monotonic())

    def may_retry(self) -> bool:
        """Whether one more retry keeps within the ratio; counts it if so."""
        self._forget()
        if len(self._retries) + 1 > self.ratio * max(len(self._calls), 10):
            return False
        self._retries.append(time.monotonic())
        return True

    def _forget(self) -> None:
        start = time.monotonic() - self.window
        self._calls = [at for at in self._calls if at >= start]
        self._retries = [at for at in self._retries if at >= start]
