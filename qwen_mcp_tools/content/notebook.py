"""Jupyter notebooks as Markdown: cells in order, outputs as far as they are text (nbformat 4)."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from qwen_mcp_tools.content.plain import tidy_markdown
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.shapes import objects

MOST_OUTPUT = 2000
"""How many characters of one output are shown."""


def read_notebook(source: str) -> str:
    """Return the notebook in `source` as Markdown; pictures are named, not shown.

    Raises:
        ValueError: It is no notebook.
    """
    try:
        notebook: Any = json.loads(source)
        cells: Any = notebook["cells"]
        language = _language(notebook)
        return "\n\n".join(part for cell in cells for part in _cell(cell, language) if part)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no notebook of format 4") from error


def _language(notebook: dict[str, Any]) -> str:
    facts: dict[str, Any] = notebook.get("metadata") or {}
    told: dict[str, Any] = facts.get("language_info") or facts.get("kernelspec") or {}
    return _text(told.get("name") or told.get("language") or "").strip()


def _cell(cell: dict[str, Any], language: str) -> Iterator[str]:
    source = _text(cell.get("source")).strip("\n")
    match cell.get("cell_type"):
        case "markdown":
            yield tidy_markdown(source)
        case "code":
            if source:
                yield _fenced(source, language)
            yield from map(_output, objects(cell, "outputs"))
        case _:
            yield _fenced(source, "") if source else ""


def _output(output: dict[str, Any]) -> str:
    data: dict[str, Any] = output.get("data") or {}
    text = _text(output.get("text") or data.get("text/markdown") or data.get("text/plain"))
    if output.get("output_type") == "error":
        text = f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
    pictures = [kind for kind in data if kind.startswith("image/")]
    shown = [f"[picture in the output: {kind}]" for kind in pictures]
    if text.strip():
        clipped = text[:MOST_OUTPUT].rstrip() + (" […]" if len(text) > MOST_OUTPUT else "")
        shown.insert(0, f"Output:\n\n{_fenced(clipped, '')}")
    return "\n\n".join(shown)


def _fenced(text: str, language: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{one_line(language, 30)}\n{text}\n{fence}"


def _text(value: Any) -> str:
    """Return a text that is given whole or as a list of its lines."""
    if isinstance(value, list):
        return "".join(map(str, cast("list[Any]", value)))
    return value if isinstance(value, str) else ""
