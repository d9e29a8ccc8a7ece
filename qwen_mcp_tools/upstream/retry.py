"""Once more after a failure that passes, while the call's own time allows it."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import httpcore

from qwen_mcp_tools.errors import (
    RateLimitedError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.upstream.patience import seconds_left

T = TypeVar("T")

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 15.0
"""A service that asks for more than this is told of at once: the model can do something else."""

ROOM_SECONDS = 1.0
"""What must be left of the call's time for the next try to be worth it."""


async def with_retry(
    attempt: Callable[[], Awaitable[T]],
    *,
    tries: int = 3,
    longest_wait: float = LONGEST_WAIT_SECONDS,
) -> T:
    """Return what `attempt` returns, trying again where a second try may help.

    That is after a `ServiceFaultError`, a `RateLimitedError` that says how long to wait, and an
    `UnreachableError` for want of a connection. Any other failure, and the last, goes through.
    A wait of more than `longest_wait` seconds is not begun, nor one that the call has no time for.
    """
    for number in range(1, tries):
        try:
            return await attempt()
        except UpstreamError as failure:
            wait = _wait_after(failure, number, longest_wait)
            if wait is None or wait + ROOM_SECONDS > seconds_left():
                raise
        await anyio.sleep(wait)
    return await attempt()


def _wait_after(failure: UpstreamError, number: int, longest: float) -> float | None:
    if isinstance(failure, RateLimitedError):
        wait = failure.retry_after
        return wait if wait is not None and wait <= longest else None
    unconnected = isinstance(failure, UnreachableError) and isinstance(
        failure.__cause__, httpcore.ConnectError | ConnectionError
    )
    if not unconnected and not isinstance(failure, ServiceFaultError):
        return None
    # Jitter keeps callers that failed together from coming back together.
    return FIRST_WAIT_SECONDS * 2 ** (number - 1) * random.uniform(0.5, 1.5)  # noqa: S311
