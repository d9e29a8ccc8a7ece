"""Pictures in Markdown, made ordinary links: a client that shows a result would load them unasked.

What follows is CommonMark's grammar of pictures (section 6.4), and a little more: what only a
lenient reader would take for one counts too. Code such as `vec![1, 2]` stays as it is.
"""

import re
from bisect import bisect
from collections.abc import Iterator

LONGEST_LABEL = 999
"""Of a reference (CommonMark, section 6.3)."""

_BRACKETS = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ADDRESS = r"\([\s<]*[^\s)]{0,200}?[:/\\&.%]"
"""The start of an address, of whatever kind; the `2` in `vec![1](2)` is none."""

_FOLLOWED = re.compile(_ADDRESS)
_ENDED = re.compile(rf"\](?={_ADDRESS})")
_LABELLED = re.compile(rf"\[((?:[^\[\]\\]|\\.){{0,{LONGEST_LABEL}}})\]", re.DOTALL)
_DEFINITION = re.compile(rf"\[((?:[^\[\]\\]|\\.){{1,{LONGEST_LABEL}}})\]:", re.DOTALL)
_CLOSING = re.compile(r"\]")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n|\Z)")
_HIDING = re.compile(r"[`<\\]")
"""What may make a bracket no bracket: code, HTML, an escape."""


def without_pictures(text: str) -> str:
    """Return `text` with `![alt](…)` as `[picture: alt](…)`; time grows with its length only."""
    if "![" not in text:
        return text
    kept: list[str] = []
    end = 0
    for at in _Pictures(text):
        # Behind another "!" the link would be a picture again.
        kept += [text[end:at], " [picture: " if text[at - 1 : at] == "!" else "[picture: "]
        end = at + 2
    return "".join([*kept, text[end:]])


class _Pictures:
    """Where in a text pictures begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._closes = _pairs(text)
        self._defined = {_folded(match[1]) for match in _DEFINITION.finditer(text)}
        self._brackets = _places(_CLOSING, text)
        self._ended = _places(_ENDED, text)
        self._blanks = _places(_BLANK_LINE, text)
        self._hiding = _places(_HIDING, text)

    def __iter__(self) -> Iterator[int]:
        at = self._text.find("![")
        while at >= 0:
            if self._is_picture(at + 1):
                yield at
            at = self._text.find("![", at + 2)

    def _is_picture(self, opened: int) -> bool:
        """Say whether the description in the bracket at `opened` has an address or a label."""
        first, own = self._next(self._brackets, opened), self._closes.get(opened, -1)
        if self._leads(opened, first) or (own > first and self._leads(opened, own)):
            return True
        is_sure = own >= 0 and self._next(self._hiding, opened) > own
        return not is_sure and self._next(self._ended, opened) < self._next(self._blanks, opened)

    def _leads(self, opened: int, close: int) -> bool:
        if _FOLLOWED.match(self._text, close + 1):
            return True
        if not self._defined:
            return False
        label = _LABELLED.match(self._text, close + 1)
        if label and label[1]:
            return _folded(label[1]) in self._defined
        if close - opened > LONGEST_LABEL + 1:
            return False
        return _folded(self._text[opened + 1 : close]) in self._defined

    def _next(self, places: list[int], after: int) -> int:
        """Return the first of `places` behind `after`, the end of the text where there is none."""
        at = bisect(places, after)
        return places[at] if at < len(places) else len(self._text)


def _places(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)]


def _pairs(text: str) -> dict[int, int]:
    """Return where each bracket that is closed closes."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKETS.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
