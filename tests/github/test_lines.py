"""The lines that are wanted, out of a text of any length, charset and line ends."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.github import lines as lines_module
from qwen_mcp_tools.github.lines import Lines, Window, read_lines


def read(body: bytes, window: Window | None = None, size: int = 7) -> Lines:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return read_lines(pieces, window or Window())


@pytest.mark.parametrize(
    ("body", "texts", "ends"),
    [
        (b"", (), "LF"),
        (b"one", ("one",), "LF"),
        (b"one\n", ("one",), "LF"),
        (b"one\n\n", ("one", ""), "LF"),
        (b"one\r\ntwo\r\n", ("one", "two"), "CRLF"),
        (b"one\rtwo\r", ("one", "two"), "CR"),
        (b"one\r\ntwo\nthree", ("one", "two", "three"), "mixed"),
        ("中文\n测试".encode("gb18030") * 20, None, "LF"),
        ("\ufeffone\ntwo".encode("utf-16-le"), ("one", "two"), "LF"),
        ("\ufeffone\ntwo".encode(), ("one", "two"), "LF"),
        ("a\u2028b\x85c\x0cd\n".encode(), ("a b cd",), "LF"),
    ],
)
def test_lines_end_where_an_editor_ends_them(
    body: bytes, texts: tuple[str, ...] | None, ends: str
) -> None:
    found = read(body)

    assert found.line_ends == ends
    assert found.is_counted
    if texts is None:
        assert found.texts[0] == "中文"
    else:
        assert found.texts == texts
        assert found.total == len(texts)


def test_a_window_is_cut_out_and_all_lines_are_counted() -> None:
    found = read(b"".join(b"line %d\n" % n for n in range(1, 101)), Window(10, 12))

    assert found.texts == ("line 10", "line 11", "line 12")
    assert (found.first, found.last, found.total) == (10, 12, 100)


def test_what_has_no_room_is_left_for_the_next_window() -> None:
    body = b"".join(b"line %03d\n" % n for n in range(100))
    shown: list[str] = []
    first = 1
    while first <= 100:
        part = read(body, Window(first, 0, room=100))
        assert sum(len(text) + len(str(n)) + 2 for n, text in enumerate(part.texts, first)) <= 100
        shown += part.texts
        first = part.last + 1

    assert shown == [f"line {n:03d}" for n in range(100)]


def test_one_line_is_shown_however_little_room_there_is() -> None:
    assert len(read(b"a long line\nanother\n", Window(room=1)).texts) == 1


def test_a_minified_line_is_clipped_by_column() -> None:
    found = read(b"x" * 5000 + b"\nshort\n", size=700)

    assert found.clipped == 1
    assert found.texts == ("x" * 1000 + " […]", "short")


def test_lines_beyond_the_end_are_none() -> None:
    found = read(b"one\ntwo\n", Window(5, 9))

    assert (found.texts, found.total) == ((), 2)


def test_a_huge_text_is_read_no_further_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "SAMPLE_BYTES", 1000)
    monkeypatch.setattr(lines_module, "COUNTED_CHARACTERS", 5000)
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield b"a line of text\n" * 10

    found = read_lines(pieces(), Window(2, 3))

    assert found.texts == ("a line of text",) * 2
    assert not found.is_counted
    assert taken < 100


def test_a_line_without_an_end_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "SAMPLE_BYTES", 1000)
    found = read_lines((b"x" * 65_536 for _ in range(400)), Window())

    assert (found.total, found.clipped, len(found.texts[0])) == (1, 1, 1004)


@given(st.text(alphabet=st.sampled_from("ab中😀\n\r"), max_size=200), st.integers(1, 9))
def test_pieces_of_any_size_give_the_same_lines(text: str, size: int) -> None:
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = even.removesuffix("\n").split("\n") if even else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "SAMPLE_BYTES", 3)
        found = read(text.encode("utf-16"), size=size)

    assert list(found.texts) == expected
