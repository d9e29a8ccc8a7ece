"""Takes secrets out of whatever leaves the process: results, errors and log lines."""

import base64
import html
import io
import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import TextIO
from urllib.parse import quote, quote_plus

MASK = "[secret]"
SHORTEST_SECRET = 8
"""A shorter value would blank out ordinary words."""
PIECE = 12
"""A run of this many characters of a secret is as telling as the whole."""
FEWEST_CHARACTERS = 5
"""A run of fewer different ones, such as a row of zeros, tells nothing."""

_BETWEEN = re.compile(r"[\W_]+")
"""What an upstream may put into a key that it repeats: a line end, a backslash before `_`."""

_BLOCK = 6


class Redactor:
    """Replaces each secret, its usual encodings and long pieces of it by `[secret]`.

    Capitals and small letters count as the same. A secret with digits in it is also found where
    spaces, line ends or signs were put into it.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form.lower() for secret in secrets for form in _forms(secret)}
        self._whole = _Pieces(piece for form in forms for piece in _told(form))
        folded = {_BETWEEN.sub("", form) for form in forms}
        self._folded = _Pieces(
            piece
            for form in folded
            if len(form) >= SHORTEST_SECRET
            for piece in _told(form)
            if any(map(str.isdigit, piece))
        )

    def __call__(self, text: str) -> str:
        """Return `text` without any secret in it."""
        kept: list[str] = []
        end = 0
        for start, stop in sorted(self._spans(_lowered(text))):
            if start > end or not kept:
                kept += [text[end:start], MASK]
            end = max(end, stop)
        return "".join(kept) + text[end:] if kept else text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        yield from self._whole.spans(text)
        folded = _BETWEEN.sub("", text)
        if self._folded.suspects(folded):
            places = [at for at, character in enumerate(text) if not _BETWEEN.match(character)]
            for start, stop in self._folded.spans(folded):
                yield places[start], places[stop - 1] + 1


class _Pieces:
    """Texts of a few lengths, found in another text after few look-ups where none is in it."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = set(pieces)
        self._lengths = sorted({len(piece) for piece in self._pieces}, reverse=True)
        # A run of n characters holds a whole block that begins at a multiple of n - _BLOCK + 1.
        self._step = min(self._lengths, default=PIECE) - _BLOCK + 1
        self._blocks = {block for piece in self._pieces for block in _runs(piece, _BLOCK)}

    def suspects(self, text: str) -> bool:
        blocks = self._blocks
        return bool(blocks) and any(
            text[at : at + _BLOCK] in blocks for at in range(0, len(text), self._step)
        )

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not self.suspects(text):
            return
        for start in range(len(text)):
            for length in self._lengths:
                piece = text[start : start + length]
                if piece in self._pieces:
                    yield start, start + len(piece)
                    break


class RedactingFormatter(logging.Formatter):
    """Formats a log record, traceback included, and redacts the whole of it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line with every secret masked."""
        return self._redactor(super().format(record))


class RedactingStream(io.TextIOBase):
    """Writes whole lines to another stream, secrets masked: tracebacks of a crash come this way."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        self._stream, self._redactor = stream, redactor
        self._line = ""

    def write(self, text: str, /) -> int:
        """Write each line that `text` ends, and keep what has begun."""
        lines, newline, self._line = (self._line + text).rpartition("\n")
        if newline:
            self._stream.write(self._redactor(lines) + newline)
            self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Write what has begun, too."""
        line, self._line = self._line, ""
        self._stream.write(self._redactor(line))
        self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor of the other stream."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Say whether a person reads along."""
        return self._stream.isatty()


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST_SECRET:
        return
    raw = secret.encode(errors="surrogateescape")  # As the environment gives odd bytes.
    quoted = quote(raw, safe="")
    yield from (secret, quoted, quote(quoted, safe=""), quote_plus(raw), raw.hex())
    yield from (json.dumps(secret)[1:-1], secret.replace("/", r"\/"), repr(secret)[1:-1])
    yield html.escape(secret)
    # Base64 of a text that holds the secret ("user:key") depends on where in it the secret starts.
    for shift in range(3):
        encoded = (
            base64.b64encode(b"\0" * shift + raw).rstrip(b"=").decode()[shift + (shift > 0) : -1]
        )
        if len(encoded) >= SHORTEST_SECRET:
            yield encoded
            yield encoded.replace("+", "-").replace("/", "_")


def _told(form: str) -> Iterator[str]:
    """Yield the pieces of `form` that tell something of it."""
    if len(form) <= PIECE:
        yield form
    else:
        yield from (piece for piece in _runs(form, PIECE) if len(set(piece)) >= FEWEST_CHARACTERS)


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _lowered(text: str) -> str:
    """Return `text` in small letters, each character in its place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(each.lower()[:1] for each in text)
