"""Which addresses are public, and which URLs are refused before any look-up."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from qwen_mcp_tools.errors import RefusedError
from qwen_mcp_tools.text import one_line

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
"""All that IANA has given out for the public internet (RFC 4291, 2.4)."""

_NOT_PUBLIC: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); 100.100.100.200 is Alibaba's metadata
            "168.63.129.16/32",  # Azure's platform address, public in form only
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "198.18.0.0/15",  # benchmarks (RFC 2544), and local proxies' made-up answers
            "2001::/23",  # Teredo, ORCHID and other assignments (RFC 2928)
            "2001:db8::/32",  # documentation (RFC 3849)
            "2002::/16",  # 6to4, an IPv4 address inside (RFC 3056)
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
        ),
    )
)
_ISATAP = re.compile(r"(?:0000|0200):5efe$")

_SPECIAL_NAMES = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private",
    "home.arpa", "test", "invalid", "onion", "alt",
)  # fmt: skip
"""Names that never mean the public internet (RFC 6761, 6762, 7686, 8375, 9476; ICANN)."""

_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668}
    | {6669, 6679, 6697, 10080}
)
"""The ports above 1024 that WHATWG Fetch blocks ("bad port"), less those it has let go."""

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_PLAIN_IPV4 = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")


def is_public(address: Address) -> bool:
    """Say whether `address` is one of the public internet, seen through no tunnel."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address in _GLOBAL_IPV6 and not _ISATAP.search(address.exploded[20:29])
    else:
        inside = True
    return (
        inside
        and address.is_global
        and not address.is_multicast
        and not any(
            address in network for network in _NOT_PUBLIC if network.version == address.version
        )
    )


def judge_url(url: str) -> SplitResult:
    """Return the parts of `url` if its form may lead to a public host.

    Raises:
        RefusedError: Scheme, port, spelling or name is one that we never follow.
    """
    if _UNSAFE.search(url):
        raise _refused(url, "a URL has no spaces, controls or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(url, "it is no valid URL") from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise _refused(url, "only http and https are followed")
    if parts.username is not None or parts.password is not None:
        raise _refused(url, "a URL with a user name or password is not followed")
    if not _is_allowed_port(port):
        raise _refused(url, f"port {port} is not one of 80, 443 or a web port above 1024")
    _judge_host(url, parts.hostname or "")
    return parts


def literal_in(host: str) -> Address | None:
    """Return the address that `host` spells out, `None` for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Say whether `address` lies in one of `networks`."""
    return any(network.version == address.version and address in network for network in networks)


def _judge_host(url: str, host: str) -> None:
    if not host or "%" in host:
        raise _refused(url, "its host is empty or escaped")
    if ":" in host:  # urlsplit took it out of brackets: an IPv6 literal
        return
    labels = host.lower().rstrip(".").split(".")
    if _NUMERIC_LABEL.fullmatch(labels[-1]) and not _PLAIN_IPV4.fullmatch(host):
        raise _refused(url, "its host is a number in disguise")
    if not all(labels):
        raise _refused(url, "its host has an empty label")


def is_special(host: str) -> bool:
    """Say whether the name `host` never means the public internet."""
    name = host.lower().rstrip(".")
    if "." not in name:
        return True
    return any(name == special or name.endswith(f".{special}") for special in _SPECIAL_NAMES)


def _is_allowed_port(port: int | None) -> bool:
    return port in {None, 80, 443} or (port > 1024 and port not in _BAD_PORTS)


def _refused(url: str, reason: str) -> RefusedError:
    return RefusedError(one_line(url, 120), reason)
