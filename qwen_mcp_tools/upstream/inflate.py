"""Compressed bodies, inflated piece by piece and never further than is asked for.

httpx inflates without a limit: a body of 1 MB can hold 1 GB.
"""

import zlib
from typing import Protocol

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

MAX_WINDOW = 8 * 1024 * 1024
"""The memory a zstd frame may ask for (RFC 9659 says 8 MB for the web)."""

ZSTD_BITE = 128
"""Bytes of zstd fed at once: four of them can stand for 128 KiB."""


class BrokenBodyError(ValueError):
    """A body that is not what its Content-Encoding says."""


class Inflater(Protocol):
    """Takes a compressed body in pieces."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Return what `data` inflates to, at most about `room` bytes of it."""
        ...

    def is_whole(self) -> bool:
        """Say whether the body came to its end."""
        ...


def inflater_for(content_encoding: str) -> Inflater:
    """Return what inflates a body with this header; an empty one is passed on as it is.

    Raises:
        BrokenBodyError: Several encodings on top of each other, or one that was not asked for.
    """
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if len(names) > 1:
        raise BrokenBodyError("it is compressed more than once")
    match names:
        case []:
            return _Plain()
        case ["gzip" | "x-gzip"]:
            return _Gzip()
        case ["deflate"]:
            return _Deflate()
        case ["br"]:
            return _Brotli()
        case ["zstd"]:
            return _Zstd()
        case _:
            raise BrokenBodyError("its compression was not asked for")


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]

    def is_whole(self) -> bool:
        return True


class _Gzip:
    """One or more members, one after the other (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    def feed(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        while data and room > 0:
            if self._member.eof:
                if not data.startswith(b"\x1f\x8b"):
                    break  # Padding after the last member.
                self._member = zlib.decompressobj(wbits=31)
            piece = _zlib(self._member, data, room)
            pieces.append(piece)
            room -= len(piece)
            data = self._member.unused_data
        return b"".join(pieces)

    def is_whole(self) -> bool:
        return self._member.eof


class _Deflate:
    """A zlib stream, or the bare one that some servers send for it (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()
        self._started = False

    def feed(self, data: bytes, room: int) -> bytes:
        if not self._started and data:
            self._started = True
            if data[0] & 0x0F != 8:
                self._stream = zlib.decompressobj(wbits=-15)
        return _zlib(self._stream, data, room)

    def is_whole(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._stream = brotli.Decompressor()
        self._error = brotli.error

    def feed(self, data: bytes, room: int) -> bytes:
        try:
            piece: bytes = self._stream.process(data, output_buffer_limit=room)
            while len(piece) < room and not self._stream.can_accept_more_data():
                piece += self._stream.process(b"", output_buffer_limit=room - len(piece))
        except self._error as error:
            raise BrokenBodyError("its compression is broken") from error
        return piece

    def is_whole(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    def __init__(self) -> None:
        import zstandard

        self._stream = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()
        self._error = zstandard.ZstdError

    def feed(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        try:
            for at in range(0, len(data), ZSTD_BITE):
                if room <= 0 or self._stream.eof:
                    break
                pieces.append(self._stream.decompress(data[at : at + ZSTD_BITE]))
                room -= len(pieces[-1])
        except self._error as error:
            raise BrokenBodyError("its compression is broken") from error
        return b"".join(pieces)

    def is_whole(self) -> bool:
        return self._stream.eof


def _zlib(stream: "zlib._Decompress", data: bytes, room: int) -> bytes:
    try:
        return stream.decompress(data, room)
    except zlib.error as error:
        raise BrokenBodyError("its compression is broken") from error
