import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import MalformedAnswerError
from qwen_mcp_tools.upstream.http import MAX_BYTES
from qwen_mcp_tools.upstream.inflate import ACCEPT_ENCODING, BrokenBodyError, inflater_for
from tests.upstream.loopback import answering, listening, pages, reply

MIB = 1024 * 1024

Compress = Callable[[bytes], bytes]


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def framed(data: bytes) -> bytes:
    return zstandard.compress(data[:50]) + zstandard.compress(data[50:])


CODINGS: list[tuple[str, Compress]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("gzip", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]) + b"\0\0"),
    ("deflate", zlib.compress),
    ("deflate", bare_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("zstd", framed),
    ("", bytes),
    ("identity", bytes),
    ("GZIP", gzip.compress),
    ("identity, gzip", gzip.compress),
]
BY_NUMBER = range(len(CODINGS))


def inflated(coding: str, body: bytes, sizes: list[int], room: int = MIB) -> tuple[bytes, bool]:
    """Inflate `body` in pieces of these sizes, then the rest; say too whether it came whole."""
    inflater = inflater_for(coding)
    out = b""
    for size in [*sizes, len(body)]:
        piece, body = body[:size], body[size:]
        out += inflater.feed(piece, room - len(out)) if piece else b""
    return out, inflater.is_whole()


@given(st.sampled_from(BY_NUMBER), st.binary(max_size=3000), st.lists(st.integers(1, 40)))
def test_a_body_is_inflated_whole_however_it_is_cut_into_pieces(
    number: int, text: bytes, sizes: list[int]
) -> None:
    coding, compress = CODINGS[number]

    assert inflated(coding, compress(text), sizes) == (text, True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("body", [b"<!doctype html>" * 40, b"\xff" * 40], ids=["page", "bytes"])
def test_a_body_that_is_not_compressed_as_it_says_is_a_broken_one(coding: str, body: bytes) -> None:
    with pytest.raises(BrokenBodyError, match="its compression is broken"):
        inflated(coding, body, [])


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(), st.integers(0, 300))
def test_a_damaged_body_does_no_more_harm_than_a_broken_one(
    coding: str, damage: bytes, at: int
) -> None:
    compress = next(compress for name, compress in CODINGS if name == coding)
    body = compress(bytes(range(256)) * 3)

    try:
        text, _ = inflated(coding, body[:at] + damage + body[at + len(damage) :], [7] * 20)
    except BrokenBodyError:
        text = b""

    assert len(text) <= MIB


@pytest.mark.parametrize("number", [0, 3, 4, 5, 6])
def test_a_body_that_ends_too_early_is_known_as_cut(number: int) -> None:
    coding, compress = CODINGS[number]
    whole = compress(bytes(range(256)) * 40)

    text, is_whole = inflated(coding, whole[: len(whole) // 2], [])

    assert not is_whole
    assert (bytes(range(256)) * 40).startswith(text)


@pytest.mark.parametrize("header", ["gzip, gzip", "br,gzip", "gzip, identity, deflate"])
async def test_a_body_compressed_twice_is_not_unpacked(header: str) -> None:
    body = gzip.compress(gzip.compress(b"twice"))
    async with (
        listening(answering(reply(body, content_encoding=header))) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(MalformedAnswerError, match="compressed more than once"):
            await client.get(site.url)


@pytest.mark.parametrize("header", ["compress", "aes128gcm", "gzip;q=1"])
async def test_a_coding_that_was_not_asked_for_is_told(header: str) -> None:
    async with (
        listening(answering(reply(content_encoding=header))) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(MalformedAnswerError, match="compression was not asked for"):
            await client.get(site.url)


async def test_what_can_be_inflated_is_what_is_asked_for() -> None:
    async with listening(answering(reply())) as site, pages(site.port) as client:
        await client.get(site.url)

    assert f"accept-encoding: {ACCEPT_ENCODING}\r\n" in site.heads[0].lower()


@pytest.mark.parametrize("coding", [name.strip() for name in ACCEPT_ENCODING.split(",")])
async def test_each_coding_is_inflated_on_its_way(coding: str) -> None:
    compress = next(compress for name, compress in CODINGS if name == coding)
    body = compress(b"<p>hello</p>" * 10_000)
    async with (
        listening(answering(reply(body, content_encoding=coding))) as site,
        pages(site.port) as client,
    ):
        answer = await client.get(site.url)

    assert (answer.body, answer.cut) == (b"<p>hello</p>" * 10_000, False)


async def test_a_compressed_body_without_its_end_is_given_as_cut() -> None:
    whole = gzip.compress(bytes(range(256)) * 400)
    async with (
        listening(answering(reply(whole[:-9], content_encoding="gzip"))) as site,
        pages(site.port) as client,
    ):
        answer = await client.get(site.url)

    assert answer.cut
    assert (bytes(range(256)) * 400).startswith(answer.body)
    with pytest.raises(MalformedAnswerError, match="Brave sent an answer without its end"):
        answer.json("Brave")


def gzip_bomb() -> bytes:
    """1 MB that stands for 1 GB: one block of zeros, a thousand times."""
    stream = zlib.compressobj(wbits=31)
    start = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    block = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return start + block * 1023 + stream.flush()


def deflate_bomb() -> bytes:
    stream = zlib.compressobj()
    start = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    block = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return start + block * 1023


def brotli_bomb() -> bytes:
    stream = brotli.Compressor(quality=1)
    return b"".join(stream.process(bytes(MIB)) for _ in range(100)) + stream.finish()


def zstd_bomb() -> bytes:
    return zstandard.compress(bytes(64 * MIB)) * 64


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [("gzip", gzip_bomb), ("deflate", deflate_bomb), ("br", brotli_bomb), ("zstd", zstd_bomb)],
)
async def test_a_bomb_costs_no_more_than_what_is_kept_of_it(
    coding: str, bomb: Callable[[], bytes]
) -> None:
    answer = reply(bomb(), content_encoding=coding)
    async with listening(answering(answer)) as site, pages(site.port) as client:
        await client.get(site.url, max_bytes=1)  # Loads the library.
        tracemalloc.start()
        page = await client.get(site.url)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (len(page.body), page.cut) == (MAX_BYTES, True)
    assert peak < 5 * MAX_BYTES


async def test_a_frame_that_wants_more_memory_than_the_web_allows_is_not_inflated() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = stream.compress(bytes(range(256)) * 1000) + stream.flush()
    async with (
        listening(answering(reply(body, content_encoding="zstd"))) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(MalformedAnswerError, match="compression is broken"):
            await client.get(site.url)


async def test_a_body_that_inflates_to_nothing_is_not_read_for_ever() -> None:
    empty_member = gzip.compress(b"")
    body = empty_member * 1000
    async with (
        listening(answering(reply(body, content_encoding="gzip"))) as site,
        pages(site.port) as client,
    ):
        answer = await client.get(site.url, max_bytes=len(body) // 2)

    assert (answer.body, answer.cut) == (b"", True)
