"""Makes a harmless JPEG out of what somebody sent. Runs in a process of its own, see pictures.py.

As a program it reads pictures from standard input and writes results to standard output, each as a header of
JSON in one line, then as many bytes as the header's `size` says.
"""

import io
import json
import resource
import sys
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_MEMORY = 1 << 30  # a picture of 25 megapixels takes about 350 MB on its way
_LONGEST_SIDE = 2560
_QUALITY = 85


class BadPicture(Exception):
    """Not a picture that can be opened, or too large; the text is what people read in its place."""


def clean(content: bytes, megapixels: int) -> tuple[bytes, int, int]:
    """A JPEG with width and height: upright, at most 2560 long, without anything but pixels (no EXIF, no GPS)."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > megapixels * 1_000_000:
                raise BadPicture("图片太大")
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            upright = _flat(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as fault:  # Pillow's own limit, met before ours
        raise BadPicture("图片太大") from fault
    except (OSError, SyntaxError, ValueError, MemoryError) as fault:
        raise BadPicture("图片打不开") from fault
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), upright.width, upright.height


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
