"""One request, in the shape of the connection that PyGithub takes with each (`cnx`).

PyGithub's own would read the proxy variables and certificates in a way of its own, hold a whole
body in memory and inflate it without a limit, follow a rename without the query (`?ref=…`), and
sleep in its thread on a 202.
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
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.wire import Wire
from qwen_mcp_tools.upstream.exchange import MAX_BYTES
from qwen_mcp_tools.upstream.failures import TIMEOUTS, talking_to
from qwen_mcp_tools.upstream.inflate import inflater_for
from qwen_mcp_tools.upstream.proxies import Proxy

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

PIECE_BYTES = 8192
"""gzip makes at most 1,032 times as much of them (zlib's FAQ): one piece stays below 10 MB."""

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
