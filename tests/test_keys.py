"""Keys that the user set, followed on every way out: no answer, line, file or request shows one."""

# ruff: noqa: E501 - tables are wide

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.conftest import Connect, text_of
from tests.serving.running import serving
from tests.vision.drawn import data_uri, plain, saved

pytestmark = pytest.mark.slow

CANARIES = {
    "BRAVE_API_KEY": "BSAcnry4Zq81fK3mPx7bN2wLd9",
    "GOOGLE_API_KEY": "AIzaSyCnry7uH2kP9sWq4Rt6Lm1Xb3Vz8",
    "SERPER_API_KEY": "cnry5d41402abc4b2a76b9719d911017c592",
    "GITHUB_TOKEN": "github_pat_11CNRY0a_9zK4jW7pQ2xV5bN8mR3tY6uL1",
    "QWEN_API_KEY": "sk-sp-cnry0f8e7d6c5b4a39281706f5e4d3c2",
    "DASHSCOPE_API_KEY": "sk-cnry1a2b3c4d5e6f708192a3b4c5d6e7",
}
PASSWORD = "cnry-Pw+9/x=Zk47"
TOKEN = "cnry-token-5f4e3d2c1b0a"


def clothes(secret: str) -> set[str]:
    """Return what a secret may wear, and pieces of it that tell it."""
    raw = secret.encode()
    shown = {secret, quote(secret, safe=""), raw.hex(), json.dumps(secret)[1:-1]}
    shown |= {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    shown |= {
        base64.b64encode(f"{user}:{secret}".encode()).decode()[8:-4] for user in ("", "x", "ab")
    }
    return {each for form in shown for each in (form, form[:14], form[-14:], form[6:20])}


def leaks(text: str, secrets: list[str]) -> list[str]:
    flat = re.sub(r"[\s\\`*]+", "", text)
    worn = {form.lower() for secret in secrets for form in clothes(secret)}
    return [form for form in worn if form in text.lower() or form in flat.lower()]


ECHOES = {
    "as it is": "KEY",
    "in a sentence": "The key KEY is not valid.",
    "in capitals": "UPPER",
    "in base64": "BASE64",
    "basic authentication": "Basic BASIC",
    "in the address": "https://evil.example/?k=QUOTED",
    "in two lines": "HALF\nREST",
    "spaced": "SPACED",
    "with invisible characters": "HIDDEN",
    "in JSON": '{"key": "KEY"}',
    "in a picture": "![KEY](https://evil.example/KEY.png)",
    "twice": "KEYKEY",
    "a long piece": "PIECE",
}


def echo(pattern: str, key: str) -> str:
    middle = len(key) // 2
    worn = {
        "UPPER": key.upper(), "BASE64": base64.b64encode(key.encode()).decode(),
        "BASIC": base64.b64encode(f"me:{key}".encode()).decode(), "QUOTED": quote(key, safe=""),
        "HALF": key[:middle], "REST": key[middle:], "SPACED": " ".join(key),
        "HIDDEN": "\u200b".join(key), "PIECE": key[3:21], "KEY": key,
    }  # fmt: skip
    for name, value in worn.items():
        pattern = pattern.replace(name, value)
    return pattern


CALLS: dict[str, tuple[str, dict[str, Any], str, str, dict[str, str]]] = {
    "Brave": ("web_search", {"query": "x"}, "brave", "BRAVE_API_KEY", {"QWEN_MCP_SEARCH": "brave"}),
    "Google": (
        "web_search", {"query": "x"}, "google", "GOOGLE_API_KEY",
        {"QWEN_MCP_SEARCH": "google", "GOOGLE_CSE_ID": "a"},
    ),
    "Serper": ("web_search", {"query": "x"}, "serper", "SERPER_API_KEY", {"QWEN_MCP_SEARCH": "serper"}),
    "Bailian": (
        "web_search", {"query": "x"}, "bailian", "DASHSCOPE_API_KEY", {"QWEN_MCP_SEARCH": "bailian"},
    ),
    "GitHub": ("github_read_file", {"repo": "a/b"}, "github", "GITHUB_TOKEN", {}),
    "GitHub's search": ("github_search_repositories", {"query": "x"}, "github", "GITHUB_TOKEN", {}),
    "model": (
        "qwen_vision_describe", {"images": [data_uri(saved(plain()))]}, "dashscope", "QWEN_API_KEY", {},
    ),
    "page": ("fetch_page", {"url": "SITE/echo"}, "site", "GITHUB_TOKEN", {"QWEN_MCP_ROBOTS": "ignore"}),
}  # fmt: skip


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
@pytest.mark.parametrize(
    ("tool", "arguments", "name", "variable", "more"), CALLS.values(), ids=CALLS
)
async def test_an_upstream_that_repeats_a_key_is_not_repeated(  # noqa: PLR0913, PLR0917
    connect: Connect,
    sandbox: Sandbox,
    tool: str,
    arguments: dict[str, Any],
    name: str,
    variable: str,
    more: dict[str, str],
    status: int,
) -> None:
    key = CANARIES[variable]
    url = {"url": f"{sandbox.site.url}/echo"} if "url" in arguments else {}
    # What a service that is busy says takes its time: it is asked again.
    for pattern in ECHOES.values() if status in {200, 401} else ["The key KEY is not valid."]:
        said = echo(pattern, key)
        error: Any = {
            "message": said, "detail": said, "code": said, "error": {"message": said, "code": said},
            "errors": [{"message": said}],
        }  # fmt: skip
        headers = {"x-echo": "x", "retry-after": "0", "www-authenticate": f'Bearer realm="{key}"'}
        body = f"<h1>Page</h1><p>{said}</p>" if name == "site" else error
        async with connect(**{**CANARIES, **more}) as call:
            getattr(sandbox, name).next(*[Scripted(status, body, headers)] * 8)
            result = await call.client.call_tool(tool, {**arguments, **url})
        sandbox.reset()

        assert leaks(text_of(result), [key]) == [], pattern


async def test_a_page_that_names_all_keys_is_shown_without_them(
    connect: Connect, sandbox: Sandbox
) -> None:
    page = "".join(f"<p>{name} is <code>{key}</code></p>" for name, key in CANARIES.items())
    async with connect(**CANARIES, QWEN_MCP_ROBOTS="ignore") as call:
        for raw in (False, True):
            sandbox.site.next(Scripted(200, page))
            text = await call("fetch_page", url=f"{sandbox.site.url}/all{raw}", raw=raw)

            assert text.count("[secret]") == len(CANARIES)
            assert leaks(text, list(CANARIES.values())) == []


REDIRECTED = {
    "Brave": ("web_search", {"query": "x"}, "brave", {"QWEN_MCP_SEARCH": "brave"}),
    "Google": ("web_search", {"query": "x"}, "google", {"QWEN_MCP_SEARCH": "google", "GOOGLE_CSE_ID": "a"}),
    "Serper": ("web_search", {"query": "x"}, "serper", {"QWEN_MCP_SEARCH": "serper"}),
    "Bailian": ("web_search", {"query": "x"}, "bailian", {"QWEN_MCP_SEARCH": "bailian"}),
    "GitHub": ("github_read_file", {"repo": "a/b"}, "github", {}),
    "GitHub's search": ("github_search_code", {"query": "x"}, "github", {}),
    "model": ("qwen_vision_describe", {"images": [data_uri(saved(plain()))]}, "dashscope", {}),
}  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("tool", "arguments", "name", "more"), REDIRECTED.values(), ids=REDIRECTED)
async def test_a_key_does_not_follow_a_redirect(  # noqa: PLR0913, PLR0917
    connect: Connect,
    sandbox: Sandbox,
    tool: str,
    arguments: dict[str, Any],
    name: str,
    more: dict[str, str],
    status: int,
) -> None:
    elsewhere = {"location": f"{sandbox.site.url}/stolen"}
    async with connect(**{**CANARIES, **more}) as call:
        getattr(sandbox, name).next(*[Scripted(status, b"", elsewhere)] * 8)
        result = await call.client.call_tool(tool, arguments)

    sent = [f"{each.path} {dict(each.query)} {dict(each.headers)}" for each in sandbox.site.asked]
    assert leaks(f"{text_of(result)} {sent}", list(CANARIES.values())) == []


