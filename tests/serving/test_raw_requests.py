"""What no well-behaved client sends, over raw sockets: one word of refusal, and the next is served.

Each row is what is sent and the status lines that come back, in their order.
"""

import re
import socket
from collections.abc import Generator
from contextlib import ExitStack

import httpx
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.serving.gate import MAX_HEADERS
from qwen_mcp_tools.serving.http import MAX_CONNECTIONS
from qwen_mcp_tools.serving.request_timer import TimedHttpProtocol
from qwen_mcp_tools.serving.streams import MOST_OF_ONE, Streams
from tests.serving.running import PATIENCE, serving

INITIALIZE = (
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",'
    b'"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}'
)
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(INITIALIZE), INITIALIZE)
TOKEN, OTHER = "a-token-of-ann-for-the-test", "a-token-of-bob-for-the-test"
LAST = b"POST /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""Its answer says that all before it were read to their ends, and nothing more comes."""

CHUNKS = b"Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def address(running_sandbox: Sandbox) -> Generator[str]:
    with serving(**running_sandbox.settings()) as address:
        yield address


@pytest.fixture(scope="module")
def guarded() -> Generator[str]:
    with serving(QWEN_MCP_TOKEN=f"ann:{TOKEN},bob:{OTHER}") as address:
        yield address


def request(  # noqa: PLR0913 - a request has that many parts
    *extra: bytes,
    line: bytes = b"POST /mcp HTTP/1.1",
    host: bytes | None = b"OWN",
    body: bytes = INITIALIZE,
    length: bytes | None = b"RIGHT",
    kind: bytes = b"application/json",
    accept: bytes = b"application/json, text/event-stream",
) -> bytes:
    lines = [line]
    lines += [b"Host: " + host] if host is not None else []
    lines += [b"Accept: " + accept, b"Content-Type: " + kind]
    if length is not None:
        lines.append(b"Content-Length: " + length.replace(b"RIGHT", b"%d" % len(body)))
    return b"\r\n".join([*lines, *extra]) + b"\r\n\r\n" + body


def get(path: bytes, *extra: bytes, host: bytes = b"OWN") -> bytes:
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: " + host, *extra]) + b"\r\n\r\n"


def answers(address: str, sent: bytes) -> list[int]:
    """Return the statuses of the answers to `sent`; OWN in it stands for the server's own Host."""
    host, port = address.removeprefix("http://").split(":")
    sent = (sent + LAST).replace(b"OWN", f"{host}:{port}".encode()).replace(b"PORT", port.encode())
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(sent)
        heard = b""
        while piece := _received(connection):
            heard += piece
    *before, last = re.split(rb"(?=HTTP/1\.1 \d{3} )", heard)[1:]
    statuses = [int(each[9:12]) for each in (*before, last)]
    return statuses[:-1] if last.endswith(b"\r\n\r\nMethod Not Allowed") else statuses


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


