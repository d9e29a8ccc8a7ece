"""The passages of a text that are about some words, Chinese words without spaces included."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwen_mcp_tools.web.parts import part_of
from qwen_mcp_tools.web.sections import Span

WINDOW = 800
"""How wide a passage is at most, before neighbours are joined."""

MOST_WINDOWS = 40
LEAST_SCORE = 0.4
"""A passage is kept from this share of the best one's score on."""

# Scripts that put no space between words: words are found by their pairs of characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(f"[{_UNSPACED}\U00020000-\U0003ffff]+|(?:(?![{_UNSPACED}])\\w)+")
_ENDING = re.compile(r"(?<=\w{4})(?:ations?|ing|ed|es|s|e)$")
_BLANK = re.compile(r"\n[ \t]*\n")
_HEADING = re.compile(r"#{1,6} .*")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word to look for: itself, or most of its pairs of characters."""

    whole: re.Pattern[str]
    pairs: tuple[str, ...]

    @classmethod
    def of(cls, word: str) -> "_Word":
        if re.match(f"[{_UNSPACED}]", word):
            pairs = tuple(word[at : at + 2] for at in range(len(word) - 1)) if len(word) > 2 else ()
            return cls(re.compile(re.escape(word)), pairs)
        # "installing" also finds "installed" and "installation", "red" does not find "cared".
        begins = r"(?<![^\W_])" + re.escape(_ENDING.sub("", word))
        return cls(re.compile(begins if len(word) > 2 else begins + r"(?![^\W_])"), ())

    def count(self, text: str) -> float:
        """Return how often the word is in `text`; 0.5 where only most of its pairs are."""
        found = len(self.whole.findall(text))
        if found or not self.pairs:
            return found
        return 0.5 if 2 * sum(pair in text for pair in self.pairs) > len(self.pairs) else 0


def passages_about(text: str, words: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return where `text`, inside `spans`, speaks about `words`, in the order of the text.

    The best windows are kept, and neighbours joined; no window, no span.
    """
    wanted = _wanted(words.casefold().strip())
    windows = [window for span in spans for window in _windows(text, span)]
    scored = _scored(wanted, [text[start:stop].casefold() for start, stop in windows])
    best = sorted(zip(scored, windows, strict=True), key=lambda pair: -pair[0])[:MOST_WINDOWS]
    least = max(scored, default=0) * LEAST_SCORE
    return tuple(_joined(sorted(window for score, window in best if score and score >= least)))


def _wanted(words: str) -> list[_Word]:
    found = dict.fromkeys(_WORDS.findall(words))
    # Signs alone ("=>") are looked for as they are.
    return [_Word.of(word) for word in found] or [_Word(re.compile(re.escape(words)), ())]


def _scored(wanted: Sequence[_Word], windows: Sequence[str]) -> list[float]:
    """Score each window: a word counts more the fewer windows have it (as in BM25)."""
    scores = [0.0] * len(windows)
    for word in wanted:
        counts = [word.count(window) for window in windows]
        weight = math.log(1 + len(windows) / (1 + sum(map(bool, counts))))
        for at, count in enumerate(counts):
            scores[at] += weight * count / (count + 0.5)
    return scores


def _windows(text: str, span: Span) -> Iterator[Span]:
    """Cut `span` into paragraphs, a heading with what follows it, a long one into windows."""
    opened = -1
    for start, stop in _paragraphs(text, span):
        if opened < 0:
            opened = start
        if _HEADING.fullmatch(text, start, stop) and stop < span[1]:
            continue
        yield from _cut(text, opened, stop)
        opened = -1
    if opened >= 0:
        yield from _cut(text, opened, span[1])


def _paragraphs(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    for blank in _BLANK.finditer(text, start, end):
        if text[start : blank.start()].strip():
            yield start, blank.start()
        start = blank.end()
    if text[start:end].strip():
        yield start, end


def _cut(text: str, start: int, stop: int) -> Iterator[Span]:
    while start < stop:
        piece, _ = part_of(text[start : min(stop, start + 2 * WINDOW)], 0, WINDOW)
        yield start, min(start + len(piece), stop)
        start += len(piece)


def _joined(windows: Sequence[Span]) -> Iterator[Span]:
    """Join windows that touch, or have only a few characters between them."""
    opened: Span | None = None
    for start, stop in windows:
        if opened and start - opened[1] <= 4:
            opened = opened[0], stop
            continue
        if opened:
            yield opened
        opened = start, stop
    if opened:
        yield opened
