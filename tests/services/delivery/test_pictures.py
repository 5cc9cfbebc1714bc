"""People's pictures, and what is sent to hurt us."""

import asyncio
import functools
import io
import struct
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from PIL import Image

from services.delivery.picture import BadPicture, clean
from services.delivery.pictures import Pictures


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    if kind == "PNG":
        options = {"compress_level": 1, **options}  # to pack it well takes longer than what is tried with it
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def photo_with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 8.0, 4.2), 3: "E", 4: (113.0, 21.0, 31.7)})
    return encoded(Image.new("RGB", (40, 20), "red"), exif=exif, comment=b"secret")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header promises many pixels and whose body has them: a bomb of zeros."""
    row = b"\0" * (width + 1)
    body = zlib.compressobj(1)
    packed = b"".join(body.compress(row) for _ in range(height)) + body.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_a_photo_loses_its_position_and_stands_upright():
    jpeg, width, height = clean(photo_with_position(), 25)
    picture = opened(jpeg)
    assert (picture.format, width, height) == ("JPEG", 20, 40)
    assert not picture.getexif()
    assert b"secret" not in jpeg
    assert b"Phone" not in jpeg


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP"])
def test_every_usual_kind_becomes_a_jpeg(kind: str):
    jpeg, _, _ = clean(encoded(Image.new("RGB", (30, 30), "blue"), kind), 25)
    assert opened(jpeg).format == "JPEG"


def test_what_was_transparent_is_white():
    jpeg, _, _ = clean(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"), 25)
    assert opened(jpeg).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller():
    _, width, height = clean(encoded(Image.new("RGB", (5000, 2500))), 25)
    assert (width, height) == (2560, 1280)


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1080, 20_000), (1080, 20_000)),
        ((20_000, 1080), (20_000, 1080)),
        ((2000, 12_000), (1080, 6480)),
        ((12_000, 2000), (6480, 1080)),
        ((300, 60_000), (300, 60_000)),
        ((4032, 3024), (2560, 1920)),
        ((2000, 2000), (2000, 2000)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_long_screenshot_stays_as_wide_as_it_is_read(
    kind: str, size: tuple[int, int], kept: tuple[int, int]
):
    jpeg, width, height = clean(encoded(Image.new("RGB", size, "white"), kind), 25)
    assert (width, height) == kept == opened(jpeg).size


def test_what_no_jpeg_can_hold_is_made_smaller():
    _, width, height = clean(encoded(Image.new("RGB", (100, 131_000)), "PNG"), 25)
    assert (width, height) == (50, 65_500)


def test_what_stands_in_a_long_screenshot_can_still_be_read():
    shot = Image.new("L", (1080, 12_000), 255)
    for top in range(0, 12_000, 6):  # lines three pixels high, as the strokes of small letters
        shot.paste(0, (0, top, 1080, top + 3))
    jpeg, _, _ = clean(encoded(shot.convert("RGB"), quality=90), 25)
    column = opened(jpeg).convert("L").crop((540, 6000, 541, 6060))
    assert column.getextrema()[0] < 60 and column.getextrema()[1] > 195


def test_in_its_process_a_long_screenshot_keeps_within_the_memory_it_may_use():
    async def through() -> tuple[int, int]:
        pictures = Pictures(25, longest_s=600)  # of memory, not of time
        try:
            jpeg = await pictures.clean(
                encoded(Image.effect_noise((1080, 23_000), 80).convert("RGB"), quality=95)
            )
            assert len(jpeg.content) <= 10 << 20  # the platform takes no more
            return jpeg.width, jpeg.height
        finally:
            await pictures.close()

    assert asyncio.run(through()) == (1080, 23_000)


def noise(size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    return Image.effect_noise(size, 60).convert("RGB")


@functools.cache  # made once: several tests cut pieces off
def two_pictures() -> bytes:
    """As phones store a photo with its depth."""
    return encoded(noise(), "MPO", save_all=True, append_images=[noise((400, 300))])


@functools.cache
def baseline() -> bytes:
    return encoded(noise())


@functools.cache
def progressive() -> bytes:
    return encoded(noise(), progressive=True)


@functools.cache
def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(noise((1200, 1600)), exif=exif)


@functools.cache
def large() -> bytes:
    return encoded(noise((4032, 3024)))


@functools.cache
def whole(made: Callable[[], bytes]) -> tuple[int, int]:
    return clean(made(), 25)[1:]


@pytest.mark.parametrize("lost", [1, 2, 4, 10, 100, 1000])
@pytest.mark.parametrize("made", [baseline, progressive, two_pictures, turned, large])
def test_a_jpeg_without_its_last_bytes_is_kept(made: Callable[[], bytes], lost: int):
    _, width, height = clean(made()[:-lost], 25)
    assert (width, height) == whole(made)


def test_the_first_of_two_pictures_is_kept_whatever_became_of_the_second():
    content = two_pictures()
    first = content.index(b"\xff\xd9\xff\xd8")
    for cut in (first + 2, first, first - 20):
        assert clean(content[:cut], 25)[1:] == (1600, 1200)


def small() -> Image.Image:
    return noise((400, 300))


def seen_through() -> Image.Image:
    picture = small().convert("RGBA")
    picture.putalpha(128)
    return picture


# Every kind with what its pixels may be: of colours, of a palette, of grey, partly seen through.
OTHERS = {
    "png": lambda: encoded(small(), "PNG"),
    "png that is seen through": lambda: encoded(seen_through(), "PNG"),
    "png with a palette": lambda: encoded(small().quantize(64), "PNG", transparency=3),
    "png in black and white": lambda: encoded(small().convert("1"), "PNG"),
    "png of 16 bits": lambda: encoded(small().convert("L").convert("I;16"), "PNG"),
    "gif": lambda: encoded(small().quantize(64), "GIF"),
    "gif that is seen through": lambda: encoded(small().quantize(64), "GIF", transparency=5),
    "bmp": lambda: encoded(small(), "BMP"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_are_kept_as_far_as_they_go(kind: str):
    content = OTHERS[kind]()
    for lost in (1, 2, 20, 100, len(content) // 10):
        assert clean(content[:-lost], 25)[1:] == (400, 300), lost


@pytest.mark.parametrize("options", [{}, {"lossless": True}])
def test_a_webp_without_its_last_byte_is_kept(options: dict[str, object]):
    assert clean(encoded(small(), "WEBP", **options)[:-1], 25)[1:] == (400, 300)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_moving_pictures_the_first_is_enough(kind: str):
    content = encoded(small().quantize(64), kind, save_all=True, append_images=[noise((400, 300)).rotate(90)])
    assert clean(content[:-1000], 25)[1:] == (400, 300)


@pytest.mark.parametrize("kind", ["JPEG", *OTHERS, "webp"])
def test_half_a_picture_is_refused(kind: str):
    made = {**OTHERS, "JPEG": baseline, "webp": lambda: encoded(small(), "WEBP")}[kind]
    content = made()
    with pytest.raises(BadPicture):
        clean(content[: len(content) // 2], 25)


def test_what_is_read_in_part_is_bounded_too():
    with pytest.raises(BadPicture, match="too_large"):
        clean(png_claiming(6000, 6000)[:-100], 25)
    announced = bytearray(encoded(small(), "WEBP")[:-100])
    announced[4:8] = b"\xf0\xff\xff\xff"  # four gigabytes
    with pytest.raises(BadPicture, match="unreadable"):
        clean(bytes(announced), 25)


def test_above_the_cap_it_is_refused_by_its_header():
    with pytest.raises(BadPicture, match="too_large"):
        clean(png_claiming(6000, 6000), 25)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        photo_with_position()[:60],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ],
)
def test_what_is_no_picture_is_refused(content: bytes):
    with pytest.raises(BadPicture):
        clean(content, 25)


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    running = Pictures(25)
    yield running
    await running.close()


async def test_pictures_go_through_the_process_one_after_another(pictures: Pictures):
    wanted = [(30 + n, 20) for n in range(5)]
    contents = [encoded(Image.new("RGB", size)) for size in wanted]
    jpegs = await asyncio.gather(*(pictures.clean(content) for content in contents))
    assert [(jpeg.width, jpeg.height) for jpeg in jpegs] == wanted


async def test_a_bad_one_does_not_spoil_the_next(pictures: Pictures):
    with pytest.raises(BadPicture):
        await pictures.clean(b"hello")
    assert (await pictures.clean(encoded(Image.new("RGB", (8, 8))))).width == 8


async def test_a_bomb_is_refused_and_the_process_goes_on():
    pictures = Pictures(megapixels=4000)  # as if the cap were not there: the memory limit holds
    try:
        with pytest.raises(BadPicture):
            await pictures.clean(png_claiming(40_000, 20_000))
        assert (await pictures.clean(encoded(Image.new("RGB", (8, 8))))).width == 8
    finally:
        await pictures.close()


async def test_one_that_takes_too_long_is_given_up_and_the_process_replaced():
    pictures = Pictures(25, longest_s=0.001)
    try:
        with pytest.raises(BadPicture):
            await pictures.clean(encoded(Image.effect_noise((3000, 3000), 50), "PNG"))
        pictures._longest_s = 20
        assert (await pictures.clean(encoded(Image.new("RGB", (8, 8))))).width == 8
    finally:
        await pictures.close()


async def test_a_killed_process_is_replaced(pictures: Pictures):
    content = encoded(Image.new("RGB", (8, 8)))
    await pictures.clean(content)
    assert pictures._child is not None
    pictures._child.kill()
    await pictures._child.wait()
    assert (await pictures.clean(content)).width == 8
