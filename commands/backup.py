"""run.py backup: write the database and the photos into one file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "backup",
        description="Write the database, as it is at one instant, and the photos into one tar file that only its "
        "owner can read. The program may keep running.",
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="an existing file is replaced once the new one is whole"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands import StartError
    from commands.archive import writing
    from commands.local import preflight, servers

    if chosen.file.is_dir():
        raise StartError(f"{chosen.file} is a folder; name the file to write in it.")
    if not chosen.file.resolve().parent.is_dir():
        raise StartError(f"There is no folder {chosen.file.resolve().parent} to write the backup in.")
    with servers.reachable(settings.load()) as found:
        asyncio.run(preflight.reach_database(found))
        writing.write(found, chosen.file)
    print(f"{chosen.file}: {chosen.file.stat().st_size / 1e6:.1f} MB")
