"""run.py migrate: bring the database up to date."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "migrate",
        description="Apply the migrations that the database lacks, and add the public holidays that were announced "
        "since.",
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="then fill the database with the demo if it is empty and the account is the simulator's",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        asyncio.run(migrate(found))
        asyncio.run(_add_holidays(found))
        if chosen.demo and not found.real_account:
            _fill(found)


async def migrate(settings: "Settings") -> None:
    from commands.local import preflight
    from models import database

    await preflight.reach_database(settings)
    for name in await database.migrate(settings):
        print(f"applied {name}")


async def _add_holidays(settings: "Settings") -> None:
    """Of this year on, as the installed library knows them: each release of it knows another year."""
    from models import database
    from services import clock, holidays

    await database.open(settings)
    try:
        await holidays.seed(since=clock.local(clock.now()).year)
    finally:
        await database.close()


def _fill(settings: "Settings") -> None:
    import asyncio

    from commands import demo, simulator

    if asyncio.run(demo.load(settings, simulator.people_file())):
        print("loaded the demo data")
