"""The wire under PyGithub: urllib3's connections, on the routes of every other client."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qwen_mcp_tools.upstream.proxies import Proxy, Routes

if TYPE_CHECKING:
    from urllib3 import PoolManager

LAST_WAIT_SECONDS = 0.3


class Wire:
    """Connections to one origin, shared by threads; made when first needed."""

    def __init__(self, routes: Routes, origin: str, size: int) -> None:
        self.origin = origin
        self.proxy = routes.proxy_for(origin)
        self._routes = routes
        self._size = size
        self._lock = threading.Lock()
        self._made: PoolManager | None = None
        self._under_way = 0
        self._ended = threading.Condition()
        self.of_thread = threading.local()
        """Its `request` is the one that the thread makes at the moment."""

    @property
    def pool(self) -> "PoolManager":
        """The pool, blocking while it is made."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    @contextmanager
    def exchange(self) -> Generator[None]:
        """Count a request as under way inside the block."""
        with self._ended:
            self._under_way += 1
        try:
            yield
        finally:
            with self._ended:
                self._under_way -= 1
                self._ended.notify_all()

    def close(self) -> None:
        """Close the connections; a request that was given up has a moment to notice it."""
        with self._ended:
            self._ended.wait_for(lambda: not self._under_way, LAST_WAIT_SECONDS)
        if self._made is not None:
            self._made.clear()

    def _make(self) -> "PoolManager":
        manager = self._manager()
        manager.pool_classes_by_scheme = {
            scheme: _telling(pool, self.of_thread)
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }
        return manager

    def _manager(self) -> "PoolManager":
        import urllib3

        tls = self._routes.tls
        options: dict[str, Any] = {"ssl_context": tls, "maxsize": self._size, "retries": False}
        if self.proxy is None:
            return urllib3.PoolManager(**options)
        if self.proxy.is_socks:
            from urllib3.contrib.socks import SOCKSProxyManager

            # The proxy looks names up: socks5h in urllib3's words.
            user, password = self.proxy.account or (None, None)
            url = f"socks5h://{_authority(self.proxy)}"
            return SOCKSProxyManager(url, username=user, password=password, **options)
        account = ":".join(self.proxy.account) if self.proxy.account else None
        headers = urllib3.make_headers(proxy_basic_auth=account)
        return urllib3.ProxyManager(
            f"{self.proxy.scheme}://{_authority(self.proxy)}",
            # Some proxies know the header's name only as RFC 9110 writes it.
            proxy_headers={name.title(): value for name, value in headers.items()},
            proxy_ssl_context=tls if self.proxy.scheme == "https" else None,
            **options,
        )


def _telling(pool: Any, of_thread: threading.local) -> Any:
    """Return a kind of pool whose connections tell the thread's request that they serve it."""
    kind: Any = pool.ConnectionCls

    class Connection(kind):
        def connect(self) -> None:
            of_thread.request.connection = self
            kind.connect(self)

        def request(self, *arguments: Any, **options: Any) -> None:
            of_thread.request.connection = self
            kind.request(self, *arguments, **options)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


def _authority(proxy: Proxy) -> str:
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return f"{host}:{proxy.port}"
