"""The way out: which proxy a URL takes and which certificates are trusted, derived once.

httpx, PyGithub and the SDK each read the environment in a way of their own; here it is read once.
"""

import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.settings import Secret, Settings
from qwen_mcp_tools.upstream.addresses import Network, is_within, literal_in

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the variable that names it, which is all that a message may show."""

    variable: str
    url: Secret


class Routes:
    """How each URL is reached.

    Raises:
        SettingError: A proxy's URL can't be used.
    """

    def __init__(self, settings: Settings) -> None:
        everything = _proxy("ALL_PROXY", settings.all_proxy)
        self._proxies = {
            "https": _proxy("HTTPS_PROXY", settings.https_proxy) or everything,
            "http": _proxy("HTTP_PROXY", settings.http_proxy) or everything,
        }
        self._direct = tuple(map(str.lower, settings.no_proxy))
        self._certificates = settings.ssl_cert_file, settings.ssl_cert_dir

    def proxy_for(self, url: str) -> Proxy | None:
        """Return the proxy that `url` goes through; loopback never goes through one."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if _is_loopback(host) or any(_matches(rule, host, parts.port) for rule in self._direct):
            return None
        return self._proxies.get(parts.scheme)

    @property
    def has_proxy(self) -> bool:
        """Whether anything goes through a proxy."""
        return any(self._proxies.values())

    @property
    def certificates(self) -> str:
        """The file (or else the folder) of trusted certificates, empty for the usual ones."""
        file, folder = self._certificates
        return file or folder

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The TLS context that all connections share; making it takes 31 ms, so only when needed.

        Raises:
            SettingError: SSL_CERT_FILE or SSL_CERT_DIR can't be used.
        """
        import certifi

        file, folder = self._certificates
        if folder and not Path(folder).is_dir():
            raise SettingError("SSL_CERT_DIR names no folder")
        try:
            return ssl.create_default_context(
                cafile=file or (None if folder else certifi.where()), capath=folder or None
            )
        except (OSError, ssl.SSLError) as error:
            raise SettingError("SSL_CERT_FILE holds no certificates that can be read") from error


def _proxy(variable: str, url: Secret | None) -> Proxy | None:
    if url is None:
        return None
    text = url.reveal()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in PROXY_SCHEMES or not parts.hostname:
        raise SettingError(f"{variable} takes a URL such as http://127.0.0.1:7890")
    return Proxy(variable, Secret(parts.geturl().replace("socks5h://", "socks5://")))


def _is_loopback(host: str) -> bool:
    literal = literal_in(host)
    return host == "localhost" or bool(literal and literal.is_loopback)


def _matches(rule: str, host: str, port: int | None) -> bool:
    """Match one entry of NO_PROXY: `*`, a name and all below it, an address, a network."""
    name, colon, wanted = rule.rpartition(":")
    if colon and wanted.isdecimal() and "]" not in wanted and name.count(":") == 0:
        return int(wanted) == port and _matches(name, host, None)
    literal = literal_in(host)
    if literal:
        return is_within(literal, _networks(rule))
    domain = rule.removeprefix("*").removeprefix(".")
    return rule == "*" or (bool(domain) and (host == domain or host.endswith(f".{domain}")))


def _networks(rule: str) -> Sequence[Network]:
    if rule == "*":
        return ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")
    try:
        return (ipaddress.ip_network(rule.strip("[]"), strict=False),)
    except ValueError:
        return ()
