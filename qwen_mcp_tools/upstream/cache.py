"""A small cache in memory, where identical calls at the same time are one."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import anyio

V = TypeVar("V")


@dataclass(slots=True)
class _Flight(Generic[V]):
    """Work under way, until when it may last, and how many callers wait for it."""

    scope: anyio.CancelScope
    task: "asyncio.Task[V]"
    waiting: int = 0


class Cache(Generic[V]):
    """Keeps up to `max_items` values for `ttl_seconds`, the least recently used one going first.

    How long may depend on the value.
    """

    def __init__(self, max_items: int, ttl_seconds: float | Callable[[V], float]) -> None:
        self._max_items = max_items
        self._ttl = ttl_seconds
        self._kept: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._flights: dict[Hashable, _Flight[V]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[V]]) -> V:
        """Return the value of `key`, made by `make` if there is no fresh one.

        A failure of `make` goes to every caller that waited for it, and is not kept. Work goes
        on while anybody waits for it, within the last of their deadlines: it is cancelled with
        its last caller.
        """
        while True:
            kept = self._kept.get(key)
            if kept and kept[0] > time.monotonic():
                self._kept.move_to_end(key)
                return kept[1]
            try:
                return await self._join(key, make)
            except _OutOfTimeError:
                continue  # The deadline of this call is due as well, or it was moved: begin anew.

    async def _join(self, key: Hashable, make: Callable[[], Awaitable[V]]) -> V:
        flight = self._flights.get(key)
        deadline = anyio.current_effective_deadline()
        if flight is None:
            # The work is its own task, but sees how much time its callers have.
            scope = anyio.CancelScope(deadline=deadline)
            flight = _Flight(scope, asyncio.ensure_future(self._make(key, make, scope)))
            self._flights[key] = flight
        flight.scope.deadline = max(flight.scope.deadline, deadline)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Nobody may join work that is ending: the next caller starts anew.
                self._flights.pop(key, None)
                flight.task.cancel()

    async def _make(
        self, key: Hashable, make: Callable[[], Awaitable[V]], scope: anyio.CancelScope
    ) -> V:
        try:
            with scope:
                value = await make()
                self._keep(key, value)
                return value
            raise _OutOfTimeError
        finally:
            flight = self._flights.get(key)
            if flight and flight.scope is scope:
                del self._flights[key]

    def _keep(self, key: Hashable, value: V) -> None:
        seconds = self._ttl(value) if callable(self._ttl) else self._ttl
        self._kept[key] = (time.monotonic() + seconds, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._max_items:
            self._kept.popitem(last=False)


class _OutOfTimeError(Exception):
    """The work took more time than any of its callers had."""
