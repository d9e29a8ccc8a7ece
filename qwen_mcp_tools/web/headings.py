"""The headings of a Markdown text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qwen_mcp_tools.text import one_line

_LINE = re.compile(
    r"^[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$"
    r"|^(?P<marks>#{1,6})[ \t]+(?P<title>\S.*)$",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"\*\*|`|\\(?=[^\w\s]|_)")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level (1-6), its words, and the offset of its line."""

    level: int
    title: str
    start: int
    path: str
    """The headings that it stands under and itself: `Install > Windows`."""


def headings_of(text: str) -> tuple[Heading, ...]:
    """Return the ATX headings of `text` (CommonMark 4.2) that stand outside of code blocks."""
    return tuple(_with_paths(_headings(text)))


def _headings(text: str) -> Iterator[tuple[int, str, int]]:
    fence = ""
    for line in _LINE.finditer(text):
        marks = line["fence"]
        if not marks:
            if not fence:
                yield len(line["marks"]), _plain(line["title"]), line.start()
        elif not fence:
            fence = marks
        elif marks.startswith(fence) and not line["info"].strip():
            fence = ""


def _with_paths(found: Iterator[tuple[int, str, int]]) -> Iterator[Heading]:
    above: list[tuple[int, str]] = []
    for level, title, start in found:
        above = [(upper, name) for upper, name in above if upper < level]
        above.append((level, title))
        yield Heading(level, title, start, " > ".join(name for _, name in above))


def _plain(title: str) -> str:
    title = _CLOSING.sub("", title[:LONGEST_TITLE])
    return one_line(_SIGNS.sub("", _LINK.sub(r"\1", title)))
