"""Times calls over stdin and stdout beside httpx alone and other servers, in turn in one run.

    python benchmarks/calls.py

The upstream is a bare loopback server in a process of its own. Goals: an 8 KiB page that is read
by `fetch_page` takes at most 1.6 times what httpx needs to get it; 100 at once against an upstream
of 100 ms at most 1.3 times; a small call while a page of 1 MiB is read is answered within 25 ms.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import counterparts
import httpx
import pages
from figures import Figure, show
from stdio import OURS, Server

ROUNDS, SEQUENCE, FEW, AT_ONCE = 9, 40, 3, 100
LATE = 100
LARGE_ROUNDS, SMALL_EVERY = 5, 0.01
ANSWERED_WITHIN = 25.0

Fetch = Callable[[str], object]
_names = count()


def measure() -> Iterator[Figure]:
    """Give the figures of single calls, of 100 at once, and of small ones beside a large one."""
    with ExitStack() as running:
        address = running.enter_context(pages.served())
        allowed = {"QWEN_MCP_ALLOW_HOSTS": address.removeprefix("http://")}
        ours = running.enter_context(Server(OURS, allowed))
        alone = running.enter_context(_Httpx())
        hello = counterparts.hello()
        typescript = running.enter_context(Server(hello, {})) if hello else None
        yield from _one_by_one(address, ours, alone, typescript)
        yield from _all_at_once(address, ours, alone, typescript)
        yield _small_ones(address, ours)


class _Httpx:
    """httpx alone, its client kept."""

    def __enter__(self) -> "_Httpx":
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient()
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def median(self, urls: list[str]) -> float:
        """Return the median milliseconds of getting each in turn."""
        return self._runner.run(self._median(urls))

    def all(self, urls: list[str]) -> float:
        """Return the milliseconds of getting all at once."""
        return self._runner.run(self._all(urls))

    async def _median(self, urls: list[str]) -> float:
        spent: list[float] = []
        for url in urls:
            started = time.perf_counter()
            assert (await self._client.get(url)).text
            spent.append((time.perf_counter() - started) * 1000)
        return statistics.median(spent)

    async def _all(self, urls: list[str]) -> float:
        started = time.perf_counter()
        answers = await asyncio.gather(*map(self._client.get, urls))
        spent = (time.perf_counter() - started) * 1000
        assert all(answer.text for answer in answers)
        return spent


def _one_by_one(
    address: str, ours: Server, alone: _Httpx, typescript: Server | None
) -> Iterator[Figure]:
    name, unit = "an 8 KiB page, one call after the other, p50", "ms"
    sides = {"httpx alone": lambda: alone.median(_urls(address, SEQUENCE))}
    if typescript:
        sides["TypeScript SDK v2, the page unread"] = lambda: _median(
            lambda url: typescript.call("fetch", url=url), _urls(address, SEQUENCE)
        )
    spent = _in_turn(
        lambda: _median(lambda url: ours.call("fetch_page", url=url), _urls(address, SEQUENCE)),
        sides,
    )
    for (side, pairs), goal in zip(spent.items(), (1.6, 0), strict=False):
        yield Figure(name, side, unit, *zip(*pairs, strict=True), goal=goal)
    spent = _in_turn(
        lambda: _median(
            lambda url: ours.call("fetch_page", url=url, raw=True), _urls(address, SEQUENCE)
        ),
        {"httpx alone": lambda: alone.median(_urls(address, SEQUENCE))},
    )
    (pairs,) = spent.values()
    yield Figure(
        f"{name}, its source (raw=true)", "httpx alone", unit, *zip(*pairs, strict=True), goal=0
    )
    if python := counterparts.python():
        # Without the Node that it would look for: it runs `npm install` at its first call.
        env = {"PATH": os.path.dirname(python)}  # noqa: PTH120
        with Server(
            [python, "-m", "mcp_server_fetch", "--ignore-robots-txt", "--allow-private-ips"], env
        ) as fetch:
            spent = _in_turn(
                lambda: _median(lambda url: ours.call("fetch_page", url=url), _urls(address, FEW)),
                {"mcp-server-fetch": lambda: _median(
                    lambda url: fetch.call("fetch", url=url), _urls(address, FEW)
                )},
            )  # fmt: skip
        (pairs,) = spent.values()
        yield Figure(name, "mcp-server-fetch", unit, *zip(*pairs, strict=True), goal=0)


def _all_at_once(
    address: str, ours: Server, alone: _Httpx, typescript: Server | None
) -> Iterator[Figure]:
    sides = {"httpx alone": lambda: alone.all(_urls(address, AT_ONCE, LATE))}
    if typescript:
        sides["TypeScript SDK v2, the page unread"] = lambda: _all(typescript, "fetch", address)
    spent = _in_turn(lambda: _all(ours, "fetch_page", address), sides)
    for (side, pairs), goal in zip(spent.items(), (1.3, 0), strict=False):
        yield Figure(
            f"{AT_ONCE} pages at once, upstream {LATE} ms", side, "ms",
            *zip(*pairs, strict=True), goal=goal,
        )  # fmt: skip


def _small_ones(address: str, ours: Server) -> Figure:
    """Time calls for a page that is known already, sent every 10 ms while a large one is read."""
    known = _urls(address, 1)[0]
    ours.call("fetch_page", url=known)
    worst: list[float] = []
    for _ in range(LARGE_ROUNDS):
        spent: list[float] = []
        large = ours.start("fetch_page", url=f"{address}/0/large/{next(_names)}")
        while not spent or not ours.is_answered(large):
            time.sleep(SMALL_EVERY)
            started = time.perf_counter()
            ours.call("fetch_page", url=known)
            spent.append((time.perf_counter() - started) * 1000)
        worst.append(statistics.quantiles(spent, n=100)[-1] if len(spent) > 1 else spent[0])
    return Figure(
        "a small call while a page of 1 MiB is read, p99", "the limit", "ms",
        tuple(worst), (ANSWERED_WITHIN,) * len(worst), goal=1,
    )  # fmt: skip


def _in_turn(
    ours: Callable[[], float], sides: dict[str, Callable[[], float]]
) -> dict[str, list[tuple[float, float]]]:
    """Return pairs of ours and theirs for each side; the first round, which warms up, is left."""
    pairs: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
    for number in range(ROUNDS + 1):
        for side, theirs in sides.items():
            pair = ours(), theirs()
            if number:
                pairs[side].append(pair)
    return pairs


def _median(fetch: Fetch, urls: list[str]) -> float:
    spent: list[float] = []
    for url in urls:
        started = time.perf_counter()
        assert fetch(url)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def _all(server: Server, tool: str, address: str) -> float:
    urls = [{"url": url} for url in _urls(address, AT_ONCE, LATE)]
    started = time.perf_counter()
    texts = list(server.call_all(tool, urls))
    spent = (time.perf_counter() - started) * 1000
    assert all("Chapter 1" in text for text in texts)
    return spent


def _urls(address: str, number: int, wait: int = 0) -> list[str]:
    return [f"{address}/{wait}/small/{next(_names)}" for _ in range(number)]


if __name__ == "__main__":
    show(measure())
