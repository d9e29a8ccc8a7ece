"""Words for an exchange that did not come about."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager

import httpcore

from qwen_mcp_tools.errors import MalformedAnswerError, ServiceFaultError, UnreachableError
from qwen_mcp_tools.upstream.inflate import BrokenBodyError
from qwen_mcp_tools.upstream.routes import Proxy

_TIMEOUTS = (httpcore.ConnectTimeout, httpcore.ReadTimeout, httpcore.WriteTimeout)


@contextmanager
def talking_to(service: str, proxy: Proxy | None) -> Generator[None]:
    """Turn what httpcore raises inside the block into an `UpstreamError` that names `service`."""
    try:
        yield
    except httpcore.PoolTimeout as error:
        raise UnreachableError(
            service, "is being asked too much at once from here", "try again in a moment"
        ) from error
    except _TIMEOUTS as error:
        raise UnreachableError(service, "did not answer in time", _mend(proxy)) from error
    except httpcore.ProxyError as error:
        name = proxy.variable if proxy else "HTTPS_PROXY"
        raise UnreachableError(
            service, f"can't be reached through the proxy in {name}", "check that proxy"
        ) from error
    except httpcore.ConnectError as error:
        raise _not_connected(service, error, proxy) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise ServiceFaultError(service, "broke off its answer", "try again") from error
    except BrokenBodyError as error:
        raise MalformedAnswerError(service, f"sent a body that can't be read: {error}") from error


def _not_connected(
    service: str, error: httpcore.ConnectError, proxy: Proxy | None
) -> UnreachableError:
    cause = _root(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return UnreachableError(
            service,
            f"shows a certificate that is not trusted ({cause.verify_message})",
            "if your network has an authority of its own, name its file in SSL_CERT_FILE",
        )
    if isinstance(cause, ssl.SSLError):
        return UnreachableError(service, "does not speak TLS that we accept", "try http://")
    if proxy:
        return UnreachableError(
            service, f"can't be reached: the proxy in {proxy.variable} does not answer", "start it"
        )
    return UnreachableError(service, "refuses the connection", _mend(proxy))


def _mend(proxy: Proxy | None) -> str:
    if proxy:
        return f"try again, or check the proxy in {proxy.variable}"
    return "try again later; set HTTPS_PROXY if this network needs a proxy"


def _root(error: BaseException) -> BaseException:
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return error
