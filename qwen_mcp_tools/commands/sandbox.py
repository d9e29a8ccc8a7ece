"""Runs the stand-ins of every upstream service alone, with pages of yours if you name a folder."""

import argparse
import json
import signal
import threading
from pathlib import Path

from qwen_mcp_tools.errors import SettingError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder to publish and the form of the settings."""
    parser.add_argument("--site", type=Path, metavar="DIR", help="publish this folder as the site")
    parser.add_argument("--json", action="store_true", help="print the settings as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Print the settings to export, then run until told to leave."""
    from qwen_mcp_tools.sandbox import Sandbox

    if arguments.site and not arguments.site.is_dir():
        raise SettingError(f"--site takes a folder; {arguments.site} is none")
    told = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _, __: told.set())
    with Sandbox(arguments.site) as sandbox:
        print(_shown(sandbox.settings(), as_json=arguments.json))
        print(f"# the site: {sandbox.site.url}/", flush=True)
        while not told.wait(1):  # Windows delivers a signal only between two short waits
            pass
    return 0


def _shown(settings: dict[str, str], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(settings)
    return "\n".join(f"export {name}={value}" for name, value in settings.items())
