"""Words for an exchange that did not come about."""

import socket
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import httpcore
import httpx

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.upstream.addresses import is_public, is_special, literal_in
from qwen_mcp_tools.upstream.inflate import BrokenBodyError
from qwen_mcp_tools.upstream.proxies import Proxy

TIMEOUTS = {"connect": 8.0, "read": 20.0, "write": 20.0, "pool": 20.0}
"""Seconds for one step each; a call as a whole has its own deadline."""

USE_A_PROXY = "set HTTPS_PROXY if this network needs a proxy"
"""The advice where a public host was asked without one."""

_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


@contextmanager
def talking_to(
    service: str, url: httpx.URL, proxy: Proxy | None, timeouts: Mapping[str, float] = TIMEOUTS
) -> Generator[None]:
    """Turn what fails on the wire inside the block into an `UpstreamError` about `service`.

    Its cause is a `httpcore.ConnectError` or a `ConnectionError` where nothing was sent and a
    second try may help.
    """
    try:
        yield
    except httpcore.PoolTimeout as error:
        raise UnreachableError(
            service, "is being asked too much at once from here", "try again in a moment"
        ) from error
    except httpcore.TimeoutException as error:
        seconds = timeouts["connect" if isinstance(error, httpcore.ConnectTimeout) else "read"]
        trouble = f"did not answer within {seconds:g} s"
        raise UnreachableError(service, trouble, _mend(url, proxy)) from error
    except (httpcore.ProxyError, httpcore.ConnectError, OSError) as error:
        raise _not_connected(service, url, proxy, error) from _cause(error)
    except httpcore.LocalProtocolError as error:
        raise _not_sendable(service) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise ServiceFaultError(service, "broke off or garbled its answer", "try again") from error
    except BrokenBodyError as error:
        raise MalformedAnswerError(service, f"sent a body that can't be read: {error}") from error
    except UnicodeEncodeError:  # From a header; its text quotes the key.
        raise _not_sendable(service) from None


def _not_connected(
    service: str, url: httpx.URL, proxy: Proxy | None, error: Exception
) -> UnreachableError:
    cause = _cause(error)
    if isinstance(error, httpcore.ProxyError) or (proxy and not isinstance(cause, ssl.SSLError)):
        name = proxy.variable if proxy else "HTTPS_PROXY"
        trouble = str(error) if isinstance(error, httpcore.ProxyError) else "does not answer"
        return UnreachableError(
            service, f"can't be reached: the proxy in {name} {trouble}", f"check {name}"
        )
    match cause:
        case ssl.SSLCertVerificationError():
            trouble = f"shows a certificate that is not trusted ({cause.verify_message})"
            mend = "if your network has an authority of its own, name its file in SSL_CERT_FILE"
        case ssl.SSLError():
            trouble, mend = "does not speak TLS as we do", "check the address"
        case ConnectionRefusedError():
            trouble, mend = "refuses the connection", _mend(url, proxy)
        case OSError():  # Of the resolver: httpcore wraps those of a socket.
            known = cause.errno in _NO_SUCH_NAME
            trouble = "has no address" if known else "can't be looked up now"
            mend = f"check the name; {_mend(url, proxy)}"
        case _:
            trouble, mend = "can't be connected to", _mend(url, proxy)
    return UnreachableError(service, trouble, mend)


def _not_sendable(service: str) -> UpstreamError:
    trouble = "can't be asked: a header would hold what HTTP does not carry"
    return UpstreamError(service, trouble, "check the key for line breaks and foreign characters")


def _mend(url: httpx.URL, proxy: Proxy | None) -> str:
    if proxy:
        return f"try again, or check the proxy in {proxy.variable}"
    literal = literal_in(url.host)
    if not is_public(literal) if literal else is_special(url.host):
        return "check that it runs there"
    return USE_A_PROXY


def _cause(error: Exception) -> Exception:
    """Return what says most about `error`: TLS or a refusal under it, else itself."""
    below: BaseException | None = error
    passed: list[BaseException] = []
    while below and below not in passed:  # A chain may be a circle.
        if isinstance(below, ssl.SSLError | ConnectionRefusedError):
            return below
        passed.append(below)
        below = below.__cause__ or below.__context__
    return error
