"""What staff decide on one ticket: each a POST that answers with JSON, most with a box that asks what is needed.

Each carries `seen`, what the page showed of the ticket: one that changed meanwhile refuses and says what it is now.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from aiohttp import web

from handlers.desk import asked
from handlers.tickets import words
from handlers.tickets.sheets import ONE
from handlers.web import forms, pages, session
from handlers.web.forms import Form
from handlers.web.routes import Routes, does
from models.tickets import Area
from services import clock, spelling
from services.actors import Actor
from services.errors import Invalid
from services.repairs import (
    by_phone,
    categories,
    corrections,
    crew,
    dispatch,
    handling,
    ratings,
    sheet,
    standing,
)
from services.scope import Field

routes = Routes("/tickets")

Act = Callable[[int, Form, Actor], Awaitable[str]]  # ticket, what was given, who acts → what is said then
_REASON, _REMARK = 300, 500  # characters
_YUAN = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")


async def _accept(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.accept(ticket_id, actor=actor)
    return words.phrase("done.accept")


async def _decline(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.decline(ticket_id, reason=given.text("reason", longest=_REASON), actor=actor)
    return words.phrase("done.decline")


async def _dispatch(ticket_id: int, given: Form, actor: Actor) -> str:
    chosen = given.text("technician", longest=10)
    if not chosen.isdecimal():
        raise Invalid("ticket.technician_needed")
    await dispatch.assign(ticket_id, technician_id=int(chosen), actor=actor)
    whom = await crew.whom(int(chosen))
    unreached = words.unreached(whom)
    told = words.phrase("done.dispatch_unreached" if unreached else "done.dispatch", technician=whom.name)
    return told + unreached


async def _appoint(ticket_id: int, given: Form, actor: Actor) -> str:
    start, end = moment(given, "start"), moment(given, "end")
    if start is None:
        raise Invalid("ticket.time_needed")
    await corrections.reschedule(ticket_id, start, end, actor=actor)
    return words.phrase("done.appoint")


async def _promise(ticket_id: int, given: Form, actor: Actor) -> str:
    eta = moment(given, "eta")
    if eta is None:
        raise Invalid("ticket.time_needed")
    await handling.reschedule(ticket_id, eta=eta, actor=actor)
    return words.phrase("done.promise")


async def _hold(ticket_id: int, given: Form, actor: Actor) -> str:
    reason, until = given.text("reason", longest=100), moment(given, "until")
    await handling.hold(ticket_id, reason=reason, until=until, actor=actor)
    return words.phrase("done.hold")


async def _resume(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.resume(ticket_id, actor=actor)
    return words.phrase("done.resume")


async def _cancel(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.cancel(ticket_id, reason=given.text("reason", longest=_REASON), actor=actor)
    return words.phrase("done.cancel")


async def _close(ticket_id: int, given: Form, actor: Actor) -> str:
    await ratings.close(ticket_id, actor=actor)
    return words.phrase("done.close")


async def _reopen(ticket_id: int, given: Form, actor: Actor) -> str:
    await ratings.not_fixed(ticket_id, reason=given.text("reason", longest=_REASON), actor=actor)
    return words.phrase("done.reopen")


async def _look(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.look_again(ticket_id, actor=actor)
    return words.phrase("done.look")


async def _urgent(ticket_id: int, given: Form, actor: Actor) -> str:
    urgent = given.ticked("on")
    await handling.prioritize(ticket_id, urgent=urgent, actor=actor)
    return words.phrase("done.urgent" if urgent else "done.calm")


async def _confirm(ticket_id: int, given: Form, actor: Actor) -> str:
    eta = moment(given, "eta")
    if eta is None:
        raise Invalid("ticket.time_needed")
    await by_phone.confirm(ticket_id, eta=eta, actor=actor)
    return words.phrase("done.confirm")


async def _arrived(ticket_id: int, given: Form, actor: Actor) -> str:
    await by_phone.arrive(ticket_id, actor=actor)
    return words.phrase("done.arrived")


async def _finish(ticket_id: int, given: Form, actor: Actor) -> str:
    await by_phone.finish(
        ticket_id,
        materials=given.text("materials", longest=200),
        cost_fen=_fen(given.text("cost", longest=12)),
        note=given.text("note", longest=_REMARK),
        actor=actor,
    )
    return words.phrase("done.finish")


async def _correct(ticket_id: int, given: Form, actor: Actor) -> str:
    """What the resident said on the phone; a field for the number that stays empty keeps the one that is known."""
    before = await corrections.as_reported(ticket_id, actor=actor)
    area = given.text("area", longest=8)
    if area not in tuple(Area):
        raise Invalid("page.unreadable")
    report = replace(
        before,
        category_code=given.text("category", longest=32),
        area=Area(area),
        place=given.text("place", longest=100),
        description=given.text("description", longest=500),
        contact_name=given.text("name", longest=32) or before.contact_name,
        contact_phone=spelling.phone(given.text("phone", longest=20)) or before.contact_phone,
    )
    await corrections.correct(ticket_id, report, actor=actor)
    return words.phrase("done.correct")


async def _remark(ticket_id: int, given: Form, actor: Actor) -> str:
    await handling.remark(ticket_id, given.text("text", longest=_REMARK), actor=actor)
    return words.phrase("done.remark")


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "decline": _decline,
    "dispatch": _dispatch,
    "appoint": _appoint,
    "promise": _promise,
    "hold": _hold,
    "resume": _resume,
    "cancel": _cancel,
    "close": _close,
    "reopen": _reopen,
    "look": _look,
    "urgent": _urgent,
    "confirm": _confirm,
    "arrived": _arrived,
    "finish": _finish,
    "correct": _correct,
    "remark": _remark,
}
BOXES = (
    "decline",
    "dispatch",
    "appoint",
    "promise",
    "hold",
    "cancel",
    "reopen",
    "confirm",
    "finish",
    "correct",
    "remark",
)


def _declare(name: str, act: Act) -> None:
    @routes.post(f"{ONE}/{name}", does(Field.REPAIRS))
    async def do(request: web.Request) -> web.Response:
        actor, ticket_id = await session.actor(request), forms.number(request)
        given = await asked.read(request)
        await standing.must_be(ticket_id, given.text("seen", longest=40), actor=actor)
        return pages.told({"text": await act(ticket_id, given, actor)})


def _draw(name: str) -> None:
    @routes.get(f"{ONE}/{name}", does(Field.REPAIRS))
    async def box(request: web.Request) -> web.Response:
        actor, ticket_id = await session.actor(request), forms.number(request)
        found = await sheet.look(ticket_id, actor=actor)
        values = {
            "crew": await crew.of(ticket_id, actor=actor) if name == "dispatch" else [],
            "categories": await categories.every() if name == "correct" else [],
        }
        return pages.render(
            request, "tickets/box.html", status=200, act=name, one=found, now=clock.now(), **values
        )


for _name, _act in ACTS.items():
    _declare(_name, _act)
for _name in BOXES:
    _draw(_name)


def _fen(yuan: str) -> int | None:
    """35.5 yuan are 3550 fen; None for nothing."""
    if not yuan:
        return None
    if not _YUAN.fullmatch(yuan):
        raise Invalid("ticket.bad_cost")
    return int(Decimal(yuan) * 100)


def moment(given: Form, name: str) -> datetime | None:
    """What a field for day and time holds, in local time; a day alone is its morning at nine."""
    text = given.text(name, longest=25)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(f"{text}T09:00" if len(text) == 10 else text)
    except ValueError as error:
        raise Invalid("page.unreadable") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)
