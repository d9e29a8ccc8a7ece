"""Lists: of items, with their depth and numbers, and of terms with their definitions."""

import re

from qwen_mcp_tools.content.markdown.blocks import HEADINGS, indented, note, paragraph, signature
from qwen_mcp_tools.content.markdown.names import Role
from qwen_mcp_tools.content.markdown.writer import MOST_NESTED, Tight, Writer, joined
from qwen_mcp_tools.content.tree import Element

MOST = 999_999_999
"""A number in a list has nine digits at most (CommonMark, section 5.2)."""


def items(writer: Writer, element: Element) -> None:
    """`- item` or `1. item`, what an item holds indented under it."""
    if writer.flat:
        _on_one_line(writer, element)
        return
    writer.flush()
    if writer.nesting >= MOST_NESTED:
        writer.walk(element)
        writer.flush()
        return
    if next(element.iterdescendants(*HEADINGS, "section", "article"), None) is not None:
        _unwrap(writer, element)
        return
    writer.nesting += 1
    texts = _items(writer, element)
    writer.nesting -= 1
    if texts:
        between = "\n\n" if any("\n\n" in text for text in texts) else "\n"
        writer.blocks.append(Tight(between.join(texts)))


def _unwrap(writer: Writer, element: Element) -> None:
    """Write a list that holds headings as what its items hold: it only lays out a page."""
    for child in element:
        if isinstance(child.tag, str):
            paragraph(writer, child)


def _items(writer: Writer, element: Element) -> list[str]:
    number = _number(element) if element.tag == "ol" else None
    texts: list[str] = []
    for child in element:
        if child.tag == "li" and writer.notes and child.get("id") in writer.notes:
            note(writer, child)
            continue
        if number is not None and child.tag == "li":
            number = _integer(child.get("value"), number)
        marker = "- " if number is None else f"{number}. "
        text = _held(writer.blocks_of(child) if child.tag == "li" else _stray(writer, child))
        if not text:
            continue
        if child.tag != "li" and texts and isinstance(text, Tight):
            texts[-1] += "\n" + " " * len(marker) + indented(text, len(marker))
            continue
        texts.append(_item(marker, text))
        if number is not None:
            number = min(number + 1, MOST)
    return texts


def _item(marker: str, text: str) -> str:
    if text.startswith("```"):
        # A fence begins a line of its own: so it is found also by those who look at lines only.
        return marker.rstrip() + indented("\n" + text, len(marker))
    return marker + indented(text, len(marker))


def _stray(writer: Writer, child: Element) -> list[str]:
    """Return what stands in a list but in no item: often a list that belongs to the item before."""
    if not isinstance(child.tag, str):
        return []
    wrapper = child.makeelement("div")
    child.addprevious(wrapper)
    tail, child.tail = child.tail, None
    wrapper.append(child)
    wrapper.tail = tail
    return writer.blocks_of(wrapper)


def _held(blocks: list[str]) -> str:
    """Return the blocks of an item: a list follows the text before it without a blank line."""
    text = ""
    for block in blocks:
        is_tight = isinstance(block, Tight) and block.startswith(("- ", "1. "))
        text += (("\n" if is_tight else "\n\n") if text else "") + block
    return Tight(text) if blocks and all(isinstance(block, Tight) for block in blocks) else text


def _number(element: Element) -> int:
    return _integer(element.get("start"), 1)


def _integer(text: str | None, otherwise: int) -> int:
    if text and re.fullmatch(r"\s*\d{1,9}\s*", text):
        return int(text)
    return otherwise


def _on_one_line(writer: Writer, element: Element) -> None:
    for child in element:
        text = writer.line_of(child) if isinstance(child.tag, str) else ""
        if text:
            writer.pieces.append(f" • {text} ")


def definitions(writer: Writer, element: Element) -> None:
    """A line with the term, then `: definition`."""
    role = writer.role(element)
    if role is Role.ADMONITION:
        from qwen_mcp_tools.content.markdown.blocks import admonition

        admonition(writer, element)
    else:
        paragraph(writer, element)


def term(writer: Writer, element: Element) -> None:
    """The term of a definition."""
    if writer.role(element) is Role.SIGNATURE and not writer.flat:
        signature(writer, element)
    else:
        paragraph(writer, element)


def _is_marked(block: str) -> bool:
    return block.startswith(("#", ">", "|", "$$", "```")) or ("\n" in block and "```" in block)


def definition(writer: Writer, element: Element) -> None:
    """`: text` right under its term; what is more than a paragraph follows it."""
    if writer.flat:
        paragraph(writer, element)
        return
    blocks = writer.blocks_of(element)
    if not blocks:
        return
    first = blocks[0]
    is_text = writer.blocks and not isinstance(first, Tight) and not _is_marked(first)
    follows = is_text and not writer.blocks[-1].startswith(("```", "|", "#"))
    if follows and not isinstance(writer.blocks[-1], Tight):
        is_plain = not any(isinstance(each, Tight) or _is_marked(each) for each in blocks)
        taken = blocks if is_plain else blocks[:1]
        writer.blocks[-1] += f"\n: {indented(joined(taken), 2)}"
        blocks = blocks[len(taken) :]
    writer.blocks += blocks
