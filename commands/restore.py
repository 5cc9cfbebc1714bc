"""run.py restore: put a backup into the database."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "restore",
        description="Put a file that `backup` wrote into the database, all of it or nothing, and bring that up to "
        "date. Web and worker processes must not be running.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import settings
    from commands import StartError
    from commands.local import servers

    if not chosen.file.is_file():
        raise StartError(f"There is no file {chosen.file}.")
    with servers.reachable(settings.load()) as found:
        restore(found, chosen.file, replace=chosen.replace)
    print(f"restored {chosen.file}")


def restore(settings: "Settings", file: Path, *, replace: bool) -> None:
    import asyncio

    from commands.archive import reading
    from commands.local import preflight
    from commands.migrate import migrate

    asyncio.run(preflight.reach_database(settings))
    asyncio.run(reading.check_target(settings, replace=replace))
    reading.restore(settings, file)
    asyncio.run(migrate(settings))
