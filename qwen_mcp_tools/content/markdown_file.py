"""Markdown as a reader sees it: without comments, hidden HTML, and what a click would run.

Code, in fences or between backticks, stays as it is. Time grows with the length only.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby

from qwen_mcp_tools.content.hiding import hides

_FENCE = re.compile(r" {0,3}(?:[>*+-] +)*(`{3,}|~{3,})")
_UNSEEN = ("script", "style", "template", "noscript", "iframe", "object", "svg")
_OPENED = re.compile(
    rf"<(?:(?P<unseen>{'|'.join(_UNSEEN)})\b[^<>]{{0,2000}}"
    r"|(?P<hidden>[a-z][a-z0-9]*)\b[^<>]{0,1000}?\s(?:hidden|aria-hidden\s*=\s*[\"']?true[\"']?"
    r"|style\s*=\s*[\"'](?P<style>[^\"'<>]{0,1000})[\"'])(?=[\s/>=])[^<>]{0,1000})>",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"<img\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_RUN = (
    r"[\s<]{0,9}(?:j\s?a\s?v\s?a|v\s?b|l\s?i\s?v\s?e)\s?s\s?c\s?r\s?i\s?p\s?t\s?:"
    r"|[\s<]{0,9}(?:data|file|blob):"
)
_LINK = re.compile(
    rf"(?P<code>(?P<ticks>`+)[^`\n]+(?P=ticks))"
    rf"|\[(?P<text>[^\[\]\n]{{0,500}})\]\((?:{_RUN})(?:[^()\n]|\([^()\n]*\))*\)"
    rf"|(?P<definition>\[[^\[\]\n]{{1,500}}\]:)(?:{_RUN})[^\n]*"
    rf"|<(?:{_RUN})[^<>\n]{{0,4000}}>",
    re.IGNORECASE,
)


def without_hidden(text: str) -> str:
    """Return Markdown without what its reader does not see, pictures in HTML as links."""
    if not any(each in text for each in "<(:"):
        return text
    return "\n".join(
        piece if is_code else _links(_pictures(_elements(_comments(piece))))
        for is_code, piece in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the lines inside of fences, and those outside, each run of them as one text."""
    for is_code, lines in groupby(_marked(text.split("\n")), key=lambda each: each[0]):
        yield is_code, "\n".join(line for _, line in lines)


def _marked(lines: list[str]) -> Iterator[tuple[bool, str]]:
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
            yield True, line
        else:
            yield bool(fence), line
            is_end = found and found[1].startswith(fence) and line.strip(" >`~*+-") == ""
            fence = "" if is_end else fence


def _comments(text: str) -> str:
    kept: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0:
        close = text.find("-->", start + 2)
        kept.append(text[end:start])
        end = close + 3 if close >= 0 else len(text)
    return "".join([*kept, text[end:]])


def _elements(text: str) -> str:
    kept: list[str] = []
    end = 0
    unclosed: set[str] = set()
    for found in _OPENED.finditer(text):
        name = (found["unseen"] or found["hidden"]).lower()
        is_shown = found["style"] is not None and not hides(found["style"])
        if found.start() < end or name in unclosed or is_shown:
            continue
        closed = _end_of(name, text, found.end())
        if closed:
            kept.append(text[end : found.start()])
            end = closed
        else:
            unclosed.add(name)
    return "".join([*kept, text[end:]])


def _end_of(name: str, text: str, start: int) -> int:
    """Return where the element ends that was opened in front of `start`; 0 where it does not."""
    depth = 1
    for tag in re.compile(rf"<(/?){name}\b[^<>]*>", re.IGNORECASE).finditer(text, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return 0


def _pictures(text: str) -> str:
    return _PICTURE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    said = {
        each[1].lower(): each[2] or each[3] or each[4] or ""
        for each in _ATTRIBUTE.finditer(found[1])
    }
    alt = " ".join(unescape(said.get("alt", "")).replace("[", "(").replace("]", ")").split())
    source = unescape(said.get("src", "")).strip()
    if ":" in source.partition("/")[0] and not source.lower().startswith(("http:", "https:")):
        source = ""
    source = source.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    words = f"picture: {alt}" if alt else "picture"
    return f"[{words}]({source})" if source else words


def _links(text: str) -> str:
    return _LINK.sub(lambda found: found["code"] or found["text"] or "", text)
