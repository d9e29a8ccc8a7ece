"""Page: what an answer shows, cleaned once, so that its parts always come from the same text."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx

from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.content.document import Document, read, read_raw
from qwen_mcp_tools.content.kinds import Kind
from qwen_mcp_tools.text import sanitise
from qwen_mcp_tools.upstream.http import MAX_BYTES, Answer
from qwen_mcp_tools.web.diagnosis import check_in, failure_of
from qwen_mcp_tools.web.headings import Heading, headings_of
from qwen_mcp_tools.web.walls import SHORT, needs_scripts, wall_before

ERROR_BYTES = 100_000
"""How much of an error page is looked at for who refuses."""

MOST_CHARS = 10_000_000
"""Links made absolute can make a text longer than the body that it came from."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from an address."""

    asked: str
    """The address as it may be given again, without its fragment."""

    url: str
    """Where the page was found, after redirects."""

    status: int
    document: Document
    """Its text holds nothing that can't be seen."""

    headings: tuple[Heading, ...]
    notes: tuple[str, ...]
    """What a reader should know: cut, a login page, nearly empty."""

    raw: bool = False
    """Whether the text is the source as it came."""

    needs_scripts: bool = False
    """Whether its text seems to be made by scripts, and is not there without them."""

    fragment: str = ""

    @property
    def address(self) -> str:
        """The address as it was asked for, with its fragment."""
        return f"{self.asked}#{self.fragment}" if self.fragment else self.asked

    @property
    def moved(self) -> bool:
        """Whether redirects led to another address."""
        return str(httpx.URL(self.asked)) != self.url

    def noted(self, note: str) -> "Page":
        """Return the same page with one more note."""
        return replace(self, notes=(*self.notes, note))

    @property
    def size(self) -> int:
        """Roughly how many bytes the page takes in memory."""
        return sys.getsizeof(self.document.text) + 500 * (1 + len(self.headings))


def page_of(asked: str, answer: Answer, *, raw: bool) -> Page:
    """Return what `answer` shows; blocking, for a worker thread.

    Raises:
        NotFoundError, UpstreamError: It does not show the page (see `diagnosis`).
        UnreadableError: It holds no text.
    """
    content_type = answer.headers.get("content-type", "")
    if not 200 <= answer.status < 300:
        raise failure_of(answer, decode(answer.body[:ERROR_BYTES], content_type, html=True).text)
    document = (read_raw if raw else read)(answer.body, content_type, answer.url)
    text = sanitise(document.text[:MOST_CHARS])
    document = replace(document, text=text)
    check = check_in(answer, f"{document.title}\n{text}") if len(text) <= SHORT else None
    if check:
        raise check
    marked = document.kind in {Kind.HTML, Kind.MARKDOWN} and not raw
    return Page(
        asked=asked,
        url=answer.url,
        status=answer.status,
        document=document,
        headings=headings_of(text) if marked else (),
        notes=tuple(_notes(asked, answer, document)),
        raw=raw,
        needs_scripts=not raw and needs_scripts(document),
    )


def _notes(asked: str, answer: Answer, document: Document) -> Iterator[str]:
    wall = wall_before(asked, answer, document)
    if wall:
        yield wall
    if answer.cut and len(answer.body) >= MAX_BYTES:
        yield f"the page was cut at {MAX_BYTES // 1_000_000} MB"
    elif answer.cut:
        yield "the site broke off: the end is missing"
    if len(document.text) >= MOST_CHARS:
        yield f"the text was cut at {MOST_CHARS:,} characters"
    yield from document.notes
