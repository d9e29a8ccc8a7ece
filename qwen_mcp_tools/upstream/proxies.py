"""Routes: which proxy a URL takes and which certificates are trusted, derived once.

httpx, requests (under PyGithub) and the SDK each read the environment in a way of their own;
they are told not to, and get what stands here.
"""

import ipaddress
import re
import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.addresses import is_within, literal_in

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_RULE = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>[0-9]+)")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the variable that names it, which is all that a message may show."""

    variable: str
    scheme: str
    host: str
    port: int
    url: Secret
    """As it was written, user and password included: what requests takes."""

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS 5 and not HTTP; either way it looks names up itself."""
        return self.scheme.startswith("socks")

    @property
    def account(self) -> tuple[str, str] | None:
        """User and password, where the URL holds them."""
        parts = urlsplit(self.url.reveal())
        if not parts.username:
            return None
        return unquote(parts.username), unquote(parts.password or "")


class Routes:
    """How each URL is reached.

    Raises:
        SettingError: A proxy or the certificates that are named can't be used.
    """

    def __init__(self, settings: Settings) -> None:
        both = _proxy("ALL_PROXY", settings.all_proxy)
        self._proxies = {
            "https": _proxy("HTTPS_PROXY", settings.https_proxy) or both,
            "http": _proxy("HTTP_PROXY", settings.http_proxy) or both,
        }
        self._direct = tuple(map(str.lower, settings.no_proxy))
        self._certificates = settings.ssl_cert_file, settings.ssl_cert_dir
        if any(self._certificates):
            _ = self.tls  # What can't be used is told at the start, not in the first call.

    def proxy_for(self, url: str) -> Proxy | None:
        """Return the proxy that `url` goes through; loopback never goes through one."""
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        if _is_loopback(host) or any(_matches(rule, host, port) for rule in self._direct):
            return None
        return self._proxies.get(parts.scheme)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The context that all connections share; making it takes 31 ms, so only when needed."""
        import certifi

        file, folder = self._certificates
        if folder and not Path(folder).is_dir():
            raise SettingError("SSL_CERT_DIR takes a folder of certificates; there is none")
        try:
            return ssl.create_default_context(
                cafile=file or (None if folder else certifi.where()), capath=folder or None
            )
        except OSError as error:  # ssl.SSLError too
            raise SettingError(
                "SSL_CERT_FILE takes a file of PEM certificates; this one can't be read"
            ) from error


def _is_loopback(host: str) -> bool:
    literal = literal_in(host)
    return literal.is_loopback if literal else f".{host.lower()}".endswith(".localhost")


def _proxy(variable: str, url: Secret | None) -> Proxy | None:
    if url is None:
        return None
    text = url.reveal() if "://" in url.reveal() else f"http://{url.reveal()}"
    # GNOME writes socks://, which Chromium and curl read as SOCKS 5 too.
    text = re.sub(r"^socks://", "socks5h://", text, flags=re.IGNORECASE)
    try:
        parts = urlsplit(text)
        usual_port = _DEFAULT_PORTS[parts.scheme]
        port = parts.port or usual_port
        host = _ascii_host(parts)
    except (ValueError, KeyError):
        # Not `from` its cause, which may quote the password.
        raise SettingError(
            f"{variable} takes http://HOST:PORT or socks5://HOST:PORT, not what it holds"
        ) from None
    return Proxy(variable, parts.scheme, host, port, Secret(text))


def _ascii_host(parts: SplitResult) -> str:
    if not parts.hostname or not parts.hostname.isascii():
        raise ValueError("no host")
    return parts.hostname


def _matches(rule: str, host: str, port: int) -> bool:
    """Match an entry of NO_PROXY: `*`, a name and all below it, an address, a network, a port."""
    narrowed = _RULE.fullmatch(rule)
    if narrowed:
        return int(narrowed["port"]) == port and _matches(narrowed["host"], host, port)
    if rule == "*":
        return True
    literal = literal_in(host)
    if literal:
        try:
            return is_within(literal, [ipaddress.ip_network(rule.strip("[]"), strict=False)])
        except ValueError:
            return False
    domain = rule.removeprefix("*").removeprefix(".")
    return bool(domain) and f".{host}".endswith(f".{domain}")
