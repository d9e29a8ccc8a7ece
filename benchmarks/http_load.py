"""Loads the HTTP side beside a server of the TypeScript SDK v2, in turn in one run.

    python benchmarks/http_load.py

100 clients, each with a connection of its own, call as clients of 2026-07-28 do. Ours answers
with a part of a page that it knows already, the other with a fixed text of the same size. The
load comes from a process of its own. Goals: at most 0.4 times the processor's time of a request,
0.5 times the p99; with two workers, a call after the other takes at most twice as long as with one.
"""

import os
import re
import statistics
import subprocess
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import counterparts
import pages
import psutil
from figures import Figure, show
from load import load, request
from stdio import OURS

ROUNDS, CLIENTS, REQUESTS, SEQUENCE = 5, 100, 1000, 150

Loading = Callable[..., list[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """A server that listens, and the request that it is loaded with."""

    process: psutil.Process
    port: int
    sent: bytes

    def seconds(self) -> float:
        """Return the processor's time that the server and its workers have taken."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(each.cpu_times()[:2]) for each in family)


def measure() -> Iterator[Figure]:
    """Give processor's time and p99 beside the TypeScript SDK, and p50 of two workers."""
    with ExitStack() as running:
        loading = _loading(running)
        address = running.enter_context(pages.served())
        allowed = {"QWEN_MCP_ALLOW_HOSTS": address.removeprefix("http://")}
        page = {"url": f"{address}/0/small/known", "max_chars": 600}
        one = running.enter_context(_served([*OURS, *_SERVE], allowed, "fetch_page", page))
        if hello := counterparts.hello("http"):
            other = running.enter_context(_served(hello, {}, "hello", {}))
            yield from _beside(loading, one, other)
        two_workers = [*OURS, *_SERVE, "--workers", "2"]
        two = running.enter_context(_served(two_workers, allowed, "fetch_page", page))
        yield _sequential(loading, one, two)


_SERVE = ("serve", "--transport", "http", "--port", "0")


def _loading(running: ExitStack) -> Loading:
    pool = running.enter_context(ProcessPoolExecutor(1))
    return lambda side, clients, requests: pool.submit(
        load, side.port, side.sent, clients, requests
    ).result()


def _beside(loading: Loading, ours: Side, theirs: Side) -> Iterator[Figure]:
    spent: list[list[tuple[float, float]]] = []
    for number in range(ROUNDS + 1):
        pair = [_spent(loading, side) for side in (ours, theirs)]
        if number:  # The first round warms both up.
            spent.append(pair)
    for at, (name, goal) in enumerate([("processor's time", 0.4), ("p99", 0.5)]):
        yield Figure(
            f"a call over HTTP, {CLIENTS} clients, {name}", "TypeScript SDK v2", "ms",
            tuple(pair[0][at] for pair in spent), tuple(pair[1][at] for pair in spent), goal,
        )  # fmt: skip


def _spent(loading: Loading, side: Side) -> tuple[float, float]:
    before = side.seconds()
    times = loading(side, CLIENTS, REQUESTS)
    return (side.seconds() - before) * 1000 / len(times), statistics.quantiles(times, n=100)[-1]


def _sequential(loading: Loading, one: Side, two: Side) -> Figure:
    for _ in range(2):  # Each worker knows the page then.
        loading(two, CLIENTS, CLIENTS)
    pairs = [
        tuple(statistics.median(loading(side, 1, SEQUENCE)) for side in (two, one))
        for _ in range(ROUNDS)
    ]
    ours, theirs = zip(*pairs, strict=True)
    return Figure(
        "one call over HTTP after the other, two workers, p50", "one worker", "ms", ours, theirs, 2
    )


@contextmanager
def _served(
    command: list[str], env: Mapping[str, str], tool: str, arguments: dict[str, object]
) -> Generator[Side]:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **env},
        text=True,
    )  # fmt: skip
    assert process.stdout
    said = process.stdout.readline()
    found = re.search(r"(?:127\.0\.0\.1:|^)(\d+)", said)
    assert found, said
    port = int(found[1])
    try:
        yield Side(psutil.Process(process.pid), port, request(port, tool, arguments))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    show(measure())
