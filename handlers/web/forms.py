"""What people typed into a form, bounded and without characters that steer a display. Missing fields are empty."""

import re
from collections.abc import Mapping

from aiohttp import web

from services.errors import Invalid

_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Form:
    """The fields of one request."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def text(self, name: str, *, longest: int = 4000) -> str:
        """Trimmed; Raises Invalid when it is longer, never cuts."""
        return _STEERING.sub("", self.raw(name, longest=longest)).strip()

    def raw(self, name: str, *, longest: int = 4000) -> str:
        """As it was typed: for passwords."""
        value = self._fields.get(name, "")
        if not isinstance(value, str):
            raise Invalid("page.unreadable")
        if len(value) > longest:
            raise Invalid("page.too_long", longest=longest)
        return value.replace("\r\n", "\n")

    def number(self, name: str) -> int:
        """A row's number. Raises Invalid for what is none."""
        value = self.raw(name, longest=19)
        if not (value.isascii() and value.isdecimal()):
            raise Invalid("page.unreadable")
        return int(value)

    def ticked(self, name: str) -> bool:
        return self.raw(name, longest=8) != ""


async def read(request: web.Request) -> Form:
    return Form(await request.post())


def number(request: web.Request, name: str = "id") -> int:
    """The number of a row out of the path, which its pattern holds to digits. Too large a one is nobody's."""
    return min(int(request.match_info[name]), 2**31 - 1)
