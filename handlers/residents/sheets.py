"""The page of a house and the page of a person: everything that is known, as far as somebody may see it."""

from dataclasses import dataclass

from aiohttp import web

from handlers.web import forms, pages, session
from handlers.web.routes import Routes, sees
from models.events import SubjectKind
from services.actors import Actor
from services.cases import complaint_desk, complaint_lines, request_desk, request_lines
from services.company import audit
from services.desk import talks
from services.estate import house_file
from services.money import billing
from services.money.billing import Account, ReceiptView
from services.money.fees import square_metres
from services.privacy import merging
from services.repairs import tickets
from services.repairs.views import TicketLine
from services.scope import Field

routes = Routes("/residents")


@dataclass(frozen=True, slots=True)
class Matters:
    """None is what is not theirs to see."""

    tickets: list[TicketLine] | None
    complaints: list[complaint_lines.Line] | None
    requests: list[request_lines.Line] | None


@dataclass(frozen=True, slots=True)
class Fees:
    account: Account
    receipts: list[ReceiptView]


@routes.get("/{id:[0-9]+}", sees(Field.RESIDENTS))
async def house(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    shown = await house_file.of_house(forms.number(request), actor=actor)
    members = [one.binding_id for one in [*shown.members, *shown.former] if one.binding_id is not None]
    happened = await audit.history(SubjectKind.BINDING, members, actor=actor)
    happened += await audit.history(SubjectKind.HOUSE, [shown.id], actor=actor)
    return pages.render(
        request, "residents/house.html", house=shown, area=square_metres(shown.area_cm2),
        matters=await _of_house(shown.id, shown.people, actor), fees=await fees(shown.id, actor),
        talks=await talks.of_people(shown.people), may=may(actor),
        happened=sorted(happened, key=lambda one: one.id, reverse=True)[:30],
        readings=await audit.readings(shown.id, shown.people, actor=actor),
    )  # fmt: skip


@routes.get("/people/{id:[0-9]+}", sees(Field.RESIDENTS))
async def person(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    shown = await house_file.of_person(forms.number(request), actor=actor)
    members = [one.member.binding_id for one in shown.homes if one.member.binding_id is not None]
    happened = await audit.history(SubjectKind.BINDING, members, actor=actor)
    happened += await audit.history(SubjectKind.PERSON, [shown.id], actor=actor)
    return pages.render(
        request, "residents/person.html", person=shown, matters=await of_person(shown.id, actor),
        decides=actor.scope is not None and Field.POLICY in actor.scope.does,
        merges=await merging.of(shown.id, actor=actor),
        talk=(await talks.of_people([shown.id])).get(shown.id), may=may(actor),
        happened=sorted(happened, key=lambda one: one.id, reverse=True)[:30],
        readings=await audit.readings(None, [shown.id], actor=actor),
    )  # fmt: skip


def may(actor: Actor) -> bool:
    """Whether this person may put things right here."""
    return actor.scope is not None and Field.RESIDENTS in actor.scope.does


def sees_(actor: Actor, field: Field) -> bool:
    return actor.scope is not None and field in actor.scope.sees


async def fees(house_id: int, actor: Actor) -> Fees | None:
    """What the house owes and the last receipts; None for whom that is not."""
    if not sees_(actor, Field.FEES):
        return None
    account = await billing.account(house_id, actor=actor)
    return Fees(account, await billing.receipts(house_id, actor=actor, limit=5))


async def _of_house(house_id: int, people: list[int], actor: Actor) -> Matters:
    return Matters(
        tickets=await tickets.of_house(house_id, actor=actor) if sees_(actor, Field.REPAIRS) else None,
        complaints=await complaint_desk.of_people(people, actor=actor, house_id=house_id)
        if sees_(actor, Field.COMPLAINTS)
        else None,
        requests=await request_desk.of_people(people, actor=actor, house_id=house_id)
        if sees_(actor, Field.REQUESTS)
        else None,
    )


async def of_person(person_id: int, actor: Actor) -> Matters:
    return Matters(
        tickets=await tickets.of_reporter(person_id, actor=actor) if sees_(actor, Field.REPAIRS) else None,
        complaints=await complaint_desk.of_people([person_id], actor=actor)
        if sees_(actor, Field.COMPLAINTS)
        else None,
        requests=await request_desk.of_people([person_id], actor=actor)
        if sees_(actor, Field.REQUESTS)
        else None,
    )
