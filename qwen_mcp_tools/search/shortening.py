"""A query cut to what engines take, its operators kept."""

import re

MOST_CHARACTERS, MOST_WORDS = 400, 50
"""Brave's limits of a query; no other engine has tighter ones."""

LEAST_CHARACTERS = 40
"""What is left for the words, however many sites are named beside them."""

_PART = re.compile(r'[-+]?(?:\w+:)?"[^"]*"|\S+')
_OPERATOR = re.compile(r'[-+]?(?:\w+:)?".+"|[-+]\w.*|[a-z]{3,10}:\S+|AND|OR|NOT', re.DOTALL)


def shortened(text: str, beside: str = "") -> str:
    """Return `text` so that it and the operators `beside` are within the limits.

    Operators go last, words from the end first.
    """
    room = characters = max(MOST_CHARACTERS - len(beside) - 1, LEAST_CHARACTERS)
    most = max(MOST_WORDS - len(beside.split()), 1)
    if len(text) <= characters and len(text.split()) <= most:
        return text
    parts = _PART.findall(text)
    in_turn = sorted(range(len(parts)), key=lambda at: not _OPERATOR.fullmatch(parts[at]))
    kept: list[int] = []
    for at in in_turn:
        length, words = len(parts[at]) + bool(kept), len(parts[at].split())
        if length > characters or words > most:
            if _OPERATOR.fullmatch(parts[at]):
                continue  # A shorter one, and the words, may still fit.
            break
        characters, most = characters - length, most - words
        kept.append(at)
    # A single word without an end, as of a language that sets none apart, is cut itself.
    return " ".join(parts[at] for at in sorted(kept)) or _start(text, room, most)


def _start(text: str, characters: int, words: int) -> str:
    return " ".join(text.split()[:words])[:characters].strip()
