"""The same for several things at once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

from qwen_mcp_tools.errors import ToolFailure

T = TypeVar("T")
R = TypeVar("R")


async def together(work: Callable[[T], Awaitable[R]], things: Sequence[T]) -> tuple[R, ...]:
    """Return what `work` makes of each thing, in order; of several failures the first is raised.

    Raises:
        ToolFailure: What `work` raised.
    """
    done: dict[int, R] = {}
    failed: dict[int, ToolFailure] = {}

    async def one(number: int, thing: T) -> None:
        try:
            done[number] = await work(thing)
        except ToolFailure as failure:
            failed[number] = failure

    async with anyio.create_task_group() as tasks:
        for number, thing in enumerate(things):
            tasks.start_soon(one, number, thing)
    if failed:
        raise failed[min(failed)]
    return tuple(done[number] for number in range(len(things)))
