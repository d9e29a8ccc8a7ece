"""A tree as text: two levels, with sizes, pruned to what fits an answer."""

from collections import Counter
from collections.abc import Iterator

from qwen_mcp_tools.github.tree import FOLDER, SUBMODULE, SYMLINK, Entry, Tree
from qwen_mcp_tools.text import one_line, width

MOST_LINES = 250
CUT = "GitHub lists only the start of so large a tree; read its folders one by one"

_CAPS = (1000, 100, 40, 20, 10, 5, 0)
"""How many entries of each folder of the second level are shown, tried in turn."""


def listing(tree: Tree, room: int, most_lines: int = MOST_LINES) -> str:
    """Return the tree as lines, at most `room` UTF-16 units wide and `most_lines` long."""
    children, counts = tree.levels
    lines: list[str] = []
    for cap in _CAPS:
        lines = list(_lines(children, counts, cap, most_lines))
        text = "\n".join(lines)
        if len(lines) <= most_lines + 1 and width(text) <= room:
            return text
    return _fitting(lines, room)


def size_of(count: int) -> str:
    """Return a number of bytes as people write it: "812 B", "5.2 KB"."""
    if count < 1024:
        return f"{count} B"
    size = float(count)
    for unit in ("KB", "MB"):
        size /= 1024
        if size < 1000:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:.1f} GB"


def _lines(
    children: dict[str, list[Entry]], counts: Counter[str], cap: int, most: int
) -> Iterator[str]:
    top = children.get("", [])
    for entry in top[:most]:
        below = children.get(entry.path, [])
        yield _line(entry, "", counts)
        if entry.kind == FOLDER and cap:
            for each in below[:cap]:
                yield _line(each, "  ", counts)
            if len(below) > cap:
                yield f"  … {len(below) - cap:,} more"
    if len(top) > most:
        yield f"… {len(top) - most:,} more"


def _line(entry: Entry, indent: str, counts: Counter[str]) -> str:
    name = one_line(entry.path.rpartition("/")[2], 200)
    match entry.kind:
        case kind if kind == FOLDER:
            count = counts[entry.path]
            return f"{indent}{name}/  ({count:,} file{'s' if count != 1 else ''})"
        case kind if kind == SYMLINK:
            return f"{indent}{name}  (symlink)"
        case kind if kind == SUBMODULE:
            return f"{indent}{name}  (submodule at {entry.sha[:10]})"
        case _:
            return f"{indent}{name}  {size_of(entry.size)}"


def _fitting(lines: list[str], room: int) -> str:
    kept: list[str] = []
    left = room - 40
    for line in lines:
        left -= width(line) + 1
        if left < 0:
            return "\n".join([*kept, f"… {len(lines) - len(kept):,} more lines"])
        kept.append(line)
    return "\n".join(kept)
