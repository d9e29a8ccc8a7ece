"""The search for code: the legacy engine of `/search/code`, its silences and refusals included."""

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, splitext
from typing import Any

from qwen_mcp_tools.sandbox.github.answers import Answer, Refusal
from qwen_mcp_tools.sandbox.github.asking import Ask
from qwen_mcp_tools.sandbox.github.code_query import Query, understand
from qwen_mcp_tools.sandbox.github.contents import View
from qwen_mcp_tools.sandbox.github.fragments import text_matches
from qwen_mcp_tools.sandbox.github.history import Entry
from qwen_mcp_tools.sandbox.github.languages import language_of
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.searching import envelope
from qwen_mcp_tools.sandbox.github.shapes import WEB, quoted, small_repository

LARGEST = 384 * 1024
"""Files from this size on are not in the index."""
UNSEARCHABLE = (
    "The listed users and repositories cannot be searched either because the resources do not "
    "exist or you do not have permission to view them."
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A file that matches; `places` are the spans in its text."""

    repository: Repository
    path: str
    entry: Entry
    text: str
    places: list[tuple[int, int]]
    path_places: list[tuple[int, int]]

    @property
    def score(self) -> float:
        """How many matches there are; in the path they count double."""
        return float(len(self.places) + 2 * len(self.path_places))


def found_code(ask: Ask, *, is_incomplete: bool) -> Answer:
    """Return what `/search/code` answers."""
    query = understand(ask.query.get("q", ""))
    repositories = _repositories(ask, query)
    hits = [] if query.is_silent else [hit for each in repositories for hit in _hits(each, query)]
    hits.sort(key=lambda hit: (-hit.score, hit.repository.full_name, hit.path))
    return envelope(ask, hits, lambda hit: _item(ask, hit), is_incomplete=is_incomplete)


def _repositories(ask: Ask, query: Query) -> list[Repository]:
    seen = [each for each in ask.shelf.all if ask.sees(each) and not each.is_taken_down]
    wanted = query.repositories | query.owners
    if not wanted:
        return [each for each in seen if not (each.is_fork or each.is_private)]
    found = [
        each
        for each in seen
        if each.full_name.lower() in query.repositories or each.owner.lower() in query.owners
    ]
    if not found:
        raise Refusal(
            422,
            "Validation Failed",
            docs="https://docs.github.com/v3/search/",
            errors=[
                {"message": UNSEARCHABLE, "resource": "Search", "field": "q", "code": "invalid"}
            ],
        )
    return found


def _hits(repository: Repository, query: Query) -> Iterator[Hit]:
    for path, entry, text in _indexed(repository, query):
        places = query.places(text) if "file" in query.within else None
        path_places = query.places(path) if "path" in query.within else None
        if places is None and path_places is None:
            continue
        yield Hit(repository, path, entry, text, places or [], path_places or [])


def _indexed(repository: Repository, query: Query) -> Iterator[tuple[str, Entry, str]]:
    tree = repository.tree
    if tree is None:
        return
    wanted = {
        path: entry
        for path, entry in tree.files()
        if 0 < entry.size < LARGEST and _is_asked_for(path, entry, query)
    }
    contents = repository.history.blobs(entry.sha for entry in wanted.values())
    for path, entry in wanted.items():
        content = contents.get(entry.sha, b"")
        if b"\0" not in content[:8000]:
            yield path, entry, content.decode(errors="replace")


def _is_asked_for(path: str, entry: Entry, query: Query) -> bool:
    folder = f"{dirname(path)}/".lstrip("/").lower()
    return (
        all(language_of(path).lower() == each for each in query.languages)
        and all(folder.startswith(f"{each}/") or each == "" for each in query.paths)
        and all(basename(path).lower() == each for each in query.filenames)
        and all(splitext(path)[1][1:].lower() == each for each in query.extensions)
        and all(low <= entry.size <= high for low, high in query.sizes)
    )


def _item(ask: Ask, hit: Hit) -> dict[str, Any]:
    head = hit.repository.head
    if head is None:
        raise AssertionError("a hit is in a commit")
    view = View(hit.repository, ask.links, head, head.sha)
    own = f"{ask.links.api}/repositories/{hit.repository.id}"
    url = f"{own}/contents/{quoted(hit.path)}?ref={view.ref}"
    item: dict[str, Any] = {
        "name": basename(hit.path),
        "path": hit.path,
        "sha": hit.entry.sha,
        "url": url,
        "git_url": f"{own}/git/blobs/{hit.entry.sha}",
        "html_url": f"{WEB}/{hit.repository.full_name}/blob/{view.ref}/{quoted(hit.path)}",
        "repository": small_repository(hit.repository, ask.links),
        "score": hit.score,
    }
    if ask.media == "text-match":
        item["text_matches"] = text_matches(url, hit.text, hit.places, hit.path, hit.path_places)
    return item
