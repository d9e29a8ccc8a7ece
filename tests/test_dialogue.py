"""Whatever a client says, what is answered without the SDK is what the SDK answers."""

import json
from pathlib import Path
from typing import Any

import anyio
import hypothesis
import pytest
from hypothesis import strategies as st
from mcp.shared.message import SessionMessage

from qwen_mcp_tools import answers
from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.dialogue import Dialogue
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.serving.stdio import parse, written
from qwen_mcp_tools.settings import Settings
from tests.serving.talking import DISCOVER, INITIALIZE, enveloped, request

KNOWN = json.loads(Path(answers.PACKAGED).read_text(encoding="utf-8"))["answers"]
VERSIONS = [*KNOWN, "2027-01-01"]
METHODS = sorted({method for said in KNOWN.values() for method in said} | {"logging/setLevel"})
META = "io.modelcontextprotocol/"

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


WORDS = st.text('abc1é\U0001f600" \\\n', max_size=3) | st.sampled_from("abc")


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what clients say, and one time in forty something else."""
    return st.integers(0, 39).flatmap(lambda at: ANYTHING if at == 7 else usual)


SETTINGS = {"a": {"b": {}}, "io.example/ui": {"mimeTypes": ["text/html"], "depth": 1.5}}
CAPABILITIES = mostly(
    st.dictionaries(
        st.sampled_from("roots sampling elicitation experimental extensions tasks own".split()),
        st.sampled_from([{}, {"listChanged": True}, {"form": {}}, {"context": {}}, SETTINGS])
        | st.dictionaries(WORDS, ANYTHING, max_size=1),
        max_size=2,
    )
)
CLIENT = mostly(
    st.fixed_dictionaries(
        {"name": WORDS, "version": mostly(WORDS)},
        optional={"title": WORDS, "icons": mostly(st.just([{"src": "x"}]))},
    )
)
TOKEN = mostly(st.integers() | WORDS)
ENVELOPE_2026 = {
    f"{META}protocolVersion": st.sampled_from(["2026-07-28"] * 5 + VERSIONS),
    f"{META}clientCapabilities": CAPABILITIES,
}
UNUSUAL = {
    f"{META}logLevel": mostly(st.sampled_from(["debug", "loud"])),
    f"{META}own": ANYTHING,
    "progressToken": ANYTHING,
    "traceparent": ANYTHING,
}
ENVELOPE = mostly(
    st.fixed_dictionaries(
        ENVELOPE_2026, optional={f"{META}clientInfo": CLIENT, "progressToken": TOKEN}
    )
) | st.fixed_dictionaries(ENVELOPE_2026, optional=UNUSUAL)
PLAIN = st.fixed_dictionaries({}, optional={"progressToken": TOKEN})
FILTER = st.dictionaries(
    st.sampled_from(["toolsListChanged", "ownListChanged", "resourceSubscriptions"]),
    mostly(st.booleans()),
)
HANDSHAKE = mostly(
    st.fixed_dictionaries(
        {
            "protocolVersion": mostly(st.sampled_from(VERSIONS)),
            "capabilities": CAPABILITIES,
            "clientInfo": CLIENT,
        }
    )
)
PARAMS = st.just({}) | st.fixed_dictionaries({"_meta": ENVELOPE | PLAIN})
ODD_PARAMS = st.fixed_dictionaries({}, optional={"cursor": ANYTHING, "notifications": FILTER})
IDENTITY = mostly(st.integers(0, 9) | WORDS | st.integers())


def messages(method: st.SearchStrategy[str], params: st.SearchStrategy[Any]) -> Any:
    parts = {"jsonrpc": st.just("2.0"), "id": IDENTITY, "method": method, "params": params}
    return st.fixed_dictionaries(parts)


LISTEN = messages(
    st.just("subscriptions/listen"),
    st.fixed_dictionaries({"_meta": ENVELOPE, "notifications": FILTER}),
)
OPENINGS = messages(st.just("initialize"), HANDSHAKE) | LISTEN
OPENINGS |= messages(st.sampled_from(METHODS), st.fixed_dictionaries({"_meta": ENVELOPE}))
LATER = messages(st.sampled_from(METHODS), PARAMS | mostly(PARAMS) | ODD_PARAMS) | OPENINGS


def answered(lines: list[bytes]) -> list[bytes]:
    """Return the answers up to the first line that the SDK must see."""
    dialogue = Dialogue(KNOWN)
    said: list[bytes] = []
    for line in lines:
        answer = dialogue.answer(line)
        if answer is None:
            break
        said.append(answer)
    return said


async def the_sdks(lines: list[bytes]) -> list[bytes]:
    to_server, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](1)
    outgoing, from_server = anyio.create_memory_object_stream[SessionMessage](1)
    said: list[bytes] = []
    async with open_app(Settings()) as app, anyio.create_task_group() as tasks:
        server = create_server(app)
        options = server.create_initialization_options()
        tasks.start_soon(server.run, incoming, outgoing, options)
        async with to_server, from_server:
            for line in lines:
                message = parse(line)
                assert isinstance(message, SessionMessage)
                await to_server.send(message)
                said.append(written((await from_server.receive()).message) + b"\n")
    return said


@hypothesis.settings(max_examples=300)
@hypothesis.given(
    opening=OPENINGS,
    later=st.lists(LATER, max_size=2),
    ascii_only=st.sampled_from([False, False, False, True]),
)
def test_it_says_nothing_else_than_the_sdk(
    opening: Any, later: list[Any], ascii_only: bool
) -> None:
    said_first = [opening, *later]
    lines = [
        json.dumps(each, ensure_ascii=ascii_only).encode(errors="replace") for each in said_first
    ]
    said = answered(lines)
    hypothesis.event(f"{len(said)} answered")

    assert said == anyio.run(the_sdks, lines[: len(said)])


@pytest.mark.parametrize(
    "line",
    [
        b"{broken",
        b"[]",
        b"null",
        b"1",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"jsonrpc":"2.0","id":2,"method":"ping"} {}',
        b'{"jsonrpc":"2.0","id":2,"method":"ping","params":null}',
        b'{"jsonrpc":"2.0","id":2,"method":"ping","params":[]}',
        b'{"jsonrpc":"2.0","id":2,"method":"ping","more":1}',
        b'{"jsonrpc":"2.0","id":NaN,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":2.0,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":true,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
        b'{"jsonrpc":"1.0","id":2,"method":"ping"}',
        b'{"id":2,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":2,"result":{}}',
        b'{"jsonrpc":"2.0","method":"notifications/progress"}',
        json.dumps(INITIALIZE).encode(),
        json.dumps(DISCOVER).encode(),
        json.dumps(request(2, "tools/list", cursor="x")).encode(),
        json.dumps(request(2, "logging/setLevel", level="debug")).encode(),
        json.dumps(request(2, "tools/call", name="fetch_page")).encode(),
    ],
)
def test_what_is_not_beyond_doubt_is_left_to_the_sdk(line: bytes) -> None:
    handshake = json.dumps(INITIALIZE).encode()

    assert len(answered([handshake, line, b""])) == 1


def test_what_comes_before_the_handshake_is_left_to_the_sdk() -> None:
    for method in METHODS:
        assert answered([json.dumps(request(1, method)).encode()]) == []


def test_a_request_of_2026_07_28_without_its_envelope_is_left_to_the_sdk() -> None:
    lines = [DISCOVER, enveloped(2, "tools/list"), request(3, "tools/list")]

    assert len(answered([json.dumps(line).encode() for line in lines])) == 2


def test_it_says_no_more_than_a_pipe_holds() -> None:
    """A client that does not listen must not block the answers to it."""
    lines = [INITIALIZE, *(request(at, "tools/list") for at in range(2, 50))]
    said = answered([json.dumps(line).encode() for line in lines])

    assert 2 < len(said) < 49
    assert len(b"".join(said)) < 65_536


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("capabilities", None),
        ("capabilities", {"roots": {"listChanged": "perhaps"}}),
        ("capabilities", {"sampling": 1}),
        ("capabilities", {"elicitation": {"form": []}}),
        ("capabilities", {"experimental": {"own": 1}}),
        ("capabilities", {"tasks": {"list": True}}),
        ("clientInfo", {"name": "test"}),
        ("clientInfo", {"name": "test", "version": 1}),
        ("clientInfo", {"name": "\ud800", "version": "1"}),
        ("protocolVersion", "2026-07-28"),
        ("protocolVersion", 1),
    ],
)
def test_a_handshake_that_the_sdk_may_refuse_is_left_to_it(name: str, value: Any) -> None:
    line = json.dumps({**INITIALIZE, "params": {**INITIALIZE["params"], name: value}})

    assert answered([line.encode()]) == []
