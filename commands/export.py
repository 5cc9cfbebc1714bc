"""run.py export: a copy of everything that is kept about a person, when they ask for it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "export",
        description="Write everything that is kept about a person into a zip that only its owner can read. Who made "
        "it is recorded.",
    )
    parser.add_argument("person", metavar="PERSON", help="id, phone or openid")
    parser.add_argument("file", type=Path, metavar="FILE", help="the .zip to write; nothing is overwritten")
    parser.add_argument("--by", metavar="LOGIN", help="the admin who does it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from commands.office import session

    if chosen.file.exists():
        raise StartError(f"{chosen.file} exists already and is not overwritten.")
    session.run(lambda: work(chosen))


async def work(chosen: argparse.Namespace) -> None:
    import settings
    from commands.office import people, residents
    from services.privacy import copies

    actor = await people.actor(chosen.by)
    person_id = await residents.person(chosen.person)
    folder = settings.load().media.dir
    files = await copies.write(person_id, chosen.file, folder, actor=actor)
    print(f"{chosen.file}: {files} files about person {person_id}")
