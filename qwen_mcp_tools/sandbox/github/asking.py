"""A request of the REST API: who asks, from where, for which repository."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from qwen_mcp_tools.sandbox.github.answers import Refusal, media, not_found, version
from qwen_mcp_tools.sandbox.github.contents import View
from qwen_mcp_tools.sandbox.github.history import Commit
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.shapes import Links

TAKEN_DOWN = "Repository unavailable due to DMCA takedown."


class Shelf:
    """The repositories there are."""

    def __init__(self, repositories: list[Repository]) -> None:
        self.all = repositories
        self._by_name = {each.full_name.lower(): each for each in repositories}
        self._by_id = {each.id: each for each in repositories}
        self._moved = {old.lower(): each for each in repositories for old in each.moved_from}

    def named(self, full_name: str) -> Repository | None:
        """Return the repository with this name of today, in capitals or not."""
        return self._by_name.get(full_name.lower())

    def numbered(self, number: int) -> Repository | None:
        """Return the repository with this id."""
        return self._by_id.get(number)

    def moved(self, full_name: str) -> Repository | None:
        """Return the repository that had this name before."""
        return self._moved.get(full_name.lower())


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `asker` is the login behind the token, empty without one."""

    request: Request
    asker: str
    may_see_private: bool
    shelf: Shelf
    raw: str

    @property
    def links(self) -> Links:
        """Where the API was reached: the Host header, and `/api/v3` where it was in the way."""
        start = self.request.url.replace(path=self.request.scope.get("root_path", ""), query="")
        return Links(str(start).rstrip("/"), self.raw)

    @property
    def media(self) -> str:
        """The media type asked for, in a word."""
        return media(self.request)

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters."""
        return self.request.query_params

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params.get(name, "")).strip("/")

    @property
    def repository(self) -> Repository:
        """The repository in the path; refuse one that is missing, hidden, moved or taken down."""
        parts = self.request.path_params
        if "id" in parts:
            found = self.shelf.numbered(parts["id"])
        else:
            name = f"{parts['owner']}/{parts['repo']}"
            found = self.shelf.named(name) or self._moved(name)
        if found is None or not self.sees(found):
            raise not_found()
        if found.is_taken_down:
            raise Refusal(
                451,
                "Repository access blocked",
                block={
                    "reason": "dmca",
                    "created_at": "2026-02-03T10:00:00Z",
                    "html_url": "https://github.com/github/dmca/blob/master/2026/02/notice.md",
                },
            )
        return found

    def sees(self, repository: Repository) -> bool:
        """Whether the asker may know of a repository."""
        return self.may_see_private or not repository.is_private

    @property
    def readable(self) -> Repository:
        """The repository in the path, if it has a commit."""
        repository = self.repository
        if repository.head is None:
            raise self._empty()
        return repository

    def view(self, ref: str) -> View:
        """Return the commit that `ref` names in the repository; the default branch if empty."""
        repository = self.readable
        found = repository.history.resolve(ref)
        if found is None:
            raise Refusal(404, f"No commit found for the ref {ref}")
        shown = ref or repository.history.default_branch
        return View(repository, self.links, found, shown, version(self.request))

    def commit(self, ref: str) -> Commit:
        """Return the commit that `ref` names; 422 for none, as `/commits/{ref}` says it."""
        found = self.readable.history.resolve(ref)
        if found is None:
            raise Refusal(422, f"No commit found for SHA: {ref}")
        return found

    def _empty(self) -> Refusal:
        path = self.request.url.path
        if "/contents" in path or path.endswith("/readme"):
            return Refusal(404, "This repository is empty.")
        return Refusal(409, "Git Repository is empty.")

    def _moved(self, name: str) -> Repository | None:
        now = self.shelf.moved(name)
        if now is None:
            return None
        tail = self.request.url.path.partition(f"/repos/{name}")[2]
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        url = f"{self.links.api}/repositories/{now.id}{tail}{query}"
        raise Refusal(301, "Moved Permanently", url=url, headers={"location": url})
