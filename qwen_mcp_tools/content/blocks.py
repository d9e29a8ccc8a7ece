"""A page as blocks: the elements that its text stands in, each with what it holds and stands in.

One pass down and one up; everything is linear in the page, however deep or wide it is.
"""

from dataclasses import dataclass, field

from qwen_mcp_tools.content.tree import Element

_BLOCKS = (
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
)  # fmt: skip
KINDS = (
    "main", "article", "aside", "nav", "footer", "header", "form", "list", "table", "quote",
    "section", "details", "text", "dialog", "link",
)  # fmt: skip
"""What a block may stand in; `text` is what the page's own microdata calls its text."""
_BIT = {kind: 1 << at for at, kind in enumerate(KINDS)}
_OF_TAG = {
    "main": "main", "article": "article", "aside": "aside", "nav": "nav", "footer": "footer",
    "header": "header", "form": "form", "ul": "list", "ol": "list", "table": "table",
    "blockquote": "quote", "section": "section", "details": "details", "a": "link",
}  # fmt: skip
_OF_ROLE = {
    "main": "main", "article": "article", "complementary": "aside", "navigation": "nav",
    "menu": "nav", "contentinfo": "footer", "banner": "header", "search": "form",
    "dialog": "dialog",
}  # fmt: skip
_TEXT_PROPERTIES = frozenset({"articleBody", "description", "text"})
_WHOLE = frozenset({"pre", "data"})
"""What is one block, whatever is in it; `data` is a table of data."""
MOST_CELL_TEXT = 300
"""A table with more text a cell than that, on average, lays out a page."""


@dataclass(slots=True, eq=False)
class Block:
    """An element that holds text or blocks; what it holds is counted in characters."""

    element: Element
    tag: str
    parent: "Block | None"
    names: str
    inside: int
    """The kinds of element it stands in or is, one bit for each of `KINDS`."""
    depth: int
    text: str = ""
    """Its own text: without that of the blocks in it."""
    linked: int = 0
    size: int = 0
    linked_size: int = 0
    prose_size: int = 0
    count: int = 0
    """How many blocks in it, itself included, have text of their own."""
    children: "list[Block]" = field(default_factory=list["Block"])

    def is_in(self, kind: str) -> bool:
        """Say whether it stands in, or is, an element of that kind."""
        return bool(self.inside & _BIT[kind])


def blocks_of(body: Element) -> list[Block]:
    """Return the blocks of `body` in the order of the page, `body` first; a data table is one."""
    page = _Page(body)
    for element in body.iter(*_BLOCKS):
        if element is not body:
            page.add(element)
    page.read()
    return page.blocks


class _Page:
    """The blocks found so far, and where each element between them belongs."""

    def __init__(self, body: Element) -> None:
        self.blocks = [Block(body, "body", None, "", 0, 0)]
        self._known: dict[Element, Block] = {body: self.blocks[0]}
        self._linked: set[Element] = set()
        self._body = body

    def add(self, element: Element) -> None:
        """Take in `element`, and the inline elements that hold it."""
        path = [element]
        while (parent := path[-1].getparent()) not in self._known:
            path.append(parent)
        above = self._known[parent]
        for each in reversed(path):
            if above.tag not in _WHOLE:
                above = self._one(each, above)
            self._known[each] = above

    def _one(self, element: Element, parent: Block) -> Block:
        tag, get = element.tag, element.get
        kinds = (_OF_TAG.get(tag), _OF_ROLE.get((get("role") or "").lower()))
        inside = parent.inside
        for kind in kinds:
            if kind:
                inside |= _BIT[kind]
        if get("itemprop") in _TEXT_PROPERTIES:
            inside |= _BIT["text"]
        if tag == "table" and _holds_data(element):
            tag = "data"
        names = f"{get('class') or ''} {get('id') or ''}"
        block = Block(element, tag, parent, names, inside, parent.depth + 1)
        parent.children.append(block)
        self.blocks.append(block)
        return block

    def read(self) -> None:
        """Give each block its text, then the sums of what it holds."""
        for block in self.blocks:
            block.text = " ".join(self._text_of(block).split())
        for link in self._body.iter("a"):
            self._count_link(link)
        for block in reversed(self.blocks):
            _sum_up(block)

    def _text_of(self, block: Block) -> str:
        if not block.children:
            return "".join(block.element.itertext())
        parts: list[str] = [block.element.text or ""]
        waiting: list[Element | str] = list(block.element)[::-1]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                parts.append(each)
                continue
            waiting.append(each.tail or "")
            if each in self._known:
                parts.append(" ")
            else:
                parts.append(each.text or "")
                waiting.extend(list(each)[::-1])
        return "".join(parts)

    def _count_link(self, link: Element) -> None:
        """Add the text of an inline link to the block that it stands in."""
        if link in self._known:
            return
        path: list[Element] = []
        parent = link.getparent()
        while parent not in self._known and parent not in self._linked:
            if parent.tag == "a":
                break
            path.append(parent)
            parent = parent.getparent()
        if parent in self._known:
            home = self._known[parent]
            home.linked += len(" ".join("".join(link.itertext()).split()))
            self._known.update(dict.fromkeys(path, home))
        else:
            self._linked.update(path)


def _holds_data(table: Element) -> bool:
    """Say whether a table has rows and columns of short cells, and no table in it."""
    rows = cells = 0
    for each in table.iter("tr", "td", "th", "table", "form"):
        if each.tag in {"table", "form"} and each is not table:
            return False
        rows += each.tag == "tr"
        cells += each.tag in {"td", "th"}
    if rows < 2 or cells < 2 * rows:
        return False
    return len("".join(table.itertext())) < MOST_CELL_TEXT * cells


def _sum_up(block: Block) -> None:
    own = len(block.text)
    block.linked = own if block.is_in("link") else min(block.linked, own)
    block.size += own
    block.linked_size += block.linked
    block.prose_size += own if block.tag == "p" else 0
    block.count += bool(own)
    parent = block.parent
    if parent is not None:
        parent.size += block.size
        parent.linked_size += block.linked_size
        parent.prose_size += block.prose_size
        parent.count += block.count
