import anyio
import pytest

from qwen_mcp_tools.errors import ServiceFaultError
from qwen_mcp_tools.upstream.cache import Cache
from tests.upstream.loopback import PATIENCE, listening, pages, silent


class Work:
    """Work that lasts until it is let go; it takes note of its beginnings and of its end."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.started = anyio.Event()
        self.may_end = anyio.Event()
        self.ended = anyio.Event()
        self.time_left = 0.0

    async def __call__(self) -> int:
        self.begun += 1
        self.started.set()
        try:
            await self.may_end.wait()
        except BaseException:
            self.cancelled += 1
            self.ended.set()
            raise
        self.time_left = anyio.current_effective_deadline() - anyio.current_time()
        return self.begun


def cache(max_items: int = 10, ttl_seconds: float = 60) -> Cache[int]:
    return Cache[int](max_items=max_items, ttl_seconds=ttl_seconds)


def making(*values: int) -> "Making":
    return Making(values)


class Making:
    def __init__(self, values: tuple[int, ...]) -> None:
        self._values = list(values)

    async def __call__(self) -> int:
        return self._values.pop(0)


async def test_a_value_is_made_once_and_kept() -> None:
    kept, make = cache(), making(1, 2)

    assert [await kept.get("a", make) for _ in range(3)] == [1, 1, 1]
    assert await kept.get("b", make) == 2


async def test_a_value_grows_old() -> None:
    kept, make = cache(ttl_seconds=0), making(1, 2)

    assert [await kept.get("a", make) for _ in range(2)] == [1, 2]


async def test_the_value_used_longest_ago_goes_first() -> None:
    kept, make = cache(max_items=2), making(1, 2, 3, 4)
    for key in ("a", "b", "a", "c"):
        await kept.get(key, make)

    assert await kept.get("a", make) == 1
    assert await kept.get("b", make) == 4


async def test_identical_calls_at_once_are_one() -> None:
    kept, work, values = cache(), Work(), list[int]()

    async def call() -> None:
        values.append(await kept.get("a", work))

    async with anyio.create_task_group() as calls:
        for _ in range(5):
            calls.start_soon(call)
        await work.started.wait()
        work.may_end.set()

    assert (values, work.begun) == ([1] * 5, 1)


async def test_a_failure_goes_to_all_who_waited_and_is_not_kept() -> None:
    kept, may_fail = cache(), anyio.Event()
    failures = list[str]()

    async def fail() -> int:
        await may_fail.wait()
        raise ServiceFaultError("Brave", "fails")

    async def call() -> None:
        with pytest.raises(ServiceFaultError) as failure:
            await kept.get("a", fail)
        failures.append(str(failure.value))

    async with anyio.create_task_group() as calls:
        for _ in range(3):
            calls.start_soon(call)
        may_fail.set()

    assert failures == ["Brave fails"] * 3
    assert await kept.get("a", making(7)) == 7


async def test_one_cancelled_caller_does_not_end_the_work_of_the_others() -> None:
    kept, work, values = cache(), Work(), list[int]()

    async def first(scope: anyio.CancelScope) -> None:
        with scope:
            await kept.get("a", work)

    async def second() -> None:
        values.append(await kept.get("a", work))

    async with anyio.create_task_group() as calls:
        scope = anyio.CancelScope()
        calls.start_soon(first, scope)
        await work.started.wait()
        calls.start_soon(second)
        await anyio.wait_all_tasks_blocked()
        scope.cancel()
        await anyio.wait_all_tasks_blocked()
        work.may_end.set()

    assert (values, work.begun, work.cancelled) == ([1], 1, 0)


async def test_the_work_ends_with_its_last_caller_and_the_next_begins_anew() -> None:
    kept, work = cache(), Work()
    async with anyio.create_task_group() as calls:
        for _ in range(3):
            calls.start_soon(kept.get, "a", work)
        await work.started.wait()
        await anyio.wait_all_tasks_blocked()
        calls.cancel_scope.cancel()
    await work.ended.wait()
    work.may_end.set()

    assert (work.begun, work.cancelled) == (1, 1)
    assert await kept.get("a", work) == 2


async def test_nobody_joins_work_that_is_ending() -> None:
    kept, first = cache(), Work()
    may_be_gone = anyio.Event()

    async def slow_to_end() -> int:
        try:
            return await first()
        finally:
            with anyio.CancelScope(shield=True):
                await may_be_gone.wait()

    async with anyio.create_task_group() as calls:
        calls.start_soon(kept.get, "a", slow_to_end)
        await first.started.wait()
        calls.cancel_scope.cancel()
    with anyio.fail_after(PATIENCE):
        assert await kept.get("a", making(7)) == 7
    may_be_gone.set()

    assert await kept.get("a", making(8)) == 7


async def test_the_work_has_the_time_of_its_most_patient_caller() -> None:
    kept, work = cache(), Work()

    async def hasty() -> None:
        with anyio.move_on_after(0.05):
            await kept.get("a", work)

    async def patient() -> None:
        with anyio.fail_after(60):
            await kept.get("a", work)

    async with (
        anyio.create_task_group() as calls,
        anyio.create_task_group() as both,
    ):
        both.start_soon(hasty)
        await work.started.wait()
        calls.start_soon(patient)
        work.may_end.set()

    assert (work.begun, work.cancelled) == (1, 0)
    assert 50 < work.time_left <= 60


async def test_a_call_that_runs_out_of_time_ends_in_its_own_deadline() -> None:
    kept, work = cache(), Work()

    with anyio.move_on_after(0.05) as call:
        await kept.get("a", work)

    assert call.cancelled_caught


async def test_a_cancelled_call_closes_the_socket_of_its_work() -> None:
    kept = cache()
    async with listening(silent) as site, pages(site.port) as client:

        async def fetch() -> int:
            return len((await client.get(site.url)).body)

        with anyio.move_on_after(0.1):
            await kept.get("a", fetch)
        await site.until_left()

    assert site.connections == 1
