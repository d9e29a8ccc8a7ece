"""Bytes become the characters that were meant, whatever the labels say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.content.charset import decode

CHINESE = (
    "异步任务的超时处理：每一次网络请求都应该有一个时间上限，没有上限的等待会拖垮整个服务。" * 3
)
TRADITIONAL = "網路上的錯誤有許多是暫時的，遇到這類錯誤時，等一會兒再試往往就能成功。" * 3
JAPANESE = "非同期処理のタイムアウトについて説明します。これはテストです。" * 3
RUSSIAN = "Каждый сетевой запрос должен иметь предел времени ожидания. " * 3
FRENCH = "Chaque requête doit avoir une durée limitée, à défaut elle bloque le système entier. " * 3


@pytest.mark.parametrize(
    ("text", "charset", "label"),
    [
        (CHINESE, "gb18030", "gbk"),
        (CHINESE, "gb18030", "GB2312"),
        (TRADITIONAL, "big5hkscs", "big5"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (FRENCH, "cp1252", "iso-8859-1"),
    ],
)
def test_a_true_label_counts_in_header_and_page(text: str, charset: str, label: str) -> None:
    body = text.encode(charset)
    header = decode(body, f'text/html; charset="{label}"', html=True)
    page = decode(f'<meta charset="{label}">'.encode() + body, "text/html", html=True)

    assert (header.text, header.source) == (text, "header")
    assert page.text.endswith(text)
    assert page.source == "meta"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE, "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "cp932"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp1252"),
    ],
)
@pytest.mark.parametrize("lie", ["", "text/html; charset=utf-8", "text/html; charset=nonsense"])
def test_a_missing_or_lying_label_does_no_harm(text: str, charset: str, lie: str) -> None:
    assert decode(text.encode(charset), lie, html=True).text == text


def test_a_chinese_page_labelled_western_is_read_as_chinese() -> None:
    assert decode(CHINESE.encode("gb18030"), "text/html; charset=iso-8859-1").text == CHINESE


@pytest.mark.parametrize("label", ["", "text/html; charset=gbk", "text/html; charset=iso-8859-1"])
def test_utf_8_is_known_by_its_bytes(label: str) -> None:
    decoded = decode(CHINESE.encode(), label)

    assert (decoded.text, decoded.charset) == (CHINESE, "utf-8")


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed_and_removed(charset: str) -> None:
    decoded = decode(CHINESE.encode(charset), "text/html; charset=big5")

    assert (decoded.text, decoded.source) == (CHINESE, "bom")


def test_a_page_cut_inside_a_character_stays_utf_8() -> None:
    decoded = decode(CHINESE.encode()[:-1])

    assert decoded.charset == "utf-8"
    assert decoded.text[:-1] == CHINESE[:-1]


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=gbk", "charset=utf-16"]))
def test_no_bytes_break_it(body: bytes, label: str) -> None:
    assert isinstance(decode(body, label, html=True).text, str)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives_utf_8(text: str) -> None:
    if not text.startswith("\ufeff") and "\0" not in text and "\x1b" not in text:
        assert decode(text.encode()).text == text
