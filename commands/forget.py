"""run.py forget: erase what is kept about a person, when they ask for it."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from services.privacy.erasure import Forgotten


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "forget",
        description="Erase what is kept about a person: messages, photos, names and phones. What happened stays, "
        "without their name, and so do bills and payments, which the law asks for. It cannot be undone.",
    )
    parser.add_argument("person", metavar="PERSON", help="id, phone or openid")
    parser.add_argument(
        "--yes", action="store_true", help="do it; else it is only said how much that would be"
    )
    parser.add_argument(
        "--from-list", action="store_true", help="take them off the company's list of occupants, too"
    )
    parser.add_argument("--by", metavar="LOGIN", help="the admin who does it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import settings
    from commands.office import session
    from services.delivery import media

    done: list[Forgotten] = []
    session.run(lambda: work(chosen, done))
    folder = settings.load().media.dir
    for sha256 in done[0].files if done else []:  # only now, after the commit
        media.path(folder, sha256).unlink(missing_ok=True)


async def work(chosen: argparse.Namespace, done: "list[Forgotten]") -> None:
    from commands.office import people, residents
    from services.privacy import erasure

    actor = await people.actor(chosen.by)
    person_id = await residents.person(chosen.person)
    if not chosen.yes:
        rows = await erasure.check(person_id, actor=actor)
        print(f"person {person_id}: {rows} rows; --yes erases them")
        return
    done.append(await erasure.forget(person_id, actor=actor, from_list=chosen.from_list))
    print(f"person {person_id} forgotten: {done[0].rows} rows, {len(done[0].files)} photos and voices")
    if done[0].listed:
        print(f"{done[0].listed} rows of the company's own list stay; --from-list would take them off")
