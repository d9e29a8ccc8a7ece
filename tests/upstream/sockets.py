"""Sockets that never reach a network: what a connection would have been made to is noted."""

from typing import Any

import anyio
import httpcore


class Noting(httpcore.AsyncNetworkBackend):
    """Takes note of each address that a socket would be opened to, and opens none."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.tried.append(host)
        raise httpcore.ConnectError("nothing is connected here")


class PartlyDead(httpcore.AsyncNetworkBackend):
    """Opens sockets to 127.0.0.1; a connection to any other address comes to nothing, for ever."""

    def __init__(self) -> None:
        self.given_up: list[str] = []

    async def connect_tcp(
        self, host: str, port: int, *_: Any, **__: Any
    ) -> httpcore.AsyncNetworkStream:
        if host == "127.0.0.1":
            sockets: Any = httpcore.AnyIOBackend()
            return await sockets.connect_tcp(host, port)
        try:
            await anyio.sleep_forever()
        finally:
            self.given_up.append(host)
        raise AssertionError
