"""run.py demo: fill an empty database with the demo, and list its people for the simulator."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "demo",
        description="Two offices, three communities with 600 houses, residents, technicians and staff. A database "
        "that holds anything already stays as it is.",
    )
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="write the people with phones there, as JSON"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import servers

    if chosen.people:
        write_people(chosen.people)
    with servers.reachable(settings.load()) as found:
        print("loaded" if asyncio.run(load(found)) else "not loaded: the database is not empty")


def write_people(file: Path) -> None:
    """The list that `python -m simulator --people` reads."""
    import json

    from services.demo import loading

    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(loading.demo_people(), ensure_ascii=False, indent=1) + "\n", "utf-8")


async def load(settings: "Settings") -> bool:
    from commands.local import preflight
    from models import database
    from services.demo import loading

    await preflight.servers(settings)
    await database.open(settings)
    try:
        return await loading.load()
    finally:
        await database.close()
