"""What a body is: by its first bytes, and where those do not tell, by its Content-Type and name."""

import re
from enum import Enum
from pathlib import PurePosixPath
from urllib.parse import urlsplit

SNIFFED_BYTES = 1024


class Kind(Enum):
    """What a reader can do with a body; the value is its name in a message."""

    HTML = "web page"
    MARKDOWN = "Markdown"
    JSON = "JSON"
    TEXT = "text"
    PDF = "PDF"
    PICTURE = "picture"
    AUDIO_OR_VIDEO = "audio or video file"
    ARCHIVE = "archive"
    OFFICE = "office document"
    FONT = "font"
    PROGRAM = "program"
    BINARY = "binary file"


_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"BM", Kind.PICTURE),
    (b"II*\0", Kind.PICTURE),
    (b"MM\0*", Kind.PICTURE),
    (b"\0\0\x01\0", Kind.PICTURE),
    (b"ID3", Kind.AUDIO_OR_VIDEO),
    (b"OggS", Kind.AUDIO_OR_VIDEO),
    (b"fLaC", Kind.AUDIO_OR_VIDEO),
    (b"\x1aE\xdf\xa3", Kind.AUDIO_OR_VIDEO),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"7z\xbc\xaf", Kind.ARCHIVE),
    (b"Rar!", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ", Kind.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"\xd0\xcf\x11\xe0", Kind.OFFICE),
    (b"wOFF", Kind.FONT),
    (b"wOF2", Kind.FONT),
    (b"\0\x01\0\0\0", Kind.FONT),
    (b"\x7fELF", Kind.PROGRAM),
    (b"MZ\x90", Kind.PROGRAM),
    (b"\0asm", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"SQLite format 3\0", Kind.BINARY),
)
_MARKED_TEXT = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script"
    rb"|h1|div|p|table|style|a|br|article|main)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN_NAMES = {".md", ".markdown", ".mdx", ".mdown"}


def kind_of(body: bytes, content_type: str, url: str) -> Kind:
    """Return what `body` is; a picture or an archive is told however it is labelled."""
    signed = _signed(body)
    if signed:
        return _office_or(signed, content_type)
    label = content_type.partition(";")[0].strip().lower()
    if _is_binary(body):
        return _binary_of(label)
    if label in {"text/html", "application/xhtml+xml"}:
        return Kind.HTML
    if label in {"text/markdown", "text/x-markdown"}:
        return Kind.MARKDOWN
    if label.endswith(("/json", "+json")) or "json" in label:
        return Kind.JSON
    return _unlabelled(body, label, url)


def _unlabelled(body: bytes, label: str, url: str) -> Kind:
    """Judge a text whose label says little, by its name or its first characters."""
    if label not in {"", "text/plain", "application/octet-stream", "binary/octet-stream"}:
        return Kind.TEXT
    looks_like_html = not label and _HTML.match(body[:SNIFFED_BYTES])
    return _named(url) or (Kind.HTML if looks_like_html else Kind.TEXT)


def _signed(body: bytes) -> Kind | None:
    if body[:4] == b"RIFF":
        return Kind.PICTURE if body[8:12] == b"WEBP" else Kind.AUDIO_OR_VIDEO
    if body[4:8] == b"ftyp":
        pictures = (b"heic", b"heix", b"mif1", b"avif", b"heim")
        return Kind.PICTURE if body[8:12] in pictures else Kind.AUDIO_OR_VIDEO
    if b"%PDF-" in body[:SNIFFED_BYTES] and not _HTML.match(body[:SNIFFED_BYTES]):
        return Kind.PDF
    for signature, kind in _SIGNATURES:
        if body.startswith(signature) and (len(signature) > 2 or _is_binary(body)):
            return kind
    return None


def _office_or(kind: Kind, content_type: str) -> Kind:
    zipped = kind is Kind.ARCHIVE and ("officedocument" in content_type or "epub" in content_type)
    return Kind.OFFICE if zipped else kind


def _is_binary(body: bytes) -> bool:
    """Say whether the bytes are no text: NUL, or many controls, outside of marked UTF-16."""
    sample = body[:SNIFFED_BYTES]
    if sample.startswith(_MARKED_TEXT) or not sample:
        return False
    if 0 in sample:
        return not _is_unmarked_utf16(sample)
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b\x08" for byte in sample)
    return controls > len(sample) // 20


def _is_unmarked_utf16(sample: bytes) -> bool:
    even, odd = sample[0::2], sample[1::2]
    return max(even.count(0), odd.count(0)) > len(even) * 0.6 > 0 and (
        min(even.count(0), odd.count(0)) == 0
    )


def _binary_of(label: str) -> Kind:
    if label.startswith("image/"):
        return Kind.PICTURE
    if label.startswith(("audio/", "video/")):
        return Kind.AUDIO_OR_VIDEO
    return Kind.BINARY


def _named(url: str) -> Kind | None:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    if suffix in _MARKDOWN_NAMES:
        return Kind.MARKDOWN
    return Kind.JSON if suffix in {".json", ".jsonl", ".ndjson", ".geojson"} else None
