"""The Finder: asks one engine after the other until one answers, and says which did."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import anyio

from qwen_mcp_tools.errors import RateLimitedError, UnreachableError, UpstreamError
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.engines import check_names, configured_engines
from qwen_mcp_tools.search.hits import Hit, Hits
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.troubles import NoAnswerError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.http import ServiceClient

KEPT_SECONDS = 300
"""Long enough for a model that asks again, short enough for terms that forbid storing results."""

KEPT_ANSWERS = 100
PATIENCE_SECONDS = 12.0
"""How long an engine is waited for while another one is left to ask."""

REST_SECONDS = 180.0
"""How long an engine that refused is not asked again."""


class Finder:
    """Finds pages with the engines that are configured."""

    def __init__(self, engines: Callable[[], tuple[Engine, ...]]) -> None:
        self._make_engines = engines
        self._kept = Cache[Hits](KEPT_ANSWERS, KEPT_SECONDS)
        self._resting: dict[str, tuple[float, UpstreamError]] = {}

    async def find(self, query: Query) -> Hits:
        """Return what the first engine that answers has found, with a note for each that did not.

        Raises:
            MissingKeyError: The only engine asked for has no key.
            BadArgumentError: An engine refuses an argument.
            UpstreamError: No engine answers; each trouble is named.
        """
        return await self._kept.get(query, lambda: self._ask_in_turn(query))

    @cached_property
    def _engines(self) -> tuple[Engine, ...]:
        return self._make_engines()

    async def _ask_in_turn(self, query: Query) -> Hits:
        troubles: list[UpstreamError] = []
        for engine in self._engines:
            is_last = engine is self._engines[-1]
            try:
                hits = await self._ask(engine, query, math.inf if is_last else PATIENCE_SECONDS)
            except UpstreamError as trouble:
                troubles.append(trouble)
            else:
                told = tuple(map(str, troubles))
                return replace(_kept_to(hits, query), notes=(*told, *hits.notes))
        raise troubles[0] if len(troubles) == 1 else NoAnswerError(troubles)

    async def _ask(self, engine: Engine, query: Query, seconds: float) -> Hits:
        until, refusal = self._resting.get(engine.name, (0.0, None))
        if refusal and time.monotonic() < until:
            raise refusal
        try:
            with anyio.move_on_after(seconds):
                return await engine.search(query)
        except RateLimitedError as error:
            rest = error.retry_after if error.retry_after is not None else REST_SECONDS
            self._resting[engine.name] = (time.monotonic() + rest, error)
            raise
        raise UnreachableError(
            engine.name,
            f"did not answer within {seconds:g} s",
            "set HTTPS_PROXY if this network needs a proxy",
        )


def open_finder(settings: Settings, services: ServiceClient) -> Finder:
    """Return the finder that the settings describe; a missing key fails the search, not the start.

    Raises:
        SettingError: QWEN_MCP_SEARCH holds a name that is none of ours.
    """
    check_names(settings.search_engines)
    return Finder(lambda: configured_engines(settings, services))


def _kept_to(hits: Hits, query: Query) -> Hits:
    """Leave out what is not on the sites asked for, where the engine could not do so itself."""
    kept = tuple(hit for hit in hits.hits if _is_wanted(hit, query))
    return replace(hits, hits=kept)


def _is_wanted(hit: Hit, query: Query) -> bool:
    if any(_is_on(hit.host, site) for site in query.without_sites):
        return False
    return not query.sites or any(_is_on(hit.host, site) for site in query.sites)


def _is_on(host: str, site: str) -> bool:
    name = host if ":" in site else host.partition(":")[0]
    return name == site or name.endswith(f".{site}")
