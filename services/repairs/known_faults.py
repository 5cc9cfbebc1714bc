"""What is known already: announced outages, and the same public fault reported by a neighbour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import rows
from models.community import House
from models.tickets import Area, Outage, Ticket, TicketFollower
from services import clock
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.repairs import categories, holding, tickets
from services.repairs.moves import UNFINISHED, Verb

_RECENT = timedelta(days=7)

# Every report asks this first, so by hand.
_OUTAGES = """
SELECT * FROM outage WHERE community_id = $1 AND starts_at <= $2
    AND ended_at IS NULL AND (ends_at > $2 OR ends_at IS NULL)
    AND (building_id IS NULL OR building_id = $3) AND ($4::text IS NULL OR category_code = $4)
ORDER BY starts_at
"""


@dataclass(frozen=True, slots=True)
class OutageView:
    id: int
    text: str
    starts_at: datetime
    ends_at: datetime | None


async def outages(
    community_id: int, *, building_id: int | None = None, category_code: str | None = None
) -> list[OutageView]:
    """Outages that are on now there. Without a building only those of the whole community are meant."""
    found = await rows.read(Outage, _OUTAGES, community_id, clock.now(), building_id, category_code)
    return [OutageView(row.id, row.text, row.starts_at, row.ends_at) for row, _ in found]


@dataclass(frozen=True, slots=True)
class KnownFault:
    ticket_id: int
    number: str
    place: str
    description: str
    status: str
    reported_at: datetime


async def same_public_fault(
    community_id: int, *, category_code: str, place: str, building_id: int | None = None
) -> KnownFault | None:
    """An unfinished public repair that this report seems to repeat: same trade, same place."""
    category = await categories.by_code(category_code)
    recent = await (
        Ticket.filter(community_id=community_id, category_id=category.id, area=Area.PUBLIC)
        .filter(status__in=list(UNFINISHED), created_at__gte=clock.now() - _RECENT)
        .order_by("-id")
        .limit(50)
    )
    buildings = await _buildings(recent)
    found = next((row for row in recent if _same(row, buildings, place, building_id)), None)
    return _known(found) if found else None


async def follow(ticket_id: int, *, actor: Actor) -> None:
    """A resident hears when it is fixed, instead of reporting it again. Following twice is following once.

    Raises NotFound for a repair at somebody's home.
    """
    ticket = await holding.lock(ticket_id, actor=actor)
    if ticket.area is not Area.PUBLIC:
        raise NotFound("ticket.not_found", number=ticket.number)
    await tickets.check(ticket, Verb.FOLLOW, actor=actor)
    if actor.person_id is None:
        raise NotAllowed("ticket.not_yours_to_do", number=ticket.number, verb=Verb.FOLLOW)
    _, new = await TicketFollower.get_or_create(ticket_id=ticket_id, person_id=actor.person_id)
    if new:
        await tickets.move(ticket, Verb.FOLLOW, actor=actor)


async def _buildings(recent: Sequence[Ticket]) -> dict[int, int]:
    """Building of each reporter's house, by house."""
    houses = await House.filter(id__in=[row.house_id for row in recent if row.house_id] or [0])
    return {house.id: house.building_id for house in houses}


def _same(row: Ticket, buildings: dict[int, int], place: str, building_id: int | None) -> bool:
    said, known = _plain(place), _plain(row.place)
    if said and known and (said in known or known in said):
        # "一楼大堂" is said in every building: the same words mean the same place only in the same one.
        there = buildings.get(row.house_id or 0)
        return building_id is None or there is None or there == building_id or "栋" in said
    return False


def _plain(place: str) -> str:
    for word in ("号楼", "幢", "座"):
        place = place.replace(word, "栋")
    return "".join(place.split())


def _known(row: Ticket) -> KnownFault:
    return KnownFault(row.id, row.number, row.place, row.description, row.status, row.created_at)
