import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.text import width
from qwen_mcp_tools.web.parts import part_of

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="ab .。！？\n", max_size=60),
        st.text(alphabet="e\u0301\u0308한ᄀ\u1161\u11a8👩\u200d👩🏽🇨🇳️क्षि", max_size=40),
    ),
    max_size=8,
).map("".join)


def parts_of(text: str, room: int) -> list[str]:
    parts: list[str] = []
    start = 0
    while start < len(text):
        part, start = part_of(text, start, room)
        parts.append(part)
        assert part
    return parts


@given(TEXTS, st.integers(2, 80))
def test_the_parts_join_to_the_text_and_none_is_wider_than_its_room(text: str, room: int):
    parts = parts_of(text, room)

    assert "".join(parts) == text
    assert all(width(part) <= room for part in parts)


@given(st.text(alphabet="\u00e9a ", min_size=40, max_size=200), st.integers(8, 30))
def test_no_part_begins_with_an_accent_that_belongs_to_the_letter_before(text: str, room: int):
    decomposed = unicodedata.normalize("NFD", text)

    parts = parts_of(decomposed, room)

    assert not any(unicodedata.combining(part[0]) for part in parts)


def test_a_part_ends_with_its_paragraph_where_one_ends_near():
    text = "first paragraph, long enough\n\nsecond paragraph\n\nthird"

    assert part_of(text, 0, 38) == ("first paragraph, long enough\n\n", 30)


def test_without_a_paragraph_or_line_a_part_ends_with_its_sentence():
    assert parts_of("One sentence here. Another one there.", 21)[0] == "One sentence here. "
    assert parts_of("这是第一句话。这是第二句话，还没有完", 8)[0] == "这是第一句话。"


def test_a_family_and_a_flag_stay_whole():
    family, flag = "👩\u200d👩\u200d👧", "🇨🇳"

    assert parts_of("x" * 30 + family, 34)[0] == "x" * 30
    assert parts_of("x" * 29 + flag * 2, 35)[0] == "x" * 29 + flag


def test_a_pile_of_marks_wider_than_a_part_is_still_cut():
    pile = "a" + "\u0301" * 2000

    assert "".join(parts_of(pile, 500)) == pile
