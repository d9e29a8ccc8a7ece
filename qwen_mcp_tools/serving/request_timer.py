"""uvicorn's HTTP/1.1 protocol with a time limit for what a client sends, which uvicorn lacks."""

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class TimedHttpProtocol(H11Protocol):
    """Closes a connection whose client is too slow with a request's head, or with its body.

    Such a client is gone, or means to hold connections open. Between requests uvicorn's own
    keep-alive limit counts, and an answer may take as long as its call does.
    """

    head_seconds: ClassVar = 10.0
    body_seconds: ClassVar = 60.0
    """Enough for a picture of 20 MB over a slow line."""

    most: ClassVar = 576
    """Connections that are open at once; those beyond what is served find only if it is alive."""

    _timer: asyncio.TimerHandle
    _awaited: Any

    def connection_made(self, transport: Any) -> None:
        """Start the clock: the head of a request is awaited."""
        super().connection_made(transport)
        self._await(h11.IDLE)
        if len(self.connections) > self.most:
            transport.abort()  # Files are few, too: a flood must leave some for calls.

    def data_received(self, data: bytes) -> None:
        """Go on with the request; a drip of bytes does not wind the clock up again."""
        super().data_received(data)
        if self.conn.their_state is not self._awaited:
            self._timer.cancel()
            self._await(self.conn.their_state)

    def on_response_complete(self) -> None:
        """Start the clock anew: what a client sent ahead is a request of its own from now on."""
        super().on_response_complete()
        self._timer.cancel()
        if not self.transport.is_closing():
            self._await(self.conn.their_state)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _await(self, awaited: Any) -> None:
        self._awaited = awaited
        seconds = {h11.IDLE: self.head_seconds, h11.SEND_BODY: self.body_seconds}.get(awaited)
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self.transport.close)
