"""Lines on stdin that no client should send: each gets its error, and the next line is served."""

import itertools
import json
from collections.abc import Generator
from typing import Any

import pytest

from qwen_mcp_tools.serving.stdio import MAX_LINE
from tests.serving.talking import INITIALIZE, PATIENCE, Process, serving

NUMBERS = itertools.count(1000)
BROKEN, INVALID, UNKNOWN, PARAMETERS = -32700, -32600, -32601, -32602


@pytest.fixture(scope="module")
def server() -> Generator[Process]:
    with serving() as process:
        process.initialize()
        yield process


def told(server: Process, line: bytes) -> list[tuple[Any, Any]]:
    """Return the id and the error code, or None, of each answer to `line`."""
    number = next(NUMBERS)
    server.say(line, {"jsonrpc": "2.0", "id": number, "method": "ping"})
    answers: dict[Any, Any] = {}
    while number not in answers or (line.strip() and len(answers) < 2):
        answer = server.hear()
        answers[answer["id"]] = answer.get("error", {}).get("code")
    assert answers.pop(number) is None
    return list(answers.items())


def ping(**changed: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 5, "method": "ping"} | changed).encode()


def call(name: Any = "fetch_page", **arguments: Any) -> bytes:
    return ping(method="tools/call", params={"name": name, "arguments": arguments})


ANSWERED = {
    "no JSON": (b"{broken", None, BROKEN),
    "two messages in one line": (ping() + ping(), None, BROKEN),
    "something behind it": (ping() + b" x", None, BROKEN),
    "single quotes": (b"{'jsonrpc':'2.0'}", None, BROKEN),
    "no UTF-8": (b"\xff\xfe", None, BROKEN),
    "UTF-16": (ping().decode().encode("utf-16"), 5, BROKEN),
    "cut character": (b'{"jsonrpc":"2.0","id":5,"method":"ping\xe4\xb8"}', None, BROKEN),
    "overlong character": (b'{"jsonrpc":"2.0","id":5,"method":"ping\xc0\xaf"}', None, BROKEN),
    "half of one as bytes": (b'{"jsonrpc":"2.0","id":5,"method":"\xed\xa0\x80"}', 5, BROKEN),
    "half a character": (rb'{"jsonrpc":"2.0","id":5,"method":"\ud800"}', 5, BROKEN),
    "half a character in an argument": (call(url="\ud800"), 5, BROKEN),
    "the other half": (rb'{"jsonrpc":"2.0","id":5,"method":"\udc00\ud800"}', 5, BROKEN),
    "NUL": (b"\0", None, BROKEN),
    "NUL inside": (b'{"jsonrpc":"2.0","id":5,"method":"pi\0ng"}', None, BROKEN),
    "NUL, spelt": (ping(method="pi\0ng"), 5, UNKNOWN),
    "deep list": (b"[" * 100_000, None, BROKEN),
    "deep and closed": (b"[" * 100_000 + b"]" * 100_000, None, BROKEN),
    "deep objects": (b'{"a":' * 100_000, None, BROKEN),
    "deep parameters": (
        b'{"jsonrpc":"2.0","id":5,"method":"ping","params":{"a":%s%s}}'
        % (b"[" * 100_000, b"]" * 100_000),
        None,
        BROKEN,
    ),
    "20 MB of nothing": (b"x" * 20_000_000, None, BROKEN),
    "batch": (b"[" + ping() + b"]", None, INVALID),
    "empty batch": (b"[]", None, INVALID),
    "null": (b"null", None, INVALID),
    "number": (b"5", None, INVALID),
    "text": (b'"ping"', None, INVALID),
    "empty object": (b"{}", None, INVALID),
    "no message": (b'{"id":5,"hello":"world"}', 5, INVALID),
    "no version": (b'{"id":5,"method":"ping"}', 5, INVALID),
    "another version": (ping(jsonrpc="1.0"), 5, INVALID),
    "version as a number": (ping(jsonrpc=2.0), 5, INVALID),
    "method as a number": (ping(method=1), 5, INVALID),
    "no method": (b'{"jsonrpc":"2.0","id":5}', 5, INVALID),
    "parameters as a list": (ping(params=[1]), 5, INVALID),
    "parameters as text": (ping(params="x"), 5, INVALID),
    "id null": (ping(id=None), None, INVALID),
    "id of a fraction": (ping(id=1.5), None, INVALID),
    "id true": (ping(id=True), None, INVALID),
    "id as an object": (ping(id={}), None, INVALID),
    "id as a list": (ping(id=[5]), None, INVALID),
    "id as text": (ping(id="five"), "five", None),
    "empty id": (ping(id=""), "", None),
    "large id": (ping(id=10**30), 10**30, None),
    "negative id": (ping(id=-5), -5, None),
    "member said twice": (b'{"jsonrpc":"2.0","id":5,"id":6,"method":"ping"}', 6, None),
    "not a number": (ping(params={"a": float("nan")}), 5, None),
    "unknown method": (ping(method="nope"), 5, UNKNOWN),
    "empty method": (ping(method=""), 5, UNKNOWN),
    "method of another server": (ping(method="resources/list"), 5, UNKNOWN),
    "long method": (ping(method="n" * 100_000), 5, UNKNOWN),
    "call of nothing": (ping(method="tools/call", params={}), 5, PARAMETERS),
    "call of a number": (call(5), 5, PARAMETERS),
    "arguments as a list": (
        ping(method="tools/call", params={"name": "fetch_page", "arguments": [1]}),
        5,
        PARAMETERS,
    ),
    "arguments as text": (
        ping(method="tools/call", params={"name": "fetch_page", "arguments": "{}"}),
        5,
        PARAMETERS,
    ),
    "arguments null": (
        ping(method="tools/call", params={"name": "fetch_page", "arguments": None}),
        5,
        None,
    ),
    "unknown tool": (call("nope"), 5, None),
    "20 MB of an argument": (call(url="http://x/" + "a" * 20_000_000), 5, None),
    "carriage return at its end": (ping() + b"\r", 5, None),
    "blanks around it": (b" \t" + ping() + b"  ", 5, None),
    "greeting again": (json.dumps(INITIALIZE).encode(), 1, None),
}  # fmt: skip


