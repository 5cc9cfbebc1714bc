"""Complaints for tests: one that is made, what people were told of it, and what a list shows."""

from models.complaints import ComplaintKind
from models.outbox import Outbox
from models.people import Person
from services import actors
from services.actors import Actor
from services.cases import complaint_lists, complaints
from services.cases.complaint_lists import Tab, Wanted
from services.cases.complaints import Promised
from tests.world.units import within


async def complain(person: Person, story: str = "楼上半夜装修", *, topic: str = "噪音扰民") -> Promised:
    me = actors.person(person.id)
    return await within(complaints.submit(ComplaintKind.COMPLAINT, topic, story, actor=me))


async def told(person: Person) -> list[str]:
    return [one.payload["phrase"] for one in await Outbox.filter(person_id=person.id).order_by("id")]


async def numbers(tab: Tab, actor: Actor, wanted: Wanted | None = None) -> list[str]:
    return [one.number for one in (await complaint_lists.page(tab, actor=actor, wanted=wanted)).rows]
