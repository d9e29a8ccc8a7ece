"""An HTML page as a tree, without what a reader does not see."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from qwen_mcp_tools.invisible import without_escapes

Element = Any
"""An lxml element: its stubs know no more than that."""

INVISIBLE_TAGS = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "canvas", "iframe", "object", "embed",
        "audio", "video", "map", "datalist", "input", "select", "textarea", "button", "dialog",
        "link", "meta", "base", "area", "param", "source", "track", "frame", "frameset", "applet",
        "title",
    }
)  # fmt: skip
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*(?:0(?:\.0+)?(?:px|em|rem|pt|%)?|1px)\s*(?:;|!|$)|filter\s*:\s*opacity\(\s*0%?\s*\)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw|vh|%)"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|transform\s*:\s*scale\(\s*0\s*\)"
    r"|(?<![\w-])(?:width|height|max-height|max-width)\s*:\s*[01](?:px)?\s*(?:;|!|$)(?=[\s\S]*overflow)"
    r"|overflow\s*:\s*hidden[\s\S]*(?<![\w-])(?:width|height|max-height)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_SIMPLE_SELECTOR = re.compile(r"[a-z0-9]*[.#][\w-]+")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f])"
    r"|0*(?:[0-8]|1[1245-9]|2[0-9]|3[01]|6553[45])(?![0-9]));?",
    re.IGNORECASE,
)
LONGEST_STYLE = 200_000
LONGEST_RULE = 2_000
LONG_NOSCRIPT = 500
"""A noscript element with more text than that is what a page shows to those who run no scripts."""


def parse(html: str) -> Element | None:
    """Return the root of the page, `None` where there is nothing to parse."""
    # lxml has no types.
    etree: Any = import_module("lxml.etree")
    lxml_html: Any = import_module("lxml.html")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    try:
        root = lxml_html.document_fromstring(_without_controls(html), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return root


def _without_controls(html: str) -> bytes:
    """Return the page without what lxml reads but lets nobody write, spelt out or not."""
    text = _NO_CHARACTER.sub("", without_escapes(html.replace("\f", " ")))
    text = _CONTROL_REFERENCE.sub("\ufffd", text)
    return text.encode("utf-8", "replace")


def drop_unseen(root: Element) -> None:
    """Take out of `root` all that a browser does not show, however it is hidden."""
    selectors = _hiding_selectors(root)
    for element in list(root.iter(*INVISIBLE_TAGS)):
        if element.tag != "noscript" or len(text_of(element)) < LONG_NOSCRIPT:
            drop(element)
    whole = len(text_of(root))
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or (
            _is_hidden(element, selectors) and not _holds_the_page(element, whole)
        ):
            drop(element)


def drop(element: Element) -> None:
    """Take `element` out of its tree and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def text_of(element: Element) -> str:
    """Return the text in `element`, white space folded."""
    return " ".join("".join(element.itertext()).split())


def _is_hidden(element: Element, selectors: frozenset[str]) -> bool:
    attributes = element.attrib
    if not attributes or element.tag in {"html", "body"}:
        return False
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if attributes.get("aria-hidden", "").lower() == "true":
        return True
    style = attributes.get("style", "")[:LONGEST_RULE]
    if style and (_HIDING_STYLE.search(style) or _has_one_colour(style)):
        return True
    return bool(selectors) and not selectors.isdisjoint(_selectors_of(element))


def _holds_the_page(element: Element, whole: int) -> bool:
    """Say whether nearly all text is in `element`: a script shows such a page once it is there."""
    size = len(text_of(element))
    return size > 1500 and size > 0.7 * whole


def _selectors_of(element: Element) -> list[str]:
    names = [f".{name}" for name in element.get("class", "").split()]
    if "id" in element.attrib:
        names.append(f"#{element.get('id')}")
    return names + [f"{element.tag}{name}" for name in names]


def _has_one_colour(style: str) -> bool:
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    if not colour:
        return False
    shown = _normal(colour[1])
    return shown in {"transparent", "rgba(0,0,0,0)"} or bool(
        background and shown == _normal(background[1])
    )


def _normal(colour: str) -> str:
    names = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000"}
    name = "".join(colour.lower().split())
    return names.get(name, name)


def _hiding_selectors(root: Element) -> frozenset[str]:
    """Return the class and id selectors that the page's own style elements hide things by."""
    found: set[str] = set()
    for style in root.iter("style"):
        for selectors, declarations in _rules((style.text or "")[:LONGEST_STYLE]):
            if _HIDING_STYLE.search(declarations) or _has_one_colour(declarations):
                names = (name.strip() for name in selectors.split(","))
                found.update(name for name in names if _SIMPLE_SELECTOR.fullmatch(name))
    return frozenset(found)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and declarations of each rule outside of blocks such as `@media print`.

    What is hidden in print or on a narrow screen is shown here. One pass, whatever the text.
    """
    depth, opened, ended = 0, 0, 0
    for brace in _BRACE.finditer(css):
        if brace.group() == "{":
            depth += 1
            opened = brace.end() if depth == 1 else opened
            continue
        if depth == 1:
            yield css[ended : opened - 1], css[opened : min(brace.start(), opened + LONGEST_RULE)]
        depth = max(depth - 1, 0)
        ended = brace.end() if not depth else ended
