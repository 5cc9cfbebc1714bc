"""run.py tickets: list repairs, or show one with everything that happened to it."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from bot.values import Plain
    from commands import Subparsers
    from services.events import EventView
    from services.repairs.sheet import TicketSheet
    from services.repairs.views import TicketLine


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("tickets", description="List the open repairs, newest first, or show one.")
    parser.add_argument(
        "number", nargs="*", metavar="NUMBER", help="show this one, written in any way, with its history"
    )
    parser.add_argument("--all", action="store_true", help="the ended ones too")
    parser.add_argument("--community", metavar="CODE", help="only of this community, for example c:qinghe")
    parser.add_argument("--limit", type=arguments.count, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--by", metavar="LOGIN", help="only what this member of staff sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    if chosen.number:
        session.run(lambda: show(" ".join(chosen.number), chosen.by))
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
    from services.scope import Field

    actor = await people.actor(by)
    seen = actor.seeing(Field.REPAIRS)
    community_id = (await places.community(community, seen)).id if community else None
    rows = await tickets.listed(ended=everything, community_id=community_id, limit=limit, actor=actor)
    print(session.table([_line(row) for row in rows]) if rows else "none")


async def show(number: str, by: str | None) -> None:
    """Raises StartError for a number that there is not."""
    from commands import StartError
    from commands.office import people, session
    from models.events import SubjectKind
    from services import clock, events
    from services.repairs import pictures, sheet

    found = await sheet.of(number, actor=await people.actor(by))
    if found is None:
        raise StartError(f"There is no ticket {number}.")
    row = found.line
    print(session.table([_line(row)]))
    print("\n".join(session.plain(line) for line in _facts(found).splitlines()))
    happened = await events.of(SubjectKind.TICKET, row.id)
    lines = [
        (f"{clock.local(one.at):%m-%d %H:%M:%S}", one.verb, _who(one), one.after, one.note)
        for one in happened
    ]
    print(session.table(lines))
    if photos := await pictures.of(row.id):
        print(session.table([("photo", one.stage, one.status, one.error or one.stored) for one in photos]))


def _facts(found: "TicketSheet") -> str:
    """Whom to call, when somebody comes, what it cost and how it was rated, in words."""
    from dialogs import shipped

    start, end = found.appointment_start, found.appointment_end
    window: Plain = {"start": start.isoformat(), "end": end.isoformat() if end else ""} if start else None
    return (
        shipped.phrases()
        .reply(
            "sheet.ticket",
            {
                "name": found.contact_name,
                "phone": found.contact_phone,
                "place": found.line.place,
                "description": found.line.description,
                "urgent": found.urgent or None,
                "appointment": window,
                "eta": found.eta.isoformat() if found.eta else None,
                "urged": found.urged_count or None,
                "hold": found.hold_reason,
                "until": found.hold_until.isoformat() if found.hold_until else None,
                "materials": found.materials,
                "cost": found.cost_fen,
                "finish": found.finish_note,
                "speed": found.rating_speed,
                "quality": found.rating_quality,
                "reasons": [*found.rating_reasons],
                "remark": found.rating_remark,
            },
        )
        .text
    )


def _who(event: "EventView") -> str:
    return event.actor_kind if event.actor_id is None else f"{event.actor_kind}:{event.actor_id}"


def _line(row: "TicketLine") -> tuple[str, ...]:
    from services import clock

    return (
        row.number,
        row.status,
        row.category,
        row.community,
        row.house,
        row.technician or "-",
        f"{clock.local(row.created_at):%m-%d %H:%M}",
    )
