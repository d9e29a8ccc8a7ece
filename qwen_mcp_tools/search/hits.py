"""What an engine found."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import category
from urllib.parse import urlsplit

from qwen_mcp_tools.text import sanitise

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_UNWRITABLE = re.compile(r"[\s\x00-\x20\x7f]")
LONGEST_PASSAGE = 4_000
"""Of a text, in characters: what is shown of one is a tenth of it, and the rest only takes time."""

LONGEST_URL = 700
"""A result is only of use with its whole address; longer ones would fill an answer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found."""

    title: str
    url: str
    snippet: str = ""
    date: str = ""
    more: tuple[str, ...] = ()
    """Further passages of the page."""


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of results; none is an answer too."""

    engine: str
    hits: tuple[Hit, ...]
    has_more: bool = False
    notes: tuple[str, ...] = ()
    """What a reader should know, in our words: an engine that failed, a wish that was not met."""
    ignored: tuple[str, ...] = ()
    """The arguments that the engine has no way to honour."""
    altered: str = ""
    """What the engine looked for instead, where it mended the spelling."""
    facts: str = ""
    """What the engine says about the subject itself, as plain text."""
    beside: tuple[str, ...] = ()
    """A line for each thing found beside the pages: news, discussions, questions."""
    rest_seconds: float = 0
    """How long the engine asks not to be asked again."""
    is_makeshift: bool = False
    """Whether somebody failed who should have answered, and soon may."""


def plain(markup: object) -> str:
    """Return the text of a title or a snippet: no tags, entities as what they stand for."""
    if not isinstance(markup, str):
        return ""
    return written(html.unescape(_TAG.sub("", markup[:LONGEST_PASSAGE])))


def written(text: object) -> str:
    """Return what is plain text already ("<div>: The Content Division element") on one line.

    Of a longer one, it is the first `LONGEST_PASSAGE` characters.
    """
    return " ".join(text[:LONGEST_PASSAGE].split()) if isinstance(text, str) else ""


def is_web(url: object) -> bool:
    """Say whether `url` can be followed: http or https with a host, nothing to be escaped.

    It leads where it seems to lead: no user name before the host, nothing invisible that would
    be gone when it is shown.
    """
    if not isinstance(url, str) or len(url) > LONGEST_URL or _UNWRITABLE.search(url):
        return False
    if sanitise(url) != url or any(category(each) == "Cf" for each in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def ignored_wishes(answers: Iterable[Hits]) -> Iterator[str]:
    """Yield a note for each set of arguments that some of `answers` could not honour."""
    engines: dict[str, list[str]] = {}
    for hits in answers:
        if hits.ignored:
            engines.setdefault(" and ".join(hits.ignored), []).append(hits.engine)
    for wishes, names in engines.items():
        yield f"{', '.join(names)} can't search by {wishes}, so that was not applied"
