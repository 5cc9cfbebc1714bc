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
    parser.add_argument(
        "--skip-damaged",
        action="store_true",
        help="restore although photos in the file are damaged, without these",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import settings
    from commands import StartError
    from commands.local import servers

    if not chosen.file.is_file():
        raise StartError(f"There is no file {chosen.file}.")
    with servers.reachable(settings.load()) as found:
        left_out = restore(found, chosen.file, replace=chosen.replace, skip_damaged=chosen.skip_damaged)
    print("\n".join([*(f"damaged, left out: {name}" for name in left_out), f"restored {chosen.file}"]))


def restore(settings: "Settings", file: Path, *, replace: bool, skip_damaged: bool) -> list[str]:
    """The photos that were left out as damaged."""
    import asyncio

    from commands.archive import reading
    from commands.local import preflight
    from commands.migrate import migrate

    asyncio.run(preflight.reach_database(settings))
    asyncio.run(reading.check_target(settings, replace=replace))
    left_out = reading.restore(settings, file, skip_damaged=skip_damaged)
    asyncio.run(migrate(settings))
    return left_out
