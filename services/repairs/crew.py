"""Who could do a job: each technician's trade, load, duty and how far off they are, for whoever dispatches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.community import House
from models.people import Technician
from models.tickets import Ticket, TicketStatus
from services.actors import Actor
from services.errors import NotFound
from services.repairs import categories, technicians
from services.scope import Field

_BUSY = (TicketStatus.DISPATCHED, TicketStatus.CONFIRMED, TicketStatus.IN_PROGRESS)
# Where somebody is, as far as their jobs tell: at work, else where they promised to go next.
_WHERE = (TicketStatus.IN_PROGRESS, TicketStatus.CONFIRMED, TicketStatus.DISPATCHED)


class Near(StrEnum):
    HOUSE = "house"
    UNIT = "unit"
    BUILDING = "building"
    APART = "apart"  # so many buildings apart
    ELSEWHERE = "elsewhere"  # in another community
    UNKNOWN = "unknown"  # no job at any house


_FAR = {Near.HOUSE: 0, Near.UNIT: 1, Near.BUILDING: 2, Near.APART: 3, Near.UNKNOWN: 50, Near.ELSEWHERE: 99}


@dataclass(frozen=True, slots=True)
class Candidate:
    """`load` are open jobs but those on hold; `apart` counts buildings where `near` is APART; `at` is the house."""

    id: int
    name: str
    skilled: bool
    serves: bool
    on_duty: bool
    reachable: bool  # joined with their own WeChat
    has_it: bool
    load: int
    near: Near
    apart: int
    at: str

    @property
    def fits(self) -> bool:
        return self.skilled and self.serves and self.on_duty and self.reachable


async def of(ticket_id: int, *, actor: Actor) -> list[Candidate]:
    """Everybody of the office and whoever serves the community: the fitting first, then the idle, then the near.

    Raises NotFound for a ticket outside of the scope.
    """
    seen = actor.seeing(Field.REPAIRS)
    ticket = await Ticket.filter(seen.rows(), id=ticket_id).select_related("house__building").first()
    if ticket is None:
        raise NotFound("ticket.not_found", number="")
    crew = await technicians.within(seen)
    category = await categories.by_id(ticket.category_id)
    jobs = await _jobs(one.id for one in crew)
    found = [
        _candidate(one, ticket, category.code, [job for job in jobs if job.technician_id == one.id])
        for one in crew
    ]
    return sorted(found, key=lambda one: (not one.fits, not one.skilled, one.load, _distance(one), one.id))


async def of_several(*, actor: Actor) -> list[Candidate]:
    """For several tickets at once: only load and duty mean anything."""
    crew = await technicians.within(actor.seeing(Field.REPAIRS))
    load = Counter(job.technician_id for job in await _jobs(one.id for one in crew))
    found = [
        Candidate(
            one.id, one.name, True, True, one.on_duty, one.person_id is not None, False, load[one.id],
            Near.UNKNOWN, 0, "",
        )
        for one in crew
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.fits, one.load, one.id))


async def _jobs(technician_ids: Iterable[int]) -> list[Ticket]:
    busy = Ticket.filter(technician_id__in=[*technician_ids, 0], status__in=list(_BUSY))
    return await busy.select_related("house__building")


def _candidate(one: Technician, ticket: Ticket, code: str, jobs: list[Ticket]) -> Candidate:
    others = [job for job in jobs if job.id != ticket.id]
    there = min(
        (job for job in others if job.house is not None),
        key=lambda job: _WHERE.index(job.status),
        default=None,
    )
    near, apart = _near(ticket.house, there.house if there else None)
    return Candidate(
        id=one.id,
        name=one.name,
        skilled=code in one.skills,
        serves=ticket.community_id in one.communities,
        on_duty=one.on_duty,
        reachable=one.person_id is not None,
        has_it=ticket.technician_id == one.id,
        load=len(jobs),
        near=near,
        apart=apart,
        at=there.house.label if there and there.house else "",
    )


def _near(here: House | None, there: House | None) -> tuple[Near, int]:
    if here is None or there is None:
        return Near.UNKNOWN, 0
    if here.community_id != there.community_id:
        return Near.ELSEWHERE, 0
    if here.building_id != there.building_id:
        return Near.APART, _apart(here.building.number, there.building.number)
    if here.id == there.id:
        return Near.HOUSE, 0
    same_unit = here.unit_id is not None and here.unit_id == there.unit_id
    return Near.UNIT if same_unit else Near.BUILDING, 0


def _apart(one: str, other: str) -> int:
    """By the numbers of the buildings, which people number along the way; 0 where these are no numbers."""
    return abs(int(one) - int(other)) if one.isdecimal() and other.isdecimal() else 0


def _distance(one: Candidate) -> int:
    return _FAR[one.near] + min(one.apart, 40)
