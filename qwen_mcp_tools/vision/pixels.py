"""From a picture to upright pixels without EXIF, as large as the model sees it; in a child."""
# Pillow's hints name NumPy's types, which are unknown where it is not installed.
# pyright: reportUnknownMemberType=false

from contextlib import suppress
from typing import TYPE_CHECKING

from qwen_mcp_tools.vision.sizes import sent_size

if TYPE_CHECKING:
    from PIL import Image

LIGHT = 200
"""Of 255: see-through drawings that are lighter than this would vanish on white."""
WHITE, DARK = (255, 255, 255), (32, 32, 32)
GREY = 128
ORIENTATION = 0x0112


def pixels_of(image: "Image.Image", most_pixels: int) -> "Image.Image":
    """Return the picture upright, as RGB or grey, scaled to what the model sees of it."""
    size = sent_size(*image.size, most_pixels)
    image.draft("RGB", size)  # A JPEG is decoded at about the size that is wanted.
    turn = _turn(image)
    return _upright(_scaled(_plain(image), size), turn)


def upright_size(image: "Image.Image") -> tuple[int, int]:
    """Return width and height as a viewer shows them."""
    width, height = image.size
    return (height, width) if _turn(image) >= 5 else (width, height)


def has_holes(image: "Image.Image") -> bool:
    """Say whether something can be seen through, going by a sample."""
    return _may_have_holes(image) and _sample(image).getchannel("A").getextrema() != (255, 255)


def is_without_bounds(image: "Image.Image") -> bool:
    """Say whether nothing tells which of its numbers are black and white."""
    return image.mode in {"I", "F"}


def _has_sixteen(image: "Image.Image") -> bool:
    return image.mode.startswith("I;16")


def _may_have_holes(image: "Image.Image") -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _sample(image: "Image.Image") -> "Image.Image":
    small = image.resize((200, 200), 0)
    return (_eight_bits(small) if _has_sixteen(small) else small).convert("RGBA")


def _turn(image: "Image.Image") -> int:
    """Return how it must be turned, in EXIF's numbers (1: not at all); Pillow turns TIFF itself."""
    if image.format == "TIFF":
        return 1
    turn: object = 1
    with suppress(Exception):  # What is said beside a picture may be broken in any way.
        turn = image.getexif().get(ORIENTATION, 1)
    return turn if isinstance(turn, int) else 1


def _plain(image: "Image.Image") -> "Image.Image":
    """Return the pixels with 8 bits and nothing to see through: RGB, L, or RGBA without holes."""
    if is_without_bounds(image):
        return _stretched(image)
    if _has_sixteen(image):
        image = _eight_bits(image)
    if _may_have_holes(image):
        return _on_ground(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_ground(image: "Image.Image") -> "Image.Image":
    """Lay `image` on white in place, or on dark where it would vanish: copies are large."""
    from PIL import ImageChops, ImageStat

    image.load()
    sample = _sample(image)
    alpha = sample.getchannel("A")
    is_holey = sum(alpha.histogram()[:128]) > 4_000  # a tenth
    light = 0.0
    with suppress(ZeroDivisionError):  # Nothing is visible.
        visible = alpha.point([0] * 128 + [255] * 128)
        light = ImageStat.Stat(sample.convert("L"), visible).mean[0]
    ground = DARK if is_holey and light > LIGHT else WHITE
    image.paste((*ground, 255), None, ImageChops.invert(image.getchannel("A")))
    return image


def _scaled(image: "Image.Image", size: tuple[int, int]) -> "Image.Image":
    """Return RGB or L; channel by channel where the whole would be copied on the way."""
    from PIL import Image

    if image.mode == "RGBA":
        return Image.merge("RGB", [_scaled(image.getchannel(name), size) for name in "RGB"])
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _stretched(image: "Image.Image") -> "Image.Image":
    """Return numbers without bounds as 8 bits, grey where all are the same."""
    from PIL import Image

    low, high = (float(edge) for edge in image.convert("F").getextrema())  # type: ignore[arg-type]
    if low == high:
        return Image.new("L", image.size, GREY)
    return _linear(image.convert("F"), 255 / (high - low), low)


def _eight_bits(image: "Image.Image") -> "Image.Image":
    """Return 16 bits as 8, L or LA: a plain conversion cuts them off to white."""
    from PIL import Image, ImageChops

    values = image.convert("F")
    grey = _linear(values, 1 / 256, 0)
    hole: object = image.info.get("transparency")
    grey.info.pop("transparency", None)
    if not isinstance(hole, int):
        return grey
    # One of the 65,536 greys is seen through, not the 255 beside it.
    darker, lighter = _linear(values, -255, hole), _linear(values, 255, hole)
    return Image.merge("LA", (grey, ImageChops.lighter(darker, lighter)))


def _linear(values: "Image.Image", scale: float, zero: float) -> "Image.Image":
    return values.point(lambda value: value * scale - zero * scale).convert("L")


def _upright(image: "Image.Image", turn: int) -> "Image.Image":
    from PIL import Image

    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(ways[turn]) if turn in ways else image
