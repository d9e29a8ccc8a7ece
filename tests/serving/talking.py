"""The server as a process on stdin and stdout, spoken to line by line."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "qwen_mcp_tools"]
WITHOUT_PRELUDE = [
    sys.executable,
    "-c",
    "import sys; from qwen_mcp_tools.cli import run; sys.exit(run([]))",
]
PATIENCE = 20

Message = dict[str, Any]


class Process:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], stderr: str) -> None:
        self.process = process
        self._stderr = stderr

    def say(self, *lines: bytes | Message) -> None:
        """Send the lines in one piece."""
        texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        self.send(b"".join(text + b"\n" for text in texts))

    def send(self, piece: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(piece)
        self.process.stdin.flush()

    def hear_line(self) -> bytes:
        assert self.process.stdout
        return self.process.stdout.readline()

    def hear(self) -> Message:
        return json.loads(self.hear_line())

    def initialize(self) -> Message:
        self.say(INITIALIZE)
        answer = self.hear()
        self.say(INITIALIZED)
        return answer

    def told(self) -> bytes:
        """Return what was written to stderr so far."""
        return Path(self._stderr).read_bytes()

    def leave(self) -> tuple[int, bytes]:
        """End the input; return the status, and what was still said."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


def initialize(version: str) -> Message:
    """Return the request that opens a conversation in a version before 2026-07-28."""
    params = {
        "protocolVersion": version,
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


def request(identity: int | str, method: str, **params: Any) -> Message:
    """Return a request as clients before 2026-07-28 write it."""
    asked = {"jsonrpc": "2.0", "id": identity, "method": method}
    return {**asked, "params": params} if params else asked


def enveloped(identity: int | str, method: str, **params: Any) -> Message:
    """Return a request as clients of 2026-07-28 write it."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return request(identity, method, _meta=meta, **params)


INITIALIZE = initialize("2025-11-25")
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
DISCOVER = enveloped(1, "server/discover")


@contextmanager
def serving(command: Sequence[str] = COMMAND, **environment: str) -> Generator[Process]:
    """Start a server; it is ended with the block."""
    # A file takes whatever is told, however much, although nobody reads it meanwhile.
    with (
        tempfile.NamedTemporaryFile() as stderr,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, **environment},
        ) as process,
    ):
        try:
            yield Process(process, stderr.name)
        finally:
            process.kill()
