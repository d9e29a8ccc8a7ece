"""Tables: every row with all its cells, and no more than the page holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content.test_markdown import markdown

TABLES = {
    "plain": (
        "<table><caption>T</caption><tr><th>a<th>b<tr><td>1<td>2|3</table>",
        "T\n\n| a | b |\n| --- | --- |\n| 1 | 2\\|3 |",
    ),
    "short row": (
        "<table><tr><td>a<td>b<tr><td>1</table>",
        "| a | b |\n| --- | --- |\n| 1 |  |",
    ),
    "rows and columns spanned": (
        "<table><tr><th>a<th colspan=2>b<tr><td rowspan=2>c<td>d<td>e<tr><td>f<td>g</table>",
        "| a | b | b |\n| --- | --- | --- |\n| c | d | e |\n| c | f | g |",
    ),
    "a row across": (
        "<table><tr><td>a<td>b<tr><td colspan=2>c<tr><td>d<td>e</table>",
        "| a | b |\n| --- | --- |\n| c |  |\n| d | e |",
    ),
    "more than a line in a cell": (
        "<table><tr><td>a<td><p>b</p><ul><li>c<li>d</ul>e<br>f<tr><td>x<td>y</table>",
        "| a | b • c • d e f |\n| --- | --- |\n| x | y |",
    ),
    "code in a cell": (
        "<table><tr><th>a<th>b<tr><td>x<td><pre>c\nd</pre></table>",
        "| a | b |\n| --- | --- |\n| x | `c`<br>`d` |",
    ),
    "layout": ("<table role=presentation><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb"),
    "one column": ("<table><tr><td><h2>a</h2>b</table>", "## a\n\nb"),
    "headings among rows": (
        (
            "<table><tr><td colspan=2><h2>A</h2><tr><td>a<td>b<tr><td colspan=2><h2>B</h2>"
            "<tr><td>c<td>d</table>"
        ),
        "## A\n\n| a | b |\n| --- | --- |\n\n## B\n\n| c | d |\n| --- | --- |",
    ),
    "a table of divs": (
        (
            '<div class="summary-table"><div class="col-first">a</div><div class="col-last">b</div>'
            '<div class="col-first">1</div><div class="col-last">2</div></div>'
        ),
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
    ),
}


@pytest.mark.parametrize(("html", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_keeps_its_rows(html: str, expected: str) -> None:
    assert markdown(html) == expected


BOMBS = {
    "rows": "<table><tr><td rowspan=65534>" + "y" * 150 + "<td>z" + "<tr><td>a" * 5000,
    "columns": "<table>" + "<tr><td colspan=1000>yyyyy" * 5000,
    "both": "<table><tr>" + "<td>a" * 200 + "<tr><td colspan=1000 rowspan=1000>yyy" * 5000,
    "one wide row": "<table><tr>" + "<td>a" * 5000 + "<tr><td>b" * 5000,
    "tables": "<table><tr><td>x<td>y" * 3000,
    "lists": "<ul><li>x" * 5000,
    "quotes": "<blockquote>x" * 5000,
    "broken lines in lists": "<ul><li>" * 9 + "x<br>" * 20_000,
    "backticks": "<pre>" + "`" * 50_000,
    "definitions": "<dl><dt>t<dd>" * 3000,
    "boxes": "<div class=note>x" * 3000,
}


@pytest.mark.parametrize("html", BOMBS.values(), ids=BOMBS)
def test_what_is_written_stays_in_proportion_to_what_is_read(html: str) -> None:
    assert len(markdown(html)) < 8 * len(html)


cells = st.tuples(
    st.sampled_from(["a", "b c", "d|e", "", "<b>f</b>", "<p>g</p><p>h</p>"]),
    st.integers(0, 4), st.integers(0, 4),
)  # fmt: skip


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=6))
def test_all_rows_have_as_many_cells(rows: list[list[tuple[str, int, int]]]) -> None:
    html = "".join(
        "<tr>" + "".join(f"<td rowspan={r} colspan={c}>{text}</td>" for text, r, c in row) + "</tr>"
        for row in rows
    )
    lines = markdown(f"<table>{html}</table>").splitlines()

    assert len({line.replace("\\|", "").count("|") for line in lines}) <= 1
