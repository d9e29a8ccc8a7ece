"""The gate in front of every HTTP route: exact Host, exact Origin, a known token."""

from collections.abc import Callable, Iterable

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qwen_mcp_tools.serving.tokens import Tokens

ALIVE_PATH, READY_PATH = "/healthz", "/readyz"
"""A full server is alive, or a balancer would end it, but not ready for more."""

OPEN_PATHS = frozenset({ALIVE_PATH, READY_PATH})
"""What a load balancer asks: it knows no token, and calls by address."""


MAX_HEADERS = 32 * 1024
"""Bytes of all headers of a request."""


class Gate:
    """Lets a request through to `app`, or answers 431, 503, 421, 403 or 401 itself.

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        refusal = self._refuse(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refuse(self, scope: Scope) -> PlainTextResponse | None:
        # uvicorn limits only a head that comes in pieces.
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
            return PlainTextResponse("The headers are too large", 431)
        if scope["path"] != ALIVE_PATH and self._is_full():
            return PlainTextResponse(
                "Too many connections; try again later", 503, {"Connection": "close"}
            )
        if scope["path"] in OPEN_PATHS:
            return None
        return self._refuse_caller(scope, Headers(scope=scope))

    def _refuse_caller(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if headers.get("host", "").lower() not in self._hosts:
            return PlainTextResponse(
                "This Host is not served here; add it to QWEN_MCP_ALLOWED_HOSTS", 421
            )
        # A page sends one (RFC 6454, section 7.3); of two, each reader might take another.
        origin = ", ".join(headers.getlist("origin")).lower()
        if origin and origin not in self._origins:
            return PlainTextResponse(
                "This Origin may not call; add it to QWEN_MCP_ALLOWED_ORIGINS", 403
            )
        if not self._tokens:
            return None
        name = self._tokens.name_of(headers.get("authorization", ""))
        if name is None:
            return PlainTextResponse(
                "A bearer token is needed",
                401,
                {"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        # The SDK binds a session to this user: another token can't speak in it.
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=name, scopes=[]))
        return None


def loopback_hosts(port: int) -> list[str]:
    """Return the Host values by which this machine calls itself at `port`."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return [f"{name}:{port}" for name in names] + (list(names) if port == 80 else [])
