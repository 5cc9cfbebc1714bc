"""run.py worker: start one worker process."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "worker",
        description="Start one worker process. As many as wanted may run on any machine that reaches the servers.",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import logs, preflight, servers

    with servers.reachable(settings.load()) as found:
        from workers.main import run as work

        logs.configure(found.log)
        asyncio.run(preflight.servers(found))
        work(found)
