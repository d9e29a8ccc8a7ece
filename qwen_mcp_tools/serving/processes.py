"""Several processes that serve on one listener; one that dies gets a successor.

They are spawned, not forked, so that this works on every system, and they inherit the listener:
its options go along, and no connection is lost between a death and the successor.
"""

import logging
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType

UNUSABLE = 2
"""The status of a process that can't work with its settings: no successor would do better."""

REST_SECONDS = 1.0
"""Between a death and the successor, so that a process that dies at once keeps no core busy."""

LEAVE_SECONDS = 3.0
WAKE_SECONDS = 1.0
"""On Windows a signal is seen only between two waits."""

Work = Callable[[socket.socket], object]
"""A function that can be pickled; it ends on SIGTERM."""

logger = logging.getLogger(__name__)


def serve_in_processes(work: Work, listener: socket.socket, number: int) -> int:
    """Run `work` in `number` processes until SIGINT or SIGTERM; return the exit status.

    They end with this process, even where it is killed.
    """
    with _told_to_leave() as told:
        workers = [_start(work, listener) for _ in range(number)]
        try:
            while True:
                ended = wait([told, *(each.sentinel for each in workers)], WAKE_SECONDS)
                if told in ended:
                    return 0
                for place, each in enumerate(workers):
                    if each.exitcode == UNUSABLE:
                        return UNUSABLE
                    if each.exitcode is not None and not wait([told], REST_SECONDS):
                        logger.warning("a worker died (status %s): starting another", each.exitcode)
                        workers[place] = _start(work, listener)
        finally:
            _end(workers)


def _start(work: Work, listener: socket.socket) -> SpawnProcess:
    worker = multiprocessing.get_context("spawn").Process(
        target=_work, args=(work, listener), name="worker"
    )
    worker.start()
    return worker


def _work(work: Work, listener: socket.socket) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    work(listener)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def _end(workers: list[SpawnProcess]) -> None:
    for each in workers:
        each.terminate()
    for each in workers:
        each.join(LEAVE_SECONDS)
        if each.is_alive():
            each.kill()


@contextmanager
def _told_to_leave() -> Generator[Connection]:
    """Yield what becomes readable on the first SIGINT or SIGTERM."""
    told, teller = multiprocessing.Pipe(duplex=False)

    def leave(_: int, __: FrameType | None) -> None:
        teller.send_bytes(b"leave")

    before = {each: signal.signal(each, leave) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with told, teller:
            yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
