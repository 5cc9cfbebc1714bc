"""Posters for demo activities, drawn so that no picture files have to be shipped."""

import hashlib
import io

from PIL import Image, ImageDraw

_SIZE = (720, 400)
_PALETTES = (
    ((255, 224, 178), (239, 108, 0), (121, 85, 72)),
    ((200, 230, 201), (67, 160, 71), (27, 94, 32)),
    ((187, 222, 251), (30, 136, 229), (13, 71, 161)),
    ((248, 187, 208), (216, 27, 96), (136, 14, 79)),
    ((209, 196, 233), (94, 53, 177), (49, 27, 146)),
)

Colour = tuple[int, int, int]


def poster(name: str) -> bytes:
    """A JPEG with a sun over three hills; the name decides its colours and shapes."""
    seed = hashlib.sha256(name.encode()).digest()
    sky, near, far = _PALETTES[seed[0] % len(_PALETTES)]
    picture = Image.new("RGB", _SIZE, sky)
    draw = ImageDraw.Draw(picture)
    x, y = 90 + seed[1] * 2, 60 + seed[2] // 3
    draw.ellipse((x, y, x + 110, y + 110), fill=(255, 250, 235))
    for layer, offset in enumerate(seed[3:6]):
        _hill(draw, 230 + layer * 50, offset * 2, _blend(far, near, layer / 2))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _hill(draw: ImageDraw.ImageDraw, top: int, left: int, colour: Colour) -> None:
    width, height = _SIZE
    draw.ellipse((left - 420, top, left + 260, top + height), fill=colour)
    draw.ellipse((left + 60, top + 30, left + 60 + width, top + height + 60), fill=colour)


def _blend(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
