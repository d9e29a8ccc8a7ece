"""GitHub: what the tools ask about repositories, files and code."""

from dataclasses import replace
from functools import partial
from urllib.parse import quote

from qwen_mcp_tools.errors import (
    NotFoundError,
    RateLimitedError,
    ServiceFaultError,
    ToolFailure,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.github.blob import Content, Pointer, read_blob
from qwen_mcp_tools.github.code.query import CodeHits, CodeQuery
from qwen_mcp_tools.github.code.search import CodeSearch
from qwen_mcp_tools.github.contents import Contents
from qwen_mcp_tools.github.file_hosts import FileHosts
from qwen_mcp_tools.github.found import File, Found, Spot
from qwen_mcp_tools.github.hosts import Hosts
from qwen_mcp_tools.github.lines import Lines, Window
from qwen_mcp_tools.github.overview import Overview, overview_of
from qwen_mcp_tools.github.pins import Pins
from qwen_mcp_tools.github.place import Place, place_in, place_of
from qwen_mcp_tools.github.projects import ProjectHits, ProjectQuery, find_projects
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.upstream.exchange import Answer
from qwen_mcp_tools.upstream.workers import Workers


class GitHub:
    """Reads repositories and finds code in them; a token is optional for what is public."""

    def __init__(self, hosts: Hosts, api: Api, files: FileHosts, code: CodeSearch) -> None:
        self.hosts = hosts
        self._api = api
        self._files = files
        self._code = code
        self._pins = Pins(api)
        self._workers = Workers()
        self._contents = Contents(api, self._pins, self._workers)

    def place(self, repo: str, path: str = "", ref: str = "") -> Place:
        """Return what a tool's arguments mean; see `place_of`."""
        return place_of(repo, path, ref, self.hosts)

    def place_in(self, url: str) -> Place | None:
        """Return what a URL leads to; see `place_in`."""
        return place_in(url, self.hosts)

    async def read(self, place: Place, window: Window) -> Found | Overview:
        """Return what is at `place`: the project's overview where it names no path.

        Without a token a file is read from the raw host where the API can't be asked.

        Raises:
            NotFoundError: There is nothing; the nearest real names are told.
            ToolFailure: GitHub refuses, or can't be asked.
        """
        try:
            found = await self._read(place, window)
        except (RateLimitedError, UnreachableError, ServiceFaultError) as failure:
            if self._api.has_token or not self._files.has_raw or not _names_file(place):
                raise
            found = await self._read_raw(place, window, failure)
        if isinstance(found, File) and isinstance(found.content, Pointer):
            return await self._resolve(found, found.content, window)
        return found

    async def find_code(self, query: CodeQuery) -> CodeHits:
        """Return one page of code; see `CodeSearch.find`."""
        return await self._code.find(query)

    async def find_projects(self, query: ProjectQuery) -> ProjectHits:
        """Return one page of repositories; see `find_projects`."""
        return await find_projects(self._api, query)

    def bytes_url(self, file: File) -> str:
        """Return where the bytes of a public file are, empty where no host serves them."""
        spot = file.spot
        find = self._files.media_url if file.is_in_lfs else self._files.raw_url
        return find(spot.repository, spot.commit or spot.ref, spot.path)

    def permalink(self, spot: Spot) -> str:
        """Return where a person sees a file, at its commit."""
        ref = quote(spot.commit or spot.ref or "HEAD")
        return f"{self.hosts.web}/{spot.repository}/blob/{ref}/{quote(spot.path)}"

    async def _read(self, place: Place, window: Window) -> Found | Overview:
        ref, path = place.ref, place.path
        if place.ref_and_path:
            ref, path = await self._pins.split(place)
        if path:
            found = await self._contents.at(place.repository, path, ref, window)
            real = str(found.spot.repository)
        else:
            if ref:
                await self._pins.find(
                    place.repository, ref
                )  # An overview would only lack its tree.
            found = await overview_of(self._api, place.repository, ref)
            real = found.project.name
        if real.lower() == str(place.repository).lower():
            return found
        return replace(found, notes=(f"{place.repository} was renamed to {real}", *found.notes))

    async def _read_raw(self, place: Place, window: Window, failure: UpstreamError) -> File:
        steps = place.ref_and_path or f"{place.ref or 'HEAD'}/{place.path}"
        try:
            answer = await self._files.raw(place.repository, steps)
        except ToolFailure:
            raise failure from None  # It says what to do; a folder is not to be had there at all.
        spot = Spot(place.repository, place.path or steps, place.ref, "")
        # Only the host knows where a branch ends in such an address: it is handed on whole.
        address = f"{self.hosts.web}/{place.repository}/blob/{quote(steps)}"
        return File(
            spot,
            _size(answer),
            await self._content(answer, spot.path, window),
            notes=(f"read without the API: {failure}", *_cut(answer)),
            address=address if place.ref_and_path else "",
        )

    async def _resolve(self, file: File, pointer: Pointer, window: Window) -> File:
        """Read a file that Git LFS keeps, or say why it can't be read."""
        spot = file.spot
        try:
            if file.address:
                raise NotFoundError("its branch", "give ref and path as arguments")
            answer = await self._files.media(spot.repository, spot.commit or spot.ref, spot.path)
        except ToolFailure as failure:
            return replace(file, notes=(*file.notes, f"its content can't be fetched: {failure}"))
        content = await self._content(answer, spot.path, window)
        notes = (*file.notes, "kept in Git LFS", *_cut(answer))
        return replace(file, size=pointer.size, content=content, notes=notes, is_in_lfs=True)

    async def _content(self, answer: Answer, path: str, window: Window) -> Content:
        content = await self._workers.run(partial(read_blob, iter([answer.body]), path, window))
        is_start = answer.cut and isinstance(content, Lines)
        return replace(content, is_counted=False) if is_start else content


def _names_file(place: Place) -> bool:
    return bool(place.path or place.ref_and_path)


def _cut(answer: Answer) -> tuple[str, ...]:
    return ("only its first 10 MB were read",) if answer.cut else ()


def _size(answer: Answer) -> int:
    """Return the size of the whole file, 0 where only its start came and nobody tells."""
    if not answer.cut:
        return len(answer.body)
    told = answer.headers.get("content-length", "")
    is_told = "content-encoding" not in answer.headers and told.isdecimal()
    return int(told[:12]) if is_told else 0
