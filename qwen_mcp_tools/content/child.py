"""Work on bytes that may blow up, in a process of its own with limits, ended when the call is.

A thread that burns can't be stopped, and a parser of pictures or PDFs that is broken into would
hold the keys: the child gets none of them.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import anyio
import anyio.abc

Work = Callable[[bytes], bytes]
"""A function of a module's top level, which the child imports by its name."""

ENTRY = "qwen_mcp_tools.content.child_entry"
MEMORY_BYTES = 400_000_000
MOST_ANSWER_BYTES = 64_000_000
WATCH_SECONDS = 0.05

KEPT_VARIABLES = frozenset(
    "PATH PYTHONHOME VIRTUAL_ENV SYSTEMROOT TEMP TMP LANG LC_ALL LD_LIBRARY_PATH".split()
)


class ChildError(Exception):
    """The child was ended, or it died, before it had an answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Children:
    """Runs work in child processes, a few at a time."""

    limiter: anyio.CapacityLimiter
    seconds: float = 30.0
    """How long one may take, whether it works or waits."""

    async def run(self, work: Work, data: bytes) -> bytes:
        """Return `work(data)`.

        Raises:
            ChildError: It takes more time or memory than it may, or dies.
        """
        command = [sys.executable, "-P", "-m", ENTRY, work.__module__, work.__name__]
        async with self.limiter:
            process = await anyio.open_process(
                command, stderr=subprocess.DEVNULL, env=_environment(), cwd=os.sep
            )
            try:
                with anyio.fail_after(self.seconds):
                    return await _talk(process, data)
            except TimeoutError as error:
                raise ChildError("it takes too long") from error
            finally:
                await _end(process)


async def _talk(process: anyio.abc.Process, data: bytes) -> bytes:
    watch = _Watch(process.pid)
    answer = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        tasks.start_soon(_feed, process, data)
        answer = await _answer(process)
        await process.wait()
        tasks.cancel_scope.cancel()
    if watch.ended:
        raise ChildError("it takes too much memory")
    if process.returncode != 0 or answer is None:
        raise ChildError("it takes too much time or memory, or breaks the decoder")
    return answer


async def _feed(process: anyio.abc.Process, data: bytes) -> None:
    stdin = cast("anyio.abc.ByteSendStream", process.stdin)
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # it has died
        await stdin.send(data)
        await stdin.aclose()


async def _answer(process: anyio.abc.Process) -> bytes | None:
    answer = bytearray()
    async for piece in cast("anyio.abc.ByteReceiveStream", process.stdout):
        answer += piece
        if len(answer) > MOST_ANSWER_BYTES:
            process.kill()
            return None
    return bytes(answer)


async def _end(process: anyio.abc.Process) -> None:
    with anyio.CancelScope(shield=True):
        with suppress(ProcessLookupError):
            process.kill()
        await process.aclose()


class _Watch:
    """Ends a process that takes more memory than it may: not every system keeps such a limit."""

    def __init__(self, pid: int) -> None:
        self.ended = False
        self._pid = pid

    async def __call__(self) -> None:
        import psutil

        with suppress(psutil.Error):  # it has gone
            process = psutil.Process(self._pid)
            while not self.ended:
                await anyio.sleep(WATCH_SECONDS)
                self.ended = process.memory_info().rss > MEMORY_BYTES
            process.kill()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT_VARIABLES}
    # What can be imported here can be there, whatever the working directory is.
    places = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
    return {**kept, "PYTHONPATH": places}
