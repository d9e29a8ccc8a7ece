"""Clients on both SDKs of both majors, in every protocol version, over every transport.

Each runs as a process of its own and holds a session for every version at once: it lists, calls,
fails, is told of progress, breaks a call off at the first word of it, and leaves.
"""

import json
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.tools import OFFER
from tests.clients.calls import REFUSED, Call
from tests.clients.desk import PATIENCE, Desk, sit_down
from tests.clients.node import BUILD, HERE, Node, digest, run_or_skip
from tests.serving.running import serving

pytestmark = pytest.mark.slow

SDK = HERE / "sdk"
OLD = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
NEW = [*OLD, "2026-07-28"]
READ = Call("read", "fetch_page", {"url": "{site}/docs/"}, "^Kind: web page")
"""The site's robots.txt is known after it: what is slow later is slow for each caller alone."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """A client program: the command that runs it, what it must know, the versions it speaks."""

    command: list[str]
    facts: dict[str, Any]
    versions: list[str]


@pytest.fixture(scope="session")
def python_1() -> str:
    """A Python with the SDK's first major, which can't live beside ours."""
    folder = BUILD / f"python-{digest(SDK / 'requirements.txt')}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "ready").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        run_or_skip([sys.executable, "-m", "venv", str(folder)], BUILD)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--requirement"]
        run_or_skip([*pip, str(SDK / "requirements.txt")], folder)
        (folder / "ready").touch()
    return str(python)


@pytest.fixture(params=["Python 1", "Python 2", "TypeScript 1", "TypeScript 2"])
def sdk(request: pytest.FixtureRequest) -> Sdk:
    """Each SDK in turn."""
    language, _, major = request.param.partition(" ")
    versions = NEW if major == "2" else OLD
    if language == "TypeScript":
        node: Node = request.getfixturevalue("node")
        facts = {"packages": f"{node.packages}/", "major": int(major)}
        return Sdk(node.command(str(SDK / "typescript.mjs")), facts, versions)
    python = sys.executable if major == "2" else request.getfixturevalue("python_1")
    return Sdk([python, str(SDK / f"python_{major}.py")], {}, versions)


class Process:
    """A running client: it tells one line of JSON, then waits until it is told to go on."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def hear(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("go on\n")
        self._process.stdin.flush()


@contextmanager
def started(command: list[str], desk: Desk) -> Generator[Process]:
    with subprocess.Popen(
        command,
        cwd=desk.project,
        env=desk.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Process(process)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    desk.expect_nobody()


@pytest.fixture(scope="module")
def listening(running_sandbox: Sandbox) -> Generator[str]:
    with serving(**running_sandbox.settings()) as address:
        yield address


@pytest.mark.parametrize("transport", ["stdio", "http", "sse"])
def test_it_lists_calls_fails_hears_of_progress_cancels_and_leaves(
    sdk: Sdk, transport: str, listening: str, sandbox: Sandbox
) -> None:
    versions = sdk.versions
    # Where there is no session, a word of 2025 can't reach the call it is about: leaving ends it.
    kept = [version for version in versions if transport == "http" and version in OLD]
    with sit_down() as desk:
        order = {
            "transport": transport,
            "command": [sys.executable, "-m", "qwen_mcp_tools"],
            "environment": {**desk.environment(), **sandbox.settings()},
            "url": f"{listening}/{'mcp' if transport == 'http' else 'sse'}",
            "versions": versions,
            "call": [READ.tool, READ.for_(sandbox)],
            "failing": [REFUSED.tool, REFUSED.for_(sandbox)],
            "slow": ["fetch_page", {"url": f"{sandbox.site.url}/docs/faq.html"}],
            **sdk.facts,
        }
        with started([*sdk.command, json.dumps(order)], desk) as process:
            first = process.hear()
            with sandbox.site.holding() as held:
                process.go_on()
                progress = process.hear()
                for _ in range(len(versions) - len(kept)):
                    held.wait_until_left()
                process.go_on()
                for _ in kept:
                    held.wait_until_left()

    assert [each["version"] for each in first] == versions
    for each in first:
        assert each["tools"] == [tool.name for tool in OFFER]
        assert re.search(READ.shows, each["text"])
        assert each["structured"] is None
        assert each["error"][0] is True
        assert re.search(REFUSED.shows, each["error"][1])
    assert progress == {version: [True, 30, "still working"] for version in versions}
