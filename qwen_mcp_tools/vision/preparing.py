"""A child's work: a line of JSON and a picture in, a line of facts and what to send out."""

import json
from typing import Any

from qwen_mcp_tools.vision.kinds import Kind


def prepare(request: bytes) -> bytes:
    """Return the picture checked, upright, without EXIF, scaled and re-encoded, or why not.

    The line of `request` holds `kind`, `page`, and the `pixels` and `bytes` allowed; that of the
    answer `mime`, `width`, `height`, `original` (size) and `notes`, or `failure` and `mend`.
    """
    from qwen_mcp_tools.vision.decoding import UnfitError

    head, _, data = request.partition(b"\n")
    wish: dict[str, Any] = json.loads(head)
    kind = Kind(wish["kind"])
    try:
        facts, sent = _prepared(data, kind, wish)
    except UnfitError as error:
        return _failure(error.reason, error.mend)
    except MemoryError:
        return _failure("it takes too much memory", "give a smaller copy")
    except Exception:  # noqa: BLE001 - decoders raise anything on broken data
        reason = f"it begins like {name_of(kind)}, but is truncated or damaged"
        return _failure(reason, "save or fetch it again")
    return json.dumps(facts).encode() + b"\n" + sent


def name_of(kind: Kind) -> str:
    """Return what people call it."""
    return {Kind.WEBP: "WebP", Kind.HEIF: "HEIC"}.get(kind, kind.value)


def _failure(reason: str, mend: str) -> bytes:
    return json.dumps({"failure": reason, "mend": mend}).encode() + b"\n"


def _prepared(data: bytes, kind: Kind, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    from qwen_mcp_tools.vision.decoding import notes_on, open_picture
    from qwen_mcp_tools.vision.encoding import encode
    from qwen_mcp_tools.vision.pdf import page_of
    from qwen_mcp_tools.vision.pixels import pixels_of, upright_size

    if kind is Kind.PDF:
        image, note = page_of(data, wish["page"], wish["pixels"])
        notes = [note]
    else:
        image = open_picture(data, kind)
        notes = list(notes_on(image, kind, wish["page"]))
    original = upright_size(image)
    pixels = pixels_of(image, wish["pixels"])
    sent, mime, shown = encode(pixels, wish["bytes"])
    facts = {
        "mime": mime,
        "width": shown.width,
        "height": shown.height,
        "original": original,
        "notes": notes,
    }
    return facts, sent
