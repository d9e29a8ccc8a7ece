"""The argument parser: one line a command; without one, the server runs on stdio."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from qwen_mcp_tools.commands import call, demo, sandbox, serve
from qwen_mcp_tools.errors import SettingError

COMMANDS = {
    "serve": (serve, "offer the tools to an MCP client (the default)"),
    "call": (call, "call one tool and print what a model would read"),
    "demo": (demo, "show every tool at work, offline, through a real MCP client"),
    "sandbox": (sandbox, "run the stand-ins of every upstream service alone"),
}


def run(arguments: Sequence[str], opening: bytes = b"", unread: bytes = b"") -> int:
    """Run the command that `arguments` name and return its exit status.

    `opening` are the lines that a client of the server on stdio has been answered already, and
    `unread` is what was read of it behind them.

    2 for arguments or settings that can't be used, told in one line on stderr; 130 after Ctrl-C.
    """
    parser = _parser()
    first = arguments[0] if arguments else ""
    named = first in COMMANDS or first in {"-h", "--help", "--version"}
    heard = argparse.Namespace(opening=opening, unread=unread)
    chosen = parser.parse_args(arguments if named else ["serve", *arguments], heard)
    try:
        return COMMANDS[chosen.command][0].run(chosen)
    except SettingError as error:
        print(f"qwen-mcp-tools: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qwen-mcp-tools",
        description="Web search, pages, GitHub and pictures for coding agents, as an MCP server.",
        epilog="Without a command it serves MCP on stdin and stdout.",
    )
    parser.add_argument("--version", action="version", version=version("qwen-mcp-tools"))
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, (module, meaning) in COMMANDS.items():
        module.add_arguments(commands.add_parser(name, help=meaning, description=module.__doc__))
    return parser
