"""Work in a child process: what it may take, and that nothing else suffers."""

import os
import time
from pathlib import Path

import anyio
import psutil
import pytest

from qwen_mcp_tools.content.child import ChildError, Children

PATIENCE = 20.0


def backwards(data: bytes) -> bytes:
    return data[::-1]


def eat(_: bytes) -> bytes:
    pieces: list[bytes] = []
    while True:
        pieces.append(b"x" * 50_000_000)


def reserve(_: bytes) -> bytes:
    return bytes(2_000_000_000)


def dawdle(_: bytes) -> bytes:
    time.sleep(60)
    return b""


def burn(_: bytes) -> bytes:
    while True:
        pass


def die(_: bytes) -> bytes:
    os._exit(0 if os.environ.get("QWEN_API_KEY") else 9)


def chatter(_: bytes) -> bytes:
    return b"x" * 70_000_000


@pytest.fixture
def children() -> Children:
    return Children(anyio.CapacityLimiter(2), seconds=PATIENCE)


async def test_a_large_answer_to_large_data_comes_back(children: Children) -> None:
    data = os.urandom(1000) * 5000

    assert await children.run(backwards, data) == data[::-1]


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (eat, "it takes too much memory"),
        (reserve, "it takes too much time or memory, or breaks the decoder"),
        (die, "it takes too much time or memory, or breaks the decoder"),
        (chatter, "it takes too much"),
    ],
)
async def test_a_child_that_takes_too_much_or_dies_is_told(
    children: Children, work: object, words: str
) -> None:
    with pytest.raises(ChildError, match=f"^{words}"):
        await children.run(work, b"data" * 100_000)

    assert await children.run(backwards, b"ab") == b"ba"


async def test_a_child_that_dawdles_is_ended() -> None:
    with anyio.fail_after(PATIENCE), pytest.raises(ChildError, match=r"^it takes too long$"):
        await Children(anyio.CapacityLimiter(1), seconds=0.5).run(dawdle, b"")


async def test_a_child_is_given_no_key(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_API_KEY", "sk-sp-0123456789abcdef")

    with pytest.raises(ChildError):  # It would end with status 0 and no answer otherwise.
        await children.run(die, b"")


async def test_a_call_that_is_cancelled_ends_its_child(children: Children) -> None:
    before = {child.pid for child in psutil.Process().children()}
    with anyio.move_on_after(0.5) as call:
        await children.run(burn, b"")

    assert call.cancelled_caught
    assert {child.pid for child in psutil.Process().children()} <= before


async def test_what_lies_in_the_working_directory_is_not_imported(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("json.py", "tests.py", "qwen_mcp_tools.py"):
        (tmp_path / name).write_text("raise SystemExit('taken over')", encoding="utf-8")

    assert await children.run(backwards, b"ab") == b"ba"
