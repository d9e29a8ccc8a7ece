"""A Jupyter notebook as Markdown."""

import json
from typing import Any

import pytest

from qwen_mcp_tools.content.notebook import MOST_OUTPUT, read_notebook


def notebook(*cells: dict[str, Any]) -> str:
    metadata = {"language_info": {"name": "python"}}
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4})


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": outputs}


def test_cells_follow_in_order_with_their_language() -> None:
    shown = read_notebook(
        notebook({"cell_type": "markdown", "source": "# Title\n\nText."}, code("a = 1\nprint(a)"))
    )

    assert shown == "# Title\n\nText.\n\n```python\na = 1\nprint(a)\n```"


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ({"output_type": "stream", "text": ["1\n", "2\n"]}, "Output:\n\n```\n1\n2\n```"),
        (
            {"output_type": "execute_result", "data": {"text/plain": "3", "text/html": "<b>3</b>"}},
            "Output:\n\n```\n3\n```",
        ),
        (
            {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["x"]},
            "Output:\n\n```\nValueError: bad\n```",
        ),
        (
            {"output_type": "display_data", "data": {"image/png": "iVBOR"}},
            "[picture in the output: image/png]",
        ),
    ],
)
def test_outputs_are_shown_as_text(output: dict[str, Any], shown: str) -> None:
    assert read_notebook(notebook(code("x", output))) == f"```python\nx\n```\n\n{shown}"


def test_a_long_output_is_clipped() -> None:
    shown = read_notebook(notebook(code("x", {"output_type": "stream", "text": "z" * 9999})))

    assert shown.count("z") == MOST_OUTPUT
    assert "[…]" in shown


def test_pictures_of_its_text_are_links() -> None:
    cell = {"cell_type": "markdown", "source": "![plot](https://example.com/p.png)"}

    assert read_notebook(notebook(cell)) == "[picture: plot](https://example.com/p.png)"


@pytest.mark.parametrize("source", ["", "[]", "{}", '{"cells": 5}', '{"cells": [5]}', "[" * 9999])
def test_what_is_no_notebook_is_told(source: str) -> None:
    with pytest.raises(ValueError, match=r"notebook|Expecting"):
        read_notebook(source)
