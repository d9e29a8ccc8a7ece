"""A long text in parts that end where a reader would pause, and that join to the text again."""

import re
import unicodedata
from collections.abc import Iterator

from qwen_mcp_tools.text import cut

_PAUSES = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"[.!?]['\")\]]*\s|[。！？；…]+[”’」』）】]*"),
    re.compile(r"\s|[，、：]"),
)
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_JAMO_VOWELS_AND_FINALS = range(0x1160, 0x1200)
_TAGS = range(0xE0020, 0xE0080)


def part_of(text: str, start: int, room: int) -> tuple[str, int]:
    """Return a piece of `text` from the offset `start`, and the offset of the next piece.

    The piece is at most `room` UTF-16 units wide (2 or more). Offsets count code points, as
    Python does; the last piece's next offset is `len(text)`. Pieces joined in order are the text.
    """
    stop = start + len(cut(text[start : start + room], room))
    if stop < len(text):
        stop = _pause(text, stop - (stop - start) // 4, stop)
    return text[start:stop], stop


def _pause(text: str, earliest: int, latest: int) -> int:
    """Return the best place to stop after `earliest` and up to `latest`."""
    for pause in _PAUSES:
        ends = [match.end() for match in pause.finditer(text, earliest, latest)]
        for end in reversed(ends):
            if not _belongs_to_previous(text, end):
                return end
    return next(_between_characters(text, earliest, latest), latest)


def _between_characters(text: str, earliest: int, latest: int) -> Iterator[int]:
    for at in range(latest, earliest, -1):
        if not _belongs_to_previous(text, at):
            yield at


def _belongs_to_previous(text: str, at: int) -> bool:
    """Say whether a reader sees the character `at` as one with those before it (UAX #29)."""
    if text.isascii():
        return False
    character, before = text[at], text[at - 1]
    code = ord(character)
    return (
        _JOINER in (character, before)
        or unicodedata.category(character).startswith("M")
        or code in _SKIN_TONES
        or code in _TAGS
        or code in _JAMO_VOWELS_AND_FINALS
        or (code in _FLAGS and _flags_before(text, at) % 2 == 1)
    )


def _flags_before(text: str, at: int) -> int:
    """Count the regional indicators in front of `at`: two of them make one flag."""
    count = 0
    while count < at and ord(text[at - count - 1]) in _FLAGS:
        count += 1
    return count
