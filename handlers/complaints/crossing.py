"""An act that came too late: what happened in the meantime is said, and sending the same once more goes on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from handlers.complaints import words
from handlers.desk import asked
from handlers.web import errors, pages
from handlers.web.forms import Form
from services.cases.crossing import QUIET, Crossed
from services.cases.happenings import Happening

_MOST = 3  # lines that are told


@dataclass(frozen=True, slots=True)
class News:
    """`seen` is what whoever reads this has seen from then on."""

    lines: Sequence[str]
    seen: int


def news(happened: Sequence[Happening], newest: int, seen: int, subject: str = "complaint") -> News:
    fresh = [one for one in happened if one.id > seen and one.verb not in QUIET]
    return News([words.happened(one, subject)[:120] for one in fresh[-_MOST:]], newest)


async def told(
    request: web.Request,
    act: Callable[[Form], Awaitable[str]],
    since: Callable[[int], Awaitable[News]],
) -> web.Response:
    """What the act says, or 409 with what is new: the form keeps its words and goes on from there."""
    given = await asked.read(request)
    try:
        return pages.told({"text": await act(given)})
    except Crossed as crossed:
        found = await since(given.number("seen"))
        text = "\n".join([errors.sentence(crossed), *found.lines])
        return pages.told({"error": crossed.phrase, "text": text, "seen": found.seen}, status=409)
