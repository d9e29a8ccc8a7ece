"""Pictures drawn for the tests."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

ORIENTATION = 0x0112
GPS = 0x8825
RED = (200, 50, 50)


def plain(width: int = 320, height: int = 200, colour: Any = RED, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def screen(width: int = 1280, height: int = 720) -> Image.Image:
    """Flat grounds and sharp text, as on a screen."""
    image = plain(width, height, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 10), fill=(36, 41, 47))
    for line in range(height // 6, height - 20, 24):
        draw.text((40, line), f"def line_{line}(value: int) -> str:  # 你好", fill=(20, 20, 90))
    return image


def photo(width: int = 1200, height: int = 900) -> Image.Image:
    """Noise and slow changes of light, as in a photo."""
    noise = Image.effect_noise((width, height), 40)
    light = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (noise, Image.blend(noise, light, 0.6), light))


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def photographed(width: int = 4000, height: int = 3000, turn: int = 6) -> bytes:
    """A JPEG as a phone makes it: turned by EXIF, with the place in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    exif.get_ifd(GPS)[2] = (31.0, 13.0, 49.0)
    image = photo(width, height)
    image.paste((0, 0, 255), (0, 0, width, height // 10))
    return saved(image, "JPEG", quality=90, exif=exif)


def data_uri(data: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
