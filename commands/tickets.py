"""run.py tickets: list repairs, or show one with everything that happened to it."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers
    from models.tickets import Ticket
    from services.events import EventView


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("tickets", description="List the open repairs, newest first, or show one.")
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="show this one with its history")
    parser.add_argument("--all", action="store_true", help="the ended ones too")
    parser.add_argument("--community", metavar="CODE", help="only of this community, for example c:qinghe")
    parser.add_argument("--limit", type=arguments.count, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--by", metavar="LOGIN", help="only what this member of staff sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    if chosen.number:
        session.run(lambda: show(chosen.number, chosen.by))
    else:
        session.run(
            lambda: listed(
                everything=chosen.all, community=chosen.community, limit=chosen.limit, by=chosen.by
            )
        )


async def listed(*, everything: bool, community: str | None, limit: int, by: str | None) -> None:
    """Raises StartError for a community that there is not."""
    from commands.office import people, places, session
    from services.repairs import tickets

    seen = await people.seen(by)
    community_id = (await places.community(community, seen)).id if community else None
    rows = await tickets.listed(seen, ended=everything, community_id=community_id, limit=limit)
    print(session.table([_line(row) for row in rows]) if rows else "none")


async def show(number: str, by: str | None) -> None:
    """Raises StartError for a number that there is not."""
    from commands import StartError
    from commands.office import people, session
    from models.events import SubjectKind
    from services import clock, events
    from services.repairs import tickets

    row = await tickets.find(await people.seen(by), number)
    if row is None:
        raise StartError(f"There is no ticket {number}.")
    print(session.table([_line(row)]))
    print(f"{row.place} {row.description}".strip())
    happened = await events.of(SubjectKind.TICKET, row.id)
    lines = [
        (f"{clock.local(one.at):%m-%d %H:%M:%S}", one.verb, _who(one), one.after, one.note)
        for one in happened
    ]
    print(session.table(lines))
    if photos := await _photos(row.id):
        print(session.table(photos))


def _who(event: "EventView") -> str:
    return event.actor_kind if event.actor_id is None else f"{event.actor_kind}:{event.actor_id}"


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
