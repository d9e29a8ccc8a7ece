"""Takes secrets out of whatever leaves the process: results, errors and log lines."""

import base64
import logging
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "[secret]"
SHORTEST_SECRET = 8
"""A shorter value would blank out ordinary words."""
PIECE = 16
"""A run of this many characters of a secret is as telling as the whole."""


class Redactor:
    """Replaces each secret, its usual encodings and long pieces of it by `[secret]`."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._pieces = {piece for form in forms for piece in _runs(form, min(PIECE, len(form)))}
        self._lengths = sorted({len(piece) for piece in self._pieces})
        # Any run of 16 characters holds a whole aligned block of 8, so text without a secret
        # (nearly all text) is passed after one look-up per 8 characters.
        self._step = SHORTEST_SECRET if self._lengths[:1] == [PIECE] else 1
        self._blocks = {block for piece in self._pieces for block in _runs(piece, SHORTEST_SECRET)}

    def __call__(self, text: str) -> str:
        """Return `text` without any secret in it."""
        if not self._suspects(text):
            return text
        kept: list[str] = []
        end = 0
        for start, stop in self._spans(text):
            if start > end or not kept:
                kept += [text[end:start], MASK]
            end = max(end, stop)
        return "".join(kept) + text[end:] if kept else text

    def _suspects(self, text: str) -> bool:
        blocks, size = self._blocks, SHORTEST_SECRET
        return bool(blocks) and any(
            text[at : at + size] in blocks for at in range(0, len(text) - size + 1, self._step)
        )

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for start in range(len(text)):
            for length in reversed(self._lengths):
                if text[start : start + length] in self._pieces:
                    yield start, start + length
                    break


class RedactingFormatter(logging.Formatter):
    """Formats a log record, traceback included, and redacts the whole of it."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line with every secret masked."""
        return self._redactor(super().format(record))


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST_SECRET:
        return
    raw = secret.encode(errors="surrogateescape")  # As the environment gives odd bytes.
    yield from (secret, quote(raw, safe=""), quote_plus(raw), raw.hex(), raw.hex().upper())
    # Base64 of a text that holds the secret ("user:key") depends on where in it the secret starts.
    for shift in range(3):
        encoded = (
            base64.b64encode(b"\0" * shift + raw).rstrip(b"=").decode()[shift + (shift > 0) : -1]
        )
        if len(encoded) >= SHORTEST_SECRET:
            yield encoded
            yield encoded.replace("+", "-").replace("/", "_")


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))
