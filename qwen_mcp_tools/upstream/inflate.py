"""Compressed bodies, inflated piece by piece and never further than is asked for.

httpx inflates without a limit: a body of 1 MB can hold 1 GB.
"""

import zlib
from collections.abc import Callable
from typing import Any, Protocol

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

MAX_WINDOW = 8 * 1024 * 1024
"""The memory a zstd frame may ask for (RFC 9659, 3)."""

ZSTD_BITE = 128
"""Bytes of zstd fed at once: four of them can stand for 128 KiB, and it knows no limit itself."""


class BrokenBodyError(ValueError):
    """A body that is not what its Content-Encoding says."""


class Inflater:
    """Takes a compressed body in pieces."""

    def __init__(self, decoder: "_Decoder", error: type[Exception] = zlib.error) -> None:
        self._decoder = decoder
        self._error = error

    def feed(self, data: bytes, room: int) -> bytes:
        """Return what `data` (not empty) inflates to, or about `room` bytes where it is more.

        Raises:
            BrokenBodyError: It is not compressed as the header says.
        """
        try:
            return self._decoder.feed(data, room)
        except self._error as error:
            raise BrokenBodyError("its compression is broken") from error

    def is_whole(self) -> bool:
        """Say whether the body came to its end."""
        return self._decoder.is_whole()


def inflater_for(content_encoding: str) -> Inflater:
    """Return what inflates a body with this header; an empty one is passed on as it is.

    Raises:
        BrokenBodyError: Several encodings on top of each other, or one that was not asked for.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    match [name for name in names if name not in {"", "identity"}]:
        case []:
            return Inflater(_Plain())
        case ["gzip" | "x-gzip"]:
            return Inflater(_Parts(lambda: zlib.decompressobj(wbits=31), b"\x1f"))
        case ["deflate"]:
            return Inflater(_Deflate())
        case ["br"]:
            return _brotli()
        case ["zstd"]:
            return _zstd()
        case [_]:
            raise BrokenBodyError("its compression was not asked for")
        case _:
            raise BrokenBodyError("it is compressed more than once")


class _Decoder(Protocol):
    def feed(self, data: bytes, room: int) -> bytes: ...

    def is_whole(self) -> bool: ...


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]

    def is_whole(self) -> bool:
        return True


class _Deflate:
    """A zlib stream, or the bare one that some servers send for it (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._stream: Any = None

    def feed(self, data: bytes, room: int) -> bytes:
        if self._stream is None:
            self._stream = zlib.decompressobj(wbits=15 if data[0] & 0x0F == 8 else -15)
        return self._stream.decompress(data, room)

    def is_whole(self) -> bool:
        return bool(self._stream.eof)


class _Brotli:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def feed(self, data: bytes, room: int) -> bytes:
        return self._stream.process(data, output_buffer_limit=room)

    def is_whole(self) -> bool:
        return self._stream.is_finished()


class _Parts:
    """Streams one after the other: gzip's members (RFC 1952, 2.2), zstd's frames (RFC 8878, 3)."""

    def __init__(self, begin: Callable[[], Any], first_bytes: bytes) -> None:
        self._begin = begin
        self._first_bytes = first_bytes
        self._part = begin()

    def feed(self, data: bytes, room: int) -> bytes:
        body = bytearray()
        while data and len(body) < room:
            if self._part.eof:
                if data[0] not in self._first_bytes:
                    break  # Padding after the last of them.
                self._part = self._begin()
            body += self._inflate(data, room - len(body))
            data = self._part.unused_data
        return bytes(body)

    def is_whole(self) -> bool:
        return bool(self._part.eof)

    def _inflate(self, data: bytes, room: int) -> bytes:
        return self._part.decompress(data, room)


class _Frames(_Parts):
    """Parts whose stream knows no limit: little is fed at once."""

    def feed(self, data: bytes, room: int) -> bytes:
        body = bytearray()
        for at in range(0, len(data), ZSTD_BITE):
            body += super().feed(data[at : at + ZSTD_BITE], room - len(body))
        return bytes(body)

    def _inflate(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - it takes none
        return self._part.decompress(data)


def _brotli() -> Inflater:
    import brotli  # pyright: ignore[reportMissingTypeStubs]

    library: Any = brotli
    return Inflater(_Brotli(library.Decompressor()), library.error)


def _zstd() -> Inflater:
    import zstandard

    begin = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj
    frames = _Frames(begin, b"\x28" + bytes(range(0x50, 0x60)))
    return Inflater(frames, zstandard.ZstdError)
