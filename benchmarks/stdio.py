"""An MCP server as a process, asked over stdin and stdout with as little of our own as can be."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any

OURS = (sys.executable, "-m", "qwen_mcp_tools")
HANDSHAKE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}


class Server:
    """A running server, greeted; it ends with the `with` block."""

    def __init__(self, command: Iterable[str], env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **env},
        )
        self._ids = self._bytes = 0
        self._kept: dict[int, dict[str, Any]] = {}
        self.greeting = self.ask("initialize", HANDSHAKE)
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Return the result of one request."""
        return self._answer(self._send(method, params))["result"]

    def call(self, tool: str, **arguments: Any) -> str:
        """Return the text of one call."""
        return self.answer_to(self.start(tool, **arguments))

    def said(self, tool: str, **arguments: Any) -> tuple[str, int]:
        """Return the text of one call, an error's too, and the bytes of its answer on the wire."""
        answer = self._answer(self.start(tool, **arguments))
        return _text_of(answer["result"]), self._bytes

    def start(self, tool: str, **arguments: Any) -> int:
        """Send a call and return its id, without waiting for its answer."""
        return self._send("tools/call", {"name": tool, "arguments": arguments})

    def answer_to(self, id_: int) -> str:
        """Return the text of the call `id_`; answers that come before it are kept."""
        return _text(self._answer(id_)["result"])

    def is_answered(self, id_: int) -> bool:
        """Say whether the answer to the call `id_` has come before one that was waited for."""
        return id_ in self._kept

    def call_all(self, tool: str, all_arguments: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Send all calls at once and yield their texts as they come."""
        waited = {self.start(tool, **arguments) for arguments in all_arguments}
        while waited:
            answer = self._read()
            if answer.get("id") in waited:
                waited.remove(answer["id"])
                yield _text(answer["result"])

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._ids += 1
        self._write({"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params})
        return self._ids

    def _answer(self, id_: int) -> dict[str, Any]:
        while id_ not in self._kept:
            answer = self._read()
            if "id" in answer:
                self._kept[answer["id"]] = answer
        return self._kept.pop(id_)

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        self._bytes = len(line)
        return json.loads(line)


def _text(result: dict[str, Any]) -> str:
    assert not result.get("isError"), result
    return _text_of(result)


def _text_of(result: dict[str, Any]) -> str:
    return "\n".join(part["text"] for part in result["content"])
