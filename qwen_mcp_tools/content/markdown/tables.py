"""Tables: of data as rows, of layout as what is in them."""

from collections.abc import Iterator

from qwen_mcp_tools.content.markdown.blocks import HEADINGS, heading, paragraph, signature
from qwen_mcp_tools.content.markdown.code import code_block
from qwen_mcp_tools.content.markdown.grid import Cell, filled, write_rows
from qwen_mcp_tools.content.markdown.names import Role, is_beside_code
from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element

_CELLS = frozenset({"td", "th"})
_UNUSUAL = (*HEADINGS, "table", "pre", "blockquote", "article", "section", "ul", "ol", "dl")
"""What a table of data holds rarely."""

_GROUPS = frozenset({"thead", "tbody", "tfoot"})
MOST_ROWS = 65_534
MOST_COLUMNS = 1_000


def table(writer: Writer, element: Element) -> None:
    """A table of data as GitHub-flavoured Markdown; a table of layout as the blocks in it."""
    if writer.flat:
        _on_one_line(writer, element)
    elif writer.role(element) is Role.SIGNATURE:
        signature(writer, element)
    elif not _is_unusual(element):
        _write_data(writer, element)
    elif (code := _code_of(element)) is not None:
        code_block(writer, code)
    elif _is_layout(element):
        _unwrap(writer, element)
    else:
        _write_data(writer, element)


def _is_unusual(element: Element) -> bool:
    if element.get("role") or next(element.iterdescendants(*_UNUSUAL), None) is not None:
        return True
    return not any(len(_cells(row)) > 1 for row in _rows(element))


def _rows(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "tr":
            yield child
        elif child.tag in _GROUPS:
            yield from (each for each in child if each.tag == "tr")


def _cells(row: Element) -> list[Element]:
    return [each for each in row if each.tag in _CELLS]


def _code_of(element: Element) -> Element | None:
    """Return the code that stands in a table beside its line numbers."""
    blocks = list(element.iter("pre"))
    beside = [each for each in blocks if any(map(_is_beside, (each, *each.iterancestors("td"))))]
    left = [each for each in blocks if each not in beside]
    return left[0] if len(left) == 1 and beside else None


def _is_beside(element: Element) -> bool:
    return is_beside_code(element.get("class", ""))


def _is_layout(element: Element) -> bool:
    if element.get("role") in {"presentation", "none"}:
        return True
    rows = [_cells(row) for row in _rows(element)]
    has_head = any(cell.tag == "th" for row in rows for cell in row)
    if all(len(row) <= 1 for row in rows):
        return not has_head or len(rows) == 1
    is_nested = next(element.iterdescendants("table"), None) is not None
    if len(rows) == 1 and not has_head and next(element.iter("ul", "ol", "dl"), None) is not None:
        return True
    has_blocks = next(element.iter("article", "section", "blockquote", "pre"), None) is not None
    return is_nested or (has_blocks and not has_head)


def _unwrap(writer: Writer, element: Element) -> None:
    writer.flush()
    for child in element:
        if child.tag == "caption":
            paragraph(writer, child)
    for row in _rows(element):
        for cell in _cells(row):
            paragraph(writer, cell)


def _write_data(writer: Writer, element: Element) -> None:
    writer.flush()
    for child in element:
        if child.tag == "caption":
            paragraph(writer, child)
    rows: list[list[Cell]] = []
    for row in _rows(element):
        cells = _cells(row)
        if len(cells) == 1 and (inner := next(cells[0].iter(*HEADINGS), None)) is not None:
            # A heading among the rows: what follows is a table of its own.
            _end(writer, rows)
            rows = []
            heading(writer, inner)
        else:
            rows.append([_cell(writer, cell) for cell in cells])
    _end(writer, rows)


def _end(writer: Writer, rows: list[list[Cell]]) -> None:
    writer.block(write_rows(filled(rows)))


def _cell(writer: Writer, cell: Element) -> Cell:
    text = writer.line_of(cell)
    return (text, _span(cell, "rowspan", MOST_ROWS), _span(cell, "colspan", MOST_COLUMNS))


def _span(cell: Element, name: str, most: int) -> int:
    text = cell.get(name)
    if text is None or not text.strip()[:9].isdecimal():
        return 1
    # A rowspan of 0 reaches to the end of its group.
    return min(int(text.strip()[:9]), most) or (most if name == "rowspan" else 1)


def _on_one_line(writer: Writer, element: Element) -> None:
    for row in _rows(element):
        texts = [writer.line_of(cell) for cell in _cells(row)]
        writer.pieces.append(" " + " ".join(filter(None, texts)) + " ")
