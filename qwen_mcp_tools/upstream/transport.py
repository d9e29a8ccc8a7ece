"""httpx's transport over httpcore pools of ours: one that connects itself, one for each proxy."""

from collections.abc import AsyncIterator
from functools import partial

import httpcore
import httpx

from qwen_mcp_tools.upstream.guard import Guard, Resolve, look_up
from qwen_mcp_tools.upstream.network import Network
from qwen_mcp_tools.upstream.proxies import Proxy, Routes
from qwen_mcp_tools.upstream.tunnels import Tunnels

MAX_CONNECTIONS = 100
KEEP_ALIVE = 20
"""More of them cost seconds: 100 calls at once took 350 ms with 20, and 1.9 s and more with 200."""

KEEP_ALIVE_SECONDS = 5.0


class RoutedTransport(httpx.AsyncBaseTransport):
    """Sends each request the way that `routes` says; with a `guard`, to public hosts only."""

    def __init__(self, routes: Routes, resolve: Resolve, guard: Guard | None = None) -> None:
        self._routes = routes
        self._guard = guard
        self._to_proxies = Network(partial(look_up, resolve))
        self._direct = Network(guard.addresses_of) if guard else self._to_proxies
        self._pools: dict[tuple[Proxy | None, str], httpcore.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body not yet read.

        Raises:
            RefusedError: The guard does not let the host through.
            OSError: There is no such name.
            Exception: What httpcore raises; `failures.py` words it.
        """
        url = request.url
        host, scheme = url.raw_host.decode("ascii"), url.scheme
        proxy = self._routes.proxy_for(str(url))
        if proxy and self._guard:
            port = url.port or (443 if scheme == "https" else 80)
            await self._guard.judge_behind_proxy(host, port)
        response = await self._pool(proxy, scheme).handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Body(response)
        )

    async def connect(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        """Return a bare connection to `host`, made the way that https takes, for somebody's TLS.

        Raises:
            RefusedError: The guard does not let the host through.
            OSError, httpcore.ConnectError, httpcore.ProxyError: There is no connection.
        """
        url = httpx.URL(scheme="https", host=host, port=port)
        proxy = self._routes.proxy_for(str(url))
        if proxy is None:
            return await self._direct.connect_tcp(host, port)
        if self._guard:
            await self._guard.judge_behind_proxy(host, port)
        tunnels = Tunnels(proxy, self._to_proxies, self._routes.tls)
        return await tunnels.connect_tcp(host, port)

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()

    def _pool(self, proxy: Proxy | None, scheme: str) -> httpcore.AsyncConnectionPool:
        if (proxy, scheme) not in self._pools:
            self._pools[proxy, scheme] = self._new_pool(proxy, scheme)
        return self._pools[proxy, scheme]

    def _new_pool(self, proxy: Proxy | None, scheme: str) -> httpcore.AsyncConnectionPool:
        tls = self._routes.tls
        pool = partial(
            httpcore.AsyncConnectionPool,
            ssl_context=tls,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=KEEP_ALIVE,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
        )
        if proxy is None:
            return pool(network_backend=self._direct)
        if proxy.is_socks or scheme == "https":
            return pool(network_backend=Tunnels(proxy, self._to_proxies, tls))
        # Many an HTTP proxy makes no tunnel to port 80: it is sent the whole request instead.
        target = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
        context = tls if proxy.scheme == "https" else None
        forwarding = httpcore.Proxy(target, auth=proxy.account, ssl_context=context)
        return pool(network_backend=self._to_proxies, proxy=forwarding)


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()
