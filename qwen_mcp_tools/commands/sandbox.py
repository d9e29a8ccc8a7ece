"""Runs the stand-ins of every upstream service alone, with pages and checkouts of yours."""

import argparse
import json
import re
import signal
import sys
import threading
from pathlib import Path

from qwen_mcp_tools.errors import SettingError

_FULL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
"""What GitHub allows for the names of owners and repositories."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to publish and the form of the settings."""
    parser.add_argument("--site", type=Path, metavar="DIR", help="publish this folder as the site")
    parser.add_argument(
        "--repo",
        action="append",
        default=[],
        metavar="OWNER/NAME=DIR",
        help="publish this checkout as a repository; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="print the settings as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Print the settings to export, then run until told to leave."""
    from qwen_mcp_tools.sandbox import Sandbox

    if arguments.site and not arguments.site.is_dir():
        raise SettingError(f"--site takes a folder; {arguments.site} is none")
    repositories = dict(map(_repository, arguments.repo))
    told = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _, __: told.set())
    with Sandbox(arguments.site, repositories) as sandbox:
        print(_shown(sandbox.settings(), as_json=arguments.json), flush=True)
        # Beside JSON for a program it would be noise.
        aside = sys.stderr if arguments.json else sys.stdout
        print(f"# the site: {sandbox.site.url}/", file=aside, flush=True)
        while not told.wait(1):  # Windows delivers a signal only between two short waits
            pass
    return 0


def _repository(value: str) -> tuple[str, Path]:
    """Return the full name and the folder that `OWNER/NAME=DIR` holds."""
    name, _, folder = value.partition("=")
    if not folder or not _FULL_NAME.fullmatch(name):
        raise SettingError(f"--repo takes OWNER/NAME=DIR; {value!r} is none")
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise SettingError(f"--repo takes a folder; {folder} is none")
    return name, path


def _shown(settings: dict[str, str], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(settings)
    return "\n".join(f"export {name}={value}" for name, value in settings.items())
