"""Who waits for one repair: whoever reported it, and whoever reported what was merged into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models import rows
from models.tickets import Ticket, TicketFollower, TicketStatus

# What no longer holds once the work goes on.
UNRATED: Mapping[str, object] = {
    "rating_speed": None,
    "rating_quality": None,
    "rating_reasons": [],
    "rating_remark": "",
    "rated_at": None,
}

# Whatever is told of a repair asks this, and nearly always finds nothing.
_MERGED = """
SELECT * FROM ticket WHERE duplicate_of_id = $1 AND status = 'duplicate' AND withdrawn_at IS NULL ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`ticket_id` and `number` are of their own report; `own` where it is the repair itself."""

    person_id: int
    ticket_id: int
    number: str
    own: bool


async def waiting(
    ticket: Ticket, *, unrated: bool = False, merged: Sequence[Ticket] | None = None
) -> list[Waiting]:
    """Each person once, however often they reported it; only those who gave no stars yet, if asked so.

    `merged` is what is merged into it, where that is known already.
    """
    reports = list(await merged_into(ticket.id) if merged is None else merged)
    if ticket.withdrawn_at is None:
        reports.insert(0, ticket)
    found: dict[int, Waiting] = {}
    rated: set[int] = set()
    for row in reports:
        found.setdefault(
            row.reporter_id, Waiting(row.reporter_id, row.id, row.number, own=row.id == ticket.id)
        )
        if row.rated_at is not None:
            rated.add(row.reporter_id)
    return [one for one in found.values() if not (unrated and one.person_id in rated)]


async def merged_into(ticket_id: int) -> list[Ticket]:
    """The tickets that are merged into this one and that somebody still waits for, in the order of their reports."""
    return [row for row, _ in await rows.read(Ticket, _MERGED, ticket_id)]


async def shares(ticket_id: int, person_id: int) -> bool:
    """Whether a report of this person is merged into the ticket."""
    return any(one.reporter_id == person_id for one in await merged_into(ticket_id))


async def followers(ticket: Ticket) -> list[int]:
    """Persons who follow the ticket, or one that is merged into it, and reported neither."""
    reports = Ticket.filter(duplicate_of_id=ticket.id, status=TicketStatus.DUPLICATE)
    merged = await reports.only("id", "reporter_id")
    reporters = {ticket.reporter_id, *(one.reporter_id for one in merged)}
    found = await TicketFollower.filter(ticket_id__in=[ticket.id, *(one.id for one in merged)]).order_by("id")
    return list(dict.fromkeys(row.person_id for row in found if row.person_id not in reporters))
