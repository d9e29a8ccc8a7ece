"""The server as a process that listens."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

PATIENCE = 20
COMMAND = ("--transport", "http", "--port", "0")


@contextmanager
def serving(
    *flags: str,
    command: Sequence[str] = COMMAND,
    heard: list[str] | None = None,
    **environment: str,
) -> Generator[str]:
    """Run the server on a port that the system chooses; yield its address.

    `heard` gets what it wrote to stderr.
    """
    with serving_process(*flags, command=command, heard=heard, **environment) as (address, _):
        yield address


@contextmanager
def serving_process(
    *flags: str,
    command: Sequence[str] = COMMAND,
    heard: list[str] | None = None,
    **environment: str,
) -> Generator[tuple[str, int]]:
    """Do the same and yield the process's id, too."""
    with subprocess.Popen(
        [sys.executable, "-m", "qwen_mcp_tools", *command, *flags],
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
    ) as process:
        assert process.stderr
        lines = heard if heard is not None else []
        found = None
        while not found:
            lines.append(process.stderr.readline())
            assert lines[-1]
            found = re.search(r"http://\S+(?=/mcp)", lines[-1])
        try:
            yield found.group(), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            lines += process.stderr
            assert process.wait(PATIENCE) == 0
