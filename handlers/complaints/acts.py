"""What staff do with a complaint: `do` names it. Each has a form that says what its writer had seen, and a verb."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from handlers.complaints import crossing
from handlers.complaints.crossing import News
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does
from handlers.web.wording import phrase
from services import clock, policy
from services.actors import Actor
from services.cases import complaint_course, complaint_desk, complaint_sheet
from services.errors import Invalid, MayNot
from services.scope import Field

routes = Routes("/complaints/{id:[0-9]+}")

Verb = Callable[[int, Form, Actor], Awaitable[str]]  # what happened, in a sentence


async def _accept(complaint_id: int, given: Form, actor: Actor) -> str:
    await complaint_desk.accept(complaint_id, actor=actor, seen=given.number("seen"))
    return phrase("case.taken", {"deadline": await _deadline(complaint_id, actor)})


async def _answer(complaint_id: int, given: Form, actor: Actor) -> str:
    text = given.text("text")
    await complaint_desk.answer(complaint_id, text, actor=actor, seen=given.number("seen"))
    return phrase("case.answered", {"days": (await policy.current()).complaint_close_days})


async def _note(complaint_id: int, given: Form, actor: Actor) -> str:
    await complaint_course.note(complaint_id, given.text("text"), actor=actor)
    return phrase("case.noted")


async def _pass_on(complaint_id: int, given: Form, actor: Actor) -> str:
    to, note = given.number("to"), given.text("note", longest=200)
    takers = dict(await complaint_course.takers(complaint_id, actor=actor))
    await complaint_course.pass_on(complaint_id, to, actor=actor, note=note, seen=given.number("seen"))
    return phrase("case.passed", {"staff": takers.get(to, "")})


async def _extend(complaint_id: int, given: Form, actor: Actor) -> str:
    until, reason = _moment(given.text("until", longest=32)), given.text("text", longest=500)
    await complaint_course.extend(complaint_id, until, reason, actor=actor, seen=given.number("seen"))
    return phrase("case.extended", {"deadline": until.isoformat()})


async def _close(complaint_id: int, given: Form, actor: Actor) -> str:
    text = given.text("text", longest=1000)
    if not text:
        raise Invalid("case.reason_empty")
    await complaint_desk.close(complaint_id, text, actor=actor, seen=given.number("seen"))
    return phrase("case.closed")


async def _reopen(complaint_id: int, given: Form, actor: Actor) -> str:
    text = given.text("text", longest=1000)
    await complaint_course.reopen(complaint_id, text, actor=actor, seen=given.number("seen"))
    return phrase("case.reopened", {"deadline": await _deadline(complaint_id, actor)})


async def _point_out(complaint_id: int, given: Form, actor: Actor) -> str:
    """`whom` is staff:3, technician:4 or nobody."""
    kind, _, number = given.text("whom", longest=30).partition(":")
    one = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    if kind not in ("staff", "technician", "nobody") or (one is None) is not (kind == "nobody"):
        raise Invalid("page.unreadable")
    await complaint_course.point_out(
        complaint_id,
        staff_id=one if kind == "staff" else None,
        technician_id=one if kind == "technician" else None,
        actor=actor,
        seen=given.number("seen"),
    )
    return phrase("case.pointed_out")


_VERBS: dict[str, Verb] = {
    "accept": _accept,
    "answer": _answer,
    "note": _note,
    "pass": _pass_on,
    "extend": _extend,
    "about": _point_out,
    "close": _close,
    "reopen": _reopen,
}


@routes.get("/act", does(Field.COMPLAINTS, leading=True))
async def asking(request: web.Request) -> web.Response:
    """The form of what `do` names."""
    actor, complaint_id, act = (
        await session.actor(request),
        forms.number(request),
        request.query.get("do", ""),
    )
    sheet = await complaint_sheet.of(complaint_id, actor=actor)
    if not sheet.may:
        raise MayNot(f"may_not.{Field.COMPLAINTS}")
    _verb(act)
    takers = await complaint_course.takers(complaint_id, actor=actor) if act == "pass" else []
    there = await complaint_course.colleagues(complaint_id, actor=actor) if act == "about" else None
    days = (await policy.current()).complaint_close_days
    values = {"sheet": sheet, "act": act, "takers": takers, "there": there, "days": days}
    return pages.render(request, "complaints/box.html", status=200, **values)


@routes.post("/act", does(Field.COMPLAINTS, leading=True))
async def act(request: web.Request) -> web.Response:
    actor, complaint_id = await session.actor(request), forms.number(request)

    async def does_it(given: Form) -> str:
        return await _verb(given.text("do", longest=16))(complaint_id, given, actor)

    async def since(seen: int) -> News:
        sheet = await complaint_sheet.of(complaint_id, actor=actor)
        return crossing.news(sheet.happened, sheet.seen, seen)

    return await crossing.told(request, does_it, since)


def _verb(name: str) -> Verb:
    if name not in _VERBS:
        raise Invalid("page.unreadable")
    return _VERBS[name]


async def _deadline(complaint_id: int, actor: Actor) -> str:
    return (await complaint_sheet.of(complaint_id, actor=actor)).deadline_at.isoformat()


def _moment(text: str) -> datetime:
    """As a field of a browser gives it, in local time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("case.no_moment") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)