FORMS = {
    "as it should be": (request(), [200]),
    "in chunks": (request(CHUNKS, length=None, body=CHUNKED), [200]),
    "chunk with an extension": (
        request(CHUNKS, length=None, body=CHUNKED.replace(b"\r\n", b";a=b\r\n", 1)),
        [200],
    ),
    "length and chunks": (request(CHUNKS, body=CHUNKED), [400]),
    "chunks and length": (
        request(CHUNKS, b"Content-Length: 4", length=None, body=CHUNKED + get(b"/healthz")),
        [400],
    ),
    "two lengths": (request(b"Content-Length: 3"), [400]),
    "list of lengths": (request(length=b"5, 6"), [400]),
    "signed length": (request(length=b"+5"), [400]),
    "negative length": (request(length=b"-1"), [400]),
    "length in hex": (request(length=b"0x10"), [400]),
    "length with a unit": (request(length=b"5B"), [400]),
    "empty length": (request(length=b""), [400]),
    "length with a blank in front of the colon": (
        request(b"Content-Length : 5", length=None),
        [400],
    ),
    "unknown coding": (request(b"Transfer-Encoding: xchunked", length=None, body=CHUNKED), [400]),
    "two codings": (
        request(b"Transfer-Encoding: chunked, identity", length=None, body=CHUNKED),
        [400],
    ),
    "gzip in chunks": (
        request(b"Transfer-Encoding: gzip, chunked", length=None, body=CHUNKED),
        [400],
    ),
    "coding said twice": (request(CHUNKS, CHUNKS, length=None, body=CHUNKED), [400]),
    "coding behind a control": (
        request(b"Transfer-Encoding: \x0bchunked", length=None, body=CHUNKED),
        [400],
    ),
    "chunk without a size": (request(CHUNKS, length=None, body=b"zz\r\nab\r\n0\r\n\r\n"), [400]),
    "negative chunk": (request(CHUNKS, length=None, body=b"-5\r\nabcde\r\n0\r\n\r\n"), [400]),
    "chunk longer than it says": (
        request(CHUNKS, length=None, body=b"2\r\nabcd\r\n0\r\n\r\n"),
        [400],
    ),
    "three at once": (request() * 3, [200, 200, 200]),
    "one after a refused one": (request(host=b"evil.example") + request(), [421, 200]),
    "another version": (request(line=b"POST /mcp HTTP/2.0"), [505]),
    "HTTP/2 in the clear": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
    "upgrade to HTTP/2": (
        request(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMA"),
        [200],
    ),
    "HTTP/1.0": (request(line=b"POST /mcp HTTP/1.0"), [200]),
    "no version": (b"POST /mcp\r\nHost: OWN\r\n\r\n", [400]),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100 + b"\r\n\r\n", [400]),
    "no HTTP": (b"\xff\xfe\0\r\n\r\n", [400]),
    "NUL in a header": (request(b"X-A: a\0b"), [400]),
    "blank in a name": (request(b"X A: b"), [400]),
    "no colon": (request(b"XA"), [400]),
    "method that is none": (request(line=b"M\xffX /mcp HTTP/1.1"), [400]),
    "expectation": (request(b"Expect: 100-continue"), [100, 200]),
    "many headers": (request(*(b"X-%d: aaaaaaaaaaaaaaa" % at for at in range(2000))), [431]),
    "long header": (request(b"X: " + b"a" * MAX_HEADERS), [431]),
    "long target": (request(line=b"POST /mcp?" + b"a" * MAX_HEADERS + b" HTTP/1.1"), [431]),
    "compressed body": (request(b"Content-Encoding: gzip", body=b"\x1f\x8b"), [415]),
    "body twice compressed": (request(b"Content-Encoding: gzip, br"), [415]),
    "body as it is": (request(b"Content-Encoding: identity"), [200]),
    "no JSON": (request(body=b"{broken"), [400]),
    "no UTF-8": (request(body=b'{"jsonrpc":"2.0","id":1,"method":"p\xff"}'), [400]),
    "half a character": (
        request(body=rb'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\ud800"}}'),
        [400],
    ),
    "zeros": (request(body=b"\0" * 10), [400]),
    "nothing": (request(body=b""), [400]),
    "batch": (request(body=b"[" + INITIALIZE + b"]"), [400]),
    "null": (request(body=b"null"), [400]),
    "deep": (request(body=b"[" * 100_000), [400]),
    "deep objects": (request(body=b'{"a":' * 100_000), [400]),
    "form": (request(kind=b"application/x-www-form-urlencoded"), [400]),
    "plain text, which a page may send unasked": (request(kind=b"text/plain"), [400]),
    "multipart": (request(kind=b"multipart/form-data; boundary=x"), [400]),
    "answer that it can't give": (request(accept=b"text/html"), [406]),
    "unknown version of the protocol": (request(b"MCP-Protocol-Version: 1999-01-01"), [400]),
    "session that is none": (request(b"Mcp-Session-Id: ../../etc"), [200]),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "statuses"), FORMS.values(), ids=FORMS.keys())
def test_a_request_of_any_form_is_answered_or_refused(
    address: str, sent: bytes, statuses: list[int]
) -> None:
    assert answers(address, sent) == statuses
    assert answers(address, request()) == [200]


HOSTS = {
    "IPv4": (b"OWN", 200),
    "name": (b"localhost:PORT", 200),
    "capitals": (b"LOCALHOST:PORT", 200),
    "IPv6": (b"[::1]:PORT", 200),
    "no port": (b"127.0.0.1", 421),
    "another port": (b"127.0.0.1:1", 421),
    "port with a zero in front": (b"127.0.0.1:0PORT", 421),
    "two ports": (b"127.0.0.1:PORT:PORT", 421),
    "empty port": (b"127.0.0.1:", 421),
    "another name": (b"evil.example", 421),
    "a name that was pointed here": (b"rebound.example:PORT", 421),
    "beginning alike": (b"localhost.evil.example:PORT", 421),
    "address in a name": (b"127.0.0.1.nip.io:PORT", 421),
    "below localhost": (b"evil.localhost:PORT", 421),
    "dot at its end": (b"localhost.:PORT", 421),
    "user in front": (b"evil@localhost:PORT", 421),
    "user of its form": (b"localhost:PORT@evil.example", 421),
    "blank": (b"localhost :PORT", 421),
    "path": (b"localhost:PORT/x", 421),
    "list": (b"OWN, evil.example", 421),
    "short address": (b"127.1:PORT", 421),
    "decimal address": (b"2130706433:PORT", 421),
    "hexadecimal address": (b"0x7f000001:PORT", 421),
    "any address": (b"0.0.0.0:PORT", 421),
    "mapped address": (b"[::ffff:127.0.0.1]:PORT", 421),
    "long address": (b"[0:0:0:0:0:0:0:1]:PORT", 421),
    "scheme": (b"http://localhost:PORT", 421),
    "empty": (b"", 421),
    "missing": (None, 400),
}


