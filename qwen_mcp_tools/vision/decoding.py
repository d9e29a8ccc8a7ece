"""From bytes to a picture that may be looked at; done in a child process."""

import io
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from qwen_mcp_tools.vision.kinds import Kind
from qwen_mcp_tools.vision.pixels import has_holes, is_without_bounds
from qwen_mcp_tools.vision.sizes import MOST_RATIO

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 40_000_000
SHORTEST_SIDE = 10
"""The model takes sides of more than this (Model Studio, vision guide)."""


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
    if is_without_bounds(image):
        yield "its darkest value is shown as black and its brightest as white"
    if has_holes(image):
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


def _learn_heic() -> None:
    try:
        import_module("pillow_heif").register_heif_opener(thumbnails=False)
    except ImportError as error:
        raise UnfitError(
            "HEIC needs the extra heic, which is not installed",
            'run pip install "qwen-mcp-tools[heic]", or give a JPEG',
        ) from error
