"""The most telling text of a result, in little room."""

import re
from collections.abc import Iterable
from itertools import chain

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])|\s+…\s+|(?<=\S)\s\.\.\.\s+")
_OPERATOR = re.compile(r"(?:^|\s)(?:-\S+|[a-z]{3,10}:\S+|AND|OR|NOT)(?=\s|$)")
ALIKE = 0.7
"""A sentence with more of its words in the text already says nothing new."""

LONG = 3
MOST_SENTENCES = 60
"""How many sentences of a result are looked at: each is compared with those already chosen."""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a query or a text in small letters, operators left out."""
    return frozenset(_WORD.findall(_OPERATOR.sub(" ", text).lower()))


def about(query: str, text: str) -> bool:
    """Say whether at least half of the query's words are in `text`."""
    asked = words_of(query)
    return bool(asked) and 2 * _said(asked, text) >= len(asked)


def telling(query: str, passages: Iterable[str], room: int) -> str:
    """Return the sentences of `passages` that say most of the query's words, in their order.

    The first passage is the engine's own choice: it goes first where it fits.
    """
    asked = words_of(query)
    first, rest = _sentences_of(passages)
    chosen, left = _fitting(first, asked, room)
    told = set(words_of(" ".join(chosen)))
    for sentence in sorted(rest, key=lambda sentence: -_said(asked, sentence)):
        words = words_of(sentence)
        is_new = len(words - told) > (1 - ALIKE) * len(words)
        if len(sentence) + 3 <= left and is_new and _said(asked, sentence):
            chosen.append(sentence)
            left -= len(sentence) + 3
            told |= words
    return _joined(chosen, [*first, *rest])


def _said(asked: frozenset[str], text: str) -> int:
    """Return how many of the words are in `text`, a longer one also as a part of another."""
    words, lower = words_of(text), text.lower()
    return sum(word in words or (len(word) > LONG and word in lower) for word in asked)


def _sentences_of(passages: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the sentences of the first passage and those of the others, not too many of all."""
    first, *others = [*map(_split, passages)] or [[]]
    first = first[:MOST_SENTENCES]
    return first, [*chain.from_iterable(others)][: MOST_SENTENCES - len(first)]


def _split(passage: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(passage) if part and part.strip()]


def _fitting(sentences: list[str], asked: frozenset[str], room: int) -> tuple[list[str], int]:
    if sum(len(each) + 1 for each in sentences) <= room + 1:
        return [*sentences], room - sum(len(each) + 1 for each in sentences)
    chosen: list[str] = []
    for sentence in sorted(sentences, key=lambda each: -_said(asked, each)):
        if len(sentence) + 3 <= room:
            chosen.append(sentence)
            room -= len(sentence) + 3
        elif not chosen:
            return [_around(sentence, asked, room)], 0
    return chosen, room


def _around(sentence: str, asked: frozenset[str], room: int) -> str:
    """Return `room` characters of a long sentence, from a little before its first asked word."""
    places = [at for at in (sentence.lower().find(word) for word in asked) if at >= 0]
    start = max(min(places, default=0) - room // 4, 0)
    if start:
        start = sentence.find(" ", start) + 1 or start
    piece = sentence[start : start + room - 2].strip()
    is_whole = start + room - 2 >= len(sentence)
    return f"{'…' if start else ''}{piece}{'' if is_whole else '…'}"


def _joined(chosen: list[str], order: list[str]) -> str:
    """Return what was chosen as one line, with a sign where something was left out."""
    text, last = "", -1
    places = [(order.index(each) if each in order else 0, each) for each in chosen]
    for at, sentence in sorted(places):
        text += (" " if at == last + 1 else " … ") + sentence if text else sentence
        last = at
    return text
