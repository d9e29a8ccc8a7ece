"""What of a page is asked for: all of it, a section, or the passages about some words."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.web.headings import Heading
from qwen_mcp_tools.web.passages import passages_about
from qwen_mcp_tools.web.sections import Span, heading_of_fragment, section_spans


@dataclass(frozen=True, slots=True)
class Selection:
    """The text that the parts are counted in, and what of the page it is."""

    text: str
    of: str = ""
    """`section "Install"`, for instance; empty where it is the whole page."""


def select(
    text: str, headings: Sequence[Heading], *, section: str = "", find: str = "", fragment: str = ""
) -> Selection:
    """Return what `section` and `find` ask for; a fragment counts where neither is given.

    With both, the passages are looked for inside the section. Words that are nowhere make an
    empty selection.

    Raises:
        BadArgumentError: `section` is no heading of the page, or several.
    """
    spans: Sequence[Span] = [(0, len(text))]
    of: list[str] = []
    anchor = heading_of_fragment(headings, fragment) if fragment and not find else None
    if section:
        spans = section_spans(text, headings, section)
        of.append(f'section "{one_line(section, 80)}"')
    elif anchor:
        spans = section_spans(text, headings, anchor.path)
        of.append(f'section "{one_line(anchor.title, 80)}" that # points to')
    if find:
        spans = passages_about(text, find, spans)
        of.insert(0, f'passages about "{one_line(find, 80)}"')
        return Selection(_quote(text, headings, spans), " in ".join(of))
    return Selection(
        "\n\n".join(text[start:stop].strip() for start, stop in spans), " in ".join(of)
    )


def _quote(text: str, headings: Sequence[Heading], spans: Sequence[Span]) -> str:
    """Return the passages, each below a line that says where on the page it is."""
    starts = [heading.start for heading in headings]
    passages: list[str] = []
    for start, stop in spans:
        above = bisect_right(starts, start)
        under = f" under {headings[above - 1].path}" if above else ""
        passages.append(f"[characters {start}-{stop}{under}]\n{text[start:stop].strip()}")
    return "\n\n".join(passages)
