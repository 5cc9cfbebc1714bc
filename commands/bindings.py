"""run.py bindings: review who says where they live."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "bindings",
        description="List the bindings that wait for a review, or decide one. The person is told.",
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--approve", type=arguments.number, metavar="ID", help="it is right")
    choice.add_argument(
        "--reject", type=arguments.number, metavar="ID", help="it is wrong; they may try again"
    )
    choice.add_argument("--disable", type=arguments.number, metavar="ID", help="shut it off for good")
    parser.add_argument("--reason", default="", help="told to the person who is rejected or shut off")
    parser.add_argument("--by", metavar="LOGIN", help="who decides it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    undecided = (chosen.approve, chosen.reject, chosen.disable) == (None, None, None)
    session.run(lambda: listed(chosen.by) if undecided else decide(chosen))


async def decide(chosen: argparse.Namespace) -> None:
    from commands.office import people
    from services.estate import bindings

    staff_id = (await people.staff(chosen.by)).id
    if chosen.approve is not None:
        await bindings.settle_well(chosen.approve, staff_id=staff_id)
        print(f"{chosen.approve} approved")
    elif chosen.reject is not None:
        await bindings.reject(chosen.reject, staff_id=staff_id, reason=chosen.reason)
        print(f"{chosen.reject} rejected")
    else:
        await bindings.disable(chosen.disable, staff_id=staff_id, reason=chosen.reason)
        print(f"{chosen.disable} shut off")


async def listed(by: str | None) -> None:
    from commands.office import people, session
    from services.estate import bindings

    rows = [
        (
            str(one.id),
            one.status,
            "matched" if one.matched else "unmatched",
            one.community.name,
            one.house.label,
            one.relation,
            one.name,
            one.phone,
        )
        for one in await bindings.to_review(await people.seen(by))
    ]
    print(session.table(rows) if rows else "none")
