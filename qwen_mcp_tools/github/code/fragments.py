"""Fragments of a search turned into numbered lines, by finding them in the file itself."""

from collections.abc import Iterable, Iterator
from typing import Any

from qwen_mcp_tools.github.code.query import CodeLine
from qwen_mcp_tools.upstream.shapes import elements, objects

MOST_LINES = 12
"""How many lines of a file are shown."""


def numbered(fragments: Iterable[dict[str, Any]], text: str) -> tuple[tuple[CodeLine, ...], int]:
    """Return the lines of `text` that `fragments` (GitHub's `text_matches`) show.

    A line that holds no match stays where it stands next to one. Where a fragment is not in
    `text` (empty, or another version), its own lines are given, with the number 0. The second
    value counts the lines with matches for which there was no room.
    """
    text = text.replace("\r\n", "\n")
    marked: dict[int, bool] = {}
    loose: list[CodeLine] = []
    for each in fragments:
        fragment = each.get("fragment")
        if each.get("property") != "content" or not isinstance(fragment, str):
            continue
        at = text.find(fragment.replace("\r\n", "\n")) if fragment else -1
        if at < 0:
            loose += _loose(fragment, _starts(each))
            continue
        for number, is_match in _lines_at(text, at, fragment, _starts(each)):
            marked[number] = marked.get(number, False) or is_match
    lines = text.split("\n")
    found = [CodeLine(n, lines[n - 1], marked[n]) for n in sorted(marked)]
    return _fitting([*found, *loose])


def _starts(match: dict[str, Any]) -> list[int]:
    """Return the offsets in the fragment at which matches begin."""
    indices = (elements(each.get("indices")) for each in objects(match, "matches"))
    return [pair[0] for pair in indices if pair and isinstance(pair[0], int)]


def _lines_at(text: str, at: int, fragment: str, starts: list[int]) -> Iterator[tuple[int, bool]]:
    """Yield the numbers of the lines that a fragment covers, and whether a match begins there."""
    first = text.count("\n", 0, at) + 1
    matched = {first + fragment.count("\n", 0, start) for start in starts}
    for number in range(first, first + fragment.count("\n") + 1):
        is_near = bool(matched & {number - 1, number, number + 1})
        if is_near or not matched:
            yield number, number in matched


def _loose(fragment: str, starts: list[int]) -> Iterator[CodeLine]:
    begin = 0
    for line in fragment.split("\n"):
        end = begin + len(line)
        if line.strip():
            yield CodeLine(0, line.rstrip("\r"), any(begin <= start <= end for start in starts))
        begin = end + 1


def _fitting(lines: list[CodeLine]) -> tuple[tuple[CodeLine, ...], int]:
    """Keep the matches before the lines around them."""
    if len(lines) <= MOST_LINES:
        return tuple(lines), 0
    matches = [line for line in lines if line.is_match] or lines
    return tuple(matches[:MOST_LINES]), max(len(matches) - MOST_LINES, 0)
