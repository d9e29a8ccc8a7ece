"""How large a picture the model sees, and what it costs.

Qwen3.5 and later see patches of 32×32 pixels, one token each, and two around them (Model Studio,
vision guide: at most 2,560 patches, with high resolution 16,384).
"""

import math

PATCH = 32
AROUND = 2
FEWEST_PIXELS = 4 * PATCH * PATCH
MOST_RATIO = 200
"""The model takes no longer strips."""

LOW_PIXELS = 1_000_000
USUAL_PIXELS = 2_560 * PATCH * PATCH
HIGH_PIXELS = 16_384 * PATCH * PATCH


def seen_size(width: int, height: int, most_pixels: int) -> tuple[int, int]:
    """Return the width and height, in whole patches, that the model makes of a picture."""
    wide, high = (max(PATCH, round(side / PATCH) * PATCH) for side in (width, height))
    if wide * high > most_pixels:
        shrink = math.sqrt(width * height / most_pixels)
        wide, high = (
            max(PATCH, math.floor(side / shrink / PATCH) * PATCH) for side in (width, height)
        )
    elif wide * high < FEWEST_PIXELS:
        grow = math.sqrt(FEWEST_PIXELS / (width * height))
        wide, high = (math.ceil(side * grow / PATCH) * PATCH for side in (width, height))
    return wide, high


def sent_size(width: int, height: int, most_pixels: int) -> tuple[int, int]:
    """Return the size to send: the picture's own, or what the model would scale it down to."""
    wide, high = (max(PATCH, round(side / PATCH) * PATCH) for side in (width, height))
    if wide * high <= most_pixels:
        return width, height
    return within_ratio(*seen_size(width, height, most_pixels))


def within_ratio(width: int, height: int) -> tuple[int, int]:
    """Return the size without the length that rounding gave it beyond what the model takes."""
    return min(width, MOST_RATIO * height), min(height, MOST_RATIO * width)


def tokens_of(width: int, height: int, most_pixels: int) -> int:
    """Return the tokens that a picture costs."""
    wide, high = seen_size(width, height, most_pixels)
    return wide * high // (PATCH * PATCH) + AROUND
