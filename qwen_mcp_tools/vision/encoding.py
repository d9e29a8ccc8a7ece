"""From pixels to the bytes that are sent: sharp where it is a screen, small enough always."""
# Pillow's hints name NumPy's types, which are unknown where it is not installed.
# pyright: reportUnknownMemberType=false

import io
from typing import TYPE_CHECKING

from qwen_mcp_tools.vision.sizes import within_ratio

if TYPE_CHECKING:
    from PIL import Image

QUALITIES = (92, 85, 75, 60)
SHRINK = 0.8
FLAT_SHARE = 0.5


def encode(image: "Image.Image", most_bytes: int) -> tuple[bytes, str, "Image.Image"]:
    """Return at most `most_bytes`, their type (`image/png`), and the picture that they show.

    A screen is PNG where that fits; a photo, and what does not fit, is JPEG, then smaller.
    """
    is_flat = _is_flat(image)
    if is_flat:
        data = _saved(image, "PNG", compress_level=7)
        if len(data) <= most_bytes:
            return data, "image/png", image
    while True:
        for quality in QUALITIES:
            # Colours at full resolution keep coloured text sharp.
            sampling = 0 if is_flat else 2
            data = _saved(image, "JPEG", quality=quality, subsampling=sampling, optimize=True)
            if len(data) <= most_bytes:
                return data, "image/jpeg", image
        image = image.resize(within_ratio(_shrunk(image.width), _shrunk(image.height)))


def _is_flat(image: "Image.Image") -> bool:
    """Say whether most pixels are like their left neighbour, as on a screen and in no photo."""
    from PIL import ImageChops

    beside = ImageChops.difference(image, ImageChops.offset(image, 1, 0)).convert("L")
    return beside.histogram()[0] >= FLAT_SHARE * image.width * image.height


def _saved(image: "Image.Image", form: str, **options: int | bool) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def _shrunk(side: int) -> int:
    return max(round(side * SHRINK), 11)
