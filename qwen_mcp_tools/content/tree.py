"""An HTML page as a tree, without what a reader does not see."""

import re
from importlib import import_module
from typing import Any

from qwen_mcp_tools.content.hiding import hides, hiding_names
from qwen_mcp_tools.invisible import without_escapes

Element = Any
"""An lxml element: its stubs know no more than that."""

INVISIBLE_TAGS = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "canvas", "iframe", "object", "embed",
        "audio", "video", "map", "datalist", "input", "select", "textarea", "dialog",
        "link", "base", "area", "param", "source", "track", "frame", "frameset", "applet",
        "title",
    }
)  # fmt: skip
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f])"
    r"|0*(?:[0-8]|1[1245-9]|2[0-9]|3[01]|6553[45])(?![0-9]));?",
    re.IGNORECASE,
)
MOST_SPARED = 20
LONGEST_LABEL = 200
_LABELLED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"})
_PANELS = frozenset({"tabpanel", "region"})
MOST_CONTROLS = 2000
LONG_NOSCRIPT = 500
"""A noscript element with more text than that is what a page shows to those who run no scripts."""


def parse(html: str) -> Element | None:
    """Return the root of the page, `None` where there is nothing to parse."""
    # lxml has no types. Its module for HTML makes each element by a call in Python: not that one.
    etree: Any = import_module("lxml.etree")
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    try:
        return etree.fromstring(_without_controls(html), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _without_controls(html: str) -> bytes:
    """Return the page without what lxml reads but lets nobody write, spelt out or not."""
    text = _NO_CHARACTER.sub("", without_escapes(html.replace("\f", " ")))
    text = _CONTROL_REFERENCE.sub("\ufffd", text)
    return text.encode("utf-8", "replace")


def drop_unseen(root: Element) -> None:
    """Take out of `root` all that a browser does not show, however it is hidden.

    What a shown control opens, such as a tab of a set, is not hidden from a reader.
    """
    names = hiding_names(root)
    streamed = {f"S:{place[2:]}" for place in root.xpath("//template[starts-with(@id, 'B:')]/@id")}
    for element in list(root.iter(*INVISIBLE_TAGS)):
        if element.tag != "noscript" or len(text_of(element)) < LONG_NOSCRIPT:
            drop(element)
    whole = len(text_of(root))
    hidden = root.xpath("//*[@hidden or @aria-hidden or @style]")
    hidden = [each for each in hidden if _is_hidden(each) and each.get("id") not in streamed]
    panels = [each for each in hidden if _is_panel(each)]
    _drop_all(set(hidden).difference(panels), hidden, whole)
    if panels:
        shown = _controlled(root)
        _drop_all({each for each in panels if not _names_of_panel(each) & shown}, panels, whole)
    for button in list(root.iter("button")):
        if not _labels_content(button):
            drop(button)
        elif button.find("p") is not None:
            button.tag = "div"  # It was never closed, and holds the page.
        else:
            button.tag = "span"
    if names:
        named = root.xpath("//*[@class or @id]")
        _drop_all({each for each in named if _is_hidden_by(names, each)}, named, whole)


def _drop_all(unseen: set[Element], ordered: list[Element], whole: int) -> None:
    """Drop each but those that hold the page: a script shows such a page once it is there."""
    gone: set[Element] = set()
    spared = 0
    for element in ordered:
        if element not in unseen or element in gone:
            continue
        if spared < MOST_SPARED and _holds_the_page(element, whole):
            spared += 1
            continue
        gone.update(element.iter())
        drop(element)


def _labels_content(button: Element) -> bool:
    """Say whether a button is the heading of what it opens, or was never closed."""
    parent = button.getparent()
    is_heading = parent is not None and parent.tag in _LABELLED
    return is_heading or len("".join(button.itertext())) > LONGEST_LABEL


def _is_panel(element: Element) -> bool:
    """Say whether a hidden element is a panel, as ARIA's Authoring Practices have tabs and such."""
    return element.get("role", "") in _PANELS and not hides(element.get("style", ""), for_good=True)


def _names_of_panel(panel: Element) -> set[str]:
    """Return what its control may name it by, or it its control."""
    return {panel.get("id", ""), panel.get("aria-labelledby", "")} - {""}


def _controlled(root: Element) -> set[str]:
    """Return the ids of what controls with a text open, and the controls' own."""
    names: set[str] = set()
    for control in root.xpath("//*[@aria-controls or @role='tab']"):
        if len(names) < MOST_CONTROLS and text_of(control):
            names |= {control.get("aria-controls", ""), control.get("id", "")}
    return names


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
    etree: Any = import_module("lxml.etree")
    text: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return " ".join(text.split())


def _is_hidden(element: Element) -> bool:
    get = element.get
    if element.tag in {"html", "body"}:
        return False
    if get("hidden", "until-found").lower() != "until-found":
        return True
    if get("aria-hidden", "").lower() == "true":
        return True
    return hides(get("style", ""))


def _is_hidden_by(names: frozenset[str], element: Element) -> bool:
    """Say whether the class or id of `element` is among the selectors `names`."""
    if element.tag in {"html", "body"}:
        return False
    own = [f".{name}" for name in element.get("class", "").split()]
    if "id" in element.attrib:
        own.append(f"#{element.get('id')}")
    return not names.isdisjoint(own) or not names.isdisjoint(f"{element.tag}{name}" for name in own)


def _holds_the_page(element: Element, whole: int) -> bool:
    size = len(text_of(element))
    return size > 1500 and size > 0.7 * whole
