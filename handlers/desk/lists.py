"""The list of talks, and the page that holds list, talk and resident."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from handlers.desk import asked, beside, flows, present
from handlers.web import forms, pages, session
from handlers.web.routes import OWN, Routes, sees
from services.actors import Actor
from services.company import staff
from services.desk import alarms, inbox, liking, shifts, tallies
from services.desk.alarms import Alarm
from services.desk.listing import Box, Listing, Order
from services.desk.tallies import Counts
from services.errors import Invalid
from services.scope import Field

routes = Routes("/talks")
_CHOICES = ("box", "order")


@dataclass(frozen=True, slots=True)
class View:
    """Which list, in which order, looked through for what."""

    box: Box
    order: Order
    search: str

    def query(self, **other: str) -> str:
        """For an address: this view with some of it changed."""
        values = {"box": self.box.value, "order": self.order.value, "q": self.search, **other}
        return urlencode({name: value for name, value in values.items() if value})


async def view(request: web.Request, actor: Actor) -> View:
    """From the address, else as this person left it; what the address says is kept for the next time.

    With `find` it is all talks, the newest first, and nothing is kept.
    """
    if "find" in request.query:
        return View(Box.ALL, Order.NEWEST, _search(request))
    liked = await liking.of(actor=actor)
    for name in _CHOICES:
        given = request.query.get(name, "")
        if given and given != liked[name]:
            await liking.choose(name, given, actor=actor)
            liked[name] = given
    return View(Box(liked["box"]), Order(liked["order"]), _search(request))


def _search(request: web.Request) -> str:
    search = request.query.get("q", "")
    if len(search) > 60:
        raise Invalid("page.too_long", longest=60)
    return search.strip()


@routes.get("", sees(Field.TALKS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return await _whole(request, actor, None)


@routes.get("/{id:[0-9]+}", sees(Field.TALKS))
async def talk(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    return await _whole(request, actor, forms.number(request))


@routes.get("/list", sees(Field.TALKS))
async def rows(request: web.Request) -> web.Response:
    """Tabs and rows, as they stand; behind `after`, only rows."""
    actor = await session.actor(request)
    shown = await view(request, actor)
    current = request.query.get("current", "")
    values = await _list(request, actor, shown, after=request.query.get("after", ""))
    chosen = int(current) if current.isdecimal() and len(current) < 10 else None
    return pages.render(request, "desk/list.html", status=200, current=chosen, **values)


@routes.get("/alarms", sees(Field.ALERTS))
async def alarm_bar(request: web.Request) -> web.Response:
    """险情 that nobody has taken, for the bar on top."""
    return pages.render(
        request, "desk/alarms.html", status=200, alarms=await _alarms(await session.actor(request))
    )


@routes.get("/liking", OWN)
async def liked(request: web.Request) -> web.Response:
    return pages.told(await liking.of(actor=await session.actor(request)))


@routes.post("/liking", OWN)
async def like(request: web.Request) -> web.Response:
    given = await asked.read(request)
    name, value = given.text("name", longest=16), given.text("value", longest=16)
    await liking.choose(name, value, actor=await session.actor(request))
    return pages.told({"name": name, "value": value})


async def _whole(request: web.Request, actor: Actor, talk_id: int | None) -> web.Response:
    shown = await view(request, actor)
    values = await _list(request, actor, shown)
    values |= {
        "current": talk_id,
        "liked": await liking.of(actor=actor),
        "shift": await shifts.of(actor=actor),
    }
    values |= {"me": await staff.me(actor=actor), "alarms": await _alarms(actor)}
    if talk_id is not None:
        values |= await flows.opened(request, actor, talk_id)
        values["beside"] = await beside.of(talk_id, actor=actor)
    return pages.render(request, "desk/page.html", status=200, **values)


async def _list(request: web.Request, actor: Actor, shown: View, *, after: str = "") -> dict[str, object]:
    listing: Listing = await inbox.rows(
        shown.box, actor=actor, order=shown.order, search=shown.search, after=after
    )
    counts: Counts = await tallies.counts(actor=actor)
    ids = [one.id for one in listing.rows]
    return {
        "view": shown,
        "listing": listing,
        "counts": counts,
        "own": await tallies.unread_of_own(actor=actor),
        "there": await present.others(request, ids, actor),
        "behind": bool(after),
    }


async def _alarms(actor: Actor) -> list[Alarm]:
    return [one for one in await alarms.open_ones(actor=actor) if not one.taken_by]
