"""Reading a file, a folder or a whole project of GitHub's."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.content.kinds import Kind
from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.github.blob import Binary, Notebook, Pointer
from qwen_mcp_tools.github.found import File, Folder, Found, Submodule, Symlink
from qwen_mcp_tools.github.front_page import front_page
from qwen_mcp_tools.github.github import GitHub
from qwen_mcp_tools.github.lines import MOST_COLUMNS, Lines, Window
from qwen_mcp_tools.github.listing import CUT, listing, size_of
from qwen_mcp_tools.github.overview import Overview
from qwen_mcp_tools.github.place import Place
from qwen_mcp_tools.text import Reply, call_of, one_line

ROOM = 20_000
"""How wide the lines may be: with the longest path in head and foot, they fit one answer."""

LONGEST_LINK = 1000


async def github_read_file(
    app: App,
    repo: Annotated[
        str, Field(min_length=1, max_length=4000, description="owner/name or any github.com URL")
    ],
    path: Annotated[str, Field(max_length=1000, description="File or folder")] = "",
    ref: Annotated[str, Field(max_length=300, description="Branch, tag or commit")] = "",
    start_line: Annotated[int, Field(ge=1, description="First line")] = 1,
    end_line: Annotated[int, Field(ge=0, description="Last line; 0: as many as fit")] = 0,
) -> Reply:
    """Read a file on GitHub as numbered lines, a folder as a tree, or (no path) a project overview.

    A long file ends with the call for its next lines.
    """
    place = app.github.place(repo, path, ref)
    return await read_place(app.github, place, start_line, end_line)


async def read_place(
    github: GitHub, place: Place, start_line: int = 1, end_line: int = 0, room: int = ROOM
) -> Reply:
    """Return what is at `place`; lines given here count before those of its URL.

    Raises:
        BadArgumentError: The lines are out of order, or begin beyond the end.
        ToolFailure: As `GitHub.read` does.
    """
    if place.first_line and start_line == 1 and not end_line:
        start_line, end_line = place.first_line, place.last_line
    if end_line and end_line < start_line:
        raise BadArgumentError(
            f"end_line is {end_line}, but start_line is {start_line}; 0 means to the end"
        )
    window = Window(start_line, end_line, room)
    found = await github.read(place, window)
    return render(github, found, window)


def render(github: GitHub, found: Found | Overview, window: Window) -> Reply:
    """Return what was found as text.

    Raises:
        BadArgumentError: The lines begin beyond the end of the file.
    """
    if isinstance(found, Overview):
        return front_page(found)
    facts = [*_facts(found), *_notes(found.notes)]
    match found:
        case File():
            return _file(github, found, window, facts)
        case Folder():
            shown = listing(found.tree, window.room)
            return Reply(_lines(*facts, *_cut(found.tree.is_cut)), content=shown)
        case Submodule():
            return Reply(_lines(*facts, *_submodule(github, found)))
        case Symlink():
            target = f"Symlink to {one_line(found.target)}, not followed: {one_line(found.reason)}"
            return Reply(_lines(*facts, target))


def _file(github: GitHub, file: File, window: Window, facts: list[str]) -> Reply:
    match file.content:
        case Lines():
            return _text(github, file, file.content, window, facts)
        case Notebook(lines):
            facts.append("Kind: Jupyter notebook; its cells as Markdown, lines counted in that")
            return _text(github, file, lines, window, facts)
        case Binary(kind):
            return Reply(_lines(*facts, *_binary(github, file, kind)))
        case Pointer():
            size = size_of(file.content.size)
            return Reply(_lines(*facts, f"Git LFS pointer to {size}, SHA-256 {file.content.oid}"))


def _text(github: GitHub, file: File, lines: Lines, window: Window, facts: list[str]) -> Reply:
    spot = file.spot
    facts.append(f"Size: {_size(file, lines)}")
    if not lines.texts:
        return Reply(_lines(*facts, _nothing(file, lines, window)))
    facts.append(f"Lines: {_extent(lines, window)}")
    link = "" if file.address else f"{github.permalink(spot)}#L{lines.first}-L{lines.last}"
    if 0 < len(link) <= LONGEST_LINK and not isinstance(file.content, Notebook):
        facts.append(f"Permalink: {link}")
    if lines.clipped:
        facts.append(_clipped(github, file, lines))
    digits = len(str(lines.last))
    numbered = (f"{n:>{digits}}\t{text}" for n, text in enumerate(lines.texts, lines.first))
    return Reply(_lines(*facts), content=_lines(*numbered), foot=_next(file, lines, window))


def _nothing(file: File, lines: Lines, window: Window) -> str:
    if window.first == 1 or lines.total >= window.first:
        return "It holds no text." if file.size else "The file is empty."
    count = f"{lines.total:,} line{'' if lines.total == 1 else 's'}"
    has = f"has {count}" if lines.is_counted else f"could be read for {count} only"
    raise BadArgumentError(f"start_line is {window.first}, but {one_line(file.spot.path)} {has}")


def _facts(found: Found) -> Iterator[str]:
    spot = found.spot
    yield f"Repository: {spot.repository}"
    if isinstance(found, File) and found.address:
        yield f"Branch and path: {one_line(spot.path, 1000)}"
        return
    yield f"Path: {one_line(spot.path, 1000)}"
    ref = one_line(spot.ref, 250) or "default branch"
    yield f"Ref: {ref}" + (f", commit {spot.commit}" if spot.commit and spot.commit != ref else "")


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    return (f"Note: {one_line(note, 400)}" for note in notes)


def _size(file: File, lines: Lines) -> str:
    more = "" if lines.is_counted else "more than "
    counted = f"{more}{lines.total:,} line{'' if lines.total == 1 else 's'}"
    ends = "" if lines.line_ends == "LF" else f", line ends {lines.line_ends}"
    size = f"{file.size:,} byte{'' if file.size == 1 else 's'}"
    if not file.size and lines.total:
        size = "not told"
    return f"{size}, {counted}, {lines.charset}{ends}"


def _extent(lines: Lines, window: Window) -> str:
    total = f"{lines.total}" if lines.is_counted else "many"
    beyond = window.last > lines.total and lines.is_counted
    asked = f" (asked for {window.first}-{window.last})" if beyond else ""
    return f"{lines.first}-{lines.last} of {total}{asked}"


def _clipped(github: GitHub, file: File, lines: Lines) -> str:
    count = "1 line is" if lines.clipped == 1 else f"{lines.clipped} lines are"
    url = github.bytes_url(file)
    whole = (
        f"; whole: {call_of('fetch_page', url=url, raw=True)}" if len(url) < LONGEST_LINK else ""
    )
    return f"Note: {count} cut at column {MOST_COLUMNS:,}{whole if url else ''}"


def _next(file: File, lines: Lines, window: Window) -> str:
    is_end = lines.is_counted and lines.last >= lines.total
    if is_end or (window.last and lines.last >= window.last):
        return ""
    spot = file.spot
    call = call_of(
        "github_read_file",
        repo=file.address or str(spot.repository),
        path="" if file.address else spot.path,
        ref="" if file.address else spot.commit or spot.ref,
        start_line=lines.last + 1,
        end_line=window.last,
    )
    return f"Next: {call}"


def _binary(github: GitHub, file: File, kind: Kind) -> Iterator[str]:
    yield f"Size: {file.size:,} bytes"
    yield f"Kind: {kind.value}, no text"
    url = github.bytes_url(file)
    if url and kind is Kind.PICTURE:
        yield f'To see it: qwen_vision_describe(images=["{url}"])'
    elif url:
        yield f"Its bytes: {url}"


def _submodule(github: GitHub, found: Submodule) -> Iterator[str]:
    pinned = one_line(found.pinned, 64)
    yield f"Submodule: {one_line(found.url) or 'of an unknown address'} at {pinned}"
    try:
        inner = github.place_in(found.url)
    except BadArgumentError:
        inner = None
    if inner:
        call = call_of("github_read_file", repo=str(inner.repository), ref=pinned)
        yield f"Read it: {call}"


def _cut(is_cut: bool) -> Iterator[str]:
    if is_cut:
        yield f"Note: {CUT}"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
