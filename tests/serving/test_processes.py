"""Several workers on one listener, as real processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import anyio
import httpx
import psutil
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.serving.listener import listen
from tests.serving.running import PATIENCE, serving_process
from tests.serving.test_http import ACCEPT, OTHER, TOKEN, status_with

pytestmark = pytest.mark.slow

Running = tuple[str, psutil.Process]


@pytest.fixture(scope="module")
def two(running_sandbox: Sandbox) -> Generator[Running]:
    with serving_process("--workers", "2", **running_sandbox.settings()) as (address, pid):
        assert is_alive(address)
        yield address, psutil.Process(pid)


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    return [each for each in process.children() if "--multiprocessing-fork" in each.cmdline()]


def is_alive(address: str) -> bool:
    """Wait for an answer: by then, every worker's process runs."""
    return httpx.get(f"{address}/healthz", timeout=PATIENCE).status_code == 200


@pytest.mark.skipif(os.name == "nt", reason="a process can't be stopped and continued there")
def test_each_of_two_workers_answers(two: Running) -> None:
    address, process = two
    for stopped in workers_of(process):
        stopped.suspend()
        try:
            assert is_alive(address)
        finally:
            stopped.resume()


@pytest.mark.parametrize("mode", ["auto", "legacy"], ids=["2026-07-28", "2025-11-25"])
async def test_calls_of_one_client_may_reach_any_worker(
    two: Running, sandbox: Sandbox, mode: str
) -> None:
    address, _ = two
    with anyio.fail_after(PATIENCE):
        async with Client(streamable_http_client(f"{address}/mcp"), mode=mode) as client:
            assert (await client.list_tools()).tools
            for number in range(6):
                url = f"{sandbox.site.url}/?{mode}{number}"
                assert not (await client.call_tool("fetch_page", {"url": url})).is_error


@pytest.mark.skipif(os.name == "nt", reason="a process can't be stopped and continued there")
def test_a_worker_that_dies_gets_a_successor(two: Running) -> None:
    address, process = two
    first, second = workers_of(process)
    first.kill()
    second.suspend()
    try:
        assert is_alive(address)
    finally:
        second.resume()

    assert second in workers_of(process)
    assert len(set(workers_of(process)) - {first, second}) == 1


@pytest.mark.skipif(os.name == "nt", reason="a process that is ended there takes no signal")
def test_workers_end_with_a_server_that_is_killed() -> None:
    command = [sys.executable, "-m", "qwen_mcp_tools", "--transport", "http", "--port", "0"]
    with subprocess.Popen(
        [*command, "--workers", "2"], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert is_alive(process.stderr.readline().split()[-1].removesuffix("/mcp"))
        workers = workers_of(psutil.Process(process.pid))
        process.kill()

        _, alive = psutil.wait_procs(workers, timeout=PATIENCE)

    assert len(workers) == 2
    assert not alive


def test_a_connection_and_its_listener_send_small_answers_at_once() -> None:
    with listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            for each in (listener, accepted):
                assert each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_sse_keeps_its_sessions_in_one_process_and_is_not_served_by_several(two: Running) -> None:
    answer = httpx.get(f"{two[0]}/sse", headers=ACCEPT)

    assert answer.status_code == 501
    assert answer.text == "The SSE transport needs a server with one worker; this one serves /mcp"


def test_each_worker_follows_the_file_of_tokens(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(TOKEN)
    with serving_process("--workers", "2", QWEN_MCP_TOKEN_FILE=str(file)) as (address, pid):
        assert status_with(address, TOKEN) == 200
        file.write_text(f"{OTHER}\n")

        for stopped in workers_of(psutil.Process(pid)):
            stopped.suspend()
            answers = [status_with(address, token) for token in (TOKEN, OTHER)]
            stopped.resume()
            assert answers == [401, 200]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--transport", "sse", "--workers", "2"], "--workers 2 needs --transport http"),
        (["--workers", "2"], "--workers 2 needs --transport http"),
        (["--transport", "http", "--workers", "0"], "--workers takes a number from 1 to 64"),
        (
            ["--transport", "http", "--host", "0.0.0.0", "--port", "0", "--workers", "2"],
            "QWEN_MCP_TOKEN must be set",
        ),
    ],
)
def test_workers_that_can_not_serve_are_refused_in_one_line(flags: list[str], said: str) -> None:
    command = [sys.executable, "-m", "qwen_mcp_tools", "serve", *flags]
    ended = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"qwen-mcp-tools: {said}")
    assert ended.stderr.count("\n") == 1
