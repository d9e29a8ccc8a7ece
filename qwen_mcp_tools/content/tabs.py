"""Tabs: the label of each before what it shows, all of them open."""

from collections.abc import Iterator
from itertools import islice

from qwen_mcp_tools.content.tree import Element, text_of

_LABELS = frozenset({"tabs", "tabbed-labels", "tab-list", "tablist", "tab-labels"})
MOST_TABS = 50
MOST_ROWS = 100
LONGEST_LABEL = 60
FARTHEST = 2000
"""How many elements are looked at for the panels of a row of tabs."""


def name_panels(root: Element) -> None:
    """Put the labels of tabs that stand in a row before their panels."""
    rows = filter(_holds_labels, root.iter("ul", "div"))
    for labels in list(islice(rows, MOST_ROWS)):
        _name(labels)


def _holds_labels(element: Element) -> bool:
    names = element.get("class")
    return element.get("role") == "tablist" or (
        bool(names) and not _LABELS.isdisjoint(names[:1000].split())
    )


def _name(labels: Element) -> None:
    tabs = [text_of(each) for each in _tabs(labels)][: MOST_TABS + 1]
    panels = _panels(labels, len(tabs))
    if not panels or not _are_labels(tabs, labels):
        return
    for tab, panel in zip(tabs, panels, strict=True):
        panel.attrib.pop("hidden", None)
        panel.attrib.pop("aria-hidden", None)
        name = panel.makeelement("p")
        strong = name.makeelement("strong")
        strong.text = tab
        name.append(strong)
        name.tail, panel.text = panel.text, None
        panel.insert(0, name)
    labels.getparent().remove(labels)


def _are_labels(tabs: list[str], labels: Element) -> bool:
    """Say whether these are a few short names, and all that stands there."""
    rest = len(text_of(labels)) - sum(map(len, tabs))
    return 1 < len(tabs) <= MOST_TABS and max(map(len, tabs)) <= LONGEST_LABEL and rest < 20


def _tabs(labels: Element) -> Iterator[Element]:
    marked = [each for each in labels.iterdescendants() if each.get("role") == "tab"]
    yield from marked or labels.iterchildren("label", "button", "li")


def _panels(labels: Element, count: int) -> list[Element]:
    """Return as many panels as there are tabs: those marked beside them, or what follows them."""
    around, behind = labels.getparent(), labels.getnext()
    if around is None or count < 1:
        return []
    near = islice(around.iter("div", "section"), FARTHEST)
    marked = [each for each in near if each.get("role") == "tabpanel"]
    if len(marked) == count:
        return marked
    found = list(behind.iterchildren("div", "section", "pre")) if behind is not None else []
    return found if len(found) == count else []
