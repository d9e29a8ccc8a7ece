"""The command line: `kestrel run` and `kestrel inspect`."""

import argparse
import asyncio

from kestrel.log import Log
from kestrel.worker import Worker


def main() -> None:
    """Run the command that was named."""
    parser = argparse.ArgumentParser(prog="kestrel")
    parser.add_argument("command", choices=["run", "inspect"])
    parser.add_argument("folder")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for one try")
    arguments = parser.parse_args()
    log = Log(arguments.folder)
    if arguments.command == "run":
        asyncio.run(Worker(log, arguments.timeout).run())
    else:
        print(*log.folder.unfinished(), sep="\n")
