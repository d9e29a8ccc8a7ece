"""Texts that are text already: plain, Markdown, JSON."""

import json
import re

from qwen_mcp_tools.beacons import without_pictures
from qwen_mcp_tools.content.markdown_file import without_hidden

_LONG_LINE = 300


def tidy_plain(text: str) -> str:
    """Return `text` with lines ended by LF and without blank space at their ends.

    A client may show it as Markdown: what would then load a picture becomes an ordinary link.
    """
    text = re.sub(r"[ \t]+$", "", _line_feeds(text), flags=re.MULTILINE)
    return without_pictures(text).strip("\n")


def tidy_markdown(text: str) -> str:
    """Return Markdown as its reader sees it, its pictures ordinary links."""
    return without_pictures(without_hidden(_line_feeds(text))).strip("\n")


def tidy_json(text: str) -> tuple[str, str]:
    """Return JSON laid out for a reader, and a note where it is none.

    Text with lines of its own stays as it is; numbers keep every digit, keys their order.
    """
    text = _line_feeds(text).strip()
    try:
        value = json.loads(text, parse_float=_marked, parse_int=_marked, parse_constant=_marked)
    except RecursionError:
        return text, ""
    except ValueError:
        note = "" if _is_json_lines(text) else "labelled JSON, but it is not valid JSON"
        return text, note
    if max(map(len, text.splitlines()), default=0) <= _LONG_LINE:
        return text, ""
    return _MARKED.sub(r"\1", json.dumps(value, ensure_ascii=False, indent=2)), ""


_MARKED = re.compile(r'"\\u0000([-+.0-9a-zA-Z]+)"')


def _marked(number: str) -> str:
    """Carry a number through as it was written: 1.50 is not 1.5 where it is a version."""
    return f"\0{number}"


def _is_json_lines(text: str) -> bool:
    first = text.partition("\n")[0]
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return "\n" in text


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
