"""The ids of git's objects: SHA-1 over kind, size, NUL and content (git-scm.com, Git Objects)."""

import hashlib
from collections.abc import Iterable

DIRECTORY = "040000"
FILE = "100644"
EXECUTABLE = "100755"
LINK = "120000"
SUBMODULE = "160000"


def object_id(kind: str, content: bytes) -> str:
    """Return the id of an object; `kind` is "blob", "tree", "commit" or "tag"."""
    digest = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(content)), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def tree_id(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return the id of a directory given as (mode, name, id), in any order."""
    content = b"".join(
        b"%s %s\0%s" % (mode.lstrip("0").encode(), name.encode(), bytes.fromhex(sha))
        for mode, name, sha in sorted(entries, key=place)
    )
    return object_id("tree", content)


def place(entry: tuple[str, str, str]) -> bytes:
    """Return what git sorts an entry by: its name, a directory's with a slash behind."""
    mode, name, _ = entry
    return (f"{name}/" if mode == DIRECTORY else name).encode()


def commit_content(
    tree: str, parents: Iterable[str], author: str, moment: int, message: str
) -> bytes:
    """Return the content of a commit object by `author` ("Name <address>")."""
    lines = [
        f"tree {tree}",
        *(f"parent {parent}" for parent in parents),
        f"author {author} {moment} +0000",
        f"committer {author} {moment} +0000",
        "",
        message,
    ]
    return "\n".join(lines).encode()
