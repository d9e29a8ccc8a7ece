"""Bytes become the characters that were meant, whatever the labels say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.content.charset import decode
from tests.content.sentences import CASES, SENTENCES

CODECS = {"windows-874": "cp874", "ibm866": "cp866", "big5-hkscs": "big5hkscs"}
LATIN = {"pl", "tr"}
"""Under a western label their letters look like other western ones: that label is believed."""

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


def labels(true: str) -> dict[str, tuple[str, str]]:
    """Return what header and page may say of a page in `true`."""
    false = "utf-8" if true != "utf-8" else "gbk"
    return {
        "none": ("", ""),
        "header": (true, ""),
        "meta": ("", true),
        "false header": (false, ""),
        "false meta": ("", false),
        "both false": (false, false),
        "false header, true meta": (false, true),
        "true header, false meta": (true, false),
    }


def assert_read(text: str, charset: str, header: str, meta: str) -> None:
    declared = f"<meta charset={meta}>" if meta else ""
    body = f"<html><head>{declared}<title>".encode() + text.encode(CODECS.get(charset, charset))
    label = f"text/html; charset={header}" if header else "text/html"

    assert text in decode(body + b"</title>", label, html=True).text


@pytest.mark.parametrize("length", ["title", "sentence", "page"])
@pytest.mark.parametrize("said", list(labels("")))
@pytest.mark.parametrize(("language", "charset"), CASES)
def test_every_language_is_read_whatever_is_said_of_it(
    language: str, charset: str, said: str, length: str
) -> None:
    title, sentence, _ = SENTENCES[language]
    text = {"title": title, "sentence": sentence, "page": sentence * 40}[length]

    assert_read(text, charset, *labels(charset)[said])


@pytest.mark.parametrize("said", [("iso-8859-1", ""), ("", "iso-8859-1"), ("windows-1252",) * 2])
@pytest.mark.parametrize(("language", "charset"), [case for case in CASES if case[0] not in LATIN])
def test_another_script_under_a_western_label_is_read(
    language: str, charset: str, said: tuple[str, str]
) -> None:
    for text in SENTENCES[language][:2]:
        assert_read(text, charset, *said)


@pytest.mark.parametrize(
    "name",
    "rot13 rot_13 hex zlib bz2 base64 uu quopri idna punycode utf-7 unicode_escape undefined mbcs "
    "raw_unicode_escape oem cp037 utf-32 hz nonsense ../../etc/passwd".split(),
)
def test_a_name_that_is_no_charset_of_the_web_is_passed_over(name: str) -> None:
    assert_read(CHINESE, "gb18030", name, name)
    assert decode(b"+ADw-script+AD4-", f"charset={name}").text == "+ADw-script+AD4-"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(charset: str) -> None:
    assert decode(FRENCH.encode(charset)).text == FRENCH


@pytest.mark.parametrize("charset", ["gb18030", "big5", "cp932", "euc_jp", "cp949"])
def test_a_page_cut_inside_a_character_keeps_its_charset(charset: str) -> None:
    text = {"gb18030": "zh-Hans", "big5": "zh-Hant", "cp949": "ko"}.get(charset, "ja")
    whole = SENTENCES[text][1].rstrip(".。") * 3
    cut = whole.encode(charset)[:-1]

    assert decode(cut).text.startswith(whole[:-1])


def test_a_few_broken_bytes_do_not_turn_a_page_into_another_charset() -> None:
    body = CHINESE.encode("gb18030") * 10 + b"\xff" + CHINESE.encode("gb18030")

    assert decode(body, "text/html; charset=gbk").text == CHINESE * 10 + "\ufffd" + CHINESE


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=gbk", "charset=utf-16"]))
def test_no_bytes_break_it(body: bytes, label: str) -> None:
    assert isinstance(decode(body, label, html=True).text, str)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives_utf_8(text: str) -> None:
    if not text.startswith("\ufeff") and "\0" not in text and "\x1b" not in text:
        assert decode(text.encode()).text == text
