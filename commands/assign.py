"""run.py assign: give a repair to a technician by hand."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "assign",
        description="Give a repair to a technician, whoever has it now. Both and the resident are told.",
    )
    parser.add_argument("number", metavar="NUMBER", help="the ticket's number, for example BX10016")
    parser.add_argument("technician", metavar="TECHNICIAN", help="name, phone or id")
    parser.add_argument("--by", metavar="LOGIN", help="who of the staff decides it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    session.run(lambda: assign(chosen.number, chosen.technician, chosen.by))


async def assign(number: str, technician: str, by: str | None) -> None:
    """Raises StartError for a number or a name that there is not."""
    from commands import StartError
    from commands.office import people
    from services.repairs import dispatch, tickets

    actor = await people.actor(by)
    ticket = await tickets.find(number, actor=actor)
    if ticket is None:
        raise StartError(f"There is no ticket {number}.")
    who = await people.technician(technician, actor)
    await dispatch.assign(ticket.id, technician_id=who.id, actor=actor)
    print(f"{ticket.number} → {who.name} ({who.phone})")
