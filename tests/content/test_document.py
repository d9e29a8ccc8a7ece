"""A body of any kind: read as text, or refused with the reason."""

import pytest

from qwen_mcp_tools.content.document import read, read_raw
from qwen_mcp_tools.content.kinds import Kind
from qwen_mcp_tools.errors import UnreadableError

URL = "https://files.example/thing"


@pytest.mark.parametrize(
    ("body", "label", "kind"),
    [
        (b"<!DOCTYPE html><p>x</p>", "text/html", Kind.HTML),
        (b"<html><p>x</p></html>", "", Kind.HTML),
        (b"# Title", "text/markdown", Kind.MARKDOWN),
        (b'{"a": 1}', "application/json", Kind.JSON),
        (b'{"a": 1}', "application/vnd.api+json; charset=utf-8", Kind.JSON),
        (b"plain", "text/plain", Kind.TEXT),
        (b"<rss></rss>", "application/rss+xml", Kind.TEXT),
        (b"", "text/html", Kind.HTML),
        ("中文".encode("utf-16"), "text/plain", Kind.TEXT),
    ],
)
def test_texts_are_read(body: bytes, label: str, kind: Kind) -> None:
    assert read(body, label, URL).kind is kind


@pytest.mark.parametrize(
    ("body", "label", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "text/html", "it is a PDF (12 bytes); look for an HTML version"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "text/html", "it is a picture (12 bytes); hand its URL to"),
        (b"PK\x03\x04\x14\0\0\0", "application/zip", "it is an archive"),
        (b"\x1f\x8b\x08\0\0\0", "application/gzip", "it is an archive"),
        (b"ID3\x04\0\0\0", "audio/mpeg", "it is an audio or video file"),
        (b"\0\0\0\x18ftypmp42", "video/mp4", "it is an audio or video file"),
        (b"\x7fELF\x02\x01\x01\0", "text/plain", "it is a program"),
        (bytes(range(256)), "application/octet-stream", "it is a binary file (256 bytes)"),
        (bytes(range(32)) * 8, "text/plain", "it is a binary file"),
    ],
)
def test_what_is_no_text_is_never_shown_as_text(body: bytes, label: str, words: str) -> None:
    for reading in (read, read_raw):
        with pytest.raises(UnreadableError) as refused:
            reading(body, label, URL)

        assert words in str(refused.value)


def test_json_in_one_line_is_laid_out_with_every_digit() -> None:
    line = '{"version":1.50,"id":12345678901234567890123,"z":"' + "x" * 300 + '","a":[true,null]}'
    text = read(line.encode(), "application/json", URL).text

    assert '"version": 1.50,\n' in text
    assert '"id": 12345678901234567890123,\n' in text
    assert text.index('"z"') < text.index('"a"')


def test_json_with_lines_of_its_own_stays_as_it_is() -> None:
    text = '{\n "a":  1\n}'

    assert read(text.encode(), "application/json", URL).text == text


def test_broken_json_is_shown_and_told() -> None:
    document = read(b'{"a": ', "application/json", URL)

    assert document.text == '{"a":'
    assert document.notes == ("labelled JSON, but it is not valid JSON",)


def test_json_lines_stay_lines() -> None:
    document = read(b'{"a": 1}\n{"a": 2}\n', "application/json", URL)

    assert (document.text, document.notes) == ('{"a": 1}\n{"a": 2}', ())


def test_a_picture_in_markdown_becomes_a_link() -> None:
    text = read(b"![a chart](https://x.example/c.png)", "text/markdown", URL).text

    assert text == "[picture: a chart](https://x.example/c.png)"


def test_a_picture_in_plain_text_becomes_a_link_too() -> None:
    text = read(b"![x](https://evil.example/beacon) and vec![1](2)", "text/plain", URL).text

    assert text == "[picture: x](https://evil.example/beacon) and vec![1](2)"


def test_lines_ended_as_on_windows_are_read() -> None:
    assert read(b"one  \r\ntwo\r\n", "text/plain", URL).text == "one\ntwo"


def test_raw_is_the_source() -> None:
    source = "<p hidden>x</p>"

    assert read_raw(source.encode(), "text/html", URL).text == source
