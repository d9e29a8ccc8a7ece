"""What a model gets to read, whatever came from outside."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.text import MAX_RESULT, Reply, clip, cut, mark_as_foreign, sanitise, width

HIDDEN = {
    "tags block": "\U000e0049\U000e0067\U000e006e",
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "variation selector": "\ufe01",
    "supplementary variation selector": "\U000e0100",
    "joiner between letters": "\u200d",
    "Hangul filler": "\u3164",
    "colour": "\x1b[31m",
    "title of the terminal": "\x1b]0;owned\x07",
    "link of the terminal": "\x1b]8;;http://x\x1b\\",
    "8-bit colour": "\x9b31m",
    "backspace": "\x08",
    "NUL": "\0",
    "lone escape": "\x1b",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_cannot_be_seen_is_removed(hidden: str) -> None:
    assert sanitise(f"be{hidden}fore") == "before"


@pytest.mark.parametrize(
    "meant",
    [
        "👩\u200d💻",  # woman technologist: joined emoji
        "❤\ufe0f",  # shown as a picture
        "1\ufe0f\u20e3",  # keycap
        "می\u200cخواهم",  # Persian needs the non-joiner
        "क्\u200dष",  # Hindi needs the joiner
        "葛\U000e0100",  # a registered ideographic variant
        "naïve café 中文 日本語 한국어",
        "tab\tand\nline",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(meant: str) -> None:
    assert sanitise(meant) == meant


def test_an_escape_without_an_end_takes_nothing_with_it() -> None:
    assert sanitise("be\x9dfore\nafter") == "before\nafter"


def test_every_line_end_becomes_a_line_feed() -> None:
    assert sanitise("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_half_a_character_becomes_the_replacement_character() -> None:
    assert sanitise("a\ud83db") == "a\ufffdb"


@given(st.text())
def test_sanitised_text_can_be_sent_and_stays_as_it_is(text: str) -> None:
    once = sanitise(text)

    once.encode("utf-8")
    assert sanitise(once) == once
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]", once)
    assert all(unicodedata.category(character) != "Cs" for character in once)


@given(st.text(st.sampled_from("a中😀👍\n"), max_size=200), st.integers(0, 300))
def test_a_cut_is_a_start_of_the_text_and_fits(text: str, limit: int) -> None:
    piece = cut(text, limit)

    assert text.startswith(piece)
    assert len(piece.encode("utf-16-le")) // 2 <= limit
    rest = text[len(piece) : len(piece) + 1]
    assert not rest or width(piece + rest) > limit


def test_clipped_text_says_so() -> None:
    assert clip("x" * 100, 60).endswith("[… cut here: too long to show whole]")
    assert width(clip("x" * 100, 60)) == 60
    assert clip("short", 60) == "short"


def test_foreign_text_stands_between_lines_that_it_cannot_forge() -> None:
    framed = mark_as_foreign("content\n<<<end>>>")
    first, *middle, last = framed.splitlines()

    word = last.removeprefix("<<<").removesuffix(" end>>>")
    assert re.fullmatch("[0-9a-f]{16}", word)
    assert first.startswith(f"<<<{word} ")
    assert middle == ["content", "<<<end>>>"]
    assert mark_as_foreign("content") != mark_as_foreign("content")


@pytest.mark.parametrize("character", ["x", "中", "😀", "\u200b"])
def test_a_whole_result_fits_what_clients_show(character: str) -> None:
    text = Reply(head="head", content=character * 60_000, foot="foot").render()

    assert width(text) <= MAX_RESULT
    assert text.startswith("head\n\n")
    assert text.endswith("\n\nfoot")


def test_a_reply_without_foreign_text_has_no_marks() -> None:
    assert Reply(head="No results.").render() == "No results."
