"""run.py bill: make a month's bills from the fee rules."""

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers

_FAR = timedelta(days=366)  # bills are made for a year ahead at the most


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "bill",
        description="Make the bills of a month from each community's fee rules, meter readings and shared costs. "
        "Bills that exist stay as they are, so it may be run again after more readings came in.",
    )
    parser.add_argument("month", type=_month, metavar="MONTH", help="for example 2026-05")
    parser.add_argument("--community", metavar="CODE", help="only this one, for example c:qinghe")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    session.run(lambda: bill(chosen.month, chosen.community))


async def bill(month: date, code: str | None) -> None:
    """Raises StartError for a community that there is not, and for a month so far off that it is a slip."""
    from commands import StartError
    from commands.office import places
    from services import clock
    from services.actors import OPERATOR
    from services.estate import communities
    from services.money import fees
    from services.scope import COMPANY

    if month > clock.local(clock.now() + _FAR).date():
        raise StartError(f"{month:%Y-%m} is more than a year away; nothing was billed.")
    found = [await places.community(code, COMPANY)] if code else await communities.within(COMPANY)
    if not found:
        raise StartError("There are no communities yet.")
    for community in found:
        print(f"{community.name}: {await fees.bill_month(community.id, month, actor=OPERATOR)}")


def _month(said: str) -> date:
    """The month's first day; argparse names the argument when this refuses."""
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no month such as 2026-05") from None
