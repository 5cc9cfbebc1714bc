"""run.py bindings: review who says where they live."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers
    from services.actors import Actor
    from services.estate.reviews import Review


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
    choice.add_argument(
        "--phone", type=arguments.number, metavar="ID", help="show the whole number; who looked is recorded"
    )
    parser.add_argument("--reason", default="", help="told to the person who is rejected or shut off")
    parser.add_argument("--by", metavar="LOGIN", help="who decides it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    undecided = (chosen.approve, chosen.reject, chosen.disable, chosen.phone) == (None,) * 4
    session.run(lambda: listed(chosen.by) if undecided else decide(chosen))


async def decide(chosen: argparse.Namespace) -> None:
    from commands.office import people
    from services.estate import reviews

    actor = await people.member(chosen.by)
    if chosen.phone is not None:
        print(await reviews.phone(chosen.phone, actor=actor))
    elif chosen.approve is not None:
        await reviews.settle_well(chosen.approve, actor=actor)
        print(f"{chosen.approve} approved")
    elif chosen.reject is not None:
        await reviews.reject(chosen.reject, actor=actor, reason=chosen.reason)
        print(f"{chosen.reject} rejected")
    else:
        await reviews.disable(chosen.disable, actor=actor, reason=chosen.reason)
        print(f"{chosen.disable} shut off")


async def listed(by: str | None) -> None:
    from commands.office import people, session

    rows = [
        (
            str(one.id),
            one.status,
            "matched" if one.matched else "unmatched",
            one.community,
            one.house,
            one.relation,
            one.name,
            one.phone,
        )
        for one in await _waiting(await people.actor(by))
    ]
    print(session.table(rows) if rows else "none")


async def _waiting(actor: "Actor") -> list["Review"]:
    """All of them, page by page."""
    from services.estate import reviews

    page = await reviews.waiting(actor=actor)
    found = [*page.rows]
    while page.after:
        page = await reviews.waiting(actor=actor, after=page.after)
        found += page.rows
    return found
