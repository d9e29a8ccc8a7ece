"""What a file is, by its first bytes: names and Content-Types are often wrong."""

from enum import StrEnum

from qwen_mcp_tools.errors import UnreadableError

TAKEN = "PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC, AVIF or a PDF page"
HEAD = 1024
BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}


class Kind(StrEnum):
    """A kind of picture; the values are Pillow's names of the formats."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    HEIF = "HEIF"
    AVIF = "AVIF"
    PDF = "PDF"


_STARTS = {
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"GIF87a": Kind.GIF,
    b"GIF89a": Kind.GIF,
    b"II*\0": Kind.TIFF,
    b"MM\0*": Kind.TIFF,
}


def kind_of(data: bytes, label: str) -> Kind:
    """Return what kind of picture `data` is; `label` names it in a failure.

    Raises:
        UnreadableError: It is empty, or of no kind that is taken.
    """
    if not data:
        raise UnreadableError(label, "it is empty", "check the file")
    kind = _known(data)
    if kind is None:
        raise UnreadableError(label, *_strange(data[:HEAD].lstrip().lower()))
    return kind


def _known(data: bytes) -> Kind | None:
    for start, kind in _STARTS.items():
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in BMP_HEADERS:
        return Kind.BMP
    if data[4:8] == b"ftyp":
        return _boxed(data)
    return Kind.PDF if b"%PDF-" in data[:HEAD] else None


def _boxed(data: bytes) -> Kind | None:
    """Tell HEIC and AVIF from films: all are ISO base media files, which name their brands."""
    end = min(int.from_bytes(data[:4], "big"), HEAD)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & {b"avif", b"avis"}:
        return Kind.AVIF
    return Kind.HEIF if brands & {b"heic", b"heix", b"heim", b"heis", b"mif1"} else None


def _strange(head: bytes) -> tuple[str, str]:
    if b"<svg" in head:
        return "SVG is text, not pixels", "read its source, or export it as PNG"
    if head.startswith((b"<!doctype html", b"<html")):
        return "it is a web page, not a picture", "give the address of the picture itself"
    return "its bytes are no picture that is taken", f"give {TAKEN}"
