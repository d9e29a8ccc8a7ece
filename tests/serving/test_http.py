"""The server as a real process over HTTP: both transports, both eras, and who is let in."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx
import pytest
from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.serving.header_timer import HEADER_SECONDS
from tests.vision.drawn import data_uri, photo, saved

PATIENCE = 20
TOKEN = "a-token-of-32-characters-for-test"
PING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@contextmanager
def serving(*flags: str, **environment: str) -> Generator[str]:
    """Run the server on a port that the system chooses; yield its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "qwen_mcp_tools", "--transport", "http", "--port", "0", *flags],
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
    ) as process:
        assert process.stderr
        found = re.search(r"http://\S+(?=/mcp)", process.stderr.readline())
        assert found
        try:
            yield found.group()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


@pytest.fixture(scope="module")
def address(running_sandbox: Sandbox) -> Generator[str]:
    with serving(**running_sandbox.settings()) as address:
        yield address


def transport_of(name: str, address: str):
    return (
        streamable_http_client(f"{address}/mcp") if name == "http" else sse_client(f"{address}/sse")
    )


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("mode", ["auto", "legacy"], ids=["2026-07-28", "2025-11-25"])
async def test_a_client_of_either_era_lists_and_calls_over_either_transport(
    address: str, sandbox: Sandbox, transport: str, mode: str
) -> None:
    with anyio.fail_after(PATIENCE):
        async with Client(transport_of(transport, address), mode=mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool("fetch_page", {"url": sandbox.site.url})

    assert tools[:2] == ["web_search", "fetch_page"]
    assert not answer.is_error


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("mode", ["auto", "legacy"], ids=["2026-07-28", "2025-11-25"])
async def test_a_client_that_leaves_ends_its_call(
    address: str, sandbox: Sandbox, transport: str, mode: str
) -> None:
    with sandbox.site.holding() as held, anyio.fail_after(PATIENCE):
        async with (
            Client(transport_of(transport, address), mode=mode) as client,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(client.call_tool, "fetch_page", {"url": f"{sandbox.site.url}/?{mode}"})
            await anyio.to_thread.run_sync(held.wait_until_asked)
            tasks.cancel_scope.cancel()
        await anyio.to_thread.run_sync(held.wait_until_left)


@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_a_path_would_be_the_servers_disk_and_is_refused(
    address: str, sandbox: Sandbox, transport: str
) -> None:
    picture = saved(photo(2400, 1800))
    with anyio.fail_after(PATIENCE):
        async with Client(transport_of(transport, address)) as client:
            by_path = await client.call_tool("qwen_vision_describe", {"images": ["README.md"]})
            inline = await client.call_tool(
                "qwen_vision_describe", {"images": [data_uri(picture)], "prompt": transport}
            )

    assert by_path.is_error
    assert by_path.content[0].text.startswith("Refused README.md: over HTTP a path would name a")
    assert len(picture) > 4_000_000
    assert not inline.is_error


async def test_two_sse_connections_ask_upstream_once(address: str, sandbox: Sandbox) -> None:
    url = f"{sandbox.site.url}/?asked-twice"
    with sandbox.site.holding() as held, anyio.fail_after(PATIENCE):
        async with (
            Client(sse_client(f"{address}/sse")) as one,
            Client(sse_client(f"{address}/sse")) as two,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(one.call_tool, "fetch_page", {"url": url})
            await anyio.to_thread.run_sync(held.wait_until_asked)
            tasks.start_soon(two.call_tool, "fetch_page", {"url": url})
            await two.list_tools()
            held.release()

    assert [each.path for each in sandbox.site.asked].count("/") == 1


def test_it_is_alive_without_a_token_or_a_host(address: str) -> None:
    with serving(QWEN_MCP_TOKEN=TOKEN) as guarded:
        assert httpx.get(f"{guarded}/healthz", headers={"Host": "lb"}).text == "ok"
        assert httpx.get(f"{guarded}/readyz").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost.evil.example:1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
    ids=["another host", "a host that begins alike", "another origin", "no page"],
)
@pytest.mark.parametrize("path", ["/mcp", "/sse", "/messages/?session_id=0"])
def test_host_and_origin_are_exact(
    address: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = httpx.post(f"{address}{path}", json=PING, headers={**ACCEPT, **headers})

    assert response.status_code == status
    assert httpx.post(f"{address}/mcp", json=PING, headers=ACCEPT).status_code == 200


def test_hosts_and_origins_may_be_added() -> None:
    with serving(
        QWEN_MCP_ALLOWED_HOSTS="mcp.example:8000", QWEN_MCP_ALLOWED_ORIGINS="https://ide.example"
    ) as address:
        headers = {**ACCEPT, "Host": "mcp.example:8000", "Origin": "https://ide.example"}

        assert httpx.post(f"{address}/mcp", json=PING, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["", TOKEN, f"Bearer {TOKEN}x", "Bearer x", "Basic x", "Bearer tökén-that-is-not-ascii"],
)
def test_a_wrong_token_is_not_let_in(authorization: str) -> None:
    with serving(QWEN_MCP_TOKEN=f"me:{TOKEN}") as address:
        headers = {**ACCEPT, "Authorization": authorization.encode()}
        refused = httpx.post(f"{address}/mcp", json=PING, headers=headers)
        headers["Authorization"] = f"Bearer {TOKEN}".encode()

        assert refused.status_code == 401
        assert TOKEN not in refused.text
        assert httpx.post(f"{address}/mcp", json=PING, headers=headers).status_code == 200


def test_a_changed_token_file_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"old:{TOKEN}\n", encoding="utf-8")
    with serving(QWEN_MCP_TOKEN_FILE=str(file)) as address:
        file.write_text(f"new:{TOKEN}-renewed\n", encoding="utf-8")
        statuses = [
            httpx.post(
                f"{address}/mcp", json=PING, headers={**ACCEPT, "Authorization": f"Bearer {token}"}
            ).status_code
            for token in (TOKEN, f"{TOKEN}-renewed")
        ]

    assert statuses == [401, 200]


@pytest.mark.parametrize(
    ("flags", "environment", "words"),
    [
        (["--host", "0.0.0.0"], {}, "QWEN_MCP_TOKEN must be set to listen on 0.0.0.0"),
        ([], {"QWEN_MCP_TOKEN": "short"}, "QWEN_MCP_TOKEN takes tokens of at least 16"),
        ([], {"QWEN_MCP_TOKEN": f"{TOKEN},"}, "QWEN_MCP_TOKEN takes tokens of at least 16"),
        (["--host", "203.0.113.7"], {}, "can't listen on 203.0.113.7:0"),
    ],
    ids=["open to others", "short token", "empty token", "not our address"],
)
def test_it_does_not_start_open(flags: list[str], environment: dict[str, str], words: str) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "qwen_mcp_tools",
            "serve",
            "--transport",
            "sse",
            "--port",
            "0",
            *flags,
        ],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_body_that_is_too_large_is_refused(address: str) -> None:
    headers = {**ACCEPT, "Content-Type": "application/json", "Content-Length": str(64 << 20)}
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        lines = [f"POST /mcp HTTP/1.1\r\nHost: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())

        assert b" 413 " in connection.recv(100)


@pytest.mark.slow
def test_a_connection_without_headers_is_closed(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: ")
        connection.settimeout(HEADER_SECONDS + PATIENCE)

        assert connection.recv(1) == b""
