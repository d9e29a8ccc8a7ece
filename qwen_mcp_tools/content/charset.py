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

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
PRESCAN_BYTES = 4096
"""WHATWG looks at 1024; many pages put scripts in front of their meta element."""

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
    # A page can't declare itself UTF-16: its declaration was read as ASCII (HTML, 13.2.3.3).
    return charset if charset not in {"utf-7", "punycode", "idna"} else ""


def _fits(body: bytes, charset: str) -> bool:
    sample = body[:GUESS_BYTES]
    text = sample.decode(charset, errors="replace")
    broken = text.count("\ufffd") - sample.count(b"\xef\xbf\xbd")
    if broken > max(2, len(text) * LEAST_BROKEN):
        return False
    # A single-byte charset fits anything: a Chinese page under a western label shows by its bytes.
    return not charset.startswith(("cp125", "iso8859")) or not _looks_east_asian(sample)


def _looks_east_asian(sample: bytes) -> bool:
    high = sum(byte > 0x7F for byte in sample)
    return high > len(sample) * 0.1 and _broken_share(sample, "gb18030") < LEAST_BROKEN


def _broken_share(sample: bytes, charset: str) -> float:
    text = sample.decode(charset, errors="replace")
    return text.count("\ufffd") / max(len(text), 1)


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = body[:GUESS_BYTES]
    for charset in ("utf-16-le", "utf-16-be"):
        if (
            sample[:2000].count(0) > len(sample[:2000]) // 4
            and _broken_share(sample, charset) < 0.01
        ):
            zeros_second = sample[1:2000:2].count(0) >= sample[0:2000:2].count(0)
            if zeros_second == (charset == "utf-16-le"):
                return charset
    best = from_bytes(sample, cp_isolation=list(_CANDIDATES)).best()
    return _known(best.encoding) if best else "cp1252"


_CANDIDATES = (
    "gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp", "cp949", "cp1251", "koi8_r", "cp1252",
    "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "utf_8",
)  # fmt: skip
