"""Reading one page of the web, in parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from pydantic import Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.errors import (
    BadArgumentError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UnreachableError,
)
from qwen_mcp_tools.text import FRAME, MAX_RESULT, Reply, call_of, one_line, width
from qwen_mcp_tools.tools.github_read_file import ROOM, read_place
from qwen_mcp_tools.web.page import Page
from qwen_mcp_tools.web.parts import part_of
from qwen_mcp_tools.web.selection import Selection

DEFAULT_CHARS = 20_000
MOST_HEADINGS = 40
TROUBLES = (RateLimitedError, RejectedKeyError, ServiceFaultError, UnreachableError)
"""Those of GitHub's API that its web pages do not share."""


async def fetch_page(
    app: App,
    url: Annotated[str, Field(max_length=4000, description="http(s) address")],
    start: Annotated[int, Field(ge=0, description="Offset that the previous part named")] = 0,
    max_chars: Annotated[int, Field(ge=500, le=25000, description="Longest part")] = DEFAULT_CHARS,
    section: Annotated[str, Field(max_length=300, description="Only under this heading")] = "",
    find: Annotated[str, Field(max_length=300, description="Only passages about these words")] = "",
    raw: Annotated[bool, Field(description="The source instead of Markdown")] = False,
) -> Reply:
    """Read a web page (HTML, Markdown, JSON, text) as clean Markdown, a long one in parts.

    The first part of a long page lists its headings; each part ends with the call for the next.
    """
    if not (start or section or find or raw):
        shown = await _on_github(app, url, max_chars)
        if shown:
            return shown
    page = await app.web.read(url, raw=raw)
    selection = await app.web.select(page, section=section, find=find)
    return render(page, selection, Call(page.address, start, max_chars, section, find, raw))


async def _on_github(app: App, url: str, room: int) -> Reply | None:
    """Return what github_read_file says of a repository, a folder or a file; else None.

    Where GitHub's API can't be asked, the page itself may still be readable.
    """
    if app.settings.tools and "github_read_file" not in app.settings.tools:
        return None  # Its answers name that tool for what comes next.
    try:
        place = app.github.place_in(url.strip())
    except BadArgumentError:
        return None
    try:
        return await read_place(app.github, place, room=min(room, ROOM)) if place else None
    except TROUBLES:
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call, which the next part repeats."""

    url: str
    start: int = 0
    max_chars: int = DEFAULT_CHARS
    section: str = ""
    find: str = ""
    raw: bool = False

    def at(self, start: int) -> str:
        """Return the same call from another offset."""
        return call_of(
            "fetch_page",
            url=self.url,
            start=start,
            max_chars=self.max_chars if self.max_chars != DEFAULT_CHARS else 0,
            section=self.section,
            find=self.find,
            raw=self.raw,
        )


def render(page: Page, selection: Selection, call: Call) -> Reply:
    """Return the part of `selection` that `call` asks for, and the call for the next one.

    Raises:
        BadArgumentError: It begins beyond the end.
    """
    text, start, end = selection.text, call.start, len(selection.text)
    if start and start >= end:
        raise BadArgumentError(f"start is {start}, but the text has only {end} characters")
    facts, title = list(_facts(page)), list(_title(page))
    if not end:
        about = [*title, *(_outline(page) if call.find else ())]
        return Reply(_lines(*facts, _absence(page, call)), about=_lines(*about))
    extent = partial(_extent, end=end, of=selection.of)
    # The widest that head and foot can get leaves the room that is always there.
    spent = FRAME + width(_lines(*title, *facts, extent(end, end))) + width(call.at(end))
    outline = [] if start or selection.of else list(_outline(page))
    if part_of(text, 0, min(call.max_chars, MAX_RESULT - spent))[1] == end:
        outline = []  # The text itself shows its headings.
    room = MAX_RESULT - spent - width(_lines("", *outline))
    part, stop = part_of(text, start, min(call.max_chars, room))
    return Reply(
        head=_lines(*facts, extent(start, stop)),
        content=part,
        foot=call.at(stop) if stop < end else "",
        about=_lines(*title, *outline),
    )


def _title(page: Page) -> Iterator[str]:
    if page.document.title:
        yield f"Title: {one_line(page.document.title, 200)}"


def _facts(page: Page) -> Iterator[str]:
    document = page.document
    if page.moved:
        yield f"Moved to: {one_line(page.url)}"
    known = (document.kind.value, document.charset, document.language, document.published)
    yield "Kind: " + ", ".join(one_line(fact, 60) for fact in known if fact)
    if page.raw:
        yield "Note: the source as it came; hidden markup may appear"
    yield from (f"Note: {one_line(note)}" for note in page.notes)


def _extent(start: int, stop: int, *, end: int, of: str) -> str:
    return f"Characters: {start}-{stop} of {end}" + (f" in {of}" if of else "")


def _outline(page: Page) -> Iterator[str]:
    headings = page.headings[:MOST_HEADINGS]
    if headings:
        top = min(heading.level for heading in headings)
        more = len(page.headings) - len(headings)
        yield "Headings" + (f" ({more} more are not listed):" if more else ":")
        for heading in headings:
            yield "  " * (heading.level - top) + f"- {one_line(heading.title, 80)}"


def _absence(page: Page, call: Call) -> str:
    if not call.find:
        return "The page has no text."
    size = len(page.document.text)
    return f'Nothing about "{one_line(call.find, 80)}" here; the page has {size} characters'


def _lines(*lines: str) -> str:
    return "\n".join(lines)
