"""What the SDK answers before the first call, asked of the SDK itself: see `answers`."""

import json
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import fields
from typing import Any

import anyio
from mcp import types
from mcp.server import Server
from mcp.shared.message import SessionMessage
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from qwen_mcp_tools import answers
from qwen_mcp_tools.answers import Answers, Rule
from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.serving.stdio import written
from qwen_mcp_tools.settings import Settings

CLIENT = {"name": "recording", "version": "1"}
LISTS = ("ping", "tools/list", "prompts/list", "resources/list", "resources/templates/list")
SWITCH = ["0", "1", "true", "false", "yes", "no", "on", "off"]
NEVER_MATTER = {
    "BAILIAN_CODING_PLAN_API_KEY",
    "BAILIAN_TOKEN_PLAN_API_KEY",
    "BRAVE_API_KEY",
    "DASHSCOPE_API_KEY",
    "GITHUB_TOKEN",
    "GOOGLE_API_KEY",
    "GOOGLE_CSE_ID",
    "NO_PROXY",
    "QWEN_API_KEY",
    "QWEN_MCP_CACHE_DIR",
    "QWEN_MCP_IMAGE_ROOTS",
    "QWEN_MCP_STATE_DIR",
    "QWEN_VISION_MODEL",
    "SERPER_API_KEY",
}
"""Settings with which every start on stdio succeeds, with the same answers, whatever they hold."""
HARMLESS: dict[str, Rule] = {
    "ALL_PROXY": "proxy",
    "HTTPS_PROXY": "proxy",
    "HTTP_PROXY": "proxy",
    "QWEN_MCP_ALLOW_HOSTS": "hosts",
    "QWEN_MCP_ALLOW_PRIVATE_NETWORK": SWITCH,
    "QWEN_MCP_LOG_LEVEL": ["debug", "info", "warning", "error", "critical"],
    "QWEN_MCP_ROBOTS": ["honour", "ignore"],
    "QWEN_MCP_SANDBOX": SWITCH,
    "QWEN_MCP_WARM": SWITCH,
    "QWEN_PROTOCOL": ["openai", "anthropic"],
    "QWEN_THINKING": SWITCH,
    "SSL_CERT_DIR": "folder",
    "SSL_CERT_FILE": "certificates",
}
"""Values with which it does, where others make it fail; an address is "url"."""


def rules() -> dict[str, Rule]:
    """Return, for each variable that can make a start fail or change an answer, what does not.

    A setting that is named in neither table counts with each of its values.
    """
    return dict(sorted(_rules()))


def _rules() -> Iterator[tuple[str, Rule]]:
    for each in fields(Settings):
        variable = each.metadata["variable"]
        by_default: Rule = "url" if variable.endswith("_URL") else []
        for name in (variable, *each.metadata["others"]):
            if variable not in NEVER_MATTER:
                rule = HARMLESS.get(variable, by_default)
                yield from [(name, rule), (name.lower(), rule)]
            if each.metadata["read"] is Secret:
                yield f"{name}_FILE", []


async def record(server: Server[Any]) -> Answers:
    """Return what `server` answers in every version of the protocol."""
    said: Answers = {}
    for version in HANDSHAKE_PROTOCOL_VERSIONS:
        handshake = {"protocolVersion": version, "capabilities": {}, "clientInfo": CLIENT}
        said[version] = await _ask(server, {"initialize": handshake, **_each(LISTS, {})})
    for version in MODERN_PROTOCOL_VERSIONS:
        own = {"protocolVersion": version, "clientInfo": CLIENT, "clientCapabilities": {}}
        meta = {"_meta": {f"io.modelcontextprotocol/{name}": own[name] for name in own}}
        listen = {"subscriptions/listen": {**meta, "notifications": {}}}
        said[version] = await _ask(server, {**_each(("server/discover", *LISTS), meta), **listen})
    return said


def _each(methods: tuple[str, ...], params: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict.fromkeys(methods, params)


async def _ask(server: Server[Any], asked: dict[str, dict[str, Any]]) -> dict[str, str]:
    to_server, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](1)
    outgoing, from_server = anyio.create_memory_object_stream[SessionMessage](1)
    said: dict[str, str] = {}
    async with anyio.create_task_group() as tasks, to_server, from_server:
        options = server.create_initialization_options()
        tasks.start_soon(server.run, incoming, outgoing, options)
        for method, params in asked.items():
            request = types.JSONRPCRequest(jsonrpc="2.0", id=0, method=method, params=params)
            await to_server.send(SessionMessage(request))
            line = written((await from_server.receive()).message).decode()
            said[method] = line.removeprefix('{"jsonrpc":"2.0","id":0')
        tasks.cancel_scope.cancel()
    return said


@asynccontextmanager
async def answers_kept(server: Server[Any]) -> AsyncGenerator[None]:
    """Keep for the next start what `server` answers, where that is not known yet."""
    async with anyio.create_task_group() as tasks:
        if answers.can_be_used() and answers.find(os.environ) is None:
            tasks.start_soon(_keep, server)
        yield


async def _keep(server: Server[Any]) -> None:
    said = await record(server)
    with suppress(OSError):  # Without the folder the next start is as slow as this one.
        answers.keep(os.environ, said)


async def _packaged() -> Answers:
    async with open_app(Settings()) as app:
        return await record(create_server(app))


def packaged() -> str:
    """Return the text of the file that comes with the package; `pytest --record` writes it."""
    start = answers.start_of(rules(), {})
    content = {"rules": rules(), "start": start, "answers": anyio.run(_packaged)}
    return json.dumps(content, indent=1) + "\n"
