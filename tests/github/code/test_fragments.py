"""Fragments of a search become the numbered lines of the file that they come from."""

from typing import Any

from qwen_mcp_tools.github.code.fragments import MOST_LINES, numbered
from qwen_mcp_tools.github.code.query import CodeLine

TEXT = "".join(f"line {n} of code\n" for n in range(1, 41))


def match(fragment: str, *words: str, prop: str = "content") -> dict[str, Any]:
    starts = [fragment.index(word) for word in words]
    return {
        "property": prop,
        "fragment": fragment,
        "matches": [
            {"text": w, "indices": [s, s + len(w)]} for w, s in zip(words, starts, strict=True)
        ],
    }


def test_a_match_gets_its_real_line_and_its_neighbours() -> None:
    fragment = "9 of code\nline 10 of code\nline 11 of code\nline 12 of code\nline 13"

    assert numbered([match(fragment, "11")], TEXT)[0] == (
        CodeLine(10, "line 10 of code", False),
        CodeLine(11, "line 11 of code", True),
        CodeLine(12, "line 12 of code", False),
    )


def test_fragments_that_overlap_are_one() -> None:
    first, second = "line 10 of code\nline 11 of", "line 11 of code\nline 12 of code"
    lines, _ = numbered([match(first, "line 11"), match(second, "line 12")], TEXT)

    assert [line.number for line in lines] == [10, 11, 12]
    assert [line.is_match for line in lines] == [False, True, True]


def test_a_file_with_windows_line_ends_has_the_same_numbers() -> None:
    fragment = "line 10 of code\r\nline 11 of code\r\n"

    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        lines, _ = numbered([match(fragment, "line 11")], text)
        assert [line.number for line in lines if line.is_match] == [11]


def test_a_fragment_of_another_version_keeps_its_lines_without_numbers() -> None:
    lines, _ = numbered([match("old code\nolder code", "older")], TEXT)

    assert lines == (CodeLine(0, "old code", False), CodeLine(0, "older code", True))


def test_a_match_in_the_path_has_no_lines() -> None:
    assert numbered([match("src/line.py", "line", prop="path")], TEXT) == ((), 0)


def test_matches_count_before_the_lines_around_them() -> None:
    fragments = [match(f"line {n} of code\nline {n + 1} of", f"line {n}") for n in range(10, 38, 2)]
    lines, left_out = numbered(fragments, TEXT)

    assert (len(lines), left_out) == (MOST_LINES, 2)
    assert all(line.is_match for line in lines)


def test_odd_shapes_are_passed_over() -> None:
    odd: list[dict[str, Any]] = [
        {}, {"property": "content"}, {"property": "content", "fragment": None},
        {"property": "content", "fragment": ""}, {"property": "content", "fragment": "line 5",
         "matches": [{"indices": []}, {"indices": ["x"]}, {}]},
    ]  # fmt: skip

    assert [line.number for line in numbered(odd, TEXT)[0]] == [5]
