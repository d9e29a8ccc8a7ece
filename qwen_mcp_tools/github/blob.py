"""Blob: what the bytes of a file are for a reader: lines, a pointer to elsewhere, or no text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from qwen_mcp_tools.beacons import without_pictures
from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.content.kinds import Kind, kind_of
from qwen_mcp_tools.content.notebook import read_notebook
from qwen_mcp_tools.github.lines import Lines, Window, read_lines
from qwen_mcp_tools.upstream.exchange import MAX_BYTES

_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[a-z0-9.-]+ .*\n)*?"
    rb"oid sha256:(?P<oid>[0-9a-f]{64})\nsize (?P<size>\d{1,15})\n?",
)
LONGEST_POINTER = 1024
"""Git LFS's specification: a pointer file is smaller."""

_TEXTS = {Kind.TEXT, Kind.HTML, Kind.MARKDOWN, Kind.JSON}


@dataclass(frozen=True, slots=True)
class Binary:
    """Bytes that are no text."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer to a file that Git LFS keeps elsewhere."""

    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class Notebook:
    """A Jupyter notebook, its lines those of its Markdown."""

    lines: Lines


Content = Lines | Notebook | Binary | Pointer


def read_blob(pieces: Iterator[bytes], path: str, window: Window) -> Content:
    """Return what the file at `path` holds, its lines as far as `window` wants them."""
    head = next(pieces, b"")
    pointer = _POINTER.fullmatch(head) if len(head) < LONGEST_POINTER else None
    if pointer:
        return Pointer(pointer["oid"].decode(), int(pointer["size"]))
    kind = kind_of(head, "", f"/{path}")
    if kind not in _TEXTS:
        return Binary(kind)
    if path.lower().endswith(".ipynb"):
        return _read_notebook(b"".join(_at_most(chain([head], pieces), MAX_BYTES)), window)
    lines = read_lines(chain([head], pieces), window)
    return replace(lines, texts=tuple(map(without_pictures, lines.texts)))


def _read_notebook(body: bytes, window: Window) -> Lines | Notebook:
    try:
        markdown = read_notebook(decode(body).text)
    except ValueError:
        return read_lines(iter([body]), window)
    return Notebook(read_lines(iter([markdown.encode()]), window))


def _at_most(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:most]
        most -= len(piece)
        if most <= 0:
            return
