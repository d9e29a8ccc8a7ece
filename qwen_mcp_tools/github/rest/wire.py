"""The wire under PyGithub: one request through urllib3, on the routes of every other client.

PyGithub takes a connection of the caller's with each request (`cnx`). Its own would read the proxy
variables and certificates in a way of its own, hold a whole body in memory and inflate it without
a limit, follow a rename without the query (`?ref=…`), and sleep in its thread on a 202.
"""

import http.client
import socket
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from qwen_mcp_tools.errors import ServiceFaultError
from qwen_mcp_tools.upstream.exchange import MAX_BYTES
from qwen_mcp_tools.upstream.failures import TIMEOUTS, talking_to
from qwen_mcp_tools.upstream.inflate import inflater_for
from qwen_mcp_tools.upstream.proxies import Proxy, Routes

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

SERVICE = "GitHub"
PIECE_BYTES = 8192
"""gzip makes at most 1,032 times as much of them (zlib's FAQ): one piece stays below 10 MB."""

LAST_WAIT_SECONDS = 0.3
REDIRECTS = frozenset({301, 302, 307, 308})

Take = Callable[[Iterator[bytes]], Any]
"""Reads as much of a body as it needs, piece by piece and inflated."""


class MovedError(Exception):
    """GitHub knows the thing under another address."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__("moved")


class StoppedError(Exception):
    """Nobody waits for the answer any more."""


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


class Request:
    """One request, in the shape of the connection that PyGithub expects."""

    connection: Any = None
    """urllib3's, as long as it serves this request."""

    status = 0
    headers: Mapping[str, str] = {}
    taken: Any = b""
    """What `take` made of the body of a 200, or the first bytes of any other."""

    def __init__(self, wire: Wire, take: Take) -> None:
        self._wire = wire
        self._take = take
        self._stopped = threading.Event()
        self._asked: tuple[str, str, dict[str, str]] = ("", "", {})

    def request(self, verb: str, url: str, _: Any, headers: dict[str, str], *__: Any) -> None:
        """Note what is to be asked; `url` begins with the path. No body is sent, ever."""
        self._asked = verb, url, {**headers, "Accept-Encoding": "gzip"}

    def getresponse(self) -> "Request":
        """Ask, and take the body.

        Raises:
            MovedError: The answer is a redirect.
            StoppedError: The call was cancelled meanwhile.
            UpstreamError: No answer came, or it broke off.
        """
        verb, path, headers = self._asked
        url = f"{self._wire.origin}{path}"
        with self._wire.exchange(), _talking_to_github(url, self._wire.proxy):
            self._wire.of_thread.request = self
            response = self._open(verb, url, headers)
            try:
                self._receive(response)
            finally:
                self.connection = None
                response.close()
        return self

    def stop(self) -> None:
        """End the request from another thread, whatever its own waits for."""
        self._stopped.set()
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which takes its session from under the thread.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def getheaders(self) -> Any:
        """Return the headers as PyGithub reads them."""
        return self.headers.items()

    def read(self) -> str:
        """Return no text: PyGithub's would mangle a picture; `taken` holds the bytes."""
        return ""

    def close(self) -> None:
        """Do nothing: the connection is the pool's."""

    def _open(self, verb: str, url: str, headers: dict[str, str]) -> "BaseHTTPResponse":
        from urllib3 import Timeout

        self._check()
        return self._wire.pool.request(
            verb,
            url,
            headers=headers,
            timeout=Timeout(connect=TIMEOUTS["connect"], read=TIMEOUTS["read"]),
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def _receive(self, response: "BaseHTTPResponse") -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        if self.status in REDIRECTS and "location" in self.headers:
            raise MovedError(self.headers["location"])
        if self.status == 202:  # PyGithub would sleep and ask again for ever.
            raise ServiceFaultError(SERVICE, "is still working the answer out", "try again")
        pieces = self._pieces(response)
        self.taken = self._take(pieces) if self.status == 200 else first_bytes(pieces)
        if next(pieces, None) is None:  # Read to its end: it serves the next request.
            self.connection = None
            response.release_conn()

    def _pieces(self, response: "BaseHTTPResponse") -> Iterator[bytes]:
        inflater = inflater_for(self.headers.get("content-encoding", ""))
        any_came = False
        # `read1` returns what has come: a body that drips does not keep a cancelled call's thread.
        while raw := response.read1(PIECE_BYTES, decode_content=False):
            self._check()
            any_came = True
            yield inflater.feed(raw, MAX_BYTES)
        if any_came and not inflater.is_whole():
            raise httpcore.RemoteProtocolError("the body ended early")

    def _check(self) -> None:
        if self._stopped.is_set():
            raise StoppedError


def first_bytes(pieces: Iterator[bytes], most: int = MAX_BYTES) -> bytes:
    """Return the body, or its first `most` bytes and one more where it is longer."""
    body = bytearray()
    for piece in pieces:
        body += piece[: most + 1 - len(body)]
        if len(body) > most:
            break
    return bytes(body)


@contextmanager
def _talking_to_github(url: str, proxy: Proxy | None) -> Generator[None]:
    """Word what urllib3 raises like the failures of the other clients."""
    from urllib3 import exceptions as urllib3_errors

    with talking_to(SERVICE, httpx.URL(url), proxy):
        try:
            yield
        except urllib3_errors.HTTPError as error:
            raise _same(error) from error
        except http.client.HTTPException as error:
            raise httpcore.RemoteProtocolError("no HTTP") from error


def _same(error: Exception) -> Exception:
    """Return the failure of `httpcore` or of the socket that says what urllib3's `error` does."""
    from urllib3 import exceptions as urllib3_errors

    match error:
        case urllib3_errors.ProxyError():
            return httpcore.ProxyError(_proxy_trouble(error))
        case urllib3_errors.NameResolutionError():
            found = error.__cause__ or error.__context__
            # A new one: raised from `error`, the old one would be its own cause.
            is_known = isinstance(found, OSError)
            return socket.gaierror(*found.args) if is_known else httpcore.ConnectError(str(error))
        case urllib3_errors.NewConnectionError() | urllib3_errors.SSLError():
            return httpcore.ConnectError(str(error))
        case urllib3_errors.ConnectTimeoutError():
            return httpcore.ConnectTimeout(str(error))
        case urllib3_errors.ReadTimeoutError():
            return httpcore.ReadTimeout(str(error))
        case _:
            return httpcore.RemoteProtocolError(str(error))


def _proxy_trouble(error: Exception) -> str:
    said = str(getattr(error, "original_error", error))
    return "wants a user name and password" if "407" in said else "makes no connection"


def _authority(proxy: Proxy) -> str:
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return f"{host}:{proxy.port}"
