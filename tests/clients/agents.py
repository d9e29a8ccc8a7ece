"""The coding agents that users have, headless, each with a scripted model: one interface for both.

What is set here beside the README's own words are the model's address and the words that a
headless run needs where a person would be asked.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from tests.clients.desk import Desk
from tests.clients.models import AnthropicModel, Model, OpenAiModel, Planned
from tests.clients.node import Node

PREFIX = "mcp__qwen_mcp_tools__"
KEY = "no-key-of-anybody"


class Agent(ABC):
    """An agent at a desk, whose model makes the calls that it is told to."""

    name: str
    """As the README's blocks name it."""
    command: str
    """As a user types it."""
    error_copies: int
    """How often its model is sent the text of an error."""

    def __init__(self, node: Node, desk: Desk, model: Model) -> None:
        self.model = model
        self._node, self._desk = node, desk

    @staticmethod
    @abstractmethod
    def variables(model: Model) -> dict[str, str]:
        """Return what makes the agent use `model`."""

    @abstractmethod
    def paste(self, block: dict[str, Any]) -> None:
        """Put a block where the README says that it belongs."""

    @abstractmethod
    def work(self, *calls: Planned) -> list[str]:
        """Let the model make `calls`; return the text that it was sent for each."""

    @abstractmethod
    def _program(self) -> str:
        """Return the program's file in its npm package."""

    def type(self, *words: str) -> str:
        """Return what the agent prints, started with `words`."""
        ended = self._desk.run(self._node.command(self._node.path(self._program()), *words))
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def _work(self, calls: Sequence[Planned], *words: str) -> list[str]:
        self.model.plan(*(Planned(f"{PREFIX}{call.tool}", call.arguments) for call in calls))
        self.type(*words, "-p", "Make the calls.")
        return self.model.told()


class QwenCode(Agent):
    """Qwen Code, with a model of an OpenAI-compatible service."""

    name, command, error_copies = "qwen-code", "qwen", 2

    @staticmethod
    def variables(model: Model) -> dict[str, str]:
        """Return the variables of an OpenAI-compatible service."""
        told = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{model.url}/v1"}
        return {**told, "OPENAI_MODEL": "scripted"}

    def paste(self, block: dict[str, Any]) -> None:
        """Write `~/.qwen/settings.json`."""
        folder = self._desk.home / ".qwen"
        folder.mkdir()
        (folder / "settings.json").write_text(json.dumps(block), encoding="utf-8")

    def work(self, *calls: Planned) -> list[str]:
        """Run `qwen -p`."""
        return self._work(calls, "--allowed-tools", PREFIX.rstrip("_"))

    def _program(self) -> str:
        return "@qwen-code/qwen-code/cli-entry.js"


class ClaudeCode(Agent):
    """Claude Code, with a model of an Anthropic-compatible service."""

    name, command, error_copies = "claude-code", "claude", 1

    @staticmethod
    def variables(model: Model) -> dict[str, str]:
        """Return the variables of another Anthropic endpoint, and no other address.

        Without the last one it does not wait for a server that a busy machine starts slowly:
        the model's first request is then sent without the tools.
        """
        told = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
        return {**told, **quiet, "MCP_CONNECTION_NONBLOCKING": "false"}

    def paste(self, block: dict[str, Any]) -> None:
        """Write the project's `.mcp.json`, and say yes to it as a user does once."""
        (self._desk.project / ".mcp.json").write_text(json.dumps(block), encoding="utf-8")
        folder = self._desk.home / ".claude"
        folder.mkdir()
        consent = {"enabledMcpjsonServers": list(block["mcpServers"])}
        (folder / "settings.json").write_text(json.dumps(consent), encoding="utf-8")

    def work(self, *calls: Planned) -> list[str]:
        """Run `claude -p`."""
        return self._work(calls, "--allowedTools", PREFIX.rstrip("_"))

    def _program(self) -> str:
        return "@anthropic-ai/claude-code/cli-wrapper.cjs"


AGENTS = {QwenCode.name: (QwenCode, OpenAiModel), ClaudeCode.name: (ClaudeCode, AnthropicModel)}
