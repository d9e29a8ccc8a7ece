"""The command line, as real processes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

PATIENCE = 60


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qwen_mcp_tools", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def test_help_names_every_command() -> None:
    shown = run("--help")

    assert shown.returncode == 0
    for command in ("serve", "call", "demo", "sandbox"):
        assert command in shown.stdout


def test_a_call_prints_what_a_model_would_read() -> None:
    called = run("call", "web_search", "query=job timeout", "count=2", QWEN_MCP_SANDBOX="1")

    assert called.returncode == 0, called.stderr
    assert called.stdout.startswith('Brave: 2 results for "job timeout", page 1\n')
    assert called.stderr == ""


def test_a_call_for_programs_prints_the_protocols_result() -> None:
    called = run("call", "web_search", "query=job timeout", "--json", QWEN_MCP_SANDBOX="1")
    result = json.loads(called.stdout)

    assert result["isError"] is False
    assert result["content"][0]["type"] == "text"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fetch_page", "url=http://10.0.0.1/"], "Refused 10.0.0.1"),
        (["fetch_page"], "fetch_page needs url: text"),
        (["fetch_page", "url=https://example.com", "raw=maybe"], "raw must be true or false"),
        (["summon"], "No tool is called 'summon'"),
    ],
    ids=["refused", "missing argument", "wrong type", "no such tool"],
)
def test_an_error_is_told_on_stderr_with_status_1(arguments: list[str], words: str) -> None:
    called = run("call", *arguments)

    assert called.returncode == 1
    assert called.stderr.startswith(words)
    assert called.stderr.count("\n") == 1
    assert called.stdout == ""


def test_a_word_that_is_no_pair_is_told() -> None:
    called = run("call", "web_search", "css grid")

    assert called.returncode == 2
    assert called.stderr == "qwen-mcp-tools: call takes arguments as name=value, not 'css grid'\n"


def test_the_demo_shows_every_tool_and_is_right() -> None:
    shown = run("demo")

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert shown.stdout.endswith("Every answer was right.\n")
    assert "\x1b" not in shown.stdout
    for words in ("web_search query=", "fetch_page url=", "5 tools, about"):
        assert words in shown.stdout


def test_the_sandbox_alone_publishes_a_folder_until_it_is_told_to_leave(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>Mine</h1><p>A page of my own.</p>", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "qwen_mcp_tools", "sandbox", "--site", str(tmp_path), "--json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        settings = json.loads(process.stdout.readline())
        site = f"http://{settings['QWEN_MCP_ALLOW_HOSTS']}"
        try:
            assert httpx.get(f"{site}/../etc/passwd").status_code == 404
            read = run("call", "fetch_page", f"url={site}/page.html", **settings)
        finally:
            process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) == 0
    assert "# Mine" in read.stdout


def test_a_folder_that_is_not_there_is_told() -> None:
    shown = run("sandbox", "--site", "/no/such/folder")

    assert shown.returncode == 2
    assert shown.stderr == "qwen-mcp-tools: --site takes a folder; /no/such/folder is none\n"
