"""Pins: which commit a branch or a tag stands for, so that all parts of an answer agree."""

import re
import time
from urllib.parse import quote

from qwen_mcp_tools.errors import MalformedAnswerError, NotFoundError
from qwen_mcp_tools.github.names import Repository, check_ref, is_commit
from qwen_mcp_tools.github.place import Place
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.failures import QueryError
from qwen_mcp_tools.github.rest.question import SHA, Question

KEPT_SECONDS = 60.0
MOST_KEPT = 1000


class Pins:
    """The commits that names stood for within the last minute."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[Repository, str], tuple[float, str]] = {}

    def known(self, repository: Repository, ref: str) -> str:
        """Return the commit of `ref` where no question is needed, else nothing."""
        if is_commit(ref):
            return ref.lower()
        until, commit = self._known.get((repository, ref), (0.0, ""))
        return commit if until > time.monotonic() else ""

    async def find(self, repository: Repository, ref: str) -> str:
        """Return the commit that `ref` (empty: the default branch) stands for.

        Raises:
            NotFoundError: There is no such branch, tag or commit, or no such repository.
        """
        known = self.known(repository, ref)
        if known:
            return known
        what = f"branch, tag or commit {ref} in {repository}" if ref else str(repository)
        path = f"/repos/{repository}/commits/{quote(ref or 'HEAD')}"
        try:
            answer = await self._api.get(Question(path, what, accept=SHA))
        except QueryError as error:  # GitHub's way to say that there is no such commit
            raise NotFoundError(what, "leave ref empty for the default branch") from error
        commit = _sha_in(answer.body)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[repository, ref] = (time.monotonic() + KEPT_SECONDS, commit)
        return commit

    async def split(self, place: Place) -> tuple[str, str]:
        """Return the ref and the path of a URL that runs them together.

        The first step alone is tried first; then the branches and tags that begin with it.

        Raises:
            NotFoundError: No branch, tag or commit begins so.
        """
        first, _, rest = place.ref_and_path.partition("/")
        try:
            await self.find(place.repository, check_ref(first))
        except NotFoundError as error:
            ref = await self._longest(place, first)
            if not ref:
                raise NotFoundError(
                    f"a branch or tag at the start of {place.ref_and_path} in {place.repository}",
                    "give ref and path as arguments",
                ) from error
            return ref, place.ref_and_path[len(ref) + 1 :]
        return first, rest

    async def _longest(self, place: Place, first: str) -> str:
        """Return the longest branch or tag, begun by `first`, that the URL begins with."""
        names: list[str] = []
        for kind in ("heads", "tags"):
            path = f"/repos/{place.repository}/git/matching-refs/{kind}/{quote(first)}/"
            refs = (await self._api.get(Question(path, str(place.repository)))).listed(SERVICE)
            names += [str(each.get("ref", "")).removeprefix(f"refs/{kind}/") for each in refs]
        fitting = [name for name in names if f"{place.ref_and_path}/".startswith(f"{name}/")]
        return max(fitting, key=len, default="")


def _sha_in(body: bytes) -> str:
    found = re.search(rb"\b[0-9a-f]{40}\b", body[:2000])
    if not found:
        raise MalformedAnswerError(SERVICE, "names no commit", "try again later")
    return found[0].decode()
