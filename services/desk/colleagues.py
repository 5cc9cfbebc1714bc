"""To whom a talk may be given: colleagues who could take it, and offices that answer for the resident."""

from dataclasses import dataclass

from models.community import Community, ManagementOffice
from models.people import Duty, Staff
from services import scope
from services.actors import Actor
from services.desk import holding
from services.estate import homes
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class Office:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Takers:
    colleagues: list[Colleague]
    offices: list[Office]


async def of_talk(conversation_id: int, *, actor: Actor) -> Takers:
    """Those on duty first. Not whoever asks."""
    conversation = await holding.seen(conversation_id, actor)
    community_id = await homes.community_of(conversation.person_id)
    found = []
    for one in await Staff.filter(active=True).exclude(id=actor.staff_id or 0).order_by("id"):
        theirs = await scope.of(one.id)
        if Field.TALKS in theirs.does and theirs.has(community_id):
            found.append(Colleague(one.id, one.name, one.duty))
    found.sort(key=lambda one: (one.duty is not Duty.ON, one.duty is Duty.OFF))
    return Takers(found, await _offices(community_id))


async def all_of_them(*, actor: Actor) -> list[Colleague]:
    """Whoever answers talks, for handing over everything at the end of a shift."""
    actor.seeing(Field.TALKS)
    found = []
    for one in await Staff.filter(active=True).exclude(id=actor.staff_id or 0).order_by("id"):
        if Field.TALKS in (await scope.of(one.id)).does:
            found.append(Colleague(one.id, one.name, one.duty))
    return found


async def _offices(community_id: int | None) -> list[Office]:
    if community_id is None:
        return [Office(one.id, one.name) for one in await ManagementOffice.all().order_by("id")]
    found = await Community.get(id=community_id).select_related("office")
    return [Office(found.office.id, found.office.name)]
