"""What a picture costs: our estimate, the vendor's numbers, and the stand-in's own count."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qwen_mcp_tools.sandbox.dashscope_picture import image_tokens
from qwen_mcp_tools.vision.decoding import MOST_PIXELS, check_shape
from qwen_mcp_tools.vision.sizes import (
    HIGH_PIXELS,
    LOW_PIXELS,
    MOST_RATIO,
    USUAL_PIXELS,
    seen_size,
    sent_size,
    tokens_of,
)

SIZES = [
    (11, 11), (11, 2200), (31, 33), (48, 48), (64, 64), (100, 80), (320, 200), (512, 512),
    (640, 480), (800, 600), (1000, 1000), (1280, 720), (1366, 768), (1920, 1080), (2400, 1600),
    (2560, 1440), (3840, 2160), (4000, 3000), (7680, 4320), (200, 40000),
]  # fmt: skip
SIDES = st.integers(11, 9000)


@pytest.mark.parametrize(
    ("width", "height", "usual", "high"),
    [
        (2400, 1600, 2503, 3752),  # the vendor's own sample answer says 2503
        (1920, 1080, 2042, 2042),
        (3840, 2160, 2481, 8162),
        (1280, 720, 882, 882),
        (1000, 1000, 963, 963),
        (800, 600, 477, 477),
        (11, 11, 6, 6),
    ],
)
def test_tokens_are_those_of_the_guide(width: int, height: int, usual: int, high: int) -> None:
    assert tokens_of(width, height, USUAL_PIXELS) == usual
    assert tokens_of(width, height, HIGH_PIXELS) == high


@pytest.mark.parametrize("most", [USUAL_PIXELS, HIGH_PIXELS])
@pytest.mark.parametrize("size", SIZES)
def test_our_estimate_is_the_services_count(size: tuple[int, int], most: int) -> None:
    assert tokens_of(*size, most) == image_tokens(*size, most)


@given(
    st.integers(11, 2000),
    st.floats(1, MOST_RATIO),
    st.booleans(),
    st.sampled_from([LOW_PIXELS, USUAL_PIXELS, HIGH_PIXELS]),
)
@example(200, 200.0, False, USUAL_PIXELS)
@example(100, 200.0, True, LOW_PIXELS)
def test_whatever_is_sent_has_a_shape_that_is_taken(
    short: int, ratio: float, is_wide: bool, most: int
) -> None:
    size = (short, min(int(short * ratio), MOST_PIXELS // short))
    check_shape(*sent_size(*(size[::-1] if is_wide else size), most))


@given(SIDES, SIDES)
def test_scaling_before_sending_loses_nothing_that_the_model_would_see(
    width: int, height: int
) -> None:
    sent = sent_size(width, height, USUAL_PIXELS)

    assert seen_size(*sent, USUAL_PIXELS) == seen_size(width, height, USUAL_PIXELS)
    assert sent == (width, height) or sent[0] * sent[1] <= USUAL_PIXELS
    assert tokens_of(*sent, USUAL_PIXELS) <= 2562
