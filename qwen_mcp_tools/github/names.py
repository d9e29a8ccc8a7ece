"""What names a thing on GitHub: owner, repository, ref and path, each checked before it is sent.

`requests` and proxies normalise `..`: an unchecked name would call another endpoint with the
user's token.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.text import one_line, sanitise

_OWNER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,38}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SHA = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_NO_REF = re.compile(r"\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]|^[-/.@]|/\.|[/.]$|\.lock(?:/|$)")
"""What no ref may hold (the manual of `git check-ref-format`)."""

LONGEST_REF, LONGEST_PATH = 250, 700


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository by its owner and name."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


def repository_of(written: str) -> Repository:
    """Return the repository that "owner/name" names.

    Raises:
        BadArgumentError: It is no such pair.
    """
    owner, _, name = written.strip().partition("/")
    name = name.removesuffix("/").removesuffix(".git")
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or not name.strip("."):
        raise BadArgumentError(
            f'repo must be "owner/name" or a github.com URL, not "{one_line(written, 80)}"; '
            "a path goes into path, a branch into ref"
        )
    return Repository(owner, name)


def check_ref(ref: str) -> str:
    """Return `ref` if it can be a branch, a tag or a commit; empty is the default branch.

    Raises:
        BadArgumentError: Git allows no such name.
    """
    is_wrong = len(ref) > LONGEST_REF or sanitise(ref) != ref
    if ref and (is_wrong or any(map(_NO_REF.search, (ref, _decoded(ref))))):
        raise BadArgumentError(
            f'ref must be a branch, a tag or a commit SHA, not "{one_line(ref, 60)}"'
        )
    return ref


def check_path(path: str) -> str:
    """Return `path` without slashes at its ends and without "." steps.

    Raises:
        BadArgumentError: It leaves the repository, or holds what can't be seen.
    """
    steps = [step for step in path.strip("/").split("/") if step not in {"", "."}]
    if ".." in re.split(r"[/\\]", _decoded(path)):
        raise BadArgumentError('path must stay inside the repository, without ".."')
    tidy = "/".join(steps)
    if len(tidy) > LONGEST_PATH or sanitise(tidy) != tidy or "\n" in tidy:
        raise BadArgumentError(f"path can't be read as a file's path: \"{one_line(path, 60)}\"")
    return tidy


def _decoded(name: str) -> str:
    """Return what `name` is to a reader who takes `%2e` for a dot, however often he looks."""
    for _ in range(3):
        name = unquote(name)
    return name


def is_commit(ref: str) -> bool:
    """Say whether `ref` is a whole commit SHA, which always means the same."""
    return bool(_SHA.fullmatch(ref))
