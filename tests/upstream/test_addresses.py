import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import RefusedError
from qwen_mcp_tools.upstream.addresses import is_public, is_special, judge_url
from tests.upstream.loopback import pages

V4 = ipaddress.IPv4Address
V6 = ipaddress.IPv6Address

NOT_PUBLIC = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:7f00:1",
    "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:20::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::5efe:7f00:1", "fec0::1", "ff02::1", "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:10.0.0.1",
]  # fmt: skip

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "168.63.129.15", "172.15.255.255", "172.32.0.0", "192.0.1.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2400:3200::1", "2606:4700::1111",
]  # fmt: skip

PRIVATE_NETWORKS = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
]  # fmt: skip

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９。")


def addresses_in(network: str) -> st.SearchStrategy[V4]:
    within = ipaddress.IPv4Network(network)
    return st.integers(int(within[0]), int(within[-1])).map(V4)


def spellings(address: V4) -> list[str]:
    """Every way of writing an IPv4 address as the host of a URL that some parser understands."""
    number = int(address)
    a, b, c, d = address.packed
    low = f"{number >> 16:x}:{number & 0xFFFF:x}"
    inverted = number ^ 0xFFFFFFFF
    return [
        f"{address}", f"{address}.", f"{number}", f"{number}.", f"0x{number:x}", f"0X{number:X}",
        f"0{number:o}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:04}.{b:04}.{c:04}.{d:04}", f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{number & 0xFFFF}",
        f"{a}.0x{b:x}.0{c:o}.{d}", f"{address}".translate(FULL_WIDTH),
        f"{address}".replace(".", "。"), f"%{ord(str(a)[0]):x}{str(a)[1:]}.{b}.{c}.{d}",
        f"[::ffff:{address}]", f"[::ffff:{low}]", f"[::{low}]", f"[::ffff:0:{low}]",
        f"[64:ff9b::{low}]", f"[64:ff9b::{address}]", f"[64:ff9b:1::{low}]", f"[2002:{low}::1]",
        f"[2001:0:4136:e378:8000:63bf:{inverted >> 16:x}:{inverted & 0xFFFF:x}]",
        f"[fe80::5efe:{low}]", f"[2606:4700::200:5efe:{low}]",
    ]  # fmt: skip


@given(address=st.sampled_from(PRIVATE_NETWORKS).flatmap(addresses_in), data=st.data())
async def test_a_private_address_is_refused_in_every_spelling_without_a_look_up(
    address: V4, data: st.DataObject
) -> None:
    host = data.draw(st.sampled_from(spellings(address)))
    asked: list[str] = []

    async def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return [str(address)]

    async with pages(resolve=resolve) as client:
        with pytest.raises(RefusedError):
            await client.get(f"http://{host}/")

    assert asked == []


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_no_public_host_is_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known_up_to_its_neighbours(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_does_not_call_global(address: V4 | V6) -> None:
    assert not is_public(address) or address.is_global


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_in_a_wrapping_of_ipv6(address: V4) -> None:
    number = int(address)
    wrapped = [
        V6(number),
        V6(0xFFFF << 32 | number),
        V6(0x64FF9B << 96 | number),
        V6(0x2002 << 112 | number << 80),
        V6(0x20010000 << 96 | number ^ 0xFFFFFFFF),
        V6(0x26064700 << 96 | 0x5EFE << 32 | number),
    ]

    assert [each for each in wrapped if is_public(each)] == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "data:text/html,hi",
        "javascript:alert(1)", "//example.com/", "example.com", "http:example.com",
        "http:/example.com", "http:///example.com", "", "http://", "http://:80/",
    ],
)  # fmt: skip
def test_only_whole_http_urls_are_read(url: str) -> None:
    with pytest.raises(RefusedError):
        judge_url(url)


@pytest.mark.parametrize("port", [0, 1, 21, 22, 25, 81, 444, 1023, 1024, 65536, 99999])
def test_a_port_that_is_none_of_the_web_is_refused(port: int) -> None:
    with pytest.raises(RefusedError, match="port"):
        judge_url(f"http://example.com:{port}/")


