"""What GitHub's limits let through, and what is told of them."""

from email.utils import formatdate

import anyio
import pytest

from qwen_mcp_tools.errors import RateLimitedError
from qwen_mcp_tools.github.rest.budgets import Budgets
from qwen_mcp_tools.upstream.doing import watched

NOW = 1_800_000_000


def limits(limit: int, left: int, seconds: float, *, at: int = NOW) -> dict[str, str]:
    """Return the headers of an answer whose window ends in `seconds`, by GitHub's own clock."""
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset": str(int(at + seconds)),
        "date": formatdate(at, usegmt=True),
    }


async def ask(budgets: Budgets, resource: str = "core", seconds: float = 5) -> None:
    with anyio.fail_after(seconds):
        async with budgets.place_in(resource):
            pass


async def test_what_is_not_known_is_asked() -> None:
    await ask(Budgets(has_token=True))


async def test_a_spent_window_is_told_at_once_with_its_end() -> None:
    budgets = Budgets(has_token=False)
    budgets.learn("core", limits(60, 0, 1380))

    with pytest.raises(RateLimitedError) as refusal:
        await ask(budgets)

    assert str(refusal.value).startswith("GitHub allows 60 requests an hour; used up until ")
    assert str(refusal.value).endswith(" UTC (in 23 min); set GITHUB_TOKEN for a larger limit")
    assert refusal.value.retry_after == pytest.approx(1380, abs=2)


async def test_the_clock_of_this_machine_does_not_matter() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("core", limits(60, 0, 50, at=10_000))

    with pytest.raises(RateLimitedError, match=r"in \d\d+ s"):
        await ask(budgets)


async def test_each_resource_has_a_window_of_its_own() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("code_search", limits(10, 0, 50))

    await ask(budgets, "core")
    with pytest.raises(RateLimitedError, match="allows 10 code searches a minute; used up until"):
        await ask(budgets, "code_search")


async def test_requests_under_way_count() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("code_search", limits(10, 1, 50))

    async with budgets.place_in("code_search"):
        with pytest.raises(RateLimitedError):
            await ask(budgets, "code_search")
    await ask(budgets, "code_search")


async def test_a_window_that_ended_is_no_hindrance() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("core", limits(60, 0, -2))

    await ask(budgets)


async def test_an_answer_that_was_overtaken_gives_nothing_back() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("core", limits(60, 0, 100))
    budgets.learn("core", limits(60, 3, 100))

    with pytest.raises(RateLimitedError):
        await ask(budgets)


async def test_a_new_window_is_a_new_budget() -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("core", limits(60, 0, 100))
    budgets.learn("core", limits(60, 59, 3600))

    await ask(budgets)


async def test_a_pause_stops_everything() -> None:
    budgets = Budgets(has_token=True)
    budgets.pause(60)

    for resource in ("core", "search"):
        with pytest.raises(RateLimitedError, match="asks for a pause, since it was asked too much"):
            await ask(budgets, resource)


async def test_whoever_waits_is_told_for_what() -> None:
    budgets = Budgets(has_token=True)
    budgets.pause(30)
    told = watched()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, budgets, "core", 60)
        await anyio.wait_all_tasks_blocked()
        words = told.words
        tasks.cancel_scope.cancel()

    assert words == "waiting 30 s for GitHub's limit"


async def test_before_the_first_answer_no_more_are_asked_than_there_may_be() -> None:
    budgets = Budgets(has_token=True)
    asked: list[int] = []
    refused: list[int] = []
    answer = anyio.Event()

    async def search(number: int) -> None:
        try:
            async with budgets.place_in("code_search"):
                asked.append(number)
                await answer.wait()
                budgets.learn("code_search", limits(10, 9 - number, 50))
        except RateLimitedError:
            refused.append(number)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for number in range(11):
                tasks.start_soon(search, number)
            await anyio.wait_all_tasks_blocked()
            answer.set()

    assert asked == [*range(10)]
    assert refused == [10]


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-ratelimit-limit": "x"}, {**limits(60, 0, 100), "x-ratelimit-remaining": "-1"},
     {**limits(60, 0, 100), "x-ratelimit-reset": "9" * 30}],
)  # fmt: skip
async def test_headers_without_sense_are_no_limit(headers: dict[str, str]) -> None:
    budgets = Budgets(has_token=True)
    budgets.learn("core", headers)

    await ask(budgets)
