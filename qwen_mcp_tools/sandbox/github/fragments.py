"""The pieces of a file that a code search shows around its matches."""

from typing import Any

BEFORE, AFTER = 80, 160
"""Characters shown before a match and after it, at most."""
MOST_FRAGMENTS = 3
Span = tuple[int, int]


def text_matches(
    url: str, text: str, places: list[Span], path: str, path_places: list[Span]
) -> list[dict[str, Any]]:
    """Return the `text_matches` of a hit; offsets count characters of the fragment."""
    found = [_shown(url, "path", path, (0, len(path)), path_places)] if path_places else []
    return found + [_shown(url, "content", text, piece, places) for piece in _pieces(text, places)]


def _pieces(text: str, places: list[Span]) -> list[Span]:
    """Return the spans to show: around the first match, then around the next one outside."""
    pieces: list[Span] = []
    for start, end in places:
        if pieces and end <= pieces[-1][1]:
            continue
        if len(pieces) == MOST_FRAGMENTS:
            break
        floor = max(start - BEFORE, pieces[-1][1] if pieces else 0, 0)
        pieces.append((_begin(text, min(floor, start), start), _end(text, end)))
    return pieces


def _begin(text: str, floor: int, start: int) -> int:
    """Return the start of a line not before `floor`; `floor` itself, in mid-line, for none."""
    at = text.find("\n", floor, start)
    return floor if at < 0 or floor == 0 else at + 1


def _end(text: str, end: int) -> int:
    ceiling = min(end + AFTER, len(text))
    at = text.rfind("\n", end, ceiling)
    return ceiling if at < 0 or ceiling == len(text) else at


def _shown(url: str, kind: str, text: str, piece: Span, places: list[Span]) -> dict[str, Any]:
    low, high = piece
    return {
        "object_url": url,
        "object_type": "FileContent",
        "property": kind,
        "fragment": text[low:high],
        "matches": [
            {"text": text[start:end], "indices": [start - low, end - low]}
            for start, end in places
            if low <= start and end <= high
        ],
    }