@pytest.mark.parametrize(
    "port",
    [
        1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
        6669, 6679, 6697, 10080,
    ],
)  # fmt: skip
def test_a_port_that_browsers_block_is_refused(port: int) -> None:
    with pytest.raises(RefusedError, match=f"port {port}"):
        judge_url(f"https://example.com:{port}/")


@pytest.mark.parametrize("port", ["", ":", ":80", ":443", ":1025", ":3000", ":8080", ":65535"])
def test_a_web_port_is_let_through(port: str) -> None:
    assert judge_url(f"http://example.com{port}/").host == "example.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a b", " http://example.com/", "http://example.com/\n",
        "http://exam\tple.com/", "http://example.com\\@127.0.0.1/", "http://example.com/\x00",
        "http://example.com/\x7f", "http://example\xa0.com/", "http://ex%61mple.com/",
        "http://127.0.0.1%2f.example.com/", "http://[fe80::1%25eth0]/", "http://[::1%eth0]/",
        "http://[::1", "http://[127.0.0.1]/", "http://[v1.fe80]/", "http://a..example.com/",
        "http://.example.com/", "http://example.com../", "http://exa$mple.com/",
        "http://example.com:80:80/", "http://example.com:port/", "http://1.2.3.4.5/",
        "http://256.1.1.1/", "http://1.1.1.01/", "http://example.0x7f/", "http://example.123/",
        "http://user@example.com/", "http://user:secret@example.com/", "http://a@b@example.com/",
        "http://-\u2060.com/", "http://xn--a.example\u3002\u3002com/", "http://\u2488.com/",
        "http://" + "a" * 70_000 + ".com/",
    ],
)  # fmt: skip
def test_a_url_that_parsers_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        judge_url(url)

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("HTTPS://Example.COM/", b"example.com"),
        ("http://example.com./", b"example.com."),
        ("http://my_host.example.com/", b"my_host.example.com"),
        ("http://bücher.example/ü?q=ü#ü", b"xn--bcher-kva.example"),
        ("http://例え.テスト/", b"xn--r8jz45g.xn--zckzah"),
        ("http://8.8.8.8/", b"8.8.8.8"),
        ("http://[2606:4700::1111]:8080/", b"2606:4700::1111"),
        ("http://3com.com/", b"3com.com"),
        ("http://example.com/?url=http://user:password@127.0.0.1/", b"example.com"),
    ],
)
def test_an_ordinary_url_is_let_through_with_its_host_in_ascii(url: str, host: bytes) -> None:
    assert judge_url(url).raw_host == host


@pytest.mark.parametrize(
    "name",
    [
        "localhost", "LOCALHOST.", "api.localhost", "printer", "nas.local", "router.lan",
        "metadata.google.internal", "metadata.goog", "metadata.tencentyun.com", "db.internal",
        "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "host.docker.internal",
        "box.home.arpa", "wiki.corp", "example.onion", "a.test", "a.invalid", "instance-data",
        "ip6-localhost", "localhost.localdomain",
    ],
)  # fmt: skip
async def test_a_name_that_is_never_public_is_refused_without_a_look_up(name: str) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"]

    async with pages(resolve=resolve) as client:
        with pytest.raises(RefusedError, match="no name of the public internet"):
            await client.get(f"http://{name}/")

    assert asked == []


@pytest.mark.parametrize("name", ["example.com", "local.example.com", "mylocalhost.dev", "a.app"])
def test_a_name_that_only_looks_special_is_none(name: str) -> None:
    assert not is_special(name)


def test_each_spelling_of_this_property_is_one_that_some_parser_takes() -> None:
    """What the C library reads as an address is among the spellings: the property has teeth."""
    understood = [
        host for host in spellings(V4("127.0.0.1")) if _is_loopback_to_the_c_library(host)
    ]

    assert len(understood) >= 8


def _is_loopback_to_the_c_library(host: str) -> bool:
    try:
        return socket.inet_aton(host) == V4("127.0.0.1").packed
    except (OSError, UnicodeError):
        return False


@pytest.mark.parametrize(
    "host", ["XN--", "xn--", "xn--a.example", "xn--\u00e9.example", "a\u200d.example"]
)
def test_a_name_that_no_alphabet_spells_is_refused(host: str) -> None:
    with pytest.raises(RefusedError):
        judge_url(f"http://{host}/")
