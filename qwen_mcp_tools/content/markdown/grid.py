"""Rows of cells as a table, every row with all its cells, whatever spans are claimed."""

from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element

WIDEST = 200
MOST_FILLING = 4
"""How many places a table may have for each of its cells."""

LONGEST_REPEATED = 200
"""A longer text is not written again in the other rows and columns that its cell spans."""


Cell = tuple[str, int, int]
"""A cell as it stands in the page: its text, and how many rows and columns it claims."""


def write_rows(rows: list[list[str]]) -> str:
    """Return a table of GitHub-flavoured Markdown; its first row is the head."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width, cells = max(map(len, rows)), sum(map(len, rows))
    # Where nearly all would be filling, rows end early: GitHub's Markdown allows that.
    least = width if width * len(rows) <= MOST_FILLING * cells + 100 else 0
    lines = [_line(row, least) for row in rows[1:]]
    return "\n".join((_line(rows[0], width), "|" + " --- |" * width, *lines))


def _line(row: list[str], width: int) -> str:
    cells = [cell.replace("|", "\\|") if "|" in cell else cell for cell in row]
    return "| " + " | ".join(cells + [""] * (width - len(row))) + " |"


def filled(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the text at each place of the table (HTML, section 4.9.12.1).

    Spans count only where the table is not mostly claimed, and what is repeated is never more than
    what is there.
    """
    width = max((sum(across for _, _, across in row) for row in rows), default=0)
    is_plain = not any(down > 1 or across > 1 for row in rows for _, down, across in row)
    if is_plain or width > WIDEST or width * len(rows) > MOST_FILLING * sum(map(len, rows)) + 100:
        return [[text for text, _, _ in row] for row in rows]
    places = _Places(rows, width)
    return [places.next_row(row) for row in rows]


class _Places:
    """Fills one row after the other, with what hangs down from the rows before."""

    def __init__(self, rows: list[list[Cell]], width: int) -> None:
        self._width = width
        self._left = 1000 + sum(len(text) for row in rows for text, _, _ in row)
        self._hanging: dict[int, tuple[int, str]] = {}

    def next_row(self, row: list[Cell]) -> list[str]:
        line: list[str] = []
        for text, down, across in row:
            self._hang(line)
            # A cell across the whole table is a heading among its rows: it stands there once.
            across = max(min(across, self._width - len(line)), 1)  # noqa: PLW2901
            again = text if len(text) <= LONGEST_REPEATED and across < self._width else ""
            for column in range(across):
                if down > 1:
                    self._hanging[len(line)] = (down - 1, again)
                line.append(self._again(again) if column else text)
        self._hang(line)
        return line

    def _hang(self, line: list[str]) -> None:
        while len(line) in self._hanging:
            down, text = self._hanging.pop(len(line))
            if down > 1:
                self._hanging[len(line)] = (down - 1, text)
            line.append(self._again(text))

    def _again(self, text: str) -> str:
        self._left -= len(text)
        return text if self._left > 0 else ""


def grid(writer: Writer, element: Element) -> None:
    """A table made of `div` elements: a row ends with the cell that is marked as the last."""
    rows: list[list[str]] = [[]]
    for child in element:
        if not isinstance(child.tag, str):
            continue
        rows[-1].append(writer.line_of(child))
        if "col-last" in child.get("class", "").split():
            rows.append([])
    writer.block(write_rows(rows))
