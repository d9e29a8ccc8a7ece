"""A user's place at a machine: an empty home, an empty project, and nothing left behind."""

import os
import select
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.clients.node import PATH

PATIENCE = 120
GONE_SECONDS = 10
"""How long a server may take to see that its client has left."""

MARK = "QWEN_MCP_TEST_DESK"
KEPT = ("SYSTEMROOT", "COMSPEC", "PATHEXT", "LANG")
"""What a program needs of this process's own environment; no key, no proxy, no other home."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Runs programs as a user would who has just this home, this project and these variables."""

    home: Path
    project: Path
    variables: Mapping[str, str]
    mark: str

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run `command` to its end; what it started has ended too."""
        ended = subprocess.run(
            command,
            cwd=self.project,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        self.expect_nobody()
        return ended

    def environment(self) -> dict[str, str]:
        """Return all variables of the programs that run here."""
        beside_python = str(Path(sys.executable).parent)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        home = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(self.home))
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.home))
        path = os.pathsep.join([beside_python, PATH])
        return {**kept, **home, **places, "PATH": path, MARK: self.mark, **self.variables}

    def expect_nobody(self) -> None:
        """Wait until every process that was started here has ended (where Linux tells)."""
        for process in _marked(self.mark):
            with suppress(ProcessLookupError):
                handle = os.pidfd_open(process)
                try:
                    gone, _, _ = select.select([handle], [], [], GONE_SECONDS)
                    assert gone, f"process {process} was left behind"
                finally:
                    os.close(handle)


@contextmanager
def sit_down(**variables: str) -> Generator[Desk]:
    """Yield a desk; its home and project are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="qwen-mcp-desk-") as folder:
        home, project = Path(folder) / "home", Path(folder) / "project"
        home.mkdir()
        project.mkdir()
        yield Desk(home, project, variables, uuid.uuid4().hex)


def _marked(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}".encode()
    found: list[int] = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended, or is another user's
            if wanted in each.read_bytes().split(b"\0"):
                found.append(int(each.parent.name))
    return found
