import pytest

from qwen_mcp_tools.errors import BadArgumentError, RefusedError
from qwen_mcp_tools.web.address import address_of


@pytest.mark.parametrize(
    ("written", "url", "fragment"),
    [
        ("https://example.com/a?b=c", "https://example.com/a?b=c", ""),
        ("example.com", "https://example.com", ""),
        ("docs.example.com/a/b", "https://docs.example.com/a/b", ""),
        ("//example.com/a", "https://example.com/a", ""),
        (" <https://example.com/a>\n", "https://example.com/a", ""),
        ("`https://example.com`", "https://example.com", ""),
        ("https://example.com/a#install", "https://example.com/a", "install"),
        ("https://例え.jp/ページ", "https://例え.jp/ページ", ""),
        ("例え.jp/ページ", "https://例え.jp/ページ", ""),
        ("http://example.com:8080/", "http://example.com:8080/", ""),
    ],
)
def test_an_address_is_taken_as_models_write_it(written: str, url: str, fragment: str):
    address = address_of(written)

    assert (address.url, address.fragment) == (url, fragment)


@pytest.mark.parametrize(
    "written",
    ["", "file:///etc/passwd", "ftp://example.com/", "javascript:alert(1)", "a b", "localhost:80"],
)
def test_what_is_no_web_address_is_refused(written: str):
    with pytest.raises(RefusedError):
        address_of(written)


def test_characters_that_cannot_be_seen_are_told():
    with pytest.raises(BadArgumentError, match="can't be seen"):
        address_of("https://exam\u200bple.com/")
