from collections.abc import Awaitable, Callable

import anyio
import pytest

from qwen_mcp_tools.errors import (
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    ToolFailure,
    UnreachableError,
)
from qwen_mcp_tools.upstream.retry import with_retry
from tests.upstream.loopback import answering, clients, leaving, listening, reply

FAULT = ServiceFaultError("Brave", "fails")
WAIT = RateLimitedError("Brave", "asks us to wait", retry_after=0)


class Attempts:
    """Fails in the given ways, one after the other, then returns how often it was asked."""

    def __init__(self, *failures: ToolFailure) -> None:
        self._failures = list(failures)
        self.count = 0

    async def __call__(self) -> int:
        self.count += 1
        if self._failures:
            raise self._failures.pop(0)
        return self.count


@pytest.mark.parametrize("failure", [FAULT, WAIT])
async def test_a_failure_that_passes_is_tried_again(failure: ToolFailure) -> None:
    assert await with_retry(Attempts(failure)) == 2


async def test_the_last_failure_is_the_one_that_is_told() -> None:
    attempts = Attempts(WAIT, WAIT, FAULT)

    with pytest.raises(ServiceFaultError):
        await with_retry(attempts)

    assert attempts.count == 3


@pytest.mark.parametrize(
    "failure",
    [
        RejectedKeyError("Brave", "does not accept the key"),
        UnreachableError("Brave", "did not answer within 20 s"),
        RateLimitedError("Brave", "has no quota left"),
        RateLimitedError("Brave", "asks us to wait long", retry_after=16),
    ],
    ids=["rejected key", "timeout", "quota", "long wait"],
)
async def test_a_failure_that_a_second_try_does_not_mend_is_told_at_once(
    failure: ToolFailure,
) -> None:
    attempts = Attempts(failure)

    with pytest.raises(type(failure)):
        await with_retry(attempts)

    assert attempts.count == 1


@pytest.mark.parametrize("failure", [FAULT, RateLimitedError("Brave", "waits", retry_after=2)])
async def test_no_try_is_begun_for_which_the_call_has_no_time(failure: ToolFailure) -> None:
    attempts = Attempts(failure)

    with anyio.move_on_after(1) as call, pytest.raises(type(failure)):
        await with_retry(attempts)

    assert (attempts.count, call.cancelled_caught) == (1, False)


async def test_a_connection_that_was_refused_is_tried_again() -> None:
    async with listening(leaving) as gone:
        pass
    count = 0

    async with clients() as (services, _):

        async def attempt() -> None:
            nonlocal count
            count += 1
            await services.request("SearXNG", "GET", gone.url)

        with pytest.raises(UnreachableError):
            await with_retry(attempt, tries=2)

    assert count == 2


async def test_a_name_that_is_not_there_is_looked_up_once() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    async with clients(nowhere) as (services, _):
        attempts = counted(lambda: services.request("Brave", "GET", "http://example.com/"))
        with pytest.raises(UnreachableError):
            await with_retry(attempts)

    assert attempts.count == 1


async def test_an_answer_that_broke_off_is_asked_for_again() -> None:
    broken = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"
    async with (
        listening(answering(broken, reply(b"whole"))) as service,
        clients() as (services, _),
    ):
        answer = await with_retry(lambda: services.request("Brave", "GET", service.url))

    assert answer.body == b"whole"


class counted:  # noqa: N801 - it reads as a function
    def __init__(self, call: Callable[[], Awaitable[object]]) -> None:
        self._call = call
        self.count = 0

    async def __call__(self) -> object:
        self.count += 1
        return await self._call()
