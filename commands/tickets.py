"""run.py tickets: list repairs, or show one with everything that happened to it."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers
    from models.tickets import Ticket


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("tickets", description="List the open repairs, newest first, or show one.")
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="show this one with its history")
    parser.add_argument("--all", action="store_true", help="the ended ones too")
    parser.add_argument("--community", metavar="CODE", help="only of this community, for example c:qinghe")
    parser.add_argument("--limit", type=arguments.count, default=50, metavar="N", help="at most so many (50)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.desk import session

    if chosen.number:
        session.run(lambda: show(chosen.number))
    else:
        session.run(lambda: listed(everything=chosen.all, community=chosen.community, limit=chosen.limit))


async def listed(*, everything: bool, community: str | None, limit: int) -> None:
    """Raises StartError for a community that there is not."""
    from commands.desk import places, session
    from models.tickets import Ticket
    from services.ticket_moves import OPEN

    if community:
        await places.community(community)
    found = Ticket.all() if everything else Ticket.filter(status__in=list(OPEN))
    if community:
        found = found.filter(community__code=community)
    rows = await (
        found.order_by("-id").limit(limit).select_related("category", "community", "house", "technician")
    )
    print(session.table([_line(row) for row in rows]) if rows else "none")


async def show(number: str) -> None:
    """Raises StartError for a number that there is not."""
    from commands import StartError
    from commands.desk import session
    from models.tickets import TicketEvent
    from services import clock, tickets

    found = tickets.by_number(number)
    row = await found.select_related("category", "community", "house", "technician").first()
    if row is None:
        raise StartError(f"There is no ticket {number}.")
    print(session.table([_line(row)]))
    print(f"{row.place} {row.description}".strip())
    events = await TicketEvent.filter(ticket_id=row.id).order_by("id")
    lines = [
        (f"{clock.local(one.at):%m-%d %H:%M:%S}", one.verb, one.actor, one.to_status, one.note)
        for one in events
    ]
    print(session.table(lines))
    if photos := await _photos(row.id):
        print(session.table(photos))


async def _photos(ticket_id: int) -> list[tuple[str, ...]]:
    """What became of each photo: the name of the stored one, or why there is none."""
    from models.tickets import TicketPhoto

    rows = await TicketPhoto.filter(ticket_id=ticket_id).order_by("id").select_related("media")
    return [("photo", one.stage, one.media.status, one.media.error or one.media.sha256) for one in rows]


def _line(row: "Ticket") -> tuple[str, ...]:
    from services import clock

    return (
        row.number,
        row.status,
        row.category.name,
        row.community.name,
        row.house.label if row.house else "",
        row.technician.name if row.technician else "-",
        f"{clock.local(row.created_at):%m-%d %H:%M}",
    )
