"""run.py web: start one web process."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "web",
        description="Start one web process. As many as wanted may run, each on its own port, behind any proxy.",
    )
    parser.add_argument("--port", type=arguments.port, help="listen here instead of GUANJIA_WEB__PORT")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        serve(found, chosen.port or found.web.port)


def serve(settings: "Settings", port: int) -> None:
    """Listen until SIGINT or SIGTERM; turns that are under way are finished first."""
    import asyncio

    import uvloop
    from aiohttp import web

    from commands.local import logs, ports, preflight
    from handlers.app import create_app

    logs.configure(settings.log)
    asyncio.run(preflight.servers(settings))
    place = ports.bound(settings.web.host, port, "GUANJIA_WEB__PORT")
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(settings)
    app.on_startup.append(_settle)
    # Nobody we serve sends compressed bodies, and unpacking them would come before anything could refuse them.
    web.run_app(
        app,
        sock=place,
        backlog=1024,
        access_log=None,
        print=None,
        shutdown_timeout=8,
        auto_decompress=False,
    )


async def _settle(app: object) -> None:
    """Dictionary, model and scripts stay for good: the collector need not walk through them again and again.

    A turn leaves hardly a cycle behind, yet makes hundreds of objects: looking after every 700, as Python does unless
    told otherwise, was a twentieth of its time. What may wait uncollected is a few megabytes.
    """
    import gc

    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
