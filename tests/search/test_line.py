"""Many searches at once on a key with a tight limit: a line, and no failure."""

import anyio
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from tests.conftest import Caller, Connect

ONLY = {"QWEN_MCP_SEARCH": "brave"}
SECONDS = 0.1


async def _all(call: Caller, *queries: str) -> list[str]:
    """Return the answers to queries that are asked at once, in the order of the queries."""
    answers = dict[int, str]()

    async def ask(number: int, query: str) -> None:
        answers[number] = await call("web_search", query=query)

    async with anyio.create_task_group() as group:
        for number, query in enumerate(queries):
            group.start_soon(ask, number, query)
    return [answers[number] for number in range(len(queries))]


async def test_twenty_searches_at_once_wait_their_turn_at_a_key_for_one_a_window(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.limit_to(1, SECONDS)
    queries = [f"kestrel {number}" for number in range(20)]
    async with connect() as call:
        texts = await _all(call, *queries)

    assert all(text.startswith("Brave: ") for text in texts)
    assert [asked.query["q"] for asked in sandbox.brave.asked] == queries


async def test_the_same_search_in_line_twice_is_one_request(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.limit_to(1, SECONDS)
    async with connect(**ONLY) as call:
        await _all(call, "kestrel", "timeout", "timeout", "kestrel", "retries")

    assert [asked.query["q"] for asked in sandbox.brave.asked] == ["kestrel", "timeout", "retries"]


async def test_a_key_that_another_program_uses_too_is_waited_for(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.limit_to(1, 1.0)
    async with connect(**ONLY) as call, connect(**ONLY) as other:
        await call("web_search", query="kestrel")
        await other("web_search", query="retries")

    assert [asked.query["q"] for asked in sandbox.brave.asked] == ["kestrel", "retries", "retries"]


async def test_after_a_refusal_nobody_is_let_through_for_as_long_as_brave_says(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.fail("RATE_LIMITED")
    began = anyio.current_time()
    async with connect(**ONLY) as call, anyio.create_task_group() as group:
        group.start_soon(lambda: call("web_search", query="kestrel"))
        await anyio.wait_all_tasks_blocked()
        await call("web_search", query="timeout")

        assert anyio.current_time() - began >= 1  # a window's length

    assert len(sandbox.brave.asked) == 3


@pytest.mark.parametrize("code", ["QUOTA_LIMITED", "USAGE_LIMIT_EXCEEDED"])
async def test_a_spent_quota_is_told_at_once_to_all_who_wait_in_line(
    connect: Connect, sandbox: Sandbox, code: str
) -> None:
    sandbox.brave.limit_to(1, 1.0)
    async with connect(QWEN_MCP_TIMEOUT="12") as call:
        await call("web_search", query="kestrel")
        sandbox.brave.fail(code)
        texts = await _all(call, *(f"job timeout {number}" for number in range(4)))

    for text in texts:
        assert text.startswith("DuckDuckGo: ")
        assert "\n(Brave says that this month's quota is spent" in text
    assert len(sandbox.brave.asked) == 2


async def test_who_waits_in_line_for_an_engine_that_falls_silent_goes_to_the_next(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.search.finder.PATIENCE_SECONDS", 0.5)
    with sandbox.brave.holding():
        async with connect() as call:
            texts = await _all(call, *(f"job timeout {number}" for number in range(6)))

    for text in texts:
        assert text.startswith("DuckDuckGo: ")
        assert "\n(Brave did not answer within 0.5 s; " in text
    assert len(sandbox.brave.asked) == 1


async def test_what_the_call_has_no_time_for_goes_to_the_next_engine_which_is_named(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.brave.limit_to(1, 5)  # before the call's end, but not before the next engine's time
    async with connect(QWEN_MCP_TIMEOUT="10") as call:
        await call("web_search", query="kestrel")
        text = await call("web_search", query="job timeout")

    assert text.startswith("DuckDuckGo: ")
    assert "\n(Brave has more of our requests in line than it lets through in this" in text
    assert len(sandbox.brave.asked) == 1


async def test_a_search_in_line_shows_that_it_lives(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_mcp_tools.offer.FIRST_PROGRESS_SECONDS", 0.05)
    shown: list[str | None] = []

    async def show(progress: float, total: float | None, message: str | None) -> None:
        shown.append(message)

    sandbox.brave.limit_to(1, 0.4)
    async with connect(**ONLY) as call:
        await call("web_search", query="kestrel")
        await call.client.call_tool("web_search", {"query": "x"}, progress_callback=show)

    assert shown == ["in line for Brave, which lets so many through at a time"]
