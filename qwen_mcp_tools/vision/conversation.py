"""One request to the model, its answer heard as it comes."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import anyio.to_thread

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.doing import doing
from qwen_mcp_tools.upstream.http import Coming, ServiceClient
from qwen_mcp_tools.upstream.identity import user_agent
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.vision import anthropic, openai
from qwen_mcp_tools.vision.endpoint import Endpoint
from qwen_mcp_tools.vision.events import events
from qwen_mcp_tools.vision.ledger import Ledger
from qwen_mcp_tools.vision.plan_errors import failure_in, failure_of
from qwen_mcp_tools.vision.question import Ask, Said
from qwen_mcp_tools.vision.refusals import BrokenOffError, ForcedThinkingError
from qwen_mcp_tools.vision.wire import Wire

WIRES: dict[str, Wire] = {"openai": openai, "anthropic": anthropic}

TRIES = 2
"""The plan's rules: no retry but one, where the service failed or is busy, and no call counted."""

LAST_SECONDS = 3.0
"""What is left of the call's time when an answer that is still coming is taken as it is."""

LONGEST_PAUSE_SECONDS = 600.0

PARTIAL = "x-dashscope-partialresponse"
"""The header of an answer that the service ended after 180 s."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Asks the models of one endpoint."""

    services: ServiceClient
    endpoint: Endpoint
    ledger: Ledger
    thinkers: set[str]
    """Models that are known not to answer without thinking; added to."""

    async def ask(self, ask: Ask, client: str) -> Said:
        """Return what the model says; `client` is the MCP client that asks.

        Raises:
            RejectedKeyError, RateLimitedError, UpstreamError: It says nothing; the text says why.
        """
        return await with_retry(partial(self._try, ask, client), tries=TRIES)

    async def _try(self, ask: Ask, client: str) -> Said:
        said, time = Said(), anyio.CancelScope(deadline=_last_moment())
        try:
            with time:
                await self._hear(ask, client, said)
        except UpstreamError as failure:
            if not said.begun:
                raise
            said.cut = f"{failure.service} {failure.trouble}"
        if time.cancelled_caught:
            said.cut = "the call's own time was over"
        if not said.text:
            raise self._silence(said)
        if not said.cut and not said.finish:
            said.cut = "the connection ended early"
        return said

    async def _hear(self, ask: Ask, client: str, said: Said) -> None:
        wire, endpoint = WIRES[self.endpoint.protocol], self.endpoint
        thinks = ask.thinks or ask.model in self.thinkers
        headers = {
            "User-Agent": user_agent(client),
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            **wire.headers(endpoint.key.reveal()),
        }
        async with self.services.stream(
            endpoint.product.value,
            "POST",
            wire.url(endpoint.base_url),
            headers=headers,
            json=wire.body(Ask(ask.model, ask.content, thinks, ask.high)),
            patience=_patience(),
        ) as coming:
            if coming.status != 200:
                raise self._refusal(
                    failure_of(await coming.whole(), endpoint, ask.model), ask.model
                )
            said.begun = True
            if coming.headers.get(PARTIAL, "").lower() == "true":
                said.cut = "the service ends an answer after 180 s"
            try:
                with doing(f"{one_line(ask.model, 60)} is answering"):
                    await self._take_all(coming, wire, ask.model, said)
            finally:
                await self._count(said)

    async def _count(self, said: Said) -> None:
        """Count the call if the service took it, although the client may have left."""
        if said.begun:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self.ledger.note, self.endpoint.key)

    async def _take_all(self, coming: Coming, wire: Wire, model: str, said: Said) -> None:
        service = self.endpoint.product.value
        if "json" in coming.headers.get("content-type", ""):
            self._take(wire, (await coming.whole()).json(service), model, said)
            return
        async for event in events(coming.lines(), service):
            self._take(wire, event, model, said)

    def _take(self, wire: Wire, event: dict[str, Any], model: str, said: Said) -> None:
        if event.get("error") or (event.get("code") and event.get("message")):
            failure = failure_in(event, self.endpoint, model)
            # A refusal may come as the first event of a 200: it is one nevertheless.
            said.begun = bool(said.text) or isinstance(failure, BrokenOffError)
            raise self._refusal(failure, model)
        wire.take(event, said)

    def _refusal(self, failure: UpstreamError, model: str) -> UpstreamError:
        if isinstance(failure, ForcedThinkingError):
            self.thinkers.add(model)
        return failure

    def _silence(self, said: Said) -> UpstreamError:
        counted = "; the plan counts the call" if said.begun and self.endpoint.is_plan else ""
        reason = f" ({said.cut})" if said.cut else ""
        return UpstreamError(
            self.endpoint.product.value,
            f"gave no answer{reason}{counted}",
            "ask again, with fewer pictures or detail=low",
        )


def _last_moment() -> float:
    left = anyio.current_effective_deadline() - anyio.current_time()
    return anyio.current_effective_deadline() - min(LAST_SECONDS, left / 10)


def _patience() -> float:
    """Return how long a pause may be: the call's own deadline comes first."""
    left = anyio.current_effective_deadline() - anyio.current_time()
    return min(left, LONGEST_PAUSE_SECONDS)
