"""The server as a real process on stdin and stdout."""

import os
import signal
import sys

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from qwen_mcp_tools.sandbox import Sandbox
from tests.serving.talking import COMMAND, DISCOVER, PATIENCE, serving


@pytest.mark.parametrize("mode", ["auto", "legacy"], ids=["2026-07-28", "2025-11-25"])
async def test_a_client_of_either_era_lists_and_calls(sandbox: Sandbox, mode: str) -> None:
    server = StdioServerParameters(
        command=COMMAND[0], args=COMMAND[1:], env={**os.environ, **sandbox.settings()}
    )
    with anyio.fail_after(PATIENCE):
        async with Client(stdio_client(server), mode=mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool("fetch_page", {"url": sandbox.site.url})

    assert tools[:2] == ["web_search", "fetch_page"]
    assert not answer.is_error


def test_both_opening_moves_are_answered() -> None:
    with serving() as server:
        server.say(DISCOVER)
        assert server.hear()["result"]["supportedVersions"] == ["2026-07-28"]
    with serving() as server:
        assert server.initialize()["result"]["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize(
    ("line", "code", "identity"),
    [
        (b"{broken", -32700, None),
        (b"\xff\xfe", -32700, None),
        (rb'{"jsonrpc":"2.0","id":7,"method":"ping","params":{"x":"\ud800"}}', -32700, 7),
        (b"[]", -32600, None),
        (b'{"id":9,"hello":"world"}', -32600, 9),
        (b"null", -32600, None),
        (b"[" * 5000, -32700, None),
    ],
    ids=["no JSON", "no UTF-8", "lone surrogate", "batch", "no message", "null", "deep"],
)
def test_a_broken_line_is_answered_and_the_next_one_served(
    line: bytes, code: int, identity: int | None
) -> None:
    with serving() as server:
        server.initialize()
        server.say(line)
        answer = server.hear()
        server.say({"jsonrpc": "2.0", "id": 2, "method": "ping"})

        assert (answer["error"]["code"], answer["id"]) == (code, identity)
        assert server.hear() == {"jsonrpc": "2.0", "id": 2, "result": {}}


def test_it_leaves_at_the_end_of_input() -> None:
    with serving() as server:
        server.initialize()
        assert server.process.stdin
        server.process.stdin.close()

        assert server.process.wait(PATIENCE) == 0
        assert server.process.stdout
        assert server.process.stdout.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't be sent SIGINT there")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_it_leaves_without_a_word_when_told_to(sent: signal.Signals) -> None:
    with serving() as server:
        server.initialize()
        server.process.send_signal(sent)

        assert server.process.wait(PATIENCE) == 0
        assert server.told() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't be sent SIGTERM there")
def test_it_leaves_although_a_call_hangs(sandbox: Sandbox) -> None:
    with sandbox.site.holding() as held, serving(**sandbox.settings()) as server:
        server.initialize()
        server.say(
            {
                "jsonrpc": "2.0",
                "id": 2,
                "method": "tools/call",
                "params": {"name": "fetch_page", "arguments": {"url": sandbox.site.url}},
            }
        )
        held.wait_until_asked()
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("QWEN_MCP_TIMEOUT", "soon", "takes a number of seconds from 1 to 600"),
        ("QWEN_MCP_TOOLS", "summon", "takes names of fetch_page, "),
        ("QWEN_MCP_SEARCH", "altavista", "takes names of brave, google, "),
        ("QWEN_MCP_FAKE_IP", "some", "takes networks such as 198.18.0.0/15"),
        ("HTTPS_PROXY", "gopher://me:hunter22@host", "takes http://HOST:PORT or socks5://"),
        ("SSL_CERT_FILE", "/no/such/file", "takes a file of PEM certificates"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line_and_status_2(
    variable: str, value: str, words: str
) -> None:
    with serving(**{variable: value}) as server:
        assert server.process.wait(PATIENCE) == 2
        told = server.told().decode()

    assert told.startswith(f"qwen-mcp-tools: {variable} {words}")
    assert told.count("\n") == 1
    assert "hunter22" not in told


def test_a_line_may_be_long_and_arrive_with_others() -> None:
    with serving() as server:
        server.initialize()
        pings = [
            {"jsonrpc": "2.0", "id": at, "method": "ping", "params": {"_meta": {"pad": "x" * size}}}
            for at, size in enumerate([0, 8_000_000, 10], start=2)
        ]
        server.say(*pings)

        assert {server.hear()["id"] for _ in pings} == {2, 3, 4}