async def test_a_key_goes_to_its_own_service_only(connect: Connect, sandbox: Sandbox) -> None:
    own = {
        "brave": "BRAVE_API_KEY", "google": "GOOGLE_API_KEY", "serper": "SERPER_API_KEY",
        "bailian": "DASHSCOPE_API_KEY", "github": "GITHUB_TOKEN", "dashscope": "QWEN_API_KEY",
    }  # fmt: skip
    async with connect(**CANARIES) as call:
        for tool, arguments in (
            ("web_search", {"query": "kestrel"}),
            ("fetch_page", {"url": f"{sandbox.site.url}/docs/"}),
            ("github_read_file", {"repo": "kestrel-jobs/kestrel"}),
            ("github_search_code", {"query": "retries"}),
            ("qwen_vision_describe", {"images": [data_uri(saved(plain()))]}),
        ):
            await call.client.call_tool(tool, arguments)

    stand_ins = {name: each for name, each in vars(sandbox).items() if hasattr(each, "asked")}
    assert len(stand_ins) >= 14
    for name, stand_in in stand_ins.items():
        others = [key for variable, key in CANARIES.items() if variable != own.get(name)]
        sent = " ".join(
            f"{e.path} {dict(e.query)} {dict(e.headers)} {e.body!r}" for e in stand_in.asked
        )
        assert leaks(sent, others) == [], name


