"""The Finder: asks one engine after the other until one answers, and says which did."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.engines import check_names, configured_engines
from qwen_mcp_tools.search.hits import Hits, ignored_wishes
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.rests import Rests, seconds_left
from qwen_mcp_tools.search.troubles import NoAnswerError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.http import ServiceClient

KEPT_SECONDS = 600
"""Long enough for a model that asks again, short enough for terms that forbid storing results."""

KEPT_ANSWERS = 100
PATIENCE_SECONDS = 12.0
"""How long an engine is waited for at most while another one is left to ask."""

RESERVE_SECONDS = 8.0
"""What of the call's time a wait in the line for one engine leaves to the next."""


class Finder:
    """Finds pages with the engines that are configured."""

    def __init__(self, engines: Callable[[], tuple[Engine, ...]]) -> None:
        self._make_engines = engines
        self._kept = Cache[Hits](KEPT_ANSWERS, KEPT_SECONDS)
        self._rests = Rests()

    async def find(self, query: Query) -> Hits:
        """Return what the first engine that answers has found, with a note for each that did not.

        Raises:
            MissingKeyError: The only engine asked for has no key.
            UpstreamError: No engine answers; each trouble is named.
        """
        return await self._kept.get(query, lambda: self._ask_in_turn(query))

    @cached_property
    def _engines(self) -> tuple[Engine, ...]:
        return self._make_engines()

    async def _ask_in_turn(self, query: Query) -> Hits:
        troubles: list[UpstreamError] = []
        for left, engine in reversed(list(enumerate(reversed(self._engines)))):
            try:
                hits = await self._rests.ask(
                    engine, query, _patience(left), reserve_seconds=RESERVE_SECONDS if left else 0
                )
            except UpstreamError as trouble:
                troubles.append(trouble)
            else:
                return replace(_kept_to(hits, query), notes=(*_told(troubles, hits, query),))
        raise troubles[0] if len(troubles) == 1 else NoAnswerError(troubles)


def open_finder(settings: Settings, services: ServiceClient) -> Finder:
    """Return the finder that the settings describe; a missing key fails the search, not the start.

    Raises:
        SettingError: QWEN_MCP_SEARCH holds a name that is none of ours.
    """
    check_names(settings.search_engines)
    return Finder(lambda: configured_engines(settings, services))


def _patience(left: int) -> float:
    """Return a fair share of the call's time with `left` further engines to ask."""
    return min(PATIENCE_SECONDS, seconds_left() / (left + 1)) if left else math.inf


def _kept_to(hits: Hits, query: Query) -> Hits:
    """Leave out what is not on the sites asked for, where the engine could not do so itself."""
    return replace(hits, hits=tuple(hit for hit in hits.hits if query.wants(hit.url)))


def _told(troubles: list[UpstreamError], hits: Hits, query: Query) -> Iterator[str]:
    yield from map(str, troubles)
    yield from hits.notes
    yield from ignored_wishes([hits])
    dropped = sum(not query.wants(hit.url) for hit in hits.hits)
    if dropped:
        yield f"{dropped} found on other sites left out"
