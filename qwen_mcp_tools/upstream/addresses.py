"""Which addresses are public, and which URLs are refused before any look-up."""

import ipaddress
import re
from collections.abc import Iterable

import httpx

from qwen_mcp_tools.errors import RefusedError
from qwen_mcp_tools.text import one_line

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
"""All that IANA has given out for the public internet (RFC 4291, 2.4).

IPv4 inside IPv6 (mapped, compatible, translated, NAT64) lies outside of it.
"""

_NOT_PUBLIC: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); 100.100.100.200 is Alibaba's metadata
            "127.0.0.0/8",  # loopback (RFC 1122)
            "168.63.129.16/32",  # Azure's platform address, public in form only
            "169.254.0.0/16",  # link-local (RFC 3927), most clouds' metadata
            "172.16.0.0/12",  # private (RFC 1918)
            "192.0.0.0/24",  # protocol assignments (RFC 6890), Oracle's metadata
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "192.168.0.0/16",  # private (RFC 1918)
            "198.18.0.0/15",  # benchmarks (RFC 2544), and local proxies' made-up answers
            "198.51.100.0/24",  # documentation (RFC 5737)
            "203.0.113.0/24",  # documentation (RFC 5737)
            "224.0.0.0/4",  # multicast (RFC 1112)
            "240.0.0.0/4",  # reserved (RFC 1112) and broadcast (RFC 919)
            "2001::/23",  # Teredo, ORCHID and other assignments (RFC 2928)
            "2001:db8::/32",  # documentation (RFC 3849)
            "2002::/16",  # 6to4, an IPv4 address inside (RFC 3056)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
_ISATAP = re.compile(r"0[0-3]00:5efe")
"""The middle of an address that tunnels to the IPv4 address at its end (RFC 5214, 6.1)."""

_SPECIAL_NAMES = (
    "localhost", "local", "localdomain", "localdomain6", "internal", "intranet", "lan", "home",
    "home.arpa", "corp", "mail", "private", "svc", "test", "invalid", "onion", "alt",
    "metadata.goog", "metadata.tencentyun.com", "metadata.packet.net",
    "metadata.platformequinix.com",
)  # fmt: skip
"""Names never of the public internet (RFC 6761, 6762, 7686, 8375, 9476; ICANN), clouds' metadata"""

_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668}
    | {6669, 6679, 6697, 10080}
)
"""The ports above 1024 that WHATWG Fetch blocks (2.9, "port blocking")."""

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def is_public(address: Address) -> bool:
    """Say whether `address` is one of the public internet, seen through no tunnel."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _GLOBAL_IPV6 or _ISATAP.match(address.exploded, 20)
    ):
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not is_within(address, _NOT_PUBLIC)
    )


def is_special(name: str) -> bool:
    """Say whether `name` never means a host of the public internet: `printer`, `nas.local`."""
    name = name.lower().removesuffix(".")
    if "." not in name:
        return True
    return any(name == special or name.endswith(f".{special}") for special in _SPECIAL_NAMES)


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Say whether `address` lies in one of `networks`."""
    return any(network.version == address.version and address in network for network in networks)


def literal_in(host: str) -> Address | None:
    """Return the address that `host` spells out, `None` for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def judge_url(url: str) -> httpx.URL:
    """Return `url`, parsed as it will be requested, if its form may lead to a public host.

    Host, port and user name are judged after parsing, so no second parser can read them otherwise.

    Raises:
        RefusedError: Scheme, port or spelling is one that we never follow.
    """
    if not _SCHEME.match(url):
        raise _refused(url, "only http:// and https:// addresses are read")
    if _UNSAFE.search(url):
        raise _refused(url, "a URL has no spaces, controls or backslashes")
    try:
        parsed = httpx.URL(url)
        _ = parsed.host  # Read later on by everybody: a broken `xn--` name raises there.
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _refused(url, "it is no valid URL") from error
    fault = _fault(parsed)
    if fault:
        raise _refused(url, fault)
    return parsed


def _fault(url: httpx.URL) -> str:
    if url.userinfo:
        return "a URL with a user name or password is not followed"
    if not _is_web_port(url.port):
        return f"port {url.port} is not one of 80, 443 or a web port above 1024"
    host = url.raw_host.decode("ascii")
    if "%" in host or not (literal_in(host) or _HOST_NAME.fullmatch(host)):
        return "its host is no name and no address"
    if _NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]) and not literal_in(host):
        return "its host is a number in disguise"
    return ""


def _is_web_port(port: int | None) -> bool:
    return port in {None, 80, 443} or (1024 < (port or 0) <= 65535 and port not in _BAD_PORTS)


def _refused(url: str, reason: str) -> RefusedError:
    without_password = re.sub(r"//[^/?#]*@", "//", url, count=1)
    return RefusedError(one_line(without_password, 120), reason)
