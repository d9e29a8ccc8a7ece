"""Pictures made ready to send, each in a child process of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qwen_mcp_tools.content.child import ChildError, Children
from qwen_mcp_tools.errors import UnreadableError
from qwen_mcp_tools.vision.kinds import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Source:
    """A picture as it was given."""

    label: str
    """How messages name it: `shot.png`, or `picture 2 (shot.png)`."""
    data: bytes
    page: int = 0
    """Of a PDF or a TIFF, from 1; 0 where none was named."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may be when it is sent."""

    pixels: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent."""

    label: str
    data: bytes
    mime: str
    width: int
    height: int
    original: tuple[int, int]
    """Width and height before it was scaled, upright."""
    kind: str
    notes: Sequence[str] = ()
    size: int = 0
    """In bytes, of `data`, which is not kept longer than it takes to send it."""

    @property
    def form(self) -> str:
        """What was sent: `PNG, 410 kB`."""
        return f"{self.mime.partition('/')[2].upper()}, {max(self.size // 1000, 1)} kB"

    @property
    def is_scaled(self) -> bool:
        """Whether it was larger."""
        return self.original != (self.width, self.height)


async def make_ready(source: Source, limits: Limits, children: Children) -> Picture:
    """Return `source` as it can be sent: checked, upright, without EXIF, scaled, re-encoded.

    Raises:
        UnreadableError: It is no picture, a broken one, or of a shape that the model refuses.
    """
    kind = kind_of(source.data, source.label)
    header = json.dumps(
        {"kind": kind, "page": source.page, "pixels": limits.pixels, "bytes": limits.bytes}
    )
    try:
        answer = await children.run(prepare, header.encode() + b"\n" + source.data)
    except ChildError as error:
        raise UnreadableError(source.label, str(error), "give a smaller copy") from error
    head, _, data = answer.partition(b"\n")
    facts: dict[str, Any] = json.loads(head)
    if "failure" in facts:
        raise UnreadableError(source.label, facts["failure"], facts["mend"])
    return Picture(
        label=source.label,
        data=data,
        mime=facts["mime"],
        width=facts["width"],
        height=facts["height"],
        original=tuple(facts["original"]),
        kind=_name(kind),
        notes=tuple(facts["notes"]),
        size=len(data),
    )


def prepare(request: bytes) -> bytes:
    """Do a child's work: a line of JSON and the picture in, a line of facts and the bytes out."""
    from qwen_mcp_tools.vision.decoding import UnfitError

    head, _, data = request.partition(b"\n")
    wish: dict[str, Any] = json.loads(head)
    try:
        facts, sent = _prepared(data, Kind(wish["kind"]), wish)
    except UnfitError as error:
        facts, sent = {"failure": error.reason, "mend": error.mend}, b""
    except MemoryError:
        facts = {"failure": "it takes too much memory", "mend": "give a smaller copy"}
        sent = b""
    except Exception:  # noqa: BLE001 - decoders raise anything on broken data
        kind = _name(Kind(wish["kind"]))
        facts = {
            "failure": f"it begins like {kind}, but is truncated or damaged",
            "mend": "save or fetch it again",
        }
        sent = b""
    return json.dumps(facts).encode() + b"\n" + sent


def _prepared(data: bytes, kind: Kind, wish: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    from qwen_mcp_tools.vision.decoding import notes_on, open_picture, pixels_of, upright_size
    from qwen_mcp_tools.vision.encoding import encode
    from qwen_mcp_tools.vision.pdf import page_of

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


def _name(kind: Kind) -> str:
    return {Kind.WEBP: "WebP", Kind.HEIF: "HEIC"}.get(kind, kind.value)
