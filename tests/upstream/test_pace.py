"""A line in front of a service that allows so many requests in a window."""

from collections.abc import Callable

import anyio
import pytest

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.upstream.pace import Pace
from qwen_mcp_tools.upstream.patience import patience
from qwen_mcp_tools.upstream.windows import Window

SECONDS = 0.05


class Service:
    """Notes when it was asked, and tells its windows with each answer."""

    def __init__(self, *windows: Window) -> None:
        self.pace = Pace("Service")
        self.windows = windows
        self.asked: list[tuple[int, float]] = []
        self.under_way = self.most_at_once = 0

    async def ask(self, number: int, takes: float = 0.0) -> None:
        async with self.pace.turn():
            await self.answer(number, takes)

    async def answer(self, number: int, takes: float = 0.0) -> None:
        self.asked.append((number, anyio.current_time()))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await anyio.sleep(takes)
        self.under_way -= 1
        self.pace.learn(self.windows)

    @property
    def order(self) -> list[int]:
        return [number for number, _ in self.asked]

    def most_within(self, seconds: float) -> int:
        times = [at for _, at in self.asked]
        return max(sum(at <= each < at + seconds for each in times) for at in times)


async def _all(*calls: Callable[[], object]) -> None:
    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(call)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [1, 3])
async def test_no_window_gets_more_than_its_limit_and_the_order_is_kept(limit: int) -> None:
    service = Service(Window(limit, SECONDS))

    await _all(*(lambda number=n: service.ask(number) for n in range(10)))

    assert service.order == list(range(10))
    assert service.most_within(SECONDS) == limit


async def test_the_first_request_finds_the_limit_out_while_the_others_wait() -> None:
    service = Service(Window(5, SECONDS))
    async with service.pace.turn():
        async with anyio.create_task_group() as group:
            group.start_soon(service.ask, 1)
            await anyio.wait_all_tasks_blocked()
            assert service.asked == []
            group.cancel_scope.cancel()
        await service.answer(0)
    await service.ask(2)

    assert service.order == [0, 2]


async def test_a_service_without_limits_is_asked_by_all_at_once() -> None:
    service = Service()
    await service.ask(0)

    await _all(*(lambda number=n: service.ask(number, 0.01) for n in range(1, 6)))

    assert service.most_at_once == 5


@pytest.mark.parametrize("window", [Window(0, 1, 0, 60), Window(15_000, 2_592_000, 0, 60)])
async def test_nobody_waits_for_a_limit_of_zero_or_for_a_month(window: Window) -> None:
    service = Service(window)
    with anyio.fail_after(5):
        for number in range(5):
            await service.ask(number)


async def test_a_failed_first_request_lets_the_next_one_try() -> None:
    service = Service()
    with pytest.raises(ConnectionError):
        async with service.pace.turn():
            raise ConnectionError

    assert not service.pace.is_known
    await service.ask(1)
    assert service.pace.is_known


async def test_a_second_try_waits_behind_the_next_in_line_at_most() -> None:
    service = Service(Window(1, SECONDS))

    async def twice() -> None:
        turn = service.pace.turn()
        async with turn:
            await service.answer(1)
        service.pace.close_for(SECONDS)
        async with turn:
            await service.answer(1)

    await _all(twice, lambda: service.ask(2), lambda: service.ask(3))

    assert service.order in ([1, 1, 2, 3], [1, 2, 1, 3])


async def test_what_others_use_up_is_waited_for() -> None:
    service = Service(Window(5, SECONDS, remaining=0, reset_seconds=SECONDS))
    await service.ask(1)
    await service.ask(2)

    (_, first), (_, second) = service.asked
    assert second - first >= SECONDS


async def test_a_wait_that_the_call_has_no_time_for_is_told_at_once() -> None:
    service = Service(Window(1, 30))
    await service.ask(0)
    with anyio.fail_after(5), pytest.raises(UpstreamError, match="Service has more of our req"):
        with anyio.move_on_after(2):
            await service.ask(1)

    assert service.order == [0]


async def test_a_line_that_is_too_long_is_not_joined() -> None:
    service = Service(Window(1, 10))
    await service.ask(0)
    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(service.ask, number)
        await anyio.wait_all_tasks_blocked()
        began = anyio.current_time()
        with pytest.raises(UpstreamError, match="ask for less at once"):
            with anyio.move_on_after(15):
                await service.ask(4)
        assert anyio.current_time() - began < 10
        group.cancel_scope.cancel()


async def test_waiting_in_line_costs_a_service_none_of_the_patience_it_has() -> None:
    service = Service(Window(1, 4 * SECONDS))
    await service.ask(0)
    with patience(2 * SECONDS) as given:
        await service.ask(1)

    assert not given.is_over
    assert service.order == [0, 1]


async def test_a_service_that_tells_no_limits_has_none() -> None:
    pace = Pace("Service")
    async with pace.turn():
        pass
    with anyio.fail_after(5):
        async with pace.turn(), pace.turn(), pace.turn():
            pass


async def test_a_wait_leaves_the_time_that_is_kept_for_others() -> None:
    service = Service(Window(1, 4))
    await service.ask(0)
    began = anyio.current_time()
    with anyio.move_on_after(10), patience(2, reserve_seconds=8):
        with pytest.raises(UpstreamError, match="in line"):
            await service.ask(1)

    assert anyio.current_time() - began < 4


async def test_after_a_wait_the_service_has_what_is_left_without_the_reserve() -> None:
    service = Service(Window(1, 0.5))
    await service.ask(0)
    began = anyio.current_time()
    with anyio.move_on_after(5) as call, patience(60, reserve_seconds=3) as given:
        await service.ask(1, takes=60)

    assert given.is_over
    assert given.seconds <= 1.5
    assert not call.cancelled_caught
    assert anyio.current_time() - began < 5


async def test_whoever_waited_asks_again_whether_it_is_worth_it_and_takes_no_turn_if_not() -> None:
    service = Service(Window(1, SECONDS))
    await service.ask(0)

    def refuse() -> None:
        raise UpstreamError("Service", "rests")

    with patience(5, check=refuse), pytest.raises(UpstreamError, match="Service rests"):
        await service.ask(1)
    with anyio.fail_after(5):
        await service.ask(2)

    assert service.order == [0, 2]


async def test_no_refusal_closes_the_line_for_longer_than_a_short_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.upstream.pace.LONGEST_WINDOW_SECONDS", SECONDS)
    service = Service()
    service.pace.close_for(1_419_704)
    with anyio.fail_after(5):
        await service.ask(0)


async def test_a_window_that_others_used_up_is_waited_for_no_longer_than_it_lasts() -> None:
    service = Service(Window(5, SECONDS, remaining=0, reset_seconds=30))
    await service.ask(0)
    with anyio.fail_after(5):
        await service.ask(1)


async def test_a_first_request_counts_from_its_answer_since_connecting_took_its_time() -> None:
    service = Service(Window(1, 0.3))
    await service.ask(0, takes=0.5)
    answered = anyio.current_time()
    await service.ask(1)

    assert service.asked[1][1] - answered >= 0.29


async def test_patience_ends_with_a_service_that_is_silent() -> None:
    service = Service()
    with patience(SECONDS) as given:
        await service.ask(1, takes=60)

    assert given.is_over


async def test_a_cancelled_wait_holds_nobody_up() -> None:
    service = Service(Window(1, 1))
    await service.ask(0)
    async with anyio.create_task_group() as group:
        group.start_soon(service.ask, 1)
        group.start_soon(service.ask, 2)
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    with anyio.fail_after(5):
        await service.ask(3)

    assert service.order == [0, 3]
