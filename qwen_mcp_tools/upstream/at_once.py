"""Several things at the same time, within the call's own deadline."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio


async def at_once(*asks: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Return what each of `asks` returns, in their order.

    The first failure ends the others and is raised itself, not in a group. Unlike
    `asyncio.gather`, each sees how much time the call has left.
    """
    answers: list[Any] = [None] * len(asks)
    failures: list[Exception] = []

    async def ask(number: int) -> None:
        try:
            answers[number] = await asks[number]()
        except Exception as failure:  # noqa: BLE001 - raised below
            failures.append(failure)
            tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        for number in range(len(asks)):
            tasks.start_soon(ask, number)
    if failures:
        raise failures[0]
    return answers


@asynccontextmanager
async def beside(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
    """Do `work` during the block, and end it with the block, whose failure stays as it is."""
    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised below, outside of the group
            failure = error
        tasks.cancel_scope.cancel()
    if failure:
        raise failure
