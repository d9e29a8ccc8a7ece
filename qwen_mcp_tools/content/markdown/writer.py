"""The walk over a tree, and what it has written so far."""

from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from qwen_mcp_tools.content.markdown.addresses import Addresses
from qwen_mcp_tools.content.markdown.escaping import escaped, is_risky, opened
from qwen_mcp_tools.content.markdown.names import Role, role_of
from qwen_mcp_tools.content.tree import Element

DEEPEST = 180
"""Elements nested deeper are written without their markup: Python's stack has an end."""

MOST_NESTED = 10
"""Lists and quotes nested deeper are not indented further: the indent would outgrow the text."""

REPEATED = 3
"""A picture that a page shows so often without a word about it is a sign, not content."""

BREAK = " \0 "
"""A line break among pieces of text; no tree holds a NUL."""

GUARDED = "!\0["
"""What would be the start of a picture, in code."""


class Tight(str):
    """A block that follows a line of text without a blank line: a list."""

    __slots__ = ()


class Writer:
    """Holds the blocks written and the pieces of the paragraph that is being written."""

    def __init__(self, addresses: Addresses, handlers: Mapping[Any, "Handler"]) -> None:
        self.addresses = addresses
        self.blocks: list[str] = []
        self.pieces: list[str] = []
        self.flat = False
        """Whether all has to stay on one line, as in a heading or a cell."""
        self.in_heading = False
        self.in_link = False
        self.pictures: list[str] = []
        """Those in the link that is being written."""
        self.notes: dict[str, str] = {}
        """Labels of the footnotes referred to so far, by the ids of the notes."""
        self.nesting = 0
        self.icons: frozenset[str] = frozenset()
        """Sources of pictures that stand in the page again and again."""
        self._handlers = handlers
        self._depth = 0
        self._roles: dict[str, Role] = {}

    def document(self, main: Element) -> str:
        """Return all of `main`, `main` itself included."""
        sources = Counter(each.get("src", "") for each in main.iter("img"))
        self.icons = frozenset(source for source, count in sources.items() if count >= REPEATED)
        handler = self._handlers.get(main.tag)
        if handler is None:
            self.walk(main)
        else:
            handler(self, main)
        self.flush()
        return joined(self.blocks)

    def walk(self, element: Element) -> None:
        """Write what is in `element`."""
        if self._depth >= DEEPEST:
            self._flatten(element)
            return
        self._depth += 1
        text = element.text
        if text:
            self.pieces.append(escaped(text) if is_risky(text) else text)
        find = self._handlers.get
        for child in element:
            handler = find(child.tag)
            if handler is not None:
                handler(self, child)
            elif isinstance(child.tag, str):
                self.walk(child)
            text = child.tail
            if text:
                self.pieces.append(escaped(text) if is_risky(text) else text)
        self._depth -= 1

    def flush(self) -> None:
        """End the paragraph that is being written."""
        pieces = self.pieces
        if pieces:
            self.pieces = []
            text = " ".join("".join(pieces).split())
            if text:
                self.blocks.append(self._finished(text))

    def _finished(self, text: str) -> str:
        if "\u200b" in text:
            text = text.replace("\u200b", "")
        if "![" in text:
            text = text.replace("![", "! [")
        if "\0" not in text:
            return opened(text) if text and text[0] in "#>`~=" and not self.flat else text
        lines = [line.strip() for line in text.replace(GUARDED, "![").split("\0")]
        if self.flat:
            return " ".join(filter(None, lines))
        return "  \n".join(opened(line) for line in lines if line)

    def block(self, text: str) -> None:
        """Write a block that is ready."""
        self.flush()
        if text:
            self.blocks.append(text)

    def blocks_of(self, element: Element) -> list[str]:
        """Return what is in `element`, as blocks of their own."""
        self.flush()
        kept, self.blocks = self.blocks, []
        self.walk(element)
        self.flush()
        blocks, self.blocks = self.blocks, kept
        return blocks

    def line_of(self, element: Element) -> str:
        """Return what is in `element` on one line."""
        if not len(element):
            text = " ".join((element.text or "").split())
            if text and is_risky(text):
                text = escaped(text)
            return self._finished(text)
        kept = self.blocks, self.pieces, self.flat
        self.blocks, self.pieces, self.flat = [], [], True
        self.walk(element)
        self.flush()
        line = " ".join(self.blocks)
        self.blocks, self.pieces, self.flat = kept
        return line

    def role(self, element: Element) -> Role:
        """Return what the class names of `element` say that it is."""
        names = element.get("class")
        if not names:
            return Role.NONE
        known = self._roles.get(names)
        if known is None:
            known = self._roles[names] = role_of(names)
        return known

    def _flatten(self, element: Element) -> None:
        """Write the text in `element`, its blocks as paragraphs."""
        etree: Any = import_module("lxml.etree")
        for event, each in etree.iterwalk(element, events=("start", "end")):
            is_block = each.tag in FLATTENED_BLOCKS
            if is_block:
                self.flush()
            text = each.text if event == "start" else each.tail if each is not element else None
            if text:
                self.pieces.append(escaped(text) if is_risky(text) else text)


Handler = Callable[[Writer, Element], None]
"""Writes one element; the text behind it is the walk's."""

FLATTENED_BLOCKS = frozenset(
    "div p li ul ol dl dt dd tr table pre blockquote section article h1 h2 h3 h4 h5 h6".split()
)


def joined(blocks: list[str]) -> str:
    """Return blocks as one text: a blank line between them, none before a list in a list."""
    if len(blocks) == 1:
        return blocks[0]
    return "\n\n".join(blocks)
