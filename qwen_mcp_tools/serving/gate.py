"""The gate in front of every HTTP route: exact Host, exact Origin, a known token."""

from collections.abc import Callable, Iterable

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qwen_mcp_tools.serving.streams import Streams
from qwen_mcp_tools.serving.tokens import Tokens

ALIVE_PATH, READY_PATH = "/healthz", "/readyz"
"""A full server is alive, or a balancer would end it, but not ready for more."""

OPEN_PATHS = frozenset({ALIVE_PATH, READY_PATH})
"""What a load balancer asks: it knows no token, and calls by address."""

STREAM_PATHS = frozenset({"/mcp", "/sse"})
"""A GET of these stays open until the client leaves."""

MAX_HEADERS = 32 * 1024
"""Bytes of the target and all headers of a request."""


class Gate:
    """Lets a request through to `app`, or answers 4xx or 5xx itself.

    The Host list keeps out a web page whose name was pointed here (DNS rebinding), the Origin
    list any other page in a browser, the token everybody else.
    `is_full` says whether as many connections are open as are served.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        origins: Iterable[str],
        tokens: Tokens,
        is_full: Callable[[], bool],
    ) -> None:
        self._app = app
        self._hosts = frozenset(map(str.lower, hosts))
        self._origins = frozenset(map(str.lower, origins))
        self._tokens = tokens
        self._is_full = is_full
        self._streams = Streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._refuse(scope, Headers(scope=scope)) or self._app
        if scope["path"] == ALIVE_PATH and self._is_full():
            # Nobody stays who was let in although there is no room.
            send = _closing(send)
        elif scope["method"] == "GET" and scope["path"] in STREAM_PATHS and answer is self._app:
            with self._streams.listening(_caller(scope)) as has_place:
                await (answer if has_place else _TOO_MANY_STREAMS)(scope, receive, send)
            return
        await answer(scope, receive, send)

    def _refuse(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        return _refuse_form(scope, headers) or self._refuse_caller(scope, headers)

    def _refuse_caller(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if scope["path"] != ALIVE_PATH and self._is_full():
            return _refusal("Too many connections; try again later", 503)
        if scope["path"] in OPEN_PATHS:
            return None
        if headers.get("host", "").lower() not in self._hosts:
            return PlainTextResponse(
                "This Host is not served here; add it to QWEN_MCP_ALLOWED_HOSTS", 421
            )
        # A page sends one (RFC 6454, section 7.3); of two, each reader might take another.
        origins = headers.getlist("origin")
        if origins and ", ".join(origins).lower() not in self._origins:
            return PlainTextResponse(
                "This Origin may not call; add it to QWEN_MCP_ALLOWED_ORIGINS", 403
            )
        return self._refuse_stranger(scope, headers) if self._tokens else None

    def _refuse_stranger(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        name = self._tokens.name_of(", ".join(headers.getlist("authorization")))
        if name is None:
            return PlainTextResponse(
                "A bearer token is needed",
                401,
                {"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        # The SDK binds a session to this user: another token can't speak in it.
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=name, scopes=[]))
        return None


def _refuse_form(scope: Scope, headers: Headers) -> PlainTextResponse | None:
    """Refuse what another server in front might read in another way, and what is too long."""
    if scope["http_version"] not in {"1.0", "1.1"}:
        return _refusal("HTTP/1.1 is spoken here", 505)
    # uvicorn limits only a head that comes in pieces.
    target = len(scope["raw_path"]) + len(scope["query_string"])
    if target + sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        return _refusal("The headers are too large", 431)
    # Of two lengths each reader might take another (RFC 9112, section 6.3).
    if "transfer-encoding" in headers and "content-length" in headers:
        return _refusal("A request has one length", 400)
    if headers.get("content-encoding", "identity").lower() != "identity":
        return _refusal("A body is taken as it is, not compressed", 415)
    return None


def _refusal(words: str, status: int) -> PlainTextResponse:
    """Return an answer after which the connection is closed: what comes next is not read."""
    return PlainTextResponse(words, status, {"Connection": "close"})


_TOO_MANY_STREAMS = _refusal("Too many open streams; close one first", 429)


def _caller(scope: Scope) -> str:
    if "user" in scope:
        return scope["user"].display_name
    return scope["client"][0] if scope["client"] else ""


def _closing(send: Send) -> Send:
    """Return `send`, the connection closed after the answer."""

    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return closing


def loopback_hosts(port: int) -> list[str]:
    """Return the Host values by which this machine calls itself at `port`."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return [f"{name}:{port}" for name in names] + (list(names) if port == 80 else [])
