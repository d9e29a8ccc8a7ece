"""Threads for work that keeps a core busy, so that the event loop goes on meanwhile."""

import os
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


class Workers:
    """As many threads as there are cores."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(os.cpu_count() or 1)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; a cancelled call does not wait for it, it ends by itself."""
        return await anyio.to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