@pytest.mark.parametrize(("line", "identity", "code"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_line_is_answered_once(
    server: Process, line: bytes, identity: Any, code: int | None
) -> None:
    assert told(server, line) == [(identity, code)]


UNANSWERED = {
    "empty line": b"",
    "blanks": b"  \t ",
    "unknown notification": b'{"jsonrpc":"2.0","method":"notifications/nope"}',
    "notification without sense": (
        b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}'
    ),
    "end of a call that is none": (
        b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}'
    ),
    "many of them": b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n' * 2000,
    "answer to nothing": b'{"jsonrpc":"2.0","id":777,"result":{}}',
    "error to nothing": b'{"jsonrpc":"2.0","id":777,"error":{"code":1,"message":"x"}}',
}  # fmt: skip


@pytest.mark.parametrize("line", UNANSWERED.values(), ids=UNANSWERED.keys())
def test_a_notification_gets_no_answer_whatever_it_says(server: Process, line: bytes) -> None:
    number = next(NUMBERS)
    server.say(line, {"jsonrpc": "2.0", "id": number, "method": "ping"})

    assert server.hear() == {"jsonrpc": "2.0", "id": number, "result": {}}


def test_a_line_without_end_is_not_kept(server: Process) -> None:
    assert server.process.stdin
    for _ in range(MAX_LINE // 2**20 + 8):
        server.process.stdin.write(b"x" * 2**20)

    assert told(server, b"x") == [(None, BROKEN)]


def test_an_unfinished_last_line_is_answered_and_the_process_leaves() -> None:
    with serving() as server:
        server.initialize()
        assert server.process.stdin
        server.process.stdin.write(ping()[:-1])
        server.process.stdin.close()

        assert server.hear()["error"]["code"] == BROKEN
        assert server.process.wait(PATIENCE) == 0


def test_it_leaves_although_nobody_reads_its_answers() -> None:
    with serving() as server:
        server.initialize()
        assert server.process.stdout
        server.process.stdout.close()
        server.say(*[ping()] * 50)
        assert server.process.stdin
        server.process.stdin.close()

        assert server.process.wait(PATIENCE) == 0
        assert b"Traceback" not in server.told()