def environment(sandbox: Sandbox, home: Path) -> dict[str, str]:
    proxies = {"HTTPS_PROXY": f"http://me:{quote(PASSWORD, safe='')}@127.0.0.1:9"}
    return {
        **os.environ, **sandbox.settings(), **CANARIES, **proxies, "HOME": str(home),
        "QWEN_MCP_TOKEN": f"ann:{TOKEN}", "QWEN_MCP_LOG_LEVEL": "DEBUG", "NO_PROXY": "",
        "QWEN_MCP_STATE_DIR": str(home / "state"), "PYTHONFAULTHANDLER": "1", "PYTHONASYNCIODEBUG": "1",
    }  # fmt: skip


SECRETS = [*CANARIES.values(), PASSWORD, TOKEN]
COMMANDS = [
    ["--help"], ["serve", "--help"], ["call", "--help"], ["--version"],
    ["call", "web_search", "query=kestrel"], ["call", "web_search", "query=kestrel", "--json"],
    ["call", "fetch_page", "url=https://example.com/"], ["call", "github_read_file", "repo=a/b"],
    ["call", "github_search_code", "query=x"], ["call", "nothing"],
    ["call", "qwen_vision_describe", f'images=["{data_uri(saved(plain(8, 8)))}"]'],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:40])
def test_no_command_prints_or_writes_a_key(
    sandbox: Sandbox, tmp_path: Path, command: list[str]
) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "qwen_mcp_tools", *command],
        env=environment(sandbox, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    written = "".join(f"{each}{each.read_text(errors='replace')}" for each in files)

    assert leaks(shown.stdout + shown.stderr + written, SECRETS) == []


CRASHES = {
    "exception": "raise ValueError(key)",
    "exception in a thread": "t = threading.Thread(target=lambda: int(key)); t.start(); t.join()",
    "nobody can raise it": "class A:\n    def __del__(self): raise ValueError(key)\nA(); gc.collect()",
    "in a task": "asyncio.run(asyncio.wait_for(asyncio.sleep(9, key), 0.01)); raise OSError(key)",
    "chained": "try:\n    int(key)\nexcept ValueError as error:\n    raise OSError(f'with {key}') from error",
    "as a name": "raise KeyError({key: key.encode()})",
    "group": "raise ExceptionGroup(key, [ValueError(key)])",
    "warning": "warnings.warn(key)",
    "log line": "logging.getLogger('httpx').debug('sent %s', {'Authorization': f'Bearer {key}'})",
    "broken log line": "logging.getLogger('x').warning('%d', key)",
    "print": "print('the key', key, file=sys.stderr)",
}


@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES)
def test_no_crash_shows_a_key(sandbox: Sandbox, tmp_path: Path, crash: str) -> None:
    code = (
        "import asyncio, gc, logging, os, sys, threading, warnings\n"
        "from qwen_mcp_tools.commands.configuration import configured\n"
        "key = os.environ['GITHUB_TOKEN']\n"
        "with configured() as settings:\n" + "".join(f"    {line}\n" for line in crash.splitlines())
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(sandbox, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert leaks(ended.stdout + ended.stderr, SECRETS) == []
    assert "[secret]" in ended.stderr or "TimeoutError" in ended.stderr


def test_a_server_over_http_shows_no_key_in_its_answers_or_log(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    told: list[str] = []
    body = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "web_search", "arguments": {"query": f"kestrel {TOKEN}"}},
    }  # fmt: skip
    headers = {
        "Accept": "application/json, text/event-stream", "Authorization": f"Bearer {TOKEN}",
        "MCP-Protocol-Version": "2025-11-25",
    }  # fmt: skip
    with serving(heard=told, **environment(sandbox, tmp_path)) as address:
        for path in (
            "/mcp",
            "/sse",
            "/healthz",
            "/metrics",
            "/",
            f"/{TOKEN}",
            f"/mcp?token={TOKEN}",
        ):
            told.append(httpx.post(address + path, json=body, headers=headers).text)
            told.append(httpx.post(address + path, json=body).text)

    assert leaks("".join(told), SECRETS) == []
    assert any("DEBUG" in each for each in told)
