"""Bytes to text: by mark, header or meta element, or by the bytes where those lie or are silent."""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WHATWG = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
}
"""What a label means on the web, where that differs from its name (WHATWG Encoding, 4.2)."""

_TAKEN = frozenset(
    (
        "utf-8 utf-16-le utf-16-be gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949 cp866 cp874 "
        "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8-r koi8-u mac-roman "
        "mac-cyrillic iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 "
        "iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16"
    ).split()
)
"""The charsets of the web by their codecs (WHATWG Encoding, 4.2); what Python has more is refused:
rot13 and zlib are no charsets, and UTF-7 hides markup."""

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
PRESCAN_BYTES = 4096
"""WHATWG looks at 1024; many pages put scripts in front of their meta element."""

_TAG = re.compile(rb"<[^<>]*>")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
GUESS_BYTES = 100_000
LEAST_BROKEN = 0.002
"""A share of characters above this that can't be decoded means that the label lies."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the charset that it was in, and where that is known from."""

    text: str
    charset: str
    source: str
    """"bom", "header", "meta", "bytes" (it says so itself) or "guess"."""


def decode(body: bytes, content_type: str = "", *, html: bool = False) -> Decoded:
    """Return `body` as text; what can't be decoded becomes U+FFFD.

    A label in `content_type` or, with `html`, in the page counts unless the bytes contradict it.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return Decoded(_text(body[len(mark) :], charset), charset, "bom")
    if _is_utf8(body):
        return Decoded(_text(body, "utf-8"), "utf-8", "bytes")
    if _is_iso_2022_jp(body):
        return Decoded(_text(body, "iso2022_jp"), "iso2022_jp", "bytes")
    for label, source in (
        (_charset_of(content_type), "header"),
        (_declared_in(body) if html else "", "meta"),
    ):
        charset = _known(label)
        if charset and _fits(body, charset):
            return Decoded(_text(body, charset), charset, source)
    charset = _guess(body)
    return Decoded(_text(body, charset), charset, "guess")


def _text(body: bytes, charset: str) -> str:
    return body.decode(charset, errors="replace")


def _is_utf8(body: bytes) -> bool:
    # Bytes above 127 that form UTF-8 by chance are next to impossible in a text of any length;
    # ISO-2022-JP hides in ASCII and is told by its escapes.
    if b"\x1b$" in body or b"\x1b(" in body or b"\0" in body[:GUESS_BYTES]:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(body) - 4 and error.reason == "unexpected end of data"
    return True


def _is_iso_2022_jp(body: bytes) -> bool:
    """Say whether escapes switch the alphabet in seven-bit bytes, as nothing else does."""
    sample = body[:GUESS_BYTES]
    escaped = b"\x1b$B" in sample or b"\x1b$@" in sample
    return escaped and sample.isascii() and _broken_share(sample, "iso2022_jp") < LEAST_BROKEN


def _charset_of(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else ""


def _declared_in(body: bytes) -> str:
    found = _META.search(body, 0, PRESCAN_BYTES)
    return (found[1] or found[2]).decode("ascii") if found else ""


def _known(label: str) -> str:
    name = label.strip().lower()
    try:
        charset = codecs.lookup(_WHATWG.get(name, name)).name if name else ""
    except LookupError:
        return ""
    return charset if charset in _TAKEN else ""


def _fits(body: bytes, charset: str) -> bool:
    sample = body[:GUESS_BYTES]
    text = sample.decode(charset, errors="replace")
    broken = text.count("\ufffd") - sample.count(b"\xef\xbf\xbd")
    fine = sum(character > "\x7f" for character in text) - text.count("\ufffd")
    if broken > max(min(2, fine), len(text) * LEAST_BROKEN):
        return False
    # A western charset fits anything: another script under its label shows by its bytes.
    return charset != "cp1252" or not _is_another_script(sample)


def _is_another_script(sample: bytes) -> bool:
    """Say whether so many bytes are above 127 that the letters can't be Latin."""
    text = _TAG.sub(b"", sample)
    high = sum(byte > 0x7F for byte in text)
    return high > 0.4 * (high + sum(byte in _LETTERS for byte in text))


def _broken_share(sample: bytes, charset: str) -> float:
    text = sample.decode(charset, errors="replace")
    return text.count("\ufffd") / max(len(text), 1)


def _guess(body: bytes) -> str:
    sample = body[:GUESS_BYTES]
    return _unmarked_utf16(sample[:2000]) or _known(_likely(sample)) or "cp1252"


def _unmarked_utf16(sample: bytes) -> str:
    if sample.count(0) <= len(sample) // 4:
        return ""
    little = sample[1::2].count(0) >= sample[0::2].count(0)
    charset = "utf-16-le" if little else "utf-16-be"
    return charset if _broken_share(sample, charset) < 0.01 else ""


def _likely(sample: bytes) -> str:
    """Return the charset that the bytes speak for by their statistics."""
    from chardet import detect

    # Without tags: it would believe their meta element, which was judged before.
    return detect(_TAG.sub(b" ", sample))["encoding"] or ""
