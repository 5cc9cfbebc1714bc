"""Who could do a job: each technician's trade, load, duty and how far off they are, for whoever dispatches."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.community import House
from models.people import Person, Technician
from models.tickets import Ticket, TicketStatus
from services.actors import Actor
from services.errors import NotFound
from services.repairs import categories, technicians
from services.scope import Field

_BUSY = (TicketStatus.DISPATCHED, TicketStatus.CONFIRMED, TicketStatus.IN_PROGRESS)
# Where somebody is, as far as their jobs tell: at work, else where they promised to go next.
_WHERE = (TicketStatus.IN_PROGRESS, TicketStatus.CONFIRMED, TicketStatus.DISPATCHED)


class Reach(StrEnum):
    """Whether a job gets to somebody in the chat."""

    CHAT = "chat"
    NOT_FOLLOWING = "not_following"  # joined, but follows the account no more
    NOT_JOINED = "not_joined"  # never came with their own WeChat


@dataclass(frozen=True, slots=True)
class Whom:
    name: str
    phone: str
    reach: Reach


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
    """`unskilled` and `unserved` are how many of the tickets are of no trade of theirs, or in no community of theirs.

    `load` are open jobs but those on hold; `apart` counts buildings where `near` is APART; `at` is the house.
    """

    id: int
    name: str
    unskilled: int
    unserved: int
    on_duty: bool
    reach: Reach
    has_it: bool
    load: int
    near: Near
    apart: int
    at: str

    @property
    def fits(self) -> bool:
        return not self.unskilled and not self.unserved and self.on_duty and self.reach is Reach.CHAT


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
    jobs, following = await _jobs(one.id for one in crew), await _following(crew)
    found = [
        _candidate(
            one, ticket, category.code, [job for job in jobs if job.technician_id == one.id], following
        )
        for one in crew
    ]
    return sorted(found, key=lambda one: (not one.fits, one.unskilled, one.load, _distance(one), one.id))


async def of_several(ticket_ids: Collection[int], *, actor: Actor) -> list[Candidate]:
    """As of, for several tickets at once: how far somebody is off means nothing then."""
    seen = actor.seeing(Field.REPAIRS)
    rows = await Ticket.filter(seen.rows(), id__in=[*ticket_ids, 0]).select_related("category")
    crew = await technicians.within(seen)
    load = Counter(job.technician_id for job in await _jobs(one.id for one in crew))
    following = await _following(crew)
    found = [
        Candidate(
            id=one.id,
            name=one.name,
            unskilled=sum(row.category.code not in one.skills for row in rows),
            unserved=sum(row.community_id not in one.communities for row in rows),
            on_duty=one.on_duty,
            reach=_reach(one, following),
            has_it=False,
            load=load[one.id],
            near=Near.UNKNOWN,
            apart=0,
            at="",
        )
        for one in crew
    ]
    return sorted(found, key=lambda one: (not one.fits, one.unskilled, one.unserved, one.load, one.id))


async def whom(technician_id: int) -> Whom:
    """Who was given something, after it was given."""
    one = await Technician.get(id=technician_id)
    return Whom(one.name, one.phone, _reach(one, await _following([one])))


async def _following(crew: Iterable[Technician]) -> frozenset[int]:
    """Persons among these who follow the account."""
    people = Person.filter(id__in=[*(one.person_id for one in crew if one.person_id), 0], following=True)
    return frozenset([one.id for one in await people.only("id")])


def _reach(one: Technician, following: frozenset[int]) -> Reach:
    if one.person_id is None:
        return Reach.NOT_JOINED
    return Reach.CHAT if one.person_id in following else Reach.NOT_FOLLOWING


async def _jobs(technician_ids: Iterable[int]) -> list[Ticket]:
    busy = Ticket.filter(technician_id__in=[*technician_ids, 0], status__in=list(_BUSY))
    return await busy.select_related("house__building")


def _candidate(
    one: Technician, ticket: Ticket, code: str, jobs: list[Ticket], following: frozenset[int]
) -> Candidate:
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
        unskilled=int(code not in one.skills),
        unserved=int(ticket.community_id not in one.communities),
        on_duty=one.on_duty,
        reach=_reach(one, following),
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
