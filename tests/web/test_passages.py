import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.web.passages import passages_about

FILLER = "\n\n".join(f"Paragraph {n} tells of gardens, rain and old houses." for n in range(40))


def about(text: str, words: str) -> list[str]:
    return [text[start:stop] for start, stop in passages_about(text, words, [(0, len(text))])]


def test_only_the_paragraph_about_the_words_is_kept():
    text = f"{FILLER}\n\nSet the timeout with QWEN_MCP_TIMEOUT.\n\n{FILLER}"

    assert about(text, "timeout") == ["Set the timeout with QWEN_MCP_TIMEOUT."]


def test_a_passage_brings_the_heading_above_it():
    text = f"{FILLER}\n\n## Limits\n\nAt most ten MB.\n\n{FILLER}"

    assert about(text, "most MB") == ["## Limits\n\nAt most ten MB."]


def test_chinese_words_are_found_without_spaces():
    text = "天气很好。\n\n" * 40 + "如何设置代理服务器的端口号。\n\n" + "我们去公园。\n\n" * 40

    assert about(text, "代理服务器") == ["如何设置代理服务器的端口号。"]
    assert about(text, "设置服务器端口") == ["如何设置代理服务器的端口号。"]
    assert about(text, "数据库") == []


@pytest.mark.parametrize("words", ["installing", "Installation", "INSTALLED"])
def test_an_ending_does_not_hide_a_word(words: str):
    assert about(f"{FILLER}\n\nInstall it first.\n\n{FILLER}", words) == ["Install it first."]


def test_a_word_is_not_found_inside_another():
    assert about(f"{FILLER}\n\nHe cared.", "red") == []
    assert about(f"{FILLER}\n\nWritten in C and Java.", "c") == ["Written in C and Java."]


def test_signs_alone_are_looked_for_as_they_are():
    assert about(f"{FILLER}\n\nWrite a => b here.", "=>") == ["Write a => b here."]


def test_a_rare_word_counts_more_than_one_that_is_everywhere():
    text = f"{FILLER}\n\nThe frobnicator of the gardens."

    assert about(text, "frobnicator gardens rain") == ["The frobnicator of the gardens."]


def test_a_long_paragraph_is_cut_to_what_is_about_the_words():
    text = "Plain words go on. " * 500 + "The zebra stands here. " + "More words go on. " * 500

    (passage,) = about(text, "zebra")

    assert "zebra" in passage
    assert len(passage) <= 800


def test_passages_stay_inside_the_spans():
    text = "zebra one\n\nzebra two\n\nzebra three"

    assert passages_about(text, "zebra", [(11, 20)]) == ((11, 20),)


@given(st.text(alphabet="ab \n#天地。", max_size=400), st.text(alphabet="ab天地#", min_size=1))
def test_passages_come_in_order_apart_and_inside_the_text(text: str, words: str):
    spans = passages_about(text, words, [(0, len(text))])

    flat = [offset for span in spans for offset in span]
    assert flat == sorted(set(flat))
    assert not flat or (flat[0] >= 0 and flat[-1] <= len(text))
