"""Beside the talk: who the resident is, what is open, what is owed, and what the bot understood."""

from dataclasses import dataclass

from aiohttp import web

from handlers.desk import asked, intents
from handlers.instructions import shown
from handlers.instructions.shown import Instructions
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, does, sees
from models.events import SubjectKind
from services import spelling
from services.actors import Actor
from services.cases import complaint_desk
from services.cases.complaint_lines import Line
from services.desk import heard, revealing, side
from services.desk.alarms import Alarm
from services.desk.heard import Heard
from services.estate import household
from services.estate.homes import Home
from services.estate.household import Member
from services.money import billing
from services.money.billing import Account
from services.money.fees import square_metres
from services.repairs import reporting
from services.repairs.views import RepairView
from services.scope import Field
from services.scripts import misunderstandings

routes = Routes("/talks/{id:[0-9]+}")


@dataclass(frozen=True, slots=True)
class Beside:
    """`phone` is masked; what is not this person's to see of the resident is None."""

    home: Home | None
    area: str
    phone: str
    members: list[Member]
    repairs: list[RepairView] | None
    complaints: list[Line] | None
    account: Account | None
    heard: Heard | None
    instructions: Instructions
    alarms: list[Alarm]


async def of(talk_id: int, *, actor: Actor) -> Beside:
    found = await side.of(talk_id, actor=actor)
    person_id, home = found.person_id, found.home
    sees_ = actor.scope.sees if actor.scope else frozenset[Field]()
    members = await household.of(home) if home else []
    account = await billing.account(home.house_id, actor=actor) if home and Field.FEES in sees_ else None
    return Beside(
        home=home,
        area=square_metres(await revealing.area_of(home.house_id)) if home else "",
        phone=spelling.masked(home.phone) if home else "",
        members=[one for one in members if home is None or one.name != home.name],
        repairs=await reporting.of_person(person_id, only_open=True) if Field.REPAIRS in sees_ else None,
        complaints=await complaint_desk.of_person(person_id, actor=actor)
        if Field.COMPLAINTS in sees_
        else None,
        account=account,
        heard=found.heard,
        instructions=await shown.of(SubjectKind.CONVERSATION, talk_id, actor=actor),
        alarms=found.alarms,
    )


@routes.get("/beside", sees(Field.TALKS))
async def pane(request: web.Request) -> web.Response:
    actor, talk_id = await session.actor(request), forms.number(request)
    return pages.render(request, "desk/beside.html", talk_id=talk_id, beside=await of(talk_id, actor=actor))


@routes.post("/reveal", does(Field.TALKS))
async def reveal(request: web.Request) -> web.Response:
    """The whole number, which is recorded as read; the page masks it again after a minute."""
    phone = await revealing.phone(forms.number(request), actor=await session.actor(request))
    return pages.told({"phone": phone})


@routes.post("/teach", does(Field.TALKS))
async def teach(request: web.Request) -> web.Response:
    given, actor, talk_id = await asked.read(request), await session.actor(request), forms.number(request)
    message_id = given.number("message")
    await heard.message(talk_id, message_id, actor=actor)
    meant = given.text("meant", longest=32)
    if meant not in intents.titles():
        meant = ""
    await misunderstandings.correct(
        message_id, meant=meant, note=given.text("note", longest=300), actor=actor
    )
    return pages.told({})
