"""What an engine found."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_TAG = re.compile(r"<[^>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found."""

    title: str
    url: str
    snippet: str = ""
    date: str = ""
    more: tuple[str, ...] = ()
    """Further passages of the page."""

    @property
    def host(self) -> str:
        """The host in its URL, in small letters."""
        return urlsplit(self.url).netloc.lower()


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of results; none is an answer too."""

    engine: str
    hits: tuple[Hit, ...]
    has_more: bool = False
    notes: tuple[str, ...] = ()
    """What a reader should know: a spelling that was mended, a wish that was not met."""
    facts: str = ""
    """What the engine says about the subject itself, as plain text."""


def plain(markup: str) -> str:
    """Return the text of a title or a snippet: no tags, entities as what they stand for."""
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


def is_web(url: str) -> bool:
    """Say whether `url` can be followed: http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
