"""Blocks: paragraphs, headings, quotes, boxes, and what only holds others."""

import re
from itertools import islice

from qwen_mcp_tools.content.markdown.code import code_lines
from qwen_mcp_tools.content.markdown.grid import grid
from qwen_mcp_tools.content.markdown.inline import bare_tex, code_span, code_text, write_tex
from qwen_mcp_tools.content.markdown.names import Role, is_title, kind_of_admonition
from qwen_mcp_tools.content.markdown.writer import MOST_NESTED, Writer, joined
from qwen_mcp_tools.content.tree import Element, drop

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TOGGLE = re.compile(r"(?:expand|collapse|show|hide|toggle)\b.{0,20}", re.IGNORECASE)


def paragraph(writer: Writer, element: Element) -> None:
    """A block of its own that only holds others, or text."""
    writer.flush()
    writer.walk(element)
    writer.flush()


def heading(writer: Writer, element: Element) -> None:
    """`## text`, on one line."""
    if writer.flat:
        paragraph(writer, element)
        return
    writer.flush()
    kept, writer.in_heading = writer.in_heading, True
    text = writer.line_of(element)
    writer.in_heading = kept
    if text:
        writer.blocks.append(f"{'#' * int(element.tag[1])} {text}")


def container(writer: Writer, element: Element) -> None:
    """A `div` or the like: what its class names say that it is, or else only what is in it."""
    role = writer.role(element)
    if role is not Role.NONE:
        by_role = _BY_ROLE.get(role, paragraph)
        by_role(writer, element)
    elif writer.notes and element.get("id") in writer.notes:
        note(writer, element)
    else:
        paragraph(writer, element)


def span(writer: Writer, element: Element) -> None:
    """Text in a line, unless its class names say that it is something else."""
    role = writer.role(element)
    if role is Role.FORMULA:
        formula_text(writer, element)
    elif role is not Role.LEFT_OUT and not _is_label_of_code(element):
        writer.walk(element)


def _is_label_of_code(element: Element) -> bool:
    """Say whether a span only names the language of the code behind it."""
    if element.get("class") != "lang":
        return False
    behind = element.getnext()
    return behind is not None and behind.tag in {"pre", "button"}


def left_out(_writer: Writer, _: Element) -> None:
    """Say nothing of a button, an anchor, or a link to edit."""


def formula_text(writer: Writer, element: Element) -> None:
    r"""A formula that stands as TeX in the text, `\(x\)` or `\[x\]`."""
    text = "".join(element.itertext()).strip()
    if len(element) == 0 and text.startswith(("\\(", "\\[", "$")):
        write_tex(writer, bare_tex(text), is_display=text.startswith(("\\[", "$$")))
    elif element.tag == "span":
        writer.walk(element)
    else:
        paragraph(writer, element)


def signature(writer: Writer, element: Element) -> None:
    """The declaration of something, as one line of code."""
    for each in [each for each in element.iter("a", "span") if writer.role(each) is Role.LEFT_OUT]:
        drop(each)
    text = code_text(element)
    if element.tag == "table":
        text = re.sub(r"\( ", "(", re.sub(r" (?=[,)])", "", text))
    writer.flush()
    if text:
        writer.pieces.append(code_span(text))
    writer.flush()


def quote(writer: Writer, element: Element) -> None:
    """`> ` before each line."""
    if writer.role(element) is Role.ADMONITION:
        admonition(writer, element)
    else:
        _quoted(writer, element, "")


def _quoted(writer: Writer, element: Element, title: str) -> None:
    if writer.flat or writer.nesting >= MOST_NESTED:
        if title:
            writer.block(f"**{title}**")
        paragraph(writer, element)
        return
    writer.nesting += 1
    text = joined([f"**{title}**"] * bool(title) + writer.blocks_of(element))
    writer.nesting -= 1
    if text:
        writer.blocks.append("> " + text.replace("\n", "\n> ").replace("> \n", ">\n"))


def admonition(writer: Writer, element: Element) -> None:
    """A quote that begins with the title of the box, or with the word for its kind."""
    title = _take_title(element) or kind_of_admonition(element.get("class", ""))
    start = " ".join("".join(islice(element.itertext(), 20)).split()).lower()
    _quoted(writer, element, "" if start.startswith(title.lower()) else title)


def _take_title(element: Element) -> str:
    """Take the title out of a box and return it."""
    for each in islice(element.iterdescendants(), 12):
        if each.tag in HEADINGS or each.tag in {"dt", "summary"} or is_title(each.get("class", "")):
            text = " ".join("".join(each.itertext()).split())
            if text and len(text) < 200:
                drop(each)
                return text.rstrip(":")
    return ""


def summary(writer: Writer, element: Element) -> None:
    """The line that a closed box shows, before what is in it."""
    if next(element.iter(*HEADINGS, "pre", "table"), None) is not None:
        paragraph(writer, element)
        return
    text = writer.line_of(element)
    if text and not _TOGGLE.fullmatch(text):
        writer.block(text if "**" in text or writer.flat else f"**{text}**")


def rule(writer: Writer, _: Element) -> None:
    """A line across the page."""
    if not writer.flat:
        writer.block("---")


def note(writer: Writer, element: Element) -> None:
    """A footnote that the text before referred to."""
    label = writer.notes[element.get("id")]
    for each in element.iter("span"):
        if "label" in each.get("class", "").split():
            drop(each)
            break
    text = joined(writer.blocks_of(element))
    text = re.sub(rf"^\[?{re.escape(label)}\]?[.:]?\s+", "", text)
    if text:
        writer.block(f"[^{label}]: " + indented(text, 4))


def indented(text: str, width: int) -> str:
    """Return `text` with its lines but the first moved to the right."""
    if "\n" not in text:
        return text
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


_BY_ROLE = {
    Role.LEFT_OUT: left_out,
    Role.ADMONITION: admonition,
    Role.SIGNATURE: signature,
    Role.CODE_LINES: code_lines,
    Role.FORMULA: formula_text,
    Role.GRID: grid,
}
