"""The open sources together: Stack Overflow, MDN and Wikipedia, asked at the same time."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import ClassVar

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.hits import Hit, Hits
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.troubles import NoAnswerError


@dataclass(frozen=True, slots=True)
class OpenSources:
    """Asks each of them, and shows their results in turn."""

    sources: tuple[Engine, ...]

    name: ClassVar[str] = "open sources"

    async def search(self, query: Query) -> Hits:
        """Return what those say that answer; the others are named in a note.

        Raises:
            NoAnswerError: None of them answers.
        """
        # Each gives its share, so that the next page goes on where this one ends.
        share = replace(query, count=math.ceil(query.count / len(self.sources)))
        outcomes = await asyncio.gather(*(_outcome(source, share) for source in self.sources))
        found = [each for each in outcomes if isinstance(each, Hits)]
        failed = [each for each in outcomes if isinstance(each, UpstreamError)]
        if not found:
            raise NoAnswerError(failed) from failed[0]
        names = ", ".join(hits.engine for hits in found if hits.hits)
        return Hits(
            engine=names or self.name,
            hits=_merged([hits.hits for hits in found])[: query.count],
            has_more=any(hits.has_more for hits in found),
            notes=tuple(map(str, failed)),
        )


async def _outcome(source: Engine, query: Query) -> Hits | UpstreamError:
    try:
        return await source.search(query)
    except UpstreamError as error:
        return error


def _merged(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """Return the lists interleaved, the first of each first, every URL once."""
    in_turn = filter(None, chain.from_iterable(zip_longest(*lists)))
    return tuple({hit.url: hit for hit in reversed(list(in_turn))}.values())[::-1]
