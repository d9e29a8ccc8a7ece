"""What Model Studio does with a picture: decode it, hold it to the limits, count its tokens."""
# Pillow's hints name NumPy's types, which are unknown where it is not installed.
# pyright: reportUnknownMemberType=false

import base64
import binascii
import io
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_BASE64 = 10_000_000
"""The older, smaller limit of two that are documented."""
FORMATS = {"BMP": "bmp", "JPEG": "jpeg", "PNG": "png", "TIFF": "tiff", "WEBP": "webp"}
PIXELS_OF_4K = 3840 * 2160
USUAL_PIXELS = 2_621_440
HIGH_PIXELS = 16_777_216


class Refused(Exception):  # noqa: N818 - what the service does
    """A picture that is not taken; the argument names the failure."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model would know of a picture."""

    mime: str
    width: int
    height: int
    colours: str
    has_exif: bool
    bytes: int

    def tokens(self, *, high: bool) -> int:
        """Return what it costs."""
        return image_tokens(self.width, self.height, HIGH_PIXELS if high else USUAL_PIXELS)

    def __str__(self) -> str:
        exif = "with EXIF" if self.has_exif else "no EXIF"
        return f"{self.mime} of {self.width}x{self.height} pixels, {exif}, mainly {self.colours}"


def look(encoded: str, mime: str) -> Seen:
    """Return what the base64 shows.

    Raises:
        Refused: It breaks a limit of the vision guide.
    """
    from PIL import Image

    if len(encoded) > MOST_BASE64:
        raise Refused("TOO_LARGE")
    try:
        data = base64.b64decode(encoded, validate=True)
        image = Image.open(io.BytesIO(data), formats=list(FORMATS))
        image.load()
    except (binascii.Error, ValueError, OSError, SyntaxError) as broken:
        raise Refused("BAD_PICTURE") from broken
    if mime != f"image/{FORMATS[image.format or '']}":
        raise Refused("BAD_PICTURE")
    short, long = sorted(image.size)
    if short <= 10:
        raise Refused("TOO_SMALL")
    if long > 200 * short:
        raise Refused("TOO_LONG_PICTURE")
    if short * long > PIXELS_OF_4K and image.format not in {"JPEG", "PNG"}:
        raise Refused("BAD_PICTURE")
    has_exif = bool(image.getexif()) or "exif" in image.info
    return Seen(mime, image.width, image.height, _colours(image), has_exif, len(data))


def image_tokens(width: int, height: int, most: int) -> int:
    """Return (H'·W')/1024 + 2, as the guide's sample code counts."""
    factor = 32
    high = max(factor, round(height / factor) * factor)
    wide = max(factor, round(width / factor) * factor)
    if high * wide > most:
        beta = math.sqrt(height * width / most)
        high = max(factor, math.floor(height / beta / factor) * factor)
        wide = max(factor, math.floor(width / beta / factor) * factor)
    elif high * wide < 4 * factor * factor:
        beta = math.sqrt(4 * factor * factor / (height * width))
        high = math.ceil(height * beta / factor) * factor
        wide = math.ceil(width * beta / factor) * factor
    return high * wide // (factor * factor) + 2


def _colours(image: "Image.Image") -> str:
    small = image.convert("RGB").resize((64, 64), 0)
    raw = small.tobytes()
    counts = Counter(raw[at : at + 3].hex() for at in range(0, len(raw), 3))
    return ", ".join(f"#{name} {count * 100 // 4096} %" for name, count in counts.most_common(3))