@pytest.mark.parametrize(("host", "status"), HOSTS.values(), ids=HOSTS.keys())
def test_the_host_is_one_of_a_list(address: str, host: bytes | None, status: int) -> None:
    assert answers(address, request(host=host)) == [status]


@pytest.mark.parametrize("path", [b"/sse", b"/mcp", b"/messages/?session_id=0", b"/", b"/nothing"])
def test_no_path_but_health_is_served_to_another_host(address: str, path: bytes) -> None:
    assert answers(address, get(path, host=b"evil.example")) == [421]
    assert answers(address, get(b"/healthz", host=b"evil.example")) == [200]


@pytest.mark.parametrize("second", [b"evil.example", b"OWN"])
def test_a_second_host_is_refused(address: str, second: bytes) -> None:
    assert answers(address, request(b"Host: " + second)) == [400]


@pytest.mark.parametrize(
    "header", [b"X-Forwarded-Host", b"X-Host", b"Forwarded", b"X-Original-Url"]
)
def test_nothing_else_stands_for_the_host(address: str, header: bytes) -> None:
    assert answers(address, request(header + b": OWN", host=b"evil.example")) == [421]


ORIGINS = {
    "own": (b"http://OWN", 200),
    "own name": (b"http://localhost:PORT", 200),
    "capitals": (b"HTTP://LOCALHOST:PORT", 200),
    "no port": (b"http://localhost", 403),
    "another port": (b"http://localhost:1", 403),
    "TLS": (b"https://localhost:PORT", 403),
    "slash": (b"http://localhost:PORT/", 403),
    "beginning alike": (b"http://localhost:PORT.evil.example", 403),
    "user of its form": (b"http://localhost:PORT@evil.example", 403),
    "no page": (b"null", 403),
    "file": (b"file://", 403),
    "extension": (b"chrome-extension://abcdefghijklmnop", 403),
    "another": (b"https://evil.example", 403),
    "any": (b"*", 403),
    "empty": (b"", 403),
    "two in one": (b"http://OWN https://evil.example", 403),
}


@pytest.mark.parametrize(("origin", "status"), ORIGINS.values(), ids=ORIGINS.keys())
@pytest.mark.parametrize("path", [b"/mcp", b"/messages/?session_id=0"])
def test_the_origin_is_one_of_a_list(address: str, path: bytes, origin: bytes, status: int) -> None:
    sent = request(b"Origin: " + origin, line=b"POST " + path + b" HTTP/1.1")
    (told,) = answers(address, sent)

    assert (told == 403) == (status == 403)


METHODS = [b"PUT", b"PATCH", b"TRACE", b"OPTIONS", b"HEAD", b"DELETE", b"post", b"PROPFIND"]


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused(address: str, method: bytes) -> None:
    assert answers(address, request(line=method + b" /mcp HTTP/1.1")) == [405]


PATHS = {
    b"//mcp": 404,
    b"/./mcp": 404,
    b"/x/../mcp": 404,
    b"/healthz/../mcp": 404,
    b"/mcp%00": 404,
    b"/mcp;x": 404,
    b"/MCP": 404,
    b"/%6dcp": 200,  # the same path (RFC 3986, section 6.2.2.2)
    b"http://evil.example/mcp": 404,
    b"/docs": 404,
    b"/openapi.json": 404,
    b"/.env": 404,
    b"/metrics": 404,
    b"/../../etc/passwd": 404,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=str)
def test_only_the_paths_that_are_named_are_served(address: str, path: bytes, status: int) -> None:
    assert answers(address, request(line=b"POST " + path + b" HTTP/1.1")) == [status]


