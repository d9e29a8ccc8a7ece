"""A word index over the sandbox's own pages: what its search engines find."""

import re
from dataclasses import dataclass
from html import unescape

SNIPPET = 180
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
_OPERATOR = re.compile(r'(-?)(?:(site):)?(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that can be found."""

    path: str
    title: str
    text: str
    is_chinese: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A query taken apart."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    without: tuple[str, ...]
    sites: tuple[str, ...]
    not_sites: tuple[str, ...]


def index(documents: dict[str, str]) -> tuple[Entry, ...]:
    """Return the entries of these pages, given as path and HTML or text."""
    return tuple(_entry(path, html) for path, html in documents.items())


def understand(query: str) -> Wish:
    """Return the words, phrases and operators of a query."""
    found: dict[str, list[str]] = {"words": [], "phrases": [], "without": [], "on": [], "off": []}
    for minus, site, phrase, word in _OPERATOR.findall(query):
        if site:
            found["off" if minus else "on"].append(word.lower())
        elif minus:
            found["without"].append((phrase or word).lower())
        elif phrase:
            found["phrases"].append(phrase.lower())
        elif word.upper() not in {"OR", "AND"}:
            found["words"] += _WORD.findall(word.lower())
    return Wish(*(tuple(each) for each in found.values()))


def find(entries: tuple[Entry, ...], query: str, host: str) -> list[Entry]:
    """Return the entries about `query`, best first; all of them are on `host`."""
    wish = understand(query)
    is_elsewhere = bool(wish.sites) and host.partition(":")[0] not in wish.sites
    if is_elsewhere or host in wish.not_sites:
        return []
    scored = [(_score(entry, wish), entry) for entry in entries]
    best = sorted(scored, key=lambda pair: -pair[0])
    return [entry for score, entry in best if score]


def snippet(entry: Entry, query: str) -> str:
    """Return the sentence around the query's first word in the entry."""
    words = understand(query).words
    places = [at for at in (entry.text.lower().find(word) for word in words) if at >= 0]
    start = max(min(places, default=0) - SNIPPET // 3, 0)
    return entry.text[start : start + SNIPPET]


def _score(entry: Entry, wish: Wish) -> float:
    title, text = entry.title.lower(), f"{entry.title} {entry.text}".lower()
    if any(word in text for word in wish.without):
        return 0
    if not all(phrase in text for phrase in wish.phrases):
        return 0
    hits = [word for word in wish.words if word in text]
    if wish.words and len(hits) * 2 <= len(wish.words):
        return 0
    return len(hits) + sum(word in title for word in hits) + bool(wish.phrases)


def _entry(path: str, html: str) -> Entry:
    title = re.search(r"<title>(.*?)</title>|^# (.*)", html, re.DOTALL)
    main = html.partition("<main")[2].partition("</main>")[0] or html
    text = unescape(re.sub(r"<(script|style)[\s\S]*?</\1>|<[^>]*>", " ", f"<main{main}"))
    text = " ".join(text.replace("¶", "").split())
    name = unescape(title[1] or title[2] or "") if title else path
    return Entry(path, name, text, bool(re.search("[\u3400-\u9fff]", name)))
