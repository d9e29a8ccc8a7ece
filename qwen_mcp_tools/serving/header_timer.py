"""uvicorn's HTTP/1.1 protocol with a time limit for a request's headers, which uvicorn lacks."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0
"""A client that has not sent its headers by then is gone, or means to hold connections open."""


class TimedHttpProtocol(H11Protocol):
    """Closes a connection whose first request has no whole head within `HEADER_SECONDS`.

    Between requests uvicorn's own keep-alive limit counts.
    """

    _timer: asyncio.TimerHandle

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEADER_SECONDS, self._close_if_headless)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._timer.cancel()
        super().connection_lost(exc)

    def _close_if_headless(self) -> None:
        # uvicorn sets it with the first whole head, and declares it as if it were always there.
        if getattr(self, "cycle", None) is None:
            self.transport.close()
