"""What a page shows after a click or by a script, put in its place before the unseen is dropped."""

from collections.abc import Callable

from qwen_mcp_tools.content.tabs import name_panels
from qwen_mcp_tools.content.tree import Element

_VOID = ("source", "track", "wbr", "embed")
"""Elements that hold nothing (HTML, section 13.1.2), but that libxml2 takes for open ones."""


def reveal(root: Element) -> None:
    """Make plain what a tree says by more than its text: formulas, tabs, tasks, films."""
    for each in list(root.iter(*_REVEALED)):
        _REVEALED[each.tag](each)
    name_panels(root)


def _open(void: Element) -> None:
    void.attrib.clear()
    void.tag = "span"


def _show_formula(picture: Element) -> None:
    """MediaWiki hides it from screen readers only, in favour of a formula that none else sees."""
    if picture.get("alt", "").startswith("{\\displaystyle"):
        picture.attrib.pop("aria-hidden", None)


def _make_task(box: Element) -> None:
    """Make a box that is ticked or not what it is in Markdown, where readers can't tick it."""
    if box.get("type") == "checkbox" and ("disabled" in box.attrib or _is_task(box)):
        box.text = "[x] " if "checked" in box.attrib else "[ ] "
        _open(box)


def _is_task(box: Element) -> bool:
    item = box.getparent()
    return item is not None and "task" in f"{item.get('class', '')} {box.get('class', '')}"


def _make_formula(script: Element) -> None:
    """Make the source of a formula that MathJax would set a `math` element."""
    if not script.get("type", "").startswith("math/tex"):
        return
    tex, is_display = script.text or "", "mode=display" in script.get("type", "")
    script.attrib.clear()
    script.tag, script.text = "math", None
    script.set("alttext", tex)
    if is_display:
        script.set("display", "block")


def _make_link(frame: Element) -> None:
    """Make a film in a frame a link, where it says what it is."""
    title = frame.get("title") or frame.get("aria-label")
    address = frame.get("src") or frame.get("data-src")
    if title and address and (frame.tag == "video" or "allowfullscreen" in frame.attrib):
        for child in list(frame):
            frame.remove(child)
        frame.attrib.clear()
        frame.tag, frame.text = "a", f"video: {title}"
        frame.set("href", address)


_REVEALED: dict[str, Callable[[Element], None]] = {
    **dict.fromkeys(_VOID, _open),
    **dict.fromkeys(("iframe", "video"), _make_link),
    "img": _show_formula,
    "input": _make_task,
    "script": _make_formula,
}
