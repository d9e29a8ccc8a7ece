"""Pictures become what the model takes, or one line that says why not."""

import io
import json
import struct
import warnings
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from qwen_mcp_tools.errors import UnreadableError
from qwen_mcp_tools.vision.kinds import Kind, kind_of
from qwen_mcp_tools.vision.picture import Limits, Picture, Source
from qwen_mcp_tools.vision.pictures import Pictures
from qwen_mcp_tools.vision.preparing import prepare
from qwen_mcp_tools.vision.sizes import HIGH_PIXELS, LOW_PIXELS, USUAL_PIXELS
from tests.vision.drawn import ORIENTATION, RED, photo, photographed, plain, saved, screen

PLENTY = 7_000_000
FLAT_PDF = plain(612, 792)


@pytest.fixture(autouse=True)
def _warnings_as_before() -> Iterator[None]:
    with warnings.catch_warnings():
        yield


async def ready(
    data: bytes, *, page: int = 0, pixels: int = USUAL_PIXELS, most: int = PLENTY
) -> Picture:
    return await Pictures().ready(Source("shot", data, b"", page), Limits(pixels, most))


async def trouble(data: bytes, **wishes: int) -> str:
    with pytest.raises(UnreadableError) as raised:
        await ready(data, **wishes)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def shown(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


def in_process(data: bytes, *, pixels: int = USUAL_PIXELS, most: int = PLENTY) -> dict:
    wish = {"kind": kind_of(data, "x"), "page": 0, "pixels": pixels, "bytes": most}
    head, _, sent = prepare(json.dumps(wish).encode() + b"\n" + data).partition(b"\n")
    return {**json.loads(head), "sent": sent}


def outcome(data: bytes) -> dict:
    """Return what a child would, or the failure that comes before it."""
    try:
        return in_process(data, pixels=LOW_PIXELS)
    except UnreadableError as failure:
        return {"failure": str(failure), "sent": b""}


@pytest.mark.parametrize(
    ("form", "mode", "kind"),
    [
        ("PNG", "RGB", "PNG"),
        ("PNG", "L", "PNG"),
        ("PNG", "1", "PNG"),
        ("PNG", "P", "PNG"),
        ("PNG", "LA", "PNG"),
        ("PNG", "I;16", "PNG"),
        ("JPEG", "RGB", "JPEG"),
        ("JPEG", "CMYK", "JPEG"),
        ("WEBP", "RGB", "WebP"),
        ("GIF", "P", "GIF"),
        ("BMP", "RGB", "BMP"),
        ("TIFF", "RGB", "TIFF"),
        ("TIFF", "F", "TIFF"),
        ("AVIF", "RGB", "AVIF"),
        ("HEIF", "RGB", "HEIC"),
    ],
)
async def test_every_kind_arrives_in_full_size_as_png_or_jpeg(
    form: str, mode: str, kind: str
) -> None:
    if form == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    image = screen(400, 300).convert("L").convert(mode)
    if mode == "I;16":
        image = image.point(lambda value: value * 256)
    picture = await ready(saved(image, form))

    assert (picture.width, picture.height, picture.kind) == (400, 300, kind)
    assert shown(picture).format in {"PNG", "JPEG"}
    assert Image.MIME[shown(picture).format] == picture.mime
    assert shown(picture).convert("L").getextrema()[1] > 200


async def test_a_page_of_a_pdf_is_drawn_and_named() -> None:
    pdf = saved(FLAT_PDF, "PDF", save_all=True, append_images=[plain(612, 792, (0, 0, 255))])
    first, second = await ready(pdf), await ready(pdf, page=2)

    assert first.notes == ("page 1 of 2 is shown",)
    assert second.notes == ("page 2 of 2 is shown",)
    assert second.width * second.height > 2_000_000
    red, _, blue = shown(second).convert("RGB").getpixel((500, 500))
    assert blue > 200 > red
    assert await trouble(pdf, page=3) == (
        "Can't read shot: it has 2 pages, and no page 3; name another with #page="
    )


async def test_a_broken_pdf_is_told() -> None:
    words = "it begins like PDF, but is truncated or damaged; save or fetch it again"

    assert await trouble(b"%PDF-1.7\n1 0 obj\n<<>>\n") == f"Can't read shot: {words}"


async def test_of_an_animation_the_first_frame_is_shown_and_told() -> None:
    frames = [plain(40, 30, colour) for colour in (RED, (0, 255, 0), (0, 0, 255))]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = await ready(data)

    assert picture.notes == ("an animation: the first of its 3 frames is shown",)
    assert shown(picture).convert("RGB").getpixel((5, 5)) == RED
    assert "it has no pages; leave out #page" in await trouble(data, page=2)


async def test_a_page_of_a_tiff_can_be_chosen() -> None:
    data = saved(plain(), "TIFF", save_all=True, append_images=[plain(colour=(0, 0, 255))])
    picture = await ready(data, page=2)

    assert picture.notes == ("page 2 of 2 is shown",)
    assert shown(picture).getpixel((5, 5)) == (0, 0, 255)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_it_is_turned_upright_and_loses_its_exif(turn: int, form: str) -> None:
    upright = plain(60, 40, "white")
    upright.paste((0, 0, 0), (0, 0, 30, 20))  # the top left is dark
    back = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[turn]  # fmt: skip
    stored = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    facts = in_process(saved(stored, form, exif=exif))
    image = Image.open(io.BytesIO(facts["sent"])).convert("L")

    assert image.size == (60, 40)
    assert facts["original"] == [60, 40]
    assert image.getpixel((8, 8)) < 40
    assert all(image.getpixel(spot) > 200 for spot in ((52, 8), (8, 32), (52, 32)))
    assert not Image.open(io.BytesIO(facts["sent"])).getexif()


async def test_a_phones_photo_goes_small_upright_and_without_its_place() -> None:
    data = photographed()
    picture = await ready(data)

    assert (picture.original, picture.mime) == ((3000, 4000), "image/jpeg")
    assert (picture.width, picture.height) == (1376, 1856)
    assert len(picture.data) < 1_500_000 < len(data)
    assert b"Exif" not in picture.data
    red, _, blue = shown(picture).getpixel((1370, 900))
    assert blue > 200 > red  # the blue edge that was on top of the sensor is on the right


async def test_a_screen_stays_sharp_and_a_photo_goes_as_jpeg() -> None:
    sharp, soft = await ready(saved(screen())), await ready(saved(photo()))

    assert (sharp.mime, soft.mime) == ("image/png", "image/jpeg")
    assert shown(sharp).tobytes() == screen().tobytes()


@pytest.mark.parametrize(
    ("pixels", "size"),
    [(LOW_PIXELS, (1312, 736)), (USUAL_PIXELS, (2144, 1184)), (HIGH_PIXELS, (3840, 2160))],
)
async def test_it_is_scaled_to_what_the_model_sees(pixels: int, size: tuple[int, int]) -> None:
    picture = await ready(saved(screen(3840, 2160)), pixels=pixels)

    assert (picture.width, picture.height) == size
    assert picture.is_scaled is (size != (3840, 2160))


@pytest.mark.parametrize("most", [100_000, 30_000, 4_000])
def test_it_fits_however_few_bytes_there_are(most: int) -> None:
    for image in (photo(800, 600), screen(800, 600)):
        facts = in_process(saved(image), most=most)

        assert 0 < len(facts["sent"]) <= most
        assert min(facts["width"], facts["height"]) > 10


async def test_see_through_parts_lie_on_a_ground_where_the_drawing_shows() -> None:
    for ink, ground in (((255, 255, 255, 255), 32), ((0, 0, 0, 255), 255)):
        logo = plain(200, 100, (0, 0, 0, 0), "RGBA")
        logo.paste(ink, (50, 30, 150, 70))
        picture = await ready(saved(logo))

        assert shown(picture).convert("L").getpixel((5, 5)) == ground
        assert shown(picture).convert("L").getpixel((100, 50)) == ink[0]
        assert picture.notes == ("its see-through parts are shown on a plain ground",)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
async def test_only_what_can_be_seen_through_is_told(mode: str) -> None:
    whole = plain(200, 100, "white").convert(mode)
    holed = whole.copy()
    if mode == "P":
        data = saved(holed, transparency=holed.getpixel((0, 0)))
    else:
        holed.putalpha(0)
        data = saved(holed)

    assert (await ready(saved(whole))).notes == ()
    assert (await ready(data)).notes == ("its see-through parts are shown on a plain ground",)


async def test_sixteen_bits_are_not_cut_off_to_white() -> None:
    row = b"".join((x * 256).to_bytes(2, "little") for x in range(256))
    ramp = Image.frombytes("I;16", (256, 20), row * 20)
    picture = await ready(saved(ramp))

    assert 118 <= shown(picture).convert("L").getpixel((128, 10)) <= 138


def sixteen(value: int) -> bytes:
    """A picture whose 16-bit greys are all `value`."""
    return saved(Image.frombytes("I;16", (60, 40), value.to_bytes(2, "little") * 2400))


@pytest.mark.parametrize(
    ("value", "shade"), [(0xFFFF, 255), (0x8000, 128), (0, 0), (0x0100, 1), (0x80FF, 128)]
)
async def test_sixteen_bits_keep_their_shade(value: int, shade: int) -> None:
    picture = await ready(sixteen(value))
    assert shown(picture).convert("L").getextrema() == (shade, shade)
    assert picture.notes == ()


async def test_of_sixteen_bits_only_the_grey_that_is_named_is_seen_through() -> None:
    grey = sixteen(0x8000)
    solid = await ready(_with_chunk(grey, b"tRNS", b"\x80\x01"))
    holed = await ready(_with_chunk(grey, b"tRNS", b"\x80\x00"))

    assert shown(solid).convert("L").getextrema() == (128, 128)
    assert solid.notes == ()
    assert shown(holed).convert("L").getextrema() == (255, 255)
    assert holed.notes == ("its see-through parts are shown on a plain ground",)


async def test_numbers_without_bounds_are_stretched_and_that_is_told() -> None:
    ramp = Image.linear_gradient("L").convert("F").point(lambda value: value * 9 - 1000)
    picture, flat = (
        await ready(saved(ramp, "TIFF")),
        await ready(saved(plain(colour=7, mode="F"), "TIFF")),
    )

    assert shown(picture).convert("L").getextrema() == (0, 255)
    assert shown(flat).convert("L").getextrema() == (128, 128)
    assert picture.notes == ("its darkest value is shown as black and its brightest as white",)


def _with_chunk(png: bytes, name: bytes, data: bytes) -> bytes:
    """Return `png` with one more chunk before its pixels."""
    at = png.index(b"IDAT") - 4
    chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return png[:at] + chunk + png[at:]


@pytest.mark.parametrize("exif", [b"junk", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\x05\0\x12"])
async def test_exif_that_is_broken_means_not_turned(exif: bytes) -> None:
    picture = await ready(_with_chunk(saved(plain(60, 40)), b"eXIf", exif))

    assert (picture.width, picture.height) == (60, 40)


def _png_claiming(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)
    return start + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\0\x10IDAT" + b"\0" * 20


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty; check the file"),
        (b"hello", "its bytes are no picture that is taken; give PNG, JPEG, WebP, GIF, BMP, TIFF"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "SVG is text, not pixels; read its source"),
        (b"\n<!DOCTYPE html><p>", "it is a web page, not a picture; give the address of the"),
        (b"BMW is a make of cars, and no bitmap", "its bytes are no picture that is taken"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "its bytes are no picture that is taken"),
        (saved(plain(10, 400)), "10×400 pixels are too few: each side must have more than 10"),
        (saved(plain(2300, 11)), "2300×11 is longer than 200 times its width; cut it into pieces"),
        (saved(Image.new("1", (30000, 30000))), "it has more than 40 megapixels; scale it down"),
        (_png_claiming(7000, 7000), "it has more than 40 megapixels; scale it down first"),
        (saved(screen())[:-900], "it begins like PNG, but is truncated or damaged; save or fetch"),
        (saved(photo(), "JPEG")[:9000], "it begins like JPEG, but is truncated or damaged"),
        (b"\xff\xd8\xffnonsense", "it begins like JPEG, but is truncated or damaged"),
    ],
    ids=[
        "empty", "text", "svg", "html", "like a bmp", "film", "small", "long", "bomb", "claim",
        "cut png", "cut jpeg", "nonsense",
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_is_told_in_one_line(data: bytes, words: str) -> None:
    assert (await trouble(data)).startswith(f"Can't read shot: {words}")


def test_a_long_strip_is_taken_however_small_it_is_made() -> None:
    facts = in_process(saved(plain(200, 40_000)))

    assert (facts["width"], facts["height"]) == (96, 19_200)
    for size in ((14, 2800), (2800, 14)):
        noise = Image.effect_noise(size, 200)
        facts = in_process(saved(noise), most=12_000)
        short, long = sorted((facts["width"], facts["height"]))

        assert facts["original"] == list(size) != [facts["width"], facts["height"]]
        assert long <= 200 * short


def test_the_shortest_sides_and_the_longest_shape_that_are_taken() -> None:
    for size in ((11, 11), (11, 400), (2200, 11)):
        assert in_process(saved(plain(*size)))["width"] == size[0]


async def test_too_much_memory_costs_that_picture_only() -> None:
    hungry = saved(plain(7000, 5700), "WEBP", lossless=True, method=0)

    assert await trouble(hungry) == (
        "Can't read shot: it takes too much memory; give a smaller copy"
    )
    assert await ready(saved(plain()))


async def test_heic_without_its_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    data = saved(plain(64, 64), "HEIF")
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)

    assert in_process(data) | {"sent": b""} == {
        "failure": "HEIC needs the extra heic, which is not installed",
        "mend": 'run pip install "qwen-mcp-tools[heic]", or give a JPEG',
        "sent": b"",
    }


WHOLE = [
    saved(screen(120, 80), form, **options)
    for form, options in [
        ("PNG", {}), ("JPEG", {}), ("GIF", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {}),
        ("TIFF", {"compression": "tiff_lzw"}), ("AVIF", {}), ("PDF", {}),
    ]
]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(WHOLE), st.data())
def test_damage_anywhere_is_told_or_shown_and_never_a_crash(
    whole: bytes, data: st.DataObject
) -> None:
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(broken[: data.draw(st.integers(1, len(broken)))])
    facts = outcome(cut)

    assert ("failure" in facts) is (facts["sent"] == b"")
    assert "\n" not in facts.get("failure", "")
    if facts["sent"]:
        assert min(Image.open(io.BytesIO(facts["sent"])).size) > 10


@given(st.binary(max_size=300), st.sampled_from([b"", *(whole[:20] for whole in WHOLE)]))
def test_garbage_is_told_in_one_line(tail: bytes, head: bytes) -> None:
    assert "\n" not in outcome(head + tail)["failure"]


def test_kinds_are_told_by_bytes_and_not_by_names() -> None:
    avif = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"

    assert (kind_of(avif, "x"), kind_of(heic, "x")) == (Kind.AVIF, Kind.HEIF)
    assert kind_of(b"junk %PDF-1.4", "x") is Kind.PDF
