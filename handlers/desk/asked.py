"""What a script of our pages sends: JSON, or a form with files; bounded as every form is."""

from collections.abc import Mapping

import orjson
from aiohttp import web

from handlers.web.forms import Form
from services.errors import Invalid

_LONGEST = 64 * 1024


async def read(request: web.Request) -> Form:
    """The fields of a JSON object or of a urlencoded form. Raises Invalid for anything else."""
    if request.content_type != "application/json":
        return Form(await request.post())
    body = await request.read()  # bounded by the server before it is here
    if len(body) > _LONGEST:
        raise Invalid("page.too_long", longest=_LONGEST)
    try:
        fields = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Invalid("page.unreadable") from error
    if not isinstance(fields, Mapping):
        raise Invalid("page.unreadable")
    return Form({name: _plain(value) for name, value in fields.items()})


def _plain(value: object) -> object:
    """Numbers and truths as a form would have them; what is none of these is refused when it is asked for."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, int):
        return str(value)
    return "" if value is None else value
