"""Who waits for one repair: whoever reported it, and whoever reported what was merged into it."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.tickets import Ticket, TicketFollower, TicketStatus

# What no longer holds once the work goes on.
UNRATED: Mapping[str, object] = {
    "rating_speed": None,
    "rating_quality": None,
    "rating_reasons": [],
    "rating_remark": "",
    "rated_at": None,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`ticket_id` and `number` are of their own report; `own` where it is the repair itself."""

    person_id: int
    ticket_id: int
    number: str
    own: bool


async def waiting(ticket: Ticket, *, unrated: bool = False) -> list[Waiting]:
    """Each person once, however often they reported it; only those who gave no stars yet, if asked so."""
    rows = await merged_into(ticket.id)
    if ticket.withdrawn_at is None:
        rows.insert(0, ticket)
    found: dict[int, Waiting] = {}
    rated: set[int] = set()
    for row in rows:
        found.setdefault(
            row.reporter_id, Waiting(row.reporter_id, row.id, row.number, own=row.id == ticket.id)
        )
        if row.rated_at is not None:
            rated.add(row.reporter_id)
    return [one for one in found.values() if not (unrated and one.person_id in rated)]


async def merged_into(ticket_id: int) -> list[Ticket]:
    """The tickets that are merged into this one and that somebody still waits for, in the order of their reports."""
    rows = Ticket.filter(duplicate_of_id=ticket_id, status=TicketStatus.DUPLICATE, withdrawn_at=None)
    return await rows.order_by("id")


async def shares(ticket_id: int, person_id: int) -> bool:
    """Whether a report of this person is merged into the ticket."""
    rows = Ticket.filter(duplicate_of_id=ticket_id, status=TicketStatus.DUPLICATE, withdrawn_at=None)
    return await rows.filter(reporter_id=person_id).exists()


async def followers(ticket: Ticket) -> list[int]:
    """Persons who follow the ticket, or one that is merged into it, and reported neither."""
    reports = Ticket.filter(duplicate_of_id=ticket.id, status=TicketStatus.DUPLICATE)
    merged = await reports.only("id", "reporter_id")
    reporters = {ticket.reporter_id, *(one.reporter_id for one in merged)}
    rows = await TicketFollower.filter(ticket_id__in=[ticket.id, *(one.id for one in merged)]).order_by("id")
    return list(dict.fromkeys(row.person_id for row in rows if row.person_id not in reporters))
