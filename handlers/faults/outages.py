"""停水停电: what is on, comes and was; announcing, changing, ending. What residents read is shown first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from handlers.faults import words
from handlers.faults.overview import OUTAGES, tabs
from handlers.tickets.lists import may_do
from handlers.web import errors, forms, pages, session
from handlers.web.forms import Form
from handlers.web.pages import redirect
from handlers.web.routes import Routes, does, sees
from handlers.web.wording import phrase
from services import clock
from services.actors import Actor
from services.errors import DomainError, Invalid
from services.estate import buildings, communities
from services.repairs import outages
from services.repairs.outages import LONGEST, Draft, OutageLine, Supply, When
from services.scope import Field

routes = Routes("/faults/outages")
_SHOWN = {"": (When.NOW, "现在"), "coming": (When.COMING, "以后"), "past": (When.PAST, "过去")}
_FIELDS = ("where", "supply", "text", "starts", "ends")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the bot says to whoever asks, what those read who reported it, and how many they are."""

    asked: str
    reported: str
    over: str
    people: int


@routes.get("", sees(Field.REPAIRS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    chosen = request.query.get("when", "")
    if chosen not in _SHOWN:
        raise Invalid("page.unreadable")
    views = [
        (f"{OUTAGES}?when={key}" if key else OUTAGES, word, key == chosen)
        for key, (_, word) in _SHOWN.items()
    ]
    return pages.render(
        request,
        "faults/outages.html",
        status=200,
        tabs=await tabs(actor, OUTAGES),
        views=views,
        rows=await outages.listed([_SHOWN[chosen][0]], actor=actor),
        chosen=chosen,
        may_do=may_do(actor),
        kind=words.kind,
        said_when=words.when,
    )


@routes.get("/new", does(Field.REPAIRS))
async def new(request: web.Request) -> web.Response:
    """The form; with what it holds in the address, what it would say."""
    return await _form(request, None, dict(request.query))


@routes.post("", does(Field.REPAIRS))
async def make(request: web.Request) -> web.Response:
    given, actor = await forms.read(request), await session.actor(request)
    try:
        draft = await _draft(given, actor)
        await outages.make(draft, actor=actor)
    except Invalid:
        return await _form(request, None, _typed(given))
    return redirect(OUTAGES if draft.starts_at <= clock.now() else f"{OUTAGES}?when=coming")


@routes.get("/{id:[0-9]+}/change", does(Field.REPAIRS))
async def change_form(request: web.Request) -> web.Response:
    found = await outages.one(forms.number(request), actor=await session.actor(request))
    given = dict(request.query) or {
        "text": found.text,
        "starts": _field(found.starts_at),
        "ends": _field(found.ends_at),
    }
    return await _form(request, found, given)


@routes.post("/{id:[0-9]+}/change", does(Field.REPAIRS))
async def change(request: web.Request) -> web.Response:
    given, actor, number = await forms.read(request), await session.actor(request), forms.number(request)
    try:
        starts, ends = _start(given), _moment(given.text("ends", longest=25))
        text = given.text("text", longest=LONGEST)
        await outages.change(number, text=text, starts_at=starts, ends_at=ends, actor=actor)
    except Invalid:
        return await _form(request, await outages.one(number, actor=actor), _typed(given))
    return redirect(OUTAGES if starts <= clock.now() else f"{OUTAGES}?when=coming")


@routes.post("/{id:[0-9]+}/end", does(Field.REPAIRS))
async def end(request: web.Request) -> web.Response:
    number = forms.number(request)
    told = await outages.end(number, actor=await session.actor(request))
    text = phrase("fault.outage_ended", {"count": told or None})
    return pages.told({"text": text, "undo": f"{OUTAGES}/{number}/undo-end"})


@routes.post("/{id:[0-9]+}/undo-end", does(Field.REPAIRS))
async def undo_end(request: web.Request) -> web.Response:
    await outages.undo_end(forms.number(request), actor=await session.actor(request))
    return pages.told({"text": phrase("fault.outage_goes_on")})


async def _form(request: web.Request, known: OutageLine | None, given: Mapping[str, str]) -> web.Response:
    actor, wrong, preview = await session.actor(request), "", None
    typed = {name: given.get(name, "") for name in _FIELDS}
    if given:
        try:
            preview = await _preview(known, Form(typed), actor)
        except DomainError as error:
            wrong = errors.sentence(error)
    within = await communities.within(actor.doing(Field.REPAIRS))
    return pages.render(
        request,
        "faults/outage_form.html",
        status=200,
        tabs=await tabs(actor, OUTAGES),
        known=known,
        typed=typed,
        wrong=wrong if "preview" in given else "",
        preview=preview if "preview" in given else None,
        places=[(one, await buildings.of(one.id, actor=actor)) for one in within],
        kinds=words.kinds(),
        kind=words.kind,
        longest=LONGEST,
        now=_field(clock.now()),
    )


async def _preview(known: OutageLine | None, given: Form, actor: Actor) -> Preview:
    if known is None:
        draft = await _draft(given, actor)
        people = await outages.would_hear(draft, actor=actor)
        supply = draft.supply.value
        (first, *others) = [one for one in await communities.everywhere() if one.id in draft.community_ids]
        building = await buildings.number(draft.building_id) if draft.building_id else ""
        where = f"{first.name}{'等小区' if others else ''}" + (f"{building}栋" if building else "")
    else:
        people, supply = known.told, known.supply
        where = known.community + (f"{known.building}栋" if known.building else "")
    ends = _moment(given.text("ends", longest=25))
    text = given.text("text", longest=LONGEST)
    outages.check(text, _start(given), ends)
    said = {"text": text, "until": ends.isoformat() if ends else None, "kind": supply, "where": where}
    return Preview(
        asked=text,
        reported=phrase("outage.known" if known is None else "outage.moved", {**said, "number": "BX10015"}),
        over=phrase("outage.over", said),
        people=people,
    )


async def _draft(given: Form, actor: Actor) -> Draft:
    where, supply = given.text("where", longest=24), given.text("supply", longest=16)
    if supply not in list(Supply):
        raise Invalid("outage.kind_needed")
    starts = _start(given)
    everywhere, building = await _where(where, actor)
    ends = _moment(given.text("ends", longest=25))
    return Draft(everywhere, building, Supply(supply), given.text("text", longest=LONGEST), starts, ends)


async def _where(where: str, actor: Actor) -> tuple[tuple[int, ...], int | None]:
    """ "all", "community:3" or "building:7", as the field has it."""
    if where == "all":
        within = await communities.within(actor.doing(Field.REPAIRS))
        return tuple(one.id for one in within), None
    kind, _, number = where.partition(":")
    if (
        kind not in ("community", "building")
        or not (number.isascii() and number.isdecimal())
        or len(number) > 9
    ):
        raise Invalid("outage.where_needed")
    if kind == "community":
        return (int(number),), None
    return (await buildings.community(int(number), actor=actor),), int(number)


def _typed(given: Form) -> dict[str, str]:
    """What was typed, to be shown again with what is wrong with it."""
    return {name: given.raw(name) for name in _FIELDS} | {"preview": "1"}


def _start(given: Form) -> datetime:
    starts = _moment(given.text("starts", longest=25))
    if starts is None:
        raise Invalid("outage.time_needed")
    return starts


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("page.unreadable") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)


def _field(moment: datetime | None) -> str:
    """As a field for day and time wants it."""
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}" if moment else ""
