"""The hosts that give files without the API: raw content, and objects kept in Git LFS."""

import re

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.github.answers import etag, is_known, packed
from qwen_mcp_tools.sandbox.github.asking import Shelf
from qwen_mcp_tools.sandbox.github.objects import LINK
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.stand_in import StandIn

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n")


class _Host(StandIn):
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        super().__init__()

    def _found(self, request: Request) -> tuple[Repository, bytes] | None:
        parts = request.path_params
        repository = self._shelf.named(f"{parts['owner']}/{parts['repo']}")
        if repository is None or repository.is_private or repository.is_taken_down:
            return None
        content = _read(repository, parts["rest"])
        return None if content is None else (repository, content)


class Raw(_Host):
    """`/{owner}/{repo}/{ref}/{path}`, where the ref may have slashes."""

    def app(self) -> Starlette:
        """Return the host."""
        return Starlette(routes=[Route("/{owner}/{repo}/{rest:path}", self._file)])

    async def _file(self, request: Request) -> Response:
        found = self._found(request)
        return _missing() if found is None else _given(found[1], request)


class Media(_Host):
    """`/media/{owner}/{repo}/{ref}/{path}`: what a file's LFS pointer stands for."""

    def app(self) -> Starlette:
        """Return the host."""
        return Starlette(routes=[Route("/media/{owner}/{repo}/{rest:path}", self._file)])

    async def _file(self, request: Request) -> Response:
        found = self._found(request)
        if found is None:
            return _missing()
        repository, content = found
        pointer = _POINTER.match(content)
        if pointer is None:
            return _given(content, request)
        kept = repository.lfs.get(pointer[1].decode())
        return _missing() if kept is None else _given(kept, request, "application/octet-stream")


def _read(repository: Repository, rest: str) -> bytes | None:
    """Return the file at "ref/path"; the shortest ref that there is counts."""
    names = rest.split("/")
    for at in range(1, len(names)):
        commit = repository.history.resolve("/".join(names[:at]))
        tree = repository.history.tree(commit.sha) if commit else None
        entry = tree.entries.get("/".join(names[at:])) if tree else None
        if entry and (entry.is_file or entry.mode == LINK):
            return repository.history.read(entry.sha)
    return None


def _given(content: bytes, request: Request, kind: str = "text/plain; charset=utf-8") -> Response:
    tag = etag(content)
    headers = {
        "content-type": kind,
        "etag": tag,
        "cache-control": "max-age=300",
        "x-content-type-options": "nosniff",
    }
    if is_known(request, tag):
        return Response(b"", 304, headers)
    return packed(200, content, headers, request)


def _missing() -> Response:
    return PlainTextResponse("404: Not Found", 404)
