"""run.py demo: fill an empty database with the demo, and list its people for the simulator."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from services.demo.loading import DemoPerson
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "demo",
        description="Two offices, three communities with 600 houses, residents, technicians and staff. A database "
        "that holds anything already stays as it is, and that of a real account is refused.",
    )
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="write the people with phones there, as JSON"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import servers

    _refuse_real(settings.load())
    with servers.reachable(settings.load()) as found:
        print(
            "loaded" if asyncio.run(load(found, chosen.people)) else "not loaded: the database is not empty"
        )


def _refuse_real(settings: "Settings") -> None:
    """Raises StartError where residents write by a real account: its database is theirs."""
    from commands import StartError

    if settings.real_account:
        raise StartError(
            f"These settings name a real account ({settings.wechat.api_url}): the demo's houses, people and logins "
            "are not put into its database. Fill it with run.py create-admin and run.py import."
        )


async def load(settings: "Settings", people: Path | None) -> bool:
    """Fill an empty database, and write the list that `python -m simulator --people` reads.

    Nothing of the demo is put beside a real account.
    """
    from commands.local import preflight
    from models import database
    from services.demo import day, loading

    _refuse_real(settings)
    await preflight.servers(settings)
    await database.open(settings)
    try:
        loaded = await loading.load()
        await day.load()
        if people:
            write_people(people, [*loading.demo_people(), *await loading.neighbours_with_phones()])
        return loaded
    finally:
        await database.close()


def write_people(file: Path, people: "list[DemoPerson]") -> None:
    import json

    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(people, ensure_ascii=False, indent=1) + "\n", "utf-8")
