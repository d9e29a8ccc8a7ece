"""A page of a PDF as pixels; done in a child process."""

import math
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qwen_mcp_tools.vision.decoding import UnfitError, check_shape, turned_to

if TYPE_CHECKING:
    from PIL import Image

MOST_DOTS_PER_INCH = 300
POINTS_PER_INCH = 72
PASSWORD_IS_NEEDED = 4
"""FPDF_ERR_PASSWORD."""


def page_of(data: bytes, page: int, most_pixels: int) -> tuple["Image.Image", str]:
    """Return a page, drawn about as large as the model sees it, and which one it is.

    Raises:
        UnfitError: There is no such page, or a password is needed.
        PdfiumError: What PDFium raises for what is broken.
    """
    library: Any = import_module("pypdfium2")  # it tells no types
    try:
        document = library.PdfDocument(data)
    except library.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_IS_NEEDED:
            mend = "give a copy without one"
            raise UnfitError("it is protected by a password", mend) from error
        raise
    note = turned_to(page or 1, len(document))
    if document.get_formtype():
        document.init_forms()
    drawn = document[(page or 1) - 1]
    width, height = drawn.get_size()
    if not width * height > 0:
        raise UnfitError("its page has no size", "give another page")
    scale = min(math.sqrt(most_pixels / (width * height)), MOST_DOTS_PER_INCH / POINTS_PER_INCH)
    check_shape(round(width * scale), round(height * scale))
    return drawn.render(scale=scale).to_pil().convert("RGB"), note
