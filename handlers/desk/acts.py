"""What staff do with a talk: each a POST that answers with JSON, each a verb of services/desk."""

from datetime import datetime, time, timedelta

from aiohttp import web

from dialogs import shipped
from handlers.desk import asked
from handlers.desk.kept import REDIS
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from models.people import Duty
from services import clock, work
from services.cases import hazards
from services.desk import colleagues, notes, presence, ratings, reading, revealing, shifts, taking
from services.desk.stream import Marker
from services.errors import Invalid
from services.scope import Field

routes = Routes("/talks")
_ONE = "/{id:[0-9]+}"


@routes.post(f"{_ONE}/take", does(Field.TALKS))
async def take(request: web.Request) -> web.Response:
    await taking.take(forms.number(request), actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/take-over", does(Field.TALKS))
async def take_over(request: web.Request) -> web.Response:
    given = await asked.read(request)
    await taking.take_over(forms.number(request), given.text("reason"), actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/transfer", does(Field.TALKS))
async def transfer(request: web.Request) -> web.Response:
    """`to` is staff:3, office:1, queue or bot."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    kind, _, number = given.text("to", longest=30).partition(":")
    note = given.text("note", longest=200)
    if kind == "queue":
        await taking.release(talk_id, actor=actor)
    elif kind == "bot":
        await taking.hand_back(talk_id, actor=actor)
    elif kind == "staff" and number.isdecimal():
        await taking.transfer(talk_id, to_staff_id=int(number), actor=actor, note=note)
    elif kind == "office" and number.isdecimal():
        await taking.to_office(talk_id, office_id=int(number), actor=actor, note=note)
    else:
        raise Invalid("page.unreadable")
    return pages.told({})


@routes.get(f"{_ONE}/takers", sees(Field.TALKS))
async def takers(request: web.Request) -> web.Response:
    found = await colleagues.of_talk(forms.number(request), actor=await session.actor(request))
    return pages.render(request, "desk/takers.html", takers=found)


@routes.post(f"{_ONE}/hand-back", does(Field.TALKS))
async def hand_back(request: web.Request) -> web.Response:
    await taking.hand_back(forms.number(request), actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/snooze", does(Field.TALKS))
async def snooze(request: web.Request) -> web.Response:
    """`until` is answer, 1h, 3h, tomorrow, or a moment, in local time where it names no zone."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    await taking.snooze(talk_id, _until(given.text("until", longest=32)), actor=actor)
    return pages.told({})


@routes.post(f"{_ONE}/wake", does(Field.TALKS))
async def wake(request: web.Request) -> web.Response:
    await taking.wake(forms.number(request), actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/resolve", does(Field.TALKS))
async def resolve(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    closing = given.text("closing", longest=1000)
    seen = Marker.of(given.text("seen", longest=80))
    await ratings.resolve(
        forms.number(request),
        closing=closing,
        stars=shipped.stars() if given.ticked("ask") else (),
        key=given.text("key", longest=64),
        seen=seen,
        actor=actor,
    )
    return pages.told({})


@routes.post(f"{_ONE}/unread", sees(Field.TALKS))
async def unread(request: web.Request) -> web.Response:
    await reading.mark_unread(forms.number(request), actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/read", sees(Field.TALKS))
async def read(request: web.Request) -> web.Response:
    given = await asked.read(request)
    seen = Marker.of(given.text("seen", longest=80))
    await reading.read(forms.number(request), seen.message, actor=await session.actor(request))
    return pages.told({})


@routes.post(f"{_ONE}/note", does(Field.TALKS))
async def note(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    text, key = given.text("text"), given.text("key", longest=64)
    made = await notes.add(forms.number(request), text, key=key, actor=actor)
    return pages.told({"id": made})


@routes.post(f"{_ONE}/present", sees(Field.TALKS), unit=False)
async def present(request: web.Request) -> web.Response:
    """Somebody has the talk before them, and types perhaps."""
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    await revealing.person_of(talk_id, actor=actor)
    redis = request.config_dict.get(REDIS)
    if redis is not None and given.ticked("gone"):
        await presence.leave(redis, talk_id, actor=actor)
    elif redis is not None:
        await presence.look(redis, talk_id, typing=given.ticked("typing"), actor=actor)
    work.wake("desk")
    return pages.told({})


@routes.post("/duty", does(Field.TALKS))
async def duty(request: web.Request) -> web.Response:
    """在岗 or 离开; 下班 by way of the sheet."""
    given, actor = await asked.read(request), await session.actor(request)
    chosen = given.text("duty", longest=8)
    if chosen not in (Duty.ON, Duty.AWAY):
        raise Invalid("page.unreadable")
    found = await shifts.set_duty(Duty(chosen), actor=actor)
    return pages.told({"duty": found.duty})


@routes.get("/leaving", does(Field.TALKS))
async def leaving(request: web.Request) -> web.Response:
    """交接单, before it becomes true."""
    actor = await session.actor(request)
    sheet = await shifts.sheet(actor=actor)
    return pages.render(
        request, "desk/leaving.html", sheet=sheet, takers=await colleagues.all_of_them(actor=actor)
    )


@routes.post("/leave", does(Field.TALKS))
async def leave(request: web.Request) -> web.Response:
    given, actor = await asked.read(request), await session.actor(request)
    to = given.text("to", longest=19)
    await shifts.leave(actor=actor, to_staff_id=int(to) if to.isdecimal() else None)
    return pages.told({})


@routes.post("/alarms/{id:[0-9]+}/take", does(Field.ALERTS))
async def take_alarm(request: web.Request) -> web.Response:
    await hazards.take_up(forms.number(request), actor=await session.actor(request))
    return pages.told({})


def _until(text: str) -> datetime | None:
    now = clock.local(clock.now())
    if text == "answer":
        return None
    if text in ("1h", "3h"):
        return clock.now() + timedelta(hours=int(text[0]))
    if text == "tomorrow":
        return datetime.combine(now.date() + timedelta(days=1), time(9), clock.LOCAL)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("page.unreadable") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)
