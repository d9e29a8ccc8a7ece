"""The Finder: asks one engine after the other until one answers, and says which did."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search import bailian
from qwen_mcp_tools.search.addresses import page_of, without_tracking
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.engines import Engines, check_names, configured_engines
from qwen_mcp_tools.search.hits import Hit, Hits, ignored_wishes
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.refusals import RefusedFilterError, told
from qwen_mcp_tools.search.rests import Rests
from qwen_mcp_tools.search.troubles import NoAnswerError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.failures import USE_A_PROXY
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.patience import seconds_left

KEPT_SECONDS = 600
"""Long enough for a model that asks again, short enough for terms that forbid storing results."""

MAKESHIFT_SECONDS = 5.0
"""The same for an answer with a trouble in its notes, which may be over when it is asked again."""

KEPT_ANSWERS = 100
PATIENCE_SECONDS = 12.0
"""How long an engine is waited for at most while another one is left to ask."""

RESERVE_SECONDS = 8.0
"""What of the call's time a wait in the line for one engine leaves to the next."""

OR_BAILIAN = "or DASHSCOPE_API_KEY for Bailian's search, which works inside China"


class Finder:
    """Finds pages with the engines that are configured."""

    def __init__(self, engines: Callable[[], Engines]) -> None:
        self._make_engines = engines
        self._kept = Cache[Hits](KEPT_ANSWERS, _seconds_to_keep)
        self._rests = Rests()

    async def find(self, query: Query) -> Hits:
        """Return what the first engine that answers has found, with a note for each that did not.

        Raises:
            MissingKeyError: The only engine asked for has no key.
            UpstreamError: No engine answers; each trouble is named.
        """
        return await self._kept.get(query, lambda: self._ask_in_turn(query))

    @cached_property
    def _engines(self) -> Engines:
        return self._make_engines()

    async def _ask_in_turn(self, query: Query) -> Hits:
        troubles: list[UpstreamError] = []
        for left, engine in reversed(list(enumerate(reversed(self._engines.asked)))):
            try:
                hits = await self._ask(engine, query, left)
            except UpstreamError as trouble:
                troubles.append(self._advised(trouble))
            else:
                missing = map(str, self._engines.left_out)
                notes = (*missing, *_notes(troubles, hits, query))
                is_makeshift = bool(troubles) or hits.is_makeshift
                return replace(_kept_to(hits, query), notes=notes, is_makeshift=is_makeshift)
        raise troubles[0] if len(troubles) == 1 else NoAnswerError(troubles)

    async def _ask(self, engine: Engine, query: Query, left: int) -> Hits:
        async def ask(query: Query) -> Hits:
            reserve = RESERVE_SECONDS if left else 0
            return await self._rests.ask(engine, query, _patience(left), reserve_seconds=reserve)

        try:
            return await ask(query)
        except RefusedFilterError as refusal:
            bare = query.without_filters()
            if bare == query:
                raise
            hits = await ask(bare)
            return replace(hits, notes=(told(refusal, query), *hits.notes))

    def _advised(self, trouble: UpstreamError) -> UpstreamError:
        """Name the second way too where a network lets nobody through: some need Bailian."""
        has_bailian = any(engine.name == bailian.NAME for engine in self._engines.asked)
        if has_bailian or not trouble.mend.endswith(USE_A_PROXY):
            return trouble
        return UpstreamError(trouble.service, trouble.trouble, f"{trouble.mend}, {OR_BAILIAN}")


def open_finder(settings: Settings, services: ServiceClient) -> Finder:
    """Return the finder that the settings describe; a missing key fails the search, not the start.

    Raises:
        SettingError: QWEN_MCP_SEARCH holds a name that is none of ours.
    """
    check_names(settings.search_engines)
    return Finder(lambda: configured_engines(settings, services))


def _seconds_to_keep(hits: Hits) -> float:
    return MAKESHIFT_SECONDS if hits.is_makeshift else KEPT_SECONDS


def _patience(left: int) -> float:
    """Return a fair share of the call's time with `left` further engines to ask."""
    return min(PATIENCE_SECONDS, seconds_left() / (left + 1)) if left else math.inf


def _kept_to(hits: Hits, query: Query) -> Hits:
    """Leave out what is not on the sites asked for, and each page that was there already."""
    wanted = (hit for hit in hits.hits if query.wants(hit.url))
    pages: dict[str, Hit] = {}
    for hit in wanted:
        pages.setdefault(page_of(hit.url), replace(hit, url=without_tracking(hit.url)))
    return replace(hits, hits=tuple(pages.values()))


def _notes(troubles: list[UpstreamError], hits: Hits, query: Query) -> Iterator[str]:
    yield from map(str, troubles)
    yield from hits.notes
    yield from ignored_wishes([hits])
    dropped = sum(not query.wants(hit.url) for hit in hits.hits)
    if dropped:
        yield f"{dropped} found on other sites left out"
