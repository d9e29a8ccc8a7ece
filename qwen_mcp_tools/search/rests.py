"""Asks an engine with patience, and leaves one alone that asked for it or kept silent."""

import time
from collections import Counter
from dataclasses import dataclass, field

import httpcore

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.hits import Hits
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.upstream.failures import USE_A_PROXY
from qwen_mcp_tools.upstream.patience import patience

REST_SECONDS = 180.0
"""How long an engine that refused, and did not say for how long, is not asked again."""

SILENCE_SECONDS = 60.0
"""How long one that did not answer is not waited for again."""

DEAD_AFTER = 3
"""How many searches in a row must fail before an engine rests that fails at once."""

LONGEST_REST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Rests:
    """Which engines rest, until when, and what they said."""

    _until: dict[str, tuple[float, UpstreamError]] = field(
        default_factory=dict[str, tuple[float, UpstreamError]]
    )

    _in_a_row: Counter[str] = field(default_factory=Counter[str])

    async def ask(
        self, engine: Engine, query: Query, seconds: float, *, reserve_seconds: float = 0
    ) -> Hits:
        """Return what `engine` finds, or raise its failure; its last one again while it rests.

        It has `seconds` to answer, a wait in our own line not counted; after such a wait, all ends
        `reserve_seconds` before the call. Whoever waited is told too if it rests by now.

        Raises:
            UnreachableError: It did not answer in time.
        """
        self._spare(engine.name)
        try:
            with patience(
                seconds, reserve_seconds=reserve_seconds, check=lambda: self._spare(engine.name)
            ) as given:
                hits = await engine.search(query)
                self._in_a_row[engine.name] = 0
                if hits.rest_seconds:
                    self._rest(_asked_to_wait(engine.name), hits.rest_seconds)
                return hits
        except RateLimitedError as refusal:
            self._rest(
                refusal, REST_SECONDS if refusal.retry_after is None else refusal.retry_after
            )
            raise
        except (UnreachableError, ServiceFaultError, MalformedAnswerError) as failure:
            self._in_a_row[engine.name] += 1
            # A failure that came at once costs nothing: only several of them are worth a rest.
            if _took_long(failure) or self._in_a_row[engine.name] >= DEAD_AFTER:
                self._rest(failure, SILENCE_SECONDS)
            raise
        silence = UnreachableError(
            engine.name,
            f"did not answer within {given.seconds:.2g} s",
            USE_A_PROXY,
        )
        self._rest(silence, SILENCE_SECONDS)
        raise silence

    def _spare(self, name: str) -> None:
        until, failure = self._until.get(name, (0.0, None))
        if failure and time.monotonic() < until:
            # A new one each time: an exception gathers a traceback whenever it is raised.
            raise UpstreamError(failure.service, failure.trouble, failure.mend)

    def _rest(self, failure: UpstreamError, seconds: float) -> None:
        until = time.monotonic() + min(seconds, LONGEST_REST_SECONDS)
        told = UpstreamError(failure.service, failure.trouble, failure.mend)
        self._until[failure.service] = (until, told)


def _took_long(failure: UpstreamError) -> bool:
    return isinstance(failure.__cause__, httpcore.TimeoutException)


def _asked_to_wait(name: str) -> UpstreamError:
    return UpstreamError(name, "asked us to wait a little", "try again in a minute")
