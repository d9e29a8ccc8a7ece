"""The open sources together: Stack Overflow, MDN and Wikipedia, asked at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, zip_longest
from typing import ClassVar, Protocol

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.hits import Hit, Hits, ignored_wishes
from qwen_mcp_tools.search.query import Query, is_on
from qwen_mcp_tools.search.rests import Rests
from qwen_mcp_tools.search.troubles import NoAnswerError
from qwen_mcp_tools.upstream.at_once import at_once
from qwen_mcp_tools.upstream.patience import seconds_left

MOST_OF_EACH = 50
"""What each of them gives in one answer."""

PATIENCE_SECONDS = 8.0
"""How long a source is waited for: the others have answered long before."""


class Source(Engine, Protocol):
    """An engine whose pages are all on one site."""

    site: ClassVar[str]


@dataclass(frozen=True, slots=True)
class OpenSources:
    """Asks each of them, and shows their results in turn."""

    sources: tuple[Source, ...]
    rests: Rests = field(default_factory=Rests)

    name: ClassVar[str] = "open sources"

    async def search(self, query: Query) -> Hits:
        """Return what those say that answer; the others are named in a note.

        Raises:
            UpstreamError: None of them has pages of the sites asked for.
            NoAnswerError: None of them answers.
        """
        outcomes = await at_once(
            *(partial(self._outcome, source, query) for source in self._sources_for(query))
        )
        found = [each for each in outcomes if isinstance(each, Hits)]
        failed = [each for each in outcomes if isinstance(each, UpstreamError)]
        if not found:
            raise NoAnswerError(failed) from failed[0]
        merged = _merged([_wanted(hits, query) for hits in found])
        begin, end = (query.page - 1) * query.count, query.page * query.count
        is_deeper = end < MOST_OF_EACH and any(hits.has_more for hits in found)
        return Hits(
            engine=", ".join(hits.engine for hits in found if hits.hits) or self.name,
            hits=merged[begin:end],
            has_more=len(merged) > end or is_deeper,
            notes=(*map(str, failed), *ignored_wishes(found)),
            is_makeshift=bool(failed),
        )

    def _sources_for(self, query: Query) -> list[Source]:
        asked = [source for source in self.sources if _may_have(source.site, query)]
        if not asked:
            sites = ", ".join(source.site for source in self.sources)
            raise UpstreamError(
                self.name, f"have only pages of {sites}", "set BRAVE_API_KEY, or drop site"
            )
        return asked

    async def _outcome(self, source: Source, query: Query) -> Hits | UpstreamError:
        # Pages are cut from the merged list, so that none of a source's results falls between two.
        deep = replace(query, page=1, count=min(query.page * query.count, MOST_OF_EACH))
        patience = min(PATIENCE_SECONDS, seconds_left() * 0.8)
        try:
            return await self.rests.ask(source, deep, patience)
        except UpstreamError as error:
            return error


def _may_have(site: str, query: Query) -> bool:
    if any(is_on(site, without) for without in query.without_sites):
        return False
    return not query.sites or any(is_on(site, kept) or is_on(kept, site) for kept in query.sites)


def _wanted(hits: Hits, query: Query) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits.hits if query.wants(hit.url))


def _merged(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """Return the lists interleaved, the first of each first, every URL once."""
    in_turn = filter(None, chain.from_iterable(zip_longest(*lists)))
    return tuple({hit.url: hit for hit in reversed(list(in_turn))}.values())[::-1]
