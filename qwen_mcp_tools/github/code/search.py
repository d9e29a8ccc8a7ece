"""CodeSearch: chooses the engine that can do a search for code, and says which one spoke."""

from collections.abc import Iterator
from dataclasses import replace

from qwen_mcp_tools.errors import (
    MissingKeyError,
    NotFoundError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    ToolFailure,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.github.code.kinds import beyond_legacy
from qwen_mcp_tools.github.code.legacy import is_extension_glob
from qwen_mcp_tools.github.code.query import CodeEngine, CodeHits, CodeQuery

_PASSING = (RateLimitedError, RejectedKeyError, ServiceFaultError, UnreachableError)


class CodeSearch:
    """GitHub's own engine where it can, else one that knows patterns or needs no token."""

    def __init__(
        self, own: CodeEngine | None, of_one_repository: CodeEngine, of_all: CodeEngine,
        *, is_public: bool,
    ) -> None:  # fmt: skip
        """Take GitHub's engine (None without a token) and those of others.

        `is_public` says whether the others index the same GitHub, as they do github.com.
        """
        self._own = own
        self._of_one_repository = of_one_repository
        self._of_all = of_all
        self._is_public = is_public

    async def find(self, query: CodeQuery) -> CodeHits:
        """Return what the first engine that answers has found, with a note for each that did not.

        Raises:
            MissingKeyError: Only GitHub's own engine could do it, and there is no token.
            ToolFailure: No engine answers; the first one's reason is told.
        """
        reason = _reason(query)
        notes: list[str] = []
        failures: list[ToolFailure] = []
        if self._own and not reason:
            try:
                return await self._own.search(query)
            except _PASSING as failure:
                failures.append(failure)
                notes.append(str(failure))
        elif self._own:
            notes.append(f"GitHub's own search can't do {reason}")
        for engine in self._others(query):
            try:
                hits = await engine.search(query)
            except (UpstreamError, NotFoundError) as failure:
                failures.append(failure)
                notes.append(str(failure))
            else:
                return replace(hits, notes=(*notes, *hits.notes))
        raise failures[0] if failures else self._impossible(reason)

    def _others(self, query: CodeQuery) -> Iterator[CodeEngine]:
        if not self._is_public:
            return
        if query.repo:
            yield self._of_one_repository
        yield self._of_all

    def _impossible(self, reason: str) -> ToolFailure:
        if self._own:
            trouble = f"finds no {reason.removeprefix('a ')} on this server"
            return UpstreamError("GitHub", trouble, "search for plain words")
        return MissingKeyError("GITHUB_TOKEN", "Searching code")


def _reason(query: CodeQuery) -> str:
    """Return what GitHub's engine can't do with `query`, empty where it can do all."""
    if is_extension_glob(query.path):  # It has a qualifier for that.
        query = replace(query, path="")
    return beyond_legacy(query)
