"""Makes a harmless JPEG out of what somebody sent. Runs in a process of its own, see pictures.py.

As a program it reads pictures from standard input and writes results to standard output, each as a header of
JSON in one line, then as many bytes as the header's `size` says.
"""

import io
import itertools
import json
import re
import resource
import sys
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_MEMORY = 1 << 30  # a picture of 25 megapixels takes about 350 MB on its way
# A photo is sharp enough at 2560; a long screenshot, 1080 wide and ten screens high, is read at its width.
_LONG_SIDE, _SHORT_SIDE = 2560, 1080
_MOST_OF_A_JPEG = 65_500  # pixels of one side
_MOST_BYTES = 9 << 20  # the platform takes ten megabytes when a technician is sent the picture
_QUALITIES = (85, 70, 50, 30)
TOO_LARGE, UNREADABLE = "too_large", "unreadable"  # the phrase photo.lost words them
_JPEG, _END = b"\xff\xd8", b"\xff\xd9"
_MISSING = (128, 128, 128)  # what the decoder leaves where a JPEG says nothing
_MOST_MISSING = 0.25  # of the height
_SEEN_THROUGH = re.compile(rb"(?<=\x21\xf9\x04)[\x00-\xff]")  # how a GIF says which of its colours is none


class BadPicture(Exception):
    """Not a picture that can be opened, or too large; its text is the code of the phrase that people read."""


def clean(content: bytes, megapixels: int) -> tuple[bytes, int, int]:
    """A JPEG with width and height: upright, no larger than needed, without anything but pixels (no EXIF, no GPS)."""
    try:
        upright = _opened(content, megapixels)
    except Image.DecompressionBombError as fault:  # Pillow's own limit, met before ours
        raise BadPicture(TOO_LARGE) from fault
    except (OSError, SyntaxError, ValueError, MemoryError) as fault:
        raise BadPicture(UNREADABLE) from fault
    upright.thumbnail(_fitting(upright.size))
    return _encoded(upright), upright.width, upright.height


def _opened(content: bytes, megapixels: int) -> Image.Image:
    try:
        with _within(content, megapixels) as picture:
            picture.draft("RGB", _fitting(picture.size))
            return _flat(ImageOps.exif_transpose(picture))
    except OSError:
        if not content.startswith(_JPEG):
            return _as_far_as_it_goes(content, megapixels)
        if content.endswith(_END):
            raise
    return _without_its_end(content, megapixels)


def _within(content: bytes, megapixels: int) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > megapixels * 1_000_000:
        raise BadPicture(TOO_LARGE)
    return picture


def _as_far_as_it_goes(content: bytes, megapixels: int) -> Image.Image:
    """Any kind but a JPEG that breaks off: rows that look like what was there before them are missing."""
    if content.startswith(b"GIF"):
        content = _SEEN_THROUGH.sub(b"\0", content, count=1)  # what is missing would look the same twice
    shown, other = (_partly(content, megapixels, before) for before in (0, 1))
    rows = ((0, at, shown.width, at + 1) for at in range(shown.height))
    missing = sum(shown.crop(row).tobytes() != other.crop(row).tobytes() for row in rows)
    if missing > _MOST_MISSING * shown.height:
        raise BadPicture(UNREADABLE)
    return _flat(ImageOps.exif_transpose(shown))


def _partly(content: bytes, megapixels: int, before: int) -> Image.Image:
    """What can be read, drawn upon pixels that are all the same. A WebP is read whole or not: it is filled up."""
    if content.startswith(b"RIFF"):
        announced = 8 + int.from_bytes(content[4:8], "little")
        content = content.ljust(min(announced, 2 * len(content)), b"\xff" if before else b"\0")
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with _within(content, megapixels) as picture:
            picture.im = Image.new(picture.mode, picture.size, before).im
            picture.load()
            return picture
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _without_its_end(content: bytes, megapixels: int) -> Image.Image:
    """A JPEG that lost its last bytes on the way, as every phone shows it; refused when much of it is missing."""
    found = _opened(content + _END, megapixels)
    rows = (found.crop((0, at, found.width, at + 1)).getextrema() for at in range(found.height - 1, -1, -1))
    grey = tuple((one, one) for one in _MISSING)
    missing = sum(1 for _ in itertools.takewhile(lambda row: row == grey, rows))
    if missing > _MOST_MISSING * found.height:
        raise BadPicture(UNREADABLE)
    return found


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    short, long = sorted(size)
    scale = min(1.0, max(_LONG_SIDE / long, _SHORT_SIDE / short), _MOST_OF_A_JPEG / long)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _encoded(picture: Image.Image) -> bytes:
    """As good as fits into what the platform takes."""
    content = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        content = out.getvalue()
        if len(content) <= _MOST_BYTES:
            break
    return content


def _flat(picture: Image.Image) -> Image.Image:
    """Pixels alone, on white where it was transparent."""
    pixels = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    flat = Image.new("RGB", pixels.size, "white")
    flat.paste(pixels, mask=pixels if pixels.mode == "RGBA" else None)
    return flat


def _serve(source: BinaryIO, sink: BinaryIO) -> None:
    while header := source.readline():
        asked = json.loads(header)
        content = source.read(asked["size"])
        try:
            jpeg, width, height = clean(content, asked["megapixels"])
        except BadPicture as fault:
            _answer(sink, {"error": str(fault), "size": 0}, b"")
        else:
            _answer(sink, {"width": width, "height": height, "size": len(jpeg)}, jpeg)


def _answer(sink: BinaryIO, header: dict[str, str | int], content: bytes) -> None:
    sink.write(json.dumps(header).encode() + b"\n" + content)
    sink.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _serve(sys.stdin.buffer, sys.stdout.buffer)
