"""The start is answered without the SDK, and nobody can tell: each answer is what the SDK says."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from tests.serving.talking import (
    DISCOVER,
    INITIALIZE,
    INITIALIZED,
    PATIENCE,
    WITHOUT_PRELUDE,
    Message,
    Process,
    enveloped,
    initialize,
    request,
    serving,
)
from tests.vision.drawn import data_uri, plain, saved

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the SDK answers there")

COUNTING = [sys.executable, "-X", "importtime", "-m", "qwen_mcp_tools"]
"""It tells on stderr what it imports."""
STARTS = Path(__file__).parent / "data" / "starts"
VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
LISTS = ["tools/list", "prompts/list", "resources/list", "resources/templates/list"]


def opening(version: str) -> list[Message]:
    """Return all that a client of `version` may ask before the first call."""
    if version == "2026-07-28":
        listen = enveloped(9, "subscriptions/listen", notifications={"toolsListChanged": True})
        asked = [enveloped(at, method) for at, method in enumerate(["ping", *LISTS], start=2)]
        return [DISCOVER, *asked, listen]
    asked = [request(at, method) for at, method in enumerate(["ping", *LISTS], start=2)]
    return [initialize(version), *asked]


def answered(server: Process, asked: list[Message]) -> list[bytes]:
    """Ask one by one, as a client does that waits."""
    said: list[bytes] = []
    for each in asked:
        server.say(each)
        said.append(server.hear_line())
        if each["method"] == "initialize":
            server.say(INITIALIZED)
    return said


def imported(server: Process) -> set[str]:
    """Let it end, and return the names of all modules that it has imported."""
    assert server.leave()[0] == 0
    return {line.rpartition(b"|")[2].strip().decode() for line in server.told().splitlines()}


def fetching(identity: int | str, url: str) -> Message:
    return request(identity, "tools/call", name="fetch_page", arguments={"url": url})


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return request.param


def test_each_answer_is_what_the_sdk_says(version: str) -> None:
    with serving(COUNTING) as server, serving(WITHOUT_PRELUDE) as sdk:
        said = answered(server, opening(version))

        assert said == answered(sdk, opening(version))
        assert "mcp" not in imported(server)


@pytest.mark.parametrize("tools", ["fetch_page", "web_search, fetch_page"])
def test_what_the_sdk_says_of_other_tools_is_kept_for_the_next_start(
    tools: str, tmp_path: Path
) -> None:
    settings = {"QWEN_MCP_TOOLS": tools, "QWEN_MCP_CACHE_DIR": str(tmp_path / "cache")}
    with serving(COUNTING, **settings) as first:
        said = answered(first, opening("2025-11-25"))
        assert "mcp" in imported(first)

    (kept,) = (tmp_path / "cache").iterdir()
    with serving(COUNTING, **settings) as second:
        assert answered(second, opening("2025-11-25")) == said
        assert "mcp" not in imported(second)

    assert len(json.loads(said[2])["result"]["tools"]) == len(tools.split())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.chmod(0o666)  # Somebody else may have written it.
    with serving(COUNTING, **settings) as third:
        assert answered(third, opening("2025-11-25")) == said
        assert "mcp" in imported(third)


def test_a_call_starts_the_sdk_and_nothing_is_lost(sandbox: Sandbox) -> None:
    """The handshake, the call and all behind it come in one piece, the last line in two."""
    url = sandbox.site.url
    lines = [INITIALIZE, INITIALIZED, request(2, "tools/list"), fetching("a", f"{url}/docs/")]
    lines += [request(3, "ping"), fetching("b", url), request(4, "tools/list")]
    piece = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
    with serving(COUNTING, **sandbox.settings()) as server:
        server.send(piece[:-20])
        first = [server.hear() for _ in range(2)]
        server.send(piece[-20:])
        later = {answer["id"]: answer["result"] for answer in (server.hear() for _ in range(4))}

        assert [answer["id"] for answer in first] == [1, 2]
        assert later.keys() == {"a", 3, "b", 4}
        assert later[4] == first[1]["result"]
        assert "Kestrel" in later["b"]["content"][0]["text"]
        assert server.leave() == (0, b"")


def test_a_client_of_2026_07_28_goes_on_in_its_era(sandbox: Sandbox) -> None:
    with serving(COUNTING, **sandbox.settings()) as server:
        server.say(DISCOVER, enveloped(2, "tools/list"))
        listed = [server.hear(), server.hear()][1]
        server.say(
            enveloped(1, "tools/call", name="fetch_page", arguments={"url": sandbox.site.url})
        )
        called = server.hear()
        server.say(INITIALIZE)
        refused = server.hear()

        assert called["id"] == 1
        assert called["result"]["resultType"] == listed["result"]["resultType"] == "complete"
        assert refused["error"]["code"] == -32022


def test_a_call_is_cancelled_that_came_before_the_sdk_did(sandbox: Sandbox) -> None:
    cancel = {"requestId": 2, "reason": "changed my mind"}
    with sandbox.site.holding() as held, serving(**sandbox.settings()) as server:
        server.say(INITIALIZE, INITIALIZED, fetching(2, f"{sandbox.site.url}/docs/faq.html"))
        server.hear()
        held.wait_until_asked()
        server.say({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancel})
        held.wait_until_left()
        server.say(request(3, "ping"))

        assert server.hear() == {"jsonrpc": "2.0", "id": 3, "result": {}}


def test_the_sdk_hears_who_the_client_is(sandbox: Sandbox) -> None:
    """The Qwen endpoints are told which client asks: the handshake says it."""
    with serving(**sandbox.settings()) as server:
        server.initialize()
        server.say(
            request(
                2,
                "tools/call",
                name="qwen_vision_describe",
                arguments={"images": [data_uri(saved(plain()))]},
            )
        )
        server.hear()

    assert "(via test/1)" in sandbox.dashscope.asked[-1].headers["user-agent"]


def test_the_end_of_input_right_behind_a_line_without_its_end_is_a_line() -> None:
    with serving(COUNTING) as server:
        server.say(INITIALIZE)
        server.hear_line()
        server.send(json.dumps(request(2, "ping")).encode())

        assert server.leave() == (0, b'{"jsonrpc":"2.0","id":2,"result":{}}\n')


def test_a_line_that_grows_too_long_is_left_to_the_sdk() -> None:
    with serving(COUNTING) as server:
        server.initialize()
        server.send(b'{"jsonrpc":"2.0","id":2,"method":"ping","params":{"_meta":{"pad":"')
        server.send(b"x" * 8_000_000 + b'"}}}\n')

        assert server.hear() == {"jsonrpc": "2.0", "id": 2, "result": {}}


@pytest.mark.parametrize(
    "arguments", [["serve"], ["--transport", "stdio"], ["serve", "--transport", "stdio"]]
)
def test_every_way_to_ask_for_stdio_starts_so(arguments: list[str]) -> None:
    with serving([*COUNTING, *arguments]) as server:
        server.initialize()

        assert "mcp" not in imported(server)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("loading", ["", "1"], ids=["before the SDK", "while it is loaded"])
def test_it_leaves_without_a_word_when_told_to(sent: signal.Signals, loading: str) -> None:
    with serving(QWEN_MCP_WARM=loading) as server:
        server.initialize()
        server.say(request(2, "tools/list"))
        server.hear()
        server.process.send_signal(sent)

        assert server.process.wait(PATIENCE) == 0
        assert server.leave()[1] == server.told() == b""


def test_it_leaves_when_nobody_hears_it() -> None:
    with serving() as server:
        assert server.process.stdout
        server.process.stdout.close()
        server.say(INITIALIZE)

        assert server.process.wait(PATIENCE) == 0


def test_all_is_loaded_behind_the_list_where_that_is_wished(sandbox: Sandbox) -> None:
    warm = {**os.environ, **sandbox.settings(), "QWEN_MCP_WARM": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(COUNTING, **pipes, env=warm) as process:
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        server = Process(process, os.devnull)
        server.initialize()
        server.say(request(2, "tools/list"))
        server.hear()

        assert any(b"qwen_mcp_tools.serving.recording" in line for line in process.stderr)
        server.say(request(3, "ping"), fetching(4, sandbox.site.url))
        assert server.hear()["id"] == 3
        assert "Kestrel" in server.hear()["result"]["content"][0]["text"]
        impatience.cancel()
        process.kill()


@pytest.mark.parametrize("start", sorted(STARTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_what_real_clients_say_at_the_start_is_answered_without_the_sdk(start: Path) -> None:
    """Recorded from the clients themselves; Qwen Code's three lists, Claude Code's subscription."""
    lines = start.read_bytes().splitlines()
    asked = [line for line in lines if b'"id"' in line]
    with serving(COUNTING) as server, serving(WITHOUT_PRELUDE) as sdk:
        server.say(*lines)
        sdk.say(*lines)

        assert sorted(server.hear_line() for _ in asked) == sorted(sdk.hear_line() for _ in asked)
        assert "mcp" not in imported(server)