AUTHORIZATIONS = {
    "right": (b"Authorization: Bearer TOKEN", 200),
    "small letters": (b"authorization: bearer TOKEN", 200),
    "none": (b"X: y", 401),
    "empty": (b"Authorization: ", 401),
    "scheme only": (b"Authorization: Bearer", 401),
    "token only": (b"Authorization: TOKEN", 401),
    "another scheme": (b"Authorization: Basic TOKEN", 401),
    "name and token": (b"Authorization: Bearer ann:TOKEN", 401),
    "name": (b"Authorization: Bearer ann", 401),
    "one letter less": (b"Authorization: Bearer a-token-of-ann-for-the-tes", 401),
    "one letter more": (b"Authorization: Bearer TOKENx", 401),
    "other letters": (b"Authorization: Bearer A-TOKEN-OF-ANN-FOR-THE-TEST", 401),
    "both tokens": (b"Authorization: Bearer TOKEN,a-token-of-bob-for-the-test", 401),
    "quoted": (b'Authorization: Bearer "TOKEN"', 401),
    "not ASCII": (b"Authorization: Bearer t\xc3\xb6k\xc3\xa9n-for-the-test-0", 401),
    "Latin-1": (b"Authorization: Bearer t\xf6k\xe9n-for-the-test-0", 401),
    "twice": (b"Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN", 401),
    "wrong and right": (b"Authorization: Bearer x\r\nAuthorization: Bearer TOKEN", 401),
    "right and wrong": (b"Authorization: Bearer TOKEN\r\nAuthorization: Bearer x", 401),
    "proxy's": (b"Proxy-Authorization: Bearer TOKEN", 401),
    "cookie": (b"Cookie: token=TOKEN; Authorization=Bearer TOKEN", 401),
    "header of its own": (b"X-Api-Key: TOKEN", 401),
    "very long": (b"Authorization: Bearer " + b"x" * 30_000, 401),
}


@pytest.mark.parametrize(("header", "status"), AUTHORIZATIONS.values(), ids=AUTHORIZATIONS.keys())
def test_only_a_known_token_lets_in(guarded: str, header: bytes, status: int) -> None:
    header = header.replace(b"TOKEN", TOKEN.encode())

    assert answers(guarded, request(header)) == [status]


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "api_key", "key"])
def test_a_token_in_the_address_does_not_let_in(guarded: str, name: str) -> None:
    line = f"POST /mcp?{name}={TOKEN} HTTP/1.1".encode()

    assert answers(guarded, request(line=line)) == [401]


@pytest.mark.parametrize(
    "path",
    [b"/mcp", b"/sse", b"/messages/?session_id=0", b"/metrics", b"/", b"/%6dcp", b"/nothing"],
)
def test_nothing_but_health_is_told_without_a_token(guarded: str, path: bytes) -> None:
    assert answers(guarded, get(path)) == [401]


@pytest.mark.parametrize("path", ["/sse", "/mcp"])
def test_streams_that_only_listen_leave_room_for_calls(guarded: str, path: str) -> None:
    ann, bob = ({"Authorization": f"Bearer {token}"} for token in (TOKEN, OTHER))
    accept = {"Accept": "text/event-stream"}
    with ExitStack() as streams, httpx.Client() as client:
        for _ in range(MOST_OF_ONE):
            opened = streams.enter_context(
                httpx.stream("GET", guarded + path, headers=ann | accept)
            )
            assert opened.status_code == 200
        refused = client.get(guarded + path, headers=ann | accept)
        call = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}

        assert (refused.status_code, refused.headers["connection"]) == (429, "close")
        with client.stream("GET", guarded + path, headers=bob | accept) as other:
            assert other.status_code == 200
        for who in (ann, bob):
            answer = client.post(f"{guarded}/mcp", content=INITIALIZE, headers=who | call)
            assert answer.status_code == 200


def test_a_stream_that_ended_makes_room_again() -> None:
    streams = Streams(most=3, most_of_one=2)
    with streams.listening("ann") as first, streams.listening("ann") as second:
        with streams.listening("ann") as third, streams.listening("bob") as fourth:
            with streams.listening("cy") as fifth:
                assert (first, second, third, fourth, fifth) == (True, True, False, True, False)
    with streams.listening("ann") as again:
        assert again


def test_a_full_server_says_that_it_lives_and_keeps_nobody(guarded: str) -> None:
    where = httpx.URL(guarded).host, httpx.URL(guarded).port
    with ExitStack() as connections:
        for _ in range(MAX_CONNECTIONS):
            connections.enter_context(socket.create_connection(where, PATIENCE))
        for _ in range(2 * (TimedHttpProtocol.most - MAX_CONNECTIONS)):
            told = connections.enter_context(httpx.Client()).get(f"{guarded}/healthz")
            assert (told.status_code, told.headers["connection"]) == (200, "close")


def test_more_connections_than_files_can_be_had_for_are_closed(guarded: str) -> None:
    where = httpx.URL(guarded).host, httpx.URL(guarded).port
    with ExitStack() as connections:
        kept = [
            connections.enter_context(socket.create_connection(where, PATIENCE))
            for _ in range(TimedHttpProtocol.most)
        ]
        one_more = connections.enter_context(socket.create_connection(where, PATIENCE))

        assert _received(one_more) == b""
        kept[0].close()
        kept[1].sendall(get(b"/healthz", host=b"lb"))
        assert kept[1].recv(12) == b"HTTP/1.1 200"
