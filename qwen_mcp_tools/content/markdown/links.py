"""Links and the pictures in them; references to footnotes."""

import re
from urllib.parse import unquote

from qwen_mcp_tools.content.markdown.names import is_permalink
from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element

_SIGNS = frozenset({"", "¶", "#", "§", "🔗", "link", "permalink", "\u200b", "⚓", "[link]"})
_BACK = frozenset({"↩", "↩︎", "↵", "^", "↑", "⤴", "⏎", "\u21a9\ufe0f"})
_LABEL = re.compile(r"\[?(\d{1,4}|[a-zA-Z]{1,2}|[*†‡])\]?")
_NOTE = re.compile(r"foot|fn|cite|note|reference", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)(?:$|[?#])", re.IGNORECASE)
_IN_LINE = frozenset("abbr b br cite code em i img kbd span strong sub sup svg tt var".split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*_HEADINGS, "div", "p", "ul", "ol", "table", "pre", "dl")


def link(writer: Writer, element: Element) -> None:
    """A link with an absolute address; in the page itself, only its text."""
    href = (element.get("href") or "").strip()
    if href.startswith("#"):
        _in_page(writer, element, href)
        return
    target = writer.addresses.absolute(href) if href else ""
    if not target or writer.in_link:
        writer.walk(element)
    elif not writer.flat and _holds_blocks(element):
        _around_blocks(writer, element, target)
    else:
        _in_line(writer, element, target)


def _holds_blocks(element: Element) -> bool:
    for child in element:
        if len(child) or child.tag not in _IN_LINE:
            return next(element.iterdescendants(*_BLOCKS), None) is not None
    return False


def _in_page(writer: Writer, element: Element, href: str) -> None:
    text = "".join("".join(element.itertext()).split())
    names = element.get("class", "")
    if text in _BACK:
        return
    if text.lower() in _SIGNS and (writer.in_heading or not text or is_permalink(names)):
        return  # with a picture too: it shows an arrow
    label = _LABEL.fullmatch(text)
    if label and _NOTE.search(f"{names} {href} {element.get('role', '')}"):
        writer.notes[unquote(href[1:])] = label[1]
        writer.pieces.append(f"[^{label[1]}]")
        return
    writer.walk(element)


def _in_line(writer: Writer, element: Element, target: str) -> None:
    text, pictures = _text_and_pictures(writer, element)
    if text and not _PICTURE.search(target):
        pictures = []  # it decorates a link that says where it leads
    if text.lower() in _SIGNS and (writer.in_heading or is_permalink(element.get("class", ""))):
        return
    for picture in pictures:
        writer.pieces.append(_linked(picture, target, is_alone=not text))
    if text:
        writer.pieces.append(written(text, target))


def _text_and_pictures(writer: Writer, element: Element) -> tuple[str, list[str]]:
    if not len(element):
        return writer.line_of(element), []
    kept, writer.pictures, writer.in_link = writer.pictures, [], True
    text = writer.line_of(element)
    pictures, writer.pictures, writer.in_link = writer.pictures, kept, False
    return text, pictures


def _linked(picture: str, target: str, *, is_alone: bool) -> str:
    """Return a picture that is a link: the larger one, where it leads to that."""
    words, _, source = picture.rpartition("](")
    if _PICTURE.search(target):
        # With a colon it is a page about the picture, such as `File:Map.svg` in a wiki.
        return picture if ":" in target.rpartition("/")[2] else f"{words}]({target})"
    return f"{picture}[→]({target})" if is_alone and _stem(source) not in target else picture


def _stem(address: str) -> str:
    return re.split(r"[?#)]", address)[0].rstrip("/").rpartition("/")[2].partition(".")[0] or "\0"


def _around_blocks(writer: Writer, element: Element, target: str) -> None:
    """Write a link that holds blocks, such as a card: at its heading, or as one line."""
    heading = next(element.iter(*_HEADINGS), None)
    if heading is None:
        writer.flush()
        _in_line(writer, element, target)
        writer.flush()
        return
    _link_inside(heading, target)
    writer.walk(element)


def _link_inside(heading: Element, target: str) -> None:
    inner = heading.makeelement("a", {"href": target})
    inner.text, heading.text = heading.text, None
    for child in list(heading):
        inner.append(child)
    heading.append(inner)


def written(text: str, target: str) -> str:
    """Return a link in Markdown; brackets in its text stay in pairs."""
    if text.count("[") != text.count("]"):
        text = text.replace("[", "\\[").replace("]", "\\]")
    return f"[{text}]({target})"
