"""The section that a heading opens, found by its name as a model writes it."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from urllib.parse import unquote

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.web.headings import Heading

MOST_NAMED = 8
"""How many headings an error lists."""

Span = tuple[int, int]
"""Where something starts in a text, and where it ends (not included)."""


def section_spans(text: str, headings: Sequence[Heading], wanted: str) -> tuple[Span, ...]:
    """Return where the section called `wanted` is, up to the next heading of its level or above.

    `wanted` is a heading as it is written, in other case or spacing, as a path
    (`Install > Windows`), or a piece of one heading. More than one span is returned only where
    headings can't be told apart by their paths.

    Raises:
        BadArgumentError: No heading is meant, or several are.
    """
    found = _meant(headings, wanted.strip().lstrip("#").strip())
    if not found:
        raise BadArgumentError(f"No section {_named(wanted)} here; {_near(headings, wanted)}")
    names = _distinct(list(dict.fromkeys(heading.path for heading in found)))
    if len(names) > 1:
        raise BadArgumentError(
            f"section {_named(wanted)} could be {len(names)} headings; give one of: {_list(names)}"
        )
    ends = _ends(headings, len(text))
    return tuple((heading.start, ends[heading.start]) for heading in found)


def heading_of_fragment(headings: Sequence[Heading], fragment: str) -> Heading | None:
    """Return the one heading that a generator would give the anchor `fragment`, if there is one."""
    anchor = _letters(unquote(fragment))
    found = [heading for heading in headings if _letters(heading.title) == anchor]
    return found[0] if anchor and len(found) == 1 else None


def _meant(headings: Sequence[Heading], wanted: str) -> list[Heading]:
    key = _key(wanted)
    if not key:
        return []
    ways: tuple[Callable[[Heading], bool], ...] = (
        lambda heading: heading.path == wanted,
        lambda heading: heading.title == wanted,
        lambda heading: _key(heading.path) == key,
        lambda heading: _key(heading.title) == key,
        lambda heading: f">{_key(heading.path)}".endswith(f">{key}"),
        lambda heading: key in _key(heading.title),
    )
    for way in ways:
        found = [heading for heading in headings if way(heading)]
        if found:
            return found
    return []


def _ends(headings: Sequence[Heading], length: int) -> dict[int, int]:
    """Return where the section ends that begins at each heading's offset, in one pass."""
    ends: dict[int, int] = {}
    opened: list[Heading] = []
    for heading in headings:
        while opened and opened[-1].level >= heading.level:
            ends[opened.pop().start] = heading.start
        opened.append(heading)
    return ends | {heading.start: length for heading in opened}


def _near(headings: Sequence[Heading], wanted: str) -> str:
    if not headings:
        return "the page has no headings: leave section empty, or use find"
    titles = {_key(heading.title): heading.title for heading in headings}
    close = get_close_matches(_key(wanted), list(titles)[:1000], MOST_NAMED, cutoff=0.5)
    if close:
        return f"near ones: {_list([titles[key] for key in close])}"
    return f"its headings: {_list(list(titles.values()))}"


def _list(names: Sequence[str]) -> str:
    more = f" … ({len(names)} in all)" if len(names) > MOST_NAMED else ""
    return ", ".join(map(_named, names[:MOST_NAMED])) + more


def _distinct(paths: Sequence[str]) -> list[str]:
    """Return the shortest end of each path that no other path ends with."""
    return [
        next((end for end in _tails(path) if sum(_is_end(end, of) for of in paths) == 1), path)
        for path in paths[:MOST_NAMED]
    ] + list(paths[MOST_NAMED:])


def _tails(path: str) -> Iterator[str]:
    names = path.split(" > ")
    return (" > ".join(names[-count:]) for count in range(1, len(names) + 1))


def _is_end(end: str, path: str) -> bool:
    return f" > {path}".endswith(f" > {end}")


def _named(name: str) -> str:
    return f'"{one_line(name, 100)}"'


def _key(name: str) -> str:
    return "".join(name.casefold().split())


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
