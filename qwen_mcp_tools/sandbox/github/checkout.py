"""A folder of the user's as a repository: by the `git` program, or as one commit without it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from qwen_mcp_tools.sandbox.github.history import Commit, Entry, History, Tag, Tree
from qwen_mcp_tools.sandbox.github.objects import EXECUTABLE, FILE, LINK
from qwen_mcp_tools.sandbox.github.snapshot import Written
from qwen_mcp_tools.sandbox.github.written import Note, WrittenHistory

_ID = re.compile("[0-9a-f]{7,40}", re.IGNORECASE)
_FIELDS = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%B%x00"
_REFS = "%(refname)%00%(objectname)%00%(*objectname)%00%(objecttype)"


def published(folder: Path) -> History:
    """Return the history of a checkout; of a folder without `.git`, its files as one commit."""
    git = shutil.which("git")
    if git and (folder / ".git").exists():
        history = GitHistory(git, folder)
        if history.can_be_read:
            return history
    return folder_history(folder)


def folder_history(folder: Path) -> History:
    """Return a history of one commit that holds every file under `folder` but `.git`."""
    history = WrittenHistory()
    snapshot = {path.relative_to(folder).as_posix(): _found(path) for path in _paths(folder)}
    moment = int(folder.stat().st_mtime)
    if snapshot:
        sha = history.add(snapshot, Note(f"The files of {folder.name}\n", moment, "Sandbox", ""))
        history.branches["main"] = sha
    return history


class GitHistory(History):
    """A history read by the `git` program, each part when it is asked for."""

    def __init__(self, git: str, folder: Path) -> None:
        # The user named the folder, so that whose it is need not worry git.
        trust = ("-c", "safe.directory=*")
        self._command = (git, "-C", str(folder), *trust, "--no-optional-locks")
        self._commits: dict[str, Commit] = {}
        self._trees: dict[str, Tree] = {}

    @property
    def can_be_read(self) -> bool:
        """Whether git takes the folder for a repository."""
        return bool(self._git("rev-parse", "--git-dir"))

    @cached_property
    def default_branch(self) -> str:  # type: ignore[override]
        """The branch that is checked out."""
        name = self._git("symbolic-ref", "--quiet", "--short", "HEAD").decode().strip()
        return name or next(iter(self.branches), "main")

    @cached_property
    def branches(self) -> Mapping[str, str]:  # type: ignore[override]
        """The commit of each branch; where HEAD is on none, it is `main`."""
        found = {
            name.removeprefix("refs/heads/"): sha for name, sha, _, _ in self._refs("refs/heads")
        }
        head = self._git("rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
        return found or ({"main": head} if head else {})

    @cached_property
    def tags(self) -> Mapping[str, Tag]:  # type: ignore[override]
        """Every tag of a commit."""
        return {
            name.removeprefix("refs/tags/"): Tag(sha, commit if kind == "tag" else sha)
            for name, sha, commit, kind in self._refs("refs/tags")
            if kind in {"commit", "tag"}
        }

    def commit(self, sha: str) -> Commit | None:
        """Return a commit by its id, whole or from 7 digits."""
        if not _ID.fullmatch(sha):
            return None
        if sha not in self._commits:
            found = self._log("--no-walk", f"{sha}^{{commit}}")
            if not found:
                return None
            self._commits[sha] = found[0]
        return self._commits[sha]

    def log(self, sha: str, path: str = "") -> list[Commit]:
        """Return the commits that lead to `sha` and touch `path`, newest first."""
        return self._log(sha, "--", *([f":(literal){path}"] if path else []))

    def tree(self, sha: str) -> Tree | None:
        """Return the tree of a commit, or a tree by its own id."""
        if not _ID.fullmatch(sha):
            return None
        if sha not in self._trees:
            own = self._git("rev-parse", "--verify", "--quiet", f"{sha}^{{tree}}").decode().strip()
            if not own:
                return None
            listed = self._git("ls-tree", "-r", "-t", "-z", "-l", own)
            self._trees[sha] = Tree(own, dict(map(_entry, listed.split(b"\0")[:-1])))
        return self._trees[sha]

    def blobs(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of these files that are there."""
        wanted = "".join(f"{sha}\n" for sha in dict.fromkeys(shas) if _ID.fullmatch(sha)).encode()
        answer, at = self._git("cat-file", "--batch", given=wanted), 0
        found: dict[str, bytes] = {}
        while at < len(answer):
            end = answer.index(b"\n", at)
            name, *facts = answer[at:end].decode().split()
            at = end + 1
            if len(facts) == 2:
                size = int(facts[1])
                if facts[0] == "blob":
                    found[name] = answer[at : at + size]
                at += size + 1
        return found

    def size(self, sha: str) -> int | None:
        """Return the size of a file."""
        answer = self._git("cat-file", "-s", sha) if _ID.fullmatch(sha) else b""
        return int(answer) if answer else None

    def _refs(self, prefix: str) -> list[list[str]]:
        answer = self._git("for-each-ref", f"--format={_REFS}", prefix).decode(errors="replace")
        return [line.split("\0") for line in answer.splitlines()]

    def _log(self, *arguments: str) -> list[Commit]:
        answer = self._git("log", f"--format={_FIELDS}", *arguments).decode(errors="replace")
        parts = answer.split("\0")
        found: list[Commit] = []
        for at in range(0, len(parts) - 7, 7):
            sha, tree, parents, author, address, moment, message = parts[at : at + 7]
            found.append(
                Commit(
                    sha.strip(), tree, tuple(parents.split()), author, address, int(moment), message
                )
            )
        return found

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        """Return what git prints, nothing where it fails."""
        done = subprocess.run(  # noqa: S603 - the program found, the folder that the user named
            [*self._command, *arguments], input=given, capture_output=True, check=False
        )
        return done.stdout if done.returncode == 0 else b""


def _entry(line: bytes) -> tuple[str, Entry]:
    """Return the path and the entry of a line of `git ls-tree -l`."""
    facts, _, path = line.partition(b"\t")
    mode, _, sha, size = facts.decode().split()
    return path.decode(errors="replace"), Entry(mode, sha, int(size.strip("-") or 0))


def _paths(folder: Path) -> Iterable[Path]:
    for where, folders, names in os.walk(folder):
        linked = [each for each in folders if Path(where, each).is_symlink()]
        folders[:] = [each for each in folders if each != ".git" and each not in linked]
        yield from (Path(where, name) for name in [*names, *linked] if name != ".git")


def _found(path: Path) -> Written:
    if path.is_symlink():
        return Written(path.readlink().as_posix().encode(), LINK)
    mode = EXECUTABLE if os.name == "posix" and path.stat().st_mode & 0o100 else FILE
    return Written(path.read_bytes, mode)
