"""run.py migrate: bring the database up to date."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "migrate",
        description="Apply the migrations that the database lacks.",
    )
    parser.add_argument(
        "--demo", action="store_true", help="then fill the database with the demo if it is empty"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.embedded import servers

    with servers.reachable(settings.load()) as found:
        asyncio.run(migrate(found))
        if chosen.demo:
            _fill(found)


async def migrate(settings: "Settings") -> None:
    from commands.supervisor import preflight
    from models import database

    await preflight.reach_database(settings)
    for name in await database.migrate(settings):
        print(f"applied {name}")


def _fill(settings: "Settings") -> None:
    import asyncio

    from commands import demo, simulator

    demo.write_people(simulator.people_file())
    if asyncio.run(demo.load(settings)):
        print("loaded the demo data")
