"""run.py all: start everything on this machine; the default."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "all",
        description="Start PostgreSQL and Redis (unless settings name others), web, worker and simulator, and keep "
        "them running until Ctrl-C.",
    )
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import supervisor

    asyncio.run(supervisor.run(settings.load(), chosen.settings, demo=not chosen.no_demo))
