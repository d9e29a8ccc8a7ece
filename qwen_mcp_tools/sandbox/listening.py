"""Stand-ins on loopback ports: each served by uvicorn, all in one thread with a loop of its own."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qwen_mcp_tools.sandbox.stand_in import StandIn

STOP_SECONDS = 5.0


class Listening:
    """A running set of stand-ins; `close` ends it."""

    def __init__(self, stand_ins: Sequence[StandIn]) -> None:
        # A socket that listens keeps its callers waiting until it is served: nobody polls.
        sockets = [socket.create_server(("127.0.0.1", 0), backlog=512) for _ in stand_ins]
        for stand_in, each in zip(stand_ins, sockets, strict=True):
            # Connections inherit it; without it a small answer waits 40 ms for an ACK.
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stand_in.url = f"http://127.0.0.1:{each.getsockname()[1]}"
        self._servers = [uvicorn.Server(_configuration(stand_in)) for stand_in in stand_ins]
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(sockets),), name="sandbox", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening; requests under way are cut off."""
        for server in self._servers:
            server.should_exit = True
            server.force_exit = True
        self._thread.join(STOP_SECONDS)

    async def _serve(self, sockets: Sequence[socket.socket]) -> None:
        await asyncio.gather(
            *(
                server.serve(sockets=[each])
                for server, each in zip(self._servers, sockets, strict=True)
            )
        )


class _Protocol(H11Protocol):
    """Hands the connection to the application, so that a stand-in can break it off."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def _configuration(stand_in: StandIn) -> uvicorn.Config:
    return uvicorn.Config(
        stand_in,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
