"""Pictures in Markdown, made ordinary links: a client that shows a result would load them unasked.

What follows is CommonMark's grammar of pictures (section 6.4), and a little more: what only a
lenient reader would take for one counts too. Code such as `vec![1, 2]` stays as it is.
"""

import re
from collections.abc import Iterator

MOST_ALT = 1000
"""How far the end of a description is looked for."""

MOST_BRACKETS = 64

_BRACKETS = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ADDRESS = re.compile(r"\([\s<]*[^\s)]{0,200}?[:/\\&.%]")
"""The start of an address, of whatever kind; the `2` in `vec![1](2)` is none."""

_LABEL = re.compile(r"\[([^\]\n]{0,200})\]")
_DEFINITION = re.compile(r"(?m)^[ \t>*+-]*\[([^\]\n]{1,200})\]:[ \t]*\S")


def without_pictures(text: str) -> str:
    """Return `text` with `![alt](…)` as `[picture: alt](…)`; time grows with its length only."""
    if "![" not in text:
        return text
    defined = {_folded(match[1]) for match in _DEFINITION.finditer(text)}
    kept: list[str] = []
    end = 0
    for at in _places(text):
        if _is_picture(text, at + 2, defined):
            # Behind another "!" the link would be a picture again.
            kept += [text[end:at], " [picture: " if text[at - 1 : at] == "!" else "[picture: "]
            end = at + 2
    return "".join([*kept, text[end:]])


def _places(text: str) -> Iterator[int]:
    at = text.find("![")
    while at >= 0:
        yield at
        at = text.find("![", at + 2)


def _is_picture(text: str, start: int, defined: set[str]) -> bool:
    """Say whether the description that begins at `start` is followed by an address or a label."""
    window = text[start : start + MOST_ALT]
    for close in _ends(window):
        after = text[start + close + 1 : start + close + 210]
        if _ADDRESS.match(after):
            return True
        label = _LABEL.match(after)
        if defined and _folded(label[1] if label and label[1] else window[:close]) in defined:
            return True
    return False


def _ends(window: str) -> Iterator[int]:
    """Yield where a description may end: at its first bracket, and at the one that matches."""
    first = window.find("]")
    if first < 0:
        return
    yield first
    depth = 0
    for number, match in enumerate(_BRACKETS.finditer(window)):
        if number > MOST_BRACKETS:
            return
        if match[0] == "[":
            depth += 1
        elif match[0] == "]" and depth:
            depth -= 1
        elif match[0] == "]":
            yield match.start()
            return


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
