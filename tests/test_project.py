"""The house: imports run one way, heavy libraries wait, and nothing is POSIX-only at import."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parent.parent
HEAVY = (
    "bs4 chardet github html_to_markdown lxml PIL pillow_heif platformdirs playwright "
    "protego psutil pypdfium2 redis"
).split()
"""Those of ours; what the SDK and httpx load themselves (uvicorn, brotli) is theirs."""


def python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def loaded(code: str, names: list[str]) -> list[str]:
    return python(f"{code}\nimport sys\nprint(*[n for n in {names} if n in sys.modules])").split()


def test_imports_run_one_way() -> None:
    # In a process of its own: it switches off the loggers that it finds.
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter import cli; raise SystemExit(cli.lint_imports())",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_the_server_loads_no_heavy_library_before_it_is_used() -> None:
    assert loaded("import qwen_mcp_tools.server", list(HEAVY)) == []


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_is_given_without_the_sdk(flag: str) -> None:
    code = (
        "import contextlib, io, sys\n"
        "from qwen_mcp_tools.cli import run\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    run([{flag!r}])"
    )

    assert loaded(code, ["mcp", "httpx", "pydantic", "anyio", *HEAVY]) == []


def test_what_lies_below_the_offer_does_not_load_the_sdk() -> None:
    code = (
        "import qwen_mcp_tools.app, qwen_mcp_tools.content.document\n"
        "import qwen_mcp_tools.github.code.grep_app, qwen_mcp_tools.upstream.remote_tools"
    )

    assert loaded(code, ["mcp", "httpx2"]) == []


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "10.0.0.1"])
def test_no_test_reaches_beyond_loopback(address: str) -> None:
    refused = (SocketConnectBlockedError, UserWarning)  # the plugin's, with `-W error`
    with socket.socket() as connection, pytest.raises(refused, match="allowed"):
        connection.connect((address, 80))


def test_it_imports_where_posix_calls_are_missing() -> None:
    code = (
        "import os, signal, sys\n"
        "sys.modules['resource'] = sys.modules['fcntl'] = sys.modules['pwd'] = None\n"
        "for name in ('O_NOFOLLOW', 'O_NONBLOCK', 'fork', 'getuid'):\n"
        "    delattr(os, name)\n"
        "for name in ('SIGKILL', 'SIGALRM', 'SIGHUP', 'SIGUSR1'):\n"
        "    delattr(signal, name)\n"
        "import qwen_mcp_tools.cli, qwen_mcp_tools.app, qwen_mcp_tools.sandbox\n"
        "print('imported')"
    )

    assert python(code) == "imported\n"
