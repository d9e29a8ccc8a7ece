"""Contents: what is at a path of a repository at one commit, whatever its kind."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from qwen_mcp_tools.errors import (
    NotFoundError,
    ToolFailure,
    UpstreamError,
)
from qwen_mcp_tools.github.blob import read_blob
from qwen_mcp_tools.github.description import decoded, spot_of
from qwen_mcp_tools.github.found import File, Folder, Found, Spot, Submodule, Symlink
from qwen_mcp_tools.github.lines import Window
from qwen_mcp_tools.github.names import (
    Repository,
    is_commit,
)
from qwen_mcp_tools.github.pins import MOST_KEPT, Pins
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.question import OBJECT, Question
from qwen_mcp_tools.github.tree import SYMLINK, Tree, tree_in, tree_of
from qwen_mcp_tools.upstream.at_once import at_once
from qwen_mcp_tools.upstream.shapes import number, objects
from qwen_mcp_tools.upstream.workers import Workers

SMALL_BYTES = 50_000
"""What is read on the spot: a thread costs more."""


class Contents:
    """Reads paths of repositories."""

    def __init__(self, api: Api, pins: Pins, workers: Workers) -> None:
        self._api = api
        self._pins = pins
        self._workers = workers
        self._default_branches: dict[Repository, str] = {}

    async def at(self, repository: Repository, path: str, ref: str, window: Window) -> Found:
        """Return what is at `path`; a symlink is followed once and named.

        Raises:
            NotFoundError: There is nothing; the nearest real paths are named.
            ToolFailure: GitHub refuses, or can't be asked.
        """
        try:
            return await self._at(repository, path, ref, window)
        except NotFoundError as error:
            return await self._instead(repository, path, ref, window, error)

    async def _at(
        self,
        repository: Repository,
        path: str,
        ref: str,
        window: Window,
        *,
        is_followed: bool = False,
    ) -> Found:
        commit, shape = await self._shape(repository, path, ref)
        spot = spot_of(shape, repository, path, ref, commit)
        spot = spot if ref else self._with_default_branch(spot)
        match shape.get("type"):
            case "dir":
                return await self._folder(spot, shape)
            case "submodule":
                url = str(shape.get("submodule_git_url") or "")
                return Submodule(spot, url, str(shape.get("sha", "")))
            case "symlink":
                target = str(shape.get("target", ""))
                return await self._target(spot, target, window, is_followed=is_followed)
            case _:
                return await self._file(spot, shape, window, path)

    async def _shape(
        self, repository: Repository, path: str, ref: str
    ) -> tuple[str, dict[str, Any]]:
        """Return the commit and what GitHub says about the path, asked at the same time."""
        known = self._pins.known(repository, ref)
        if known:
            return known, await self._ask(repository, path, known)
        commit, shape = await at_once(
            partial(self._commit, repository, ref), partial(self._ask, repository, path, ref)
        )
        return commit, shape

    def _with_default_branch(self, spot: Spot) -> Spot:
        """Name the default branch, which GitHub tells only where no commit was asked for."""
        if spot.ref:
            if len(self._default_branches) >= MOST_KEPT:
                self._default_branches.clear()
            self._default_branches[spot.repository] = spot.ref
        return replace(spot, ref=self._default_branches.get(spot.repository, ""))

    async def _commit(self, repository: Repository, ref: str) -> str:
        try:
            return await self._pins.find(repository, ref)
        except ToolFailure:
            return ""  # The file itself matters more; its own question tells what is wrong.

    async def _ask(self, repository: Repository, path: str, ref: str) -> dict[str, Any]:
        answer = await self._api.get(_question(repository, path, ref, self._pins))
        body = answer.body.lstrip()
        if body.startswith(b"["):  # A folder from a server that knows no objects.
            return {"type": "dir", "entries": answer.listed(SERVICE)}
        return answer.json(SERVICE)

    async def _file(self, spot: Spot, shape: dict[str, Any], window: Window, asked: str) -> File:
        size = int(number(shape, "size"))
        notes = (f"{asked} is a symlink to this file",) if spot.path != asked else ()
        if shape.get("encoding") == "base64" and (shape.get("content") or not size):
            body = decoded(shape)
            read = partial(read_blob, iter([body]), spot.path, window)
            content = await self._workers.run(read) if len(body) > SMALL_BYTES else read()
            return File(spot, len(body), content, notes)
        ref = spot.commit or spot.ref
        question = _question(spot.repository, spot.path, ref, self._pins)
        take = partial(read_blob, path=spot.path, window=window)
        return File(spot, size, await self._api.read(question, take), notes)

    async def _folder(self, spot: Spot, shape: dict[str, Any]) -> Folder:
        sha = str(shape.get("sha") or "")
        try:
            if is_commit(sha):
                tree = tree_of(self._api, spot.repository, sha, is_fixed=True)
                return Folder(spot, await tree)
            whole = await self._tree(spot.repository, spot.commit or spot.ref)
            return Folder(spot, whole.below(spot.path))
        except UpstreamError as failure:  # More than 10 MB of it, as a rule.
            notes = (f"only its first level: {failure}",)
            return Folder(spot, tree_in(objects(shape, "entries")), notes)

    async def _tree(self, repository: Repository, ref: str) -> Tree:
        commit = self._pins.known(repository, ref)
        return await tree_of(self._api, repository, commit or ref or "HEAD", is_fixed=bool(commit))

    async def _target(self, spot: Spot, target: str, window: Window, *, is_followed: bool) -> Found:
        """Follow a symlink that GitHub did not follow itself, once."""
        link, path = spot.path, _resolved(spot.path, target)
        if path is None:
            return Symlink(spot, target, "it leads out of the repository")
        if path == spot.path or is_followed:
            return Symlink(spot, target, "it leads to itself")
        if path == ".":
            return Symlink(spot, target, "it leads to the whole repository; read it without path")
        try:
            found = await self._at(
                spot.repository, path, spot.commit or spot.ref, window, is_followed=True
            )
        except NotFoundError:
            return Symlink(spot, target, "there is nothing at its target")
        if isinstance(found, Symlink):
            reason = f"{path} is a symlink itself, and only one is followed"
            return Symlink(spot, target, reason)
        spot = replace(found.spot, ref=spot.ref)
        return replace(found, spot=spot, notes=(f"{link} is a symlink to {target}",))

    async def _instead(
        self, repository: Repository, path: str, ref: str, window: Window, error: NotFoundError
    ) -> Found:
        """Say what is wrong with a place where nothing is, or read it through a linked folder."""
        await self._pins.find(repository, ref)  # Raises where the repository or the ref is wrong.
        try:
            tree = await self._tree(repository, ref)
        except UpstreamError:
            raise error from None  # Too large to look through.
        for each in _parents(path):
            entry = tree.by_path.get(each)
            if entry and entry.kind == SYMLINK:
                linked = await self._at(repository, each, ref, window)
                if isinstance(linked, Folder):
                    real = f"{linked.spot.path}{path.removeprefix(each)}"
                    found = await self._at(repository, real, ref, window)
                    note = f"{each} is a symlink to {linked.spot.path}"
                    return replace(found, notes=(note, *found.notes))
        nearest = await self._workers.run(partial(tree.nearest, path))
        above = path.rpartition("/")[0]
        mend = f"nearest: {', '.join(nearest)}" if nearest else f"read {above or 'it without path'}"
        raise NotFoundError(f"{path} in {repository}{f' at {ref}' if ref else ''}", mend) from error


def _question(repository: Repository, path: str, ref: str, pins: Pins) -> Question:
    return Question(
        f"/repos/{repository}/contents/{quote(path)}",
        f"{path} in {repository}{f' at {ref}' if ref else ''}",
        params=(("ref", ref),) if ref else (),
        accept=OBJECT,
        is_fixed=bool(pins.known(repository, ref) == ref and ref),
    )


def _resolved(link: str, target: str) -> str | None:
    """Return the path in the repository that a link means, None where it leads out."""
    if target.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
    return None if path == ".." or path.startswith("../") else path


def _parents(path: str) -> Iterator[str]:
    steps = path.split("/")
    return ("/".join(steps[:count]) for count in range(1, len(steps)))
