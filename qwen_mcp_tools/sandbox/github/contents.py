"""Files and directories as `/contents`, `/git/blobs` and `/git/trees` show them."""

import base64
from dataclasses import dataclass
from posixpath import basename
from typing import Any

from qwen_mcp_tools.sandbox.github.answers import Answer, Refusal, not_found
from qwen_mcp_tools.sandbox.github.history import Commit, Entry, Tree
from qwen_mcp_tools.sandbox.github.objects import DIRECTORY, LINK, SUBMODULE
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.shapes import WEB, Links, node, quoted
from qwen_mcp_tools.sandbox.github.submodules import address

MOST_ENTRIES = 1_000
MOST_IN_JSON = 1_000_000
MOST_AT_ALL = 100_000_000
_WORDS = {"tree": "dir", "commit": "submodule", "blob": "file"}


@dataclass(frozen=True, slots=True)
class View:
    """A commit of a repository as one request sees it; `ref` is in its words."""

    repository: Repository
    links: Links
    commit: Commit
    ref: str
    version: str = "2022-11-28"

    @property
    def tree(self) -> Tree:
        """What is there."""
        found = self.repository.history.tree(self.commit.sha)
        if found is None:
            raise not_found()
        return found


def shown(view: View, path: str, media: str) -> Answer:
    """Return what `/contents/{path}` answers in a media type: "", "raw", "object" or "html"."""
    if media == "html":
        raise Refusal(415, "The sandbox does not render files.")
    if path not in view.tree.entries and path:
        raise not_found()
    entry = view.tree.entries.get(path)
    if entry is None or entry.mode == DIRECTORY:
        return Answer(_directory(view, path, media))
    target = view.repository.history.follow(view.tree, path) if entry.mode == LINK else path
    if target is not None and target in view.tree.entries and entry.mode != SUBMODULE:
        return _file(view, target, media)
    if media == "raw" and entry.mode == LINK:
        return Answer(_content(view.repository, entry.sha), _raw_kind())
    return Answer(_facts(view, path, entry, is_listed=False))


def blob(repository: Repository, links: Links, sha: str, media: str) -> Answer:
    """Return what `/git/blobs/{sha}` answers."""
    content = _content(repository, sha)
    if media == "raw":
        return Answer(content, _raw_kind())
    return Answer(
        {
            "sha": sha,
            "node_id": node("Blob", sha),
            "size": len(content),
            "url": f"{links.of(repository)}/git/blobs/{sha}",
            "content": in_base64(content),
            "encoding": "base64",
        }
    )


def tree(
    repository: Repository, links: Links, found: Tree, *, is_whole: bool, is_cut: bool
) -> dict[str, Any]:
    """Return what `/git/trees/{sha}` answers."""
    url = f"{links.of(repository)}/git"
    entries = found.entries if is_whole else {p: found.entries[p] for p in found.folders[""]}
    return {
        "sha": found.sha,
        "url": f"{url}/trees/{found.sha}",
        "tree": [
            {
                "path": path,
                "mode": each.mode,
                "type": each.kind,
                "sha": each.sha,
                **({"size": each.size} if each.kind == "blob" else {}),
                **({} if each.kind == "commit" else {"url": f"{url}/{each.kind}s/{each.sha}"}),
            }
            for path, each in entries.items()
        ],
        "truncated": is_cut,
    }


def in_base64(content: bytes) -> str:
    """Return base64 with a newline after every 60 characters."""
    text = base64.b64encode(content).decode()
    return "".join(f"{text[at : at + 60]}\n" for at in range(0, len(text), 60))


def _directory(view: View, path: str, media: str) -> Any:
    tree = view.tree
    listed = [
        _facts(view, each, tree.entries[each], is_listed=True)
        for each in sorted(tree.folders.get(path, []))[:MOST_ENTRIES]
    ]
    if media != "object":
        return listed
    entry = tree.entries.get(path, Entry(DIRECTORY, tree.sha))
    return {**_facts(view, path, entry, is_listed=False), "entries": listed}


def _file(view: View, path: str, media: str) -> Answer:
    entry = view.tree.entries[path]
    if entry.size > MOST_AT_ALL:
        raise too_large()
    if media == "raw":
        return Answer(_content(view.repository, entry.sha), _raw_kind())
    is_given = entry.size <= MOST_IN_JSON
    content = in_base64(_content(view.repository, entry.sha)) if is_given else ""
    facts = _facts(view, path, entry, is_listed=False)
    return Answer({**facts, "content": content, "encoding": "base64" if is_given else "none"})


def too_large() -> Refusal:
    """Return what is said of a file that no endpoint gives."""
    return Refusal(
        403,
        "This API returns blobs up to 100 MB in size. The requested blob is too large to fetch "
        "via the API, but you can always clone the repository via Git and obtain it from there.",
        errors=[{"resource": "Blob", "field": "data", "code": "too_large"}],
    )


def _content(repository: Repository, sha: str) -> bytes:
    content = repository.history.read(sha)
    if content is not None:
        return content
    size = repository.history.size(sha)
    raise too_large() if size and size > MOST_AT_ALL else not_found()


def _raw_kind() -> dict[str, str]:
    return {"content-type": "application/vnd.github.raw+json; charset=utf-8"}


def _facts(view: View, path: str, entry: Entry, *, is_listed: bool) -> dict[str, Any]:
    kind = "symlink" if entry.mode == LINK else _WORDS[entry.kind]
    url = f"{view.links.of(view.repository)}/contents/{quoted(path)}?ref={quoted(view.ref)}"
    web = f"{WEB}/{view.repository.full_name}"
    of_git = f"{view.links.of(view.repository)}/git/{'blobs' if entry.kind == 'blob' else 'trees'}"
    place = f"{web}/{'blob' if entry.kind == 'blob' else 'tree'}/{view.ref}/{quoted(path)}"
    raw = f"{view.links.raw}/{view.repository.full_name}/{quoted(view.ref)}/{quoted(path)}"
    facts: dict[str, Any] = {
        "type": kind,
        "size": entry.size,
        "name": basename(path),
        "path": path,
        "sha": entry.sha,
        "url": url,
        "git_url": f"{of_git}/{entry.sha}",
        "html_url": place,
        "download_url": raw if entry.kind == "blob" else None,
    }
    if kind == "symlink" and not is_listed:
        facts["target"] = (view.repository.history.read(entry.sha) or b"").decode(errors="replace")
    if kind == "submodule":
        facts |= _submodule(view, path, entry, is_listed=is_listed)
    links = {"self": url, "git": facts["git_url"], "html": facts["html_url"]}
    return {**facts, "_links": links}


def _submodule(view: View, path: str, entry: Entry, *, is_listed: bool) -> dict[str, Any]:
    """Return what differs; in listings the older version says "file"."""
    remote = address(view.repository, view.tree, path)
    own = remote.removesuffix(".git").removeprefix(f"{WEB}/")
    is_here = remote.startswith(f"{WEB}/")
    facts: dict[str, Any] = {
        "git_url": f"{view.links.api}/repos/{own}/git/trees/{entry.sha}" if is_here else None,
        "html_url": f"{WEB}/{own}/tree/{entry.sha}" if is_here else None,
    }
    if is_listed:
        return {**facts, "type": "file" if view.version == "2022-11-28" else "submodule"}
    return {**facts, "submodule_git_url": remote}
