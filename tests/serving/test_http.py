"""The server as a real process over HTTP: both transports, both eras, and who is let in."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx
import pytest
from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.serving.gate import MAX_HEADERS
from qwen_mcp_tools.serving.http import MAX_BODY, MAX_CONNECTIONS
from qwen_mcp_tools.serving.request_timer import TimedHttpProtocol
from tests.serving.running import PATIENCE, serving
from tests.vision.drawn import data_uri, photo, saved

TOKEN, OTHER, THIRD = (f"a-token-of-{each}-for-the-test" for each in ("ann", "bob", "nobody"))
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


@pytest.fixture(scope="module")
def address(running_sandbox: Sandbox) -> Generator[str]:
    with serving(**running_sandbox.settings()) as address:
        yield address


def bearer(token: str) -> dict[str, str]:
    return {**ACCEPT, "Authorization": f"Bearer {token}"}


def status_with(address: str, token: str) -> int:
    return httpx.post(f"{address}/mcp", json=PING, headers=bearer(token)).status_code


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


@pytest.mark.parametrize("other", ["sse", "http"])
@pytest.mark.parametrize("tool", ["fetch_page", "web_search"])
async def test_two_connections_with_one_question_ask_upstream_once(
    address: str, sandbox: Sandbox, tool: str, other: str
) -> None:
    question = f"asked twice by {other}"
    upstream, arguments = {
        "fetch_page": (sandbox.site, {"url": f"{sandbox.site.url}/docs/?{quote(question)}"}),
        "web_search": (sandbox.brave, {"query": question}),
    }[tool]
    answers: list[str] = []

    async def ask(client: Client) -> None:
        answers.append((await client.call_tool(tool, arguments)).content[0].text)

    with upstream.holding() as held, anyio.fail_after(PATIENCE):
        async with (
            Client(transport_of("sse", address)) as one,
            Client(transport_of(other, address)) as two,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(ask, one)
            await anyio.to_thread.run_sync(held.wait_until_asked)
            tasks.start_soon(ask, two)
            await two.list_tools()
            held.release()

    asked = [each for each in upstream.asked if each.path != "/robots.txt"]
    assert len(asked) == 1
    assert len(answers) == 2


@pytest.mark.parametrize(
    "command",
    [
        ["--transport", "sse"],
        ["--transport", "http"],
        ["serve", "--transport", "streamable-http"],
    ],
    ids=" ".join,
)
def test_every_spelling_serves_all_endpoints(command: list[str]) -> None:
    with serving(command=command, QWEN_MCP_PORT="0") as address:
        called = httpx.post(f"{address}/mcp", json=PING, headers=ACCEPT)
        with httpx.stream("GET", f"{address}/sse") as events:
            first = next(events.iter_lines())

        assert called.status_code == 200
        assert "mcp-session-id" not in called.headers
        assert first == "event: endpoint"
        assert httpx.get(f"{address}/healthz").text == "ok"


def test_the_older_transport_is_marked_so_in_the_help() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "qwen_mcp_tools", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "for older clients, /sse" in " ".join(shown.stdout.split())


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


@pytest.mark.parametrize("second", ["https://evil.example", "null", ""])
def test_a_second_origin_is_refused(address: str, second: str) -> None:
    headers = [*ACCEPT.items(), ("Origin", address)]
    statuses = [
        httpx.post(f"{address}/mcp", json=PING, headers=each).status_code
        for each in (headers, [*headers, ("Origin", second)])
    ]

    assert statuses == [200, 403]


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


def test_each_of_several_tokens_is_let_in() -> None:
    with serving(QWEN_MCP_TOKEN=f"ann:{TOKEN},bob:{OTHER},{THIRD}") as address:
        assert [status_with(address, each) for each in (TOKEN, OTHER, THIRD)] == [200] * 3
        assert [status_with(address, each) for each in ("ann", f"ann:{TOKEN}", TOKEN[:-1])] == [
            401
        ] * 3


def test_nobody_speaks_in_the_session_of_another_token() -> None:
    with serving(QWEN_MCP_TOKEN=f"ann:{TOKEN},bob:{OTHER}") as address:
        with httpx.stream("GET", f"{address}/sse", headers=bearer(TOKEN)) as events:
            lines = events.iter_lines()
            assert next(lines) == "event: endpoint"
            messages = address + next(lines).removeprefix("data: ")
            statuses = [
                httpx.post(messages, json=PING, headers=bearer(token)).status_code
                for token in (OTHER, TOKEN)
            ]

    assert statuses == [404, 202]


def test_a_token_on_a_new_first_line_does_not_speak_in_the_session_of_another(
    tmp_path: Path,
) -> None:
    file = tmp_path / "tokens"
    file.write_text(TOKEN, encoding="utf-8")
    with serving(QWEN_MCP_TOKEN_FILE=str(file)) as address:
        with httpx.stream("GET", f"{address}/sse", headers=bearer(TOKEN)) as events:
            lines = events.iter_lines()
            assert next(lines) == "event: endpoint"
            messages = address + next(lines).removeprefix("data: ")
            file.write_text(f"{OTHER}\n{TOKEN}", encoding="utf-8")
            statuses = [
                httpx.post(messages, json=PING, headers=bearer(token)).status_code
                for token in (OTHER, TOKEN)
            ]

    assert statuses == [404, 202]


@pytest.mark.parametrize("empty", ["", " \n", None], ids=["emptied", "blank", "deleted"])
def test_a_token_file_without_tokens_lets_nobody_in(tmp_path: Path, empty: str | None) -> None:
    file = tmp_path / "tokens"
    file.write_text(TOKEN, encoding="utf-8-sig")
    with serving(QWEN_MCP_TOKEN_FILE=str(file)) as address:
        before = status_with(address, TOKEN)
        file.unlink() if empty is None else file.write_text(empty, encoding="utf-8")
        between = status_with(address, TOKEN), httpx.post(f"{address}/mcp", json=PING).status_code
        file.write_text(f"{OTHER}\n", encoding="utf-8-sig")
        after = [status_with(address, token) for token in (TOKEN, OTHER)]

    assert (before, between, after) == (200, (401, 401), [401, 200])


def test_a_changed_token_file_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"old:{TOKEN}\n", encoding="utf-8")
    with serving(QWEN_MCP_TOKEN_FILE="~/tokens", HOME=str(tmp_path)) as address:
        before = [status_with(address, token) for token in (TOKEN, OTHER)]
        file.write_text(f"old:{TOKEN}\nnew:{OTHER}\n", encoding="utf-8")
        between = [status_with(address, token) for token in (TOKEN, OTHER)]
        file.write_text(f"new:{OTHER}\n", encoding="utf-8")
        after = [status_with(address, token) for token in (TOKEN, OTHER)]
        file.write_text("broken", encoding="utf-8")
        broken = [status_with(address, token) for token in (TOKEN, OTHER)]
        file.unlink()
        file.mkdir()
        unreadable = [status_with(address, token) for token in (TOKEN, OTHER)]

    assert (before, between, after) == ([200, 401], [200, 200], [401, 200])
    assert broken == unreadable == after


def test_with_a_token_it_may_listen_to_others() -> None:
    with serving("--host", "0.0.0.0", QWEN_MCP_TOKEN=TOKEN) as everywhere:
        address = everywhere.replace("0.0.0.0", "127.0.0.1")

        assert [status_with(address, token) for token in (TOKEN, OTHER)] == [200, 401]
        named = {**bearer(TOKEN), "Host": "mcp.example"}
        assert httpx.post(f"{address}/mcp", json=PING, headers=named).status_code == 421


def test_no_web_page_is_told_that_it_may_read_the_answers(address: str) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for origin in ("https://evil.example", address):
        told = httpx.options(f"{address}/mcp", headers={**asked, "Origin": origin})

        assert "access-control-allow-origin" not in told.headers


@pytest.mark.parametrize(
    ("flags", "environment", "words"),
    [
        (["--host", "0.0.0.0"], {}, "QWEN_MCP_TOKEN must be set to listen on 0.0.0.0"),
        ([], {"QWEN_MCP_TOKEN": "short"}, "QWEN_MCP_TOKEN takes tokens of at least 16"),
        ([], {"QWEN_MCP_TOKEN": f"{TOKEN},"}, "QWEN_MCP_TOKEN takes tokens of at least 16"),
        ([], {"QWEN_MCP_TOKEN": f":{TOKEN}"}, "QWEN_MCP_TOKEN takes tokens of at least 16"),
        ([], {"QWEN_MCP_TOKEN": f"a:{TOKEN},a:{OTHER}"}, "item 2 repeats one"),
        ([], {"QWEN_MCP_TOKEN": f"a:{TOKEN},b:{TOKEN}"}, "item 2 repeats one"),
        ([], {"QWEN_MCP_TOKEN": TOKEN, "QWEN_MCP_TOKEN_FILE": "/no/such"}, "can't be read"),
        (["--host", "203.0.113.7"], {}, "can't listen on 203.0.113.7:0"),
    ],
    ids=[
        "open to others",
        "short token",
        "empty token",
        "empty name",
        "doubled name",
        "doubled token",
        "no token file",
        "not our address",
    ],
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
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("path", ["/mcp", "/messages/?session_id="])
@pytest.mark.parametrize("length", ["announced", "in chunks"])
def test_a_body_that_is_too_large_is_refused(address: str, path: str, length: str) -> None:
    with httpx.stream("GET", f"{address}/sse") as events:
        lines = events.iter_lines()
        next(lines)
        session = next(lines).rpartition("=")[2]
        target = f"{address}{path}{session if '=' in path else ''}"
        pieces = (b" " * 65536 for _ in range(MAX_BODY // 65536 + 1))
        body = {"content": pieces} if length == "in chunks" else {"content": b" " * (MAX_BODY + 1)}
        headers = {**ACCEPT, "Content-Type": "application/json"}
        try:
            status = httpx.post(target, headers=headers, **body).status_code
        except httpx.WriteError:
            status = 413  # it closed the connection while we were still sending

    assert status == 413
    assert httpx.post(f"{address}/mcp", json=PING, headers=ACCEPT).status_code == 200


def test_headers_that_are_too_large_are_refused(address: str) -> None:
    told = httpx.get(f"{address}/healthz", headers={"X-Long": "x" * (MAX_HEADERS + 1)})

    assert told.status_code in {400, 431}  # uvicorn's word, if they come in pieces; else ours


@pytest.mark.skipif(sys.platform == "darwin", reason="256 files may be open there")
def test_more_connections_than_it_takes_are_told_so_and_a_load_balancer_is_not(
    address: str,
) -> None:
    where = httpx.URL(address).host, httpx.URL(address).port
    with ExitStack() as connections:
        for _ in range(MAX_CONNECTIONS):
            connections.enter_context(socket.create_connection(where, PATIENCE))

        refused = httpx.post(f"{address}/mcp", json=PING, headers=ACCEPT)
        assert (refused.status_code, refused.headers["connection"]) == (503, "close")
        assert httpx.get(f"{address}/readyz").status_code == 503
        assert httpx.get(f"{address}/healthz").status_code == 200


@pytest.mark.slow
def test_a_connection_without_headers_is_closed(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: ")
        connection.settimeout(TimedHttpProtocol.head_seconds + PATIENCE)

        assert connection.recv(1) == b""
