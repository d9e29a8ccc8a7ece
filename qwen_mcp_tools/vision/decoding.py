"""From bytes to upright pixels without EXIF; done in a child process."""

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from qwen_mcp_tools.vision.kinds import Kind
from qwen_mcp_tools.vision.sizes import sent_size

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 40_000_000
SHORTEST_SIDE = 10
"""The model takes sides of more than this (Model Studio, vision guide), and no longer strips."""
MOST_RATIO = 200

LIGHT = 200
"""Of 255: see-through drawings that are lighter than this would vanish on white."""
WHITE, DARK = (255, 255, 255), (32, 32, 32)
ORIENTATION = 0x0112


class UnfitError(Exception):
    """A picture that can't be sent: the reason, and what to do."""

    def __init__(self, reason: str, mend: str) -> None:
        self.reason, self.mend = reason, mend
        super().__init__(reason)


def open_picture(data: bytes, kind: Kind) -> "Image.Image":
    """Return the picture, its pixels not loaded yet.

    Raises:
        UnfitError: It has too many pixels, or needs a library that is not installed.
        Exception: Whatever Pillow raises for what is broken.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind is Kind.HEIF:
        _learn_heic()
    try:
        image = Image.open(io.BytesIO(data), formats=[kind.value])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        most = MOST_PIXELS // 1_000_000
        raise UnfitError(f"it has more than {most} megapixels", "scale it down first") from error
    check_shape(*image.size)
    return image


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


def notes_on(image: "Image.Image", kind: Kind, page: int) -> Iterator[str]:
    """Yield what a reader should know; turns to `page` of a TIFF.

    Raises:
        UnfitError: It has no such page.
    """
    frames: int = getattr(image, "n_frames", 1) if kind is not Kind.JPEG else 1
    if kind is Kind.TIFF and (page or frames > 1):
        yield turned_to(page or 1, frames)
        image.seek((page or 1) - 1)
        check_shape(*image.size)
    elif page:
        raise UnfitError("it has no pages", "leave out #page")
    elif frames > 1:
        yield f"an animation: the first of its {frames} frames is shown"
    if _is_see_through(image):
        yield "its see-through parts are shown on a plain ground"


def turned_to(page: int, pages: int) -> str:
    """Return the note that says which page is shown.

    Raises:
        UnfitError: There is no such page.
    """
    if not 1 <= page <= pages:
        counted = "1 page" if pages == 1 else f"{pages} pages"
        raise UnfitError(f"it has {counted}, and no page {page}", "name another with #page=")
    return f"page {page} of {pages} is shown"


def check_shape(width: int, height: int) -> None:
    """Return if the model takes pictures of this shape.

    Raises:
        UnfitError: It is too large, too small or too long.
    """
    short, long = sorted((width, height))
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise UnfitError(f"it has more than {most} megapixels", "scale it down first")
    if short <= SHORTEST_SIDE:
        raise UnfitError(
            f"{width}×{height} pixels are too few: each side must have more than {SHORTEST_SIDE}",
            "give a larger picture",
        )
    if long > MOST_RATIO * short:
        raise UnfitError(
            f"{width}×{height} is longer than {MOST_RATIO} times its width", "cut it into pieces"
        )


def _turn(image: "Image.Image") -> int:
    """Return how it must be turned, in EXIF's numbers (1: not at all); Pillow turns TIFF itself."""
    if image.format == "TIFF":
        return 1
    turn: object = image.getexif().get(ORIENTATION, 1)
    return turn if isinstance(turn, int) else 1


def _learn_heic() -> None:
    try:
        import_module("pillow_heif").register_heif_opener(thumbnails=False)
    except ImportError as error:
        raise UnfitError(
            "HEIC needs the extra heic, which is not installed",
            'run pip install "qwen-mcp-tools[heic]", or give a JPEG',
        ) from error


def _plain(image: "Image.Image") -> "Image.Image":
    """Return the pixels with 8 bits and nothing to see through: RGB, L, or RGBA without holes."""
    if _is_see_through(image):
        return _on_ground(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode.startswith(("I", "F")):
        return _stretched(image)
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image if image.mode == "RGB" else image.convert("RGB")


def _is_see_through(image: "Image.Image") -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _on_ground(image: "Image.Image") -> "Image.Image":
    """Lay `image` on white in place, or on dark where it would vanish: copies are large."""
    from PIL import ImageChops, ImageStat

    image.load()
    sample = image.resize((200, 200), 0)
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
    """Return 16 bits, or floating numbers, as 8: a plain conversion cuts them off."""
    low, high = (float(edge) for edge in image.convert("F").getextrema())  # type: ignore[arg-type]
    scale = 255 / ((high - low) or 1)
    return image.convert("F").point(lambda value: value * scale - low * scale).convert("L")


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
