"""Lines: the ones that are wanted of a text of any length, read as it comes and then forgotten."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.text import sanitise, width

MOST_COLUMNS = 1000
"""Where a line is clipped: minified code would fill a whole answer."""

SAMPLE_BYTES = 1_000_000
"""How much of a text tells its charset."""

COUNTED_CHARACTERS = 10_000_000
"""How far lines are counted beyond those that are wanted."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines are wanted, counted from 1; `last` is 0 for all to the end."""

    first: int = 1
    last: int = 0
    room: int = 20_000
    """How wide all of them may be together, numbers included, in UTF-16 units."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a text, each clean, clipped and on one line."""

    first: int
    texts: tuple[str, ...]
    total: int
    """How many lines there are, or were counted at least."""
    is_counted: bool
    """Whether `total` is all of them."""
    clipped: int
    """How many of the lines are shown only to column 1,000."""
    charset: str
    line_ends: str
    """"LF", "CRLF", "CR" or "mixed"."""

    @property
    def last(self) -> int:
        """The number of the last line here, `first - 1` where there is none."""
        return self.first + len(self.texts) - 1


def read_lines(pieces: Iterator[bytes], window: Window) -> Lines:
    """Return the lines of `window` out of a text's bytes.

    At least one line is returned if the text has it, however little room there is.
    """
    sample, rest = _split(pieces)
    decoded = decode(sample)
    taker = _Taker(window)
    if rest is None:
        taker.feed(decoded.text)
    else:
        for text in _decoded(chain([sample], rest), decoded.charset):
            taker.feed(text)
            if taker.is_done and taker.characters > COUNTED_CHARACTERS:
                break
        else:
            rest = None
    return taker.lines(decoded.charset, is_whole=rest is None)


def _split(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """Return the start of a text, and what follows it, None where it is the whole."""
    sample = bytearray()
    for piece in pieces:
        sample += piece
        if len(sample) > SAMPLE_BYTES:
            return bytes(sample), pieces
    return bytes(sample), None


def _decoded(pieces: Iterator[bytes], charset: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)(errors="replace")
    for number, piece in enumerate(pieces):
        text = decoder.decode(piece)
        yield text.removeprefix("\ufeff") if number == 0 else text
    yield decoder.decode(b"", final=True)


@dataclass(slots=True)
class _Taker:
    window: Window
    number: int = 1
    """Of the line that is under way."""
    characters: int = 0
    is_done: bool = False
    _texts: list[str] = field(default_factory=list[str])
    _clipped: int = 0
    _spent: int = 0
    _open: str = ""
    """The start of the line under way, with one character more than is shown."""
    _is_clean: bool = False
    """Whether the sanitiser leaves the text at hand as it is: asking once is ten times faster."""
    _ends_on_cr: bool = False
    _ends: dict[str, int] = field(default_factory=lambda: {"LF": 0, "CRLF": 0, "CR": 0})

    def feed(self, text: str) -> None:
        self.characters += len(text)
        text = self._even(text)
        self._is_clean = sanitise(self._open + text) == self._open + text
        *whole, last = text.split("\n")
        if whole:
            self._end(self._open + whole[0][: MOST_COLUMNS + 1])
            self._open = ""
            self._end_all(whole)
        self._open += last[: max(MOST_COLUMNS + 1 - len(self._open), 0)]

    def lines(self, charset: str, *, is_whole: bool) -> Lines:
        if is_whole and (self._open or self._ends_on_cr):
            self._ends["CR"] += self._ends_on_cr
            self._end(self._open)
        kinds = [kind for kind, count in self._ends.items() if count]
        return Lines(
            first=self.window.first,
            texts=tuple(self._texts),
            total=self.number - 1,
            is_counted=is_whole,
            clipped=self._clipped,
            charset=charset,
            line_ends=kinds[0] if len(kinds) == 1 else "mixed" if kinds else "LF",
        )

    def _even(self, text: str) -> str:
        """Return `text` with its lines ended by LF; a CR at its end may be half a CRLF."""
        if self._ends_on_cr:
            text = "\r" + text
        self._ends_on_cr = text.endswith("\r")
        text = text.removesuffix("\r")
        pairs = text.count("\r\n")
        self._ends["CRLF"] += pairs
        self._ends["CR"] += text.count("\r") - pairs
        self._ends["LF"] += text.count("\n") - pairs
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _end_all(self, lines: list[str]) -> None:
        """End all of `lines` but the first; those that nobody wants are only counted."""
        at = min(max(self.window.first - self.number, 0) + 1, len(lines))
        self.number += at - 1
        while at < len(lines) and not self.is_done:
            self._end(lines[at])
            at += 1
        self.number += len(lines) - at

    def _end(self, line: str) -> None:
        number, self.number = self.number, self.number + 1
        if self.is_done or number < self.window.first:
            return
        shown, is_clipped = _shown(line, is_clean=self._is_clean)
        cost = width(shown) + len(str(number)) + 2
        if self._texts and self._spent + cost > self.window.room:
            self.is_done = True
            return
        self._texts.append(shown)
        self._spent += cost
        self._clipped += is_clipped
        self.is_done = number == self.window.last


def _shown(line: str, *, is_clean: bool) -> tuple[str, bool]:
    is_clipped = len(line) > MOST_COLUMNS
    text = line[:MOST_COLUMNS]
    text = text if is_clean else sanitise(text).replace("\n", " ")
    return (f"{text} […]" if is_clipped else text), is_clipped
