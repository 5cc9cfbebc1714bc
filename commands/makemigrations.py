"""run.py makemigrations: for developers, write a migration for changed tables."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "makemigrations",
        description="Write what the tables in models/ have and the newest migration has not, for review and commit.",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from models import database

    written = asyncio.run(database.write_migrations(settings.load()))
    print("\n".join(written) or "The newest migration has everything that the tables have.")
