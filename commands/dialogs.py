"""run.py dialogs: act every talk of dialogs/talks on the real engine and print them as a page."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "dialogs",
        description="Act the talks of dialogs/talks on the real engine, with the demo in a database of its own that "
        "is dropped afterwards, and print them as they read in the chat. What came out otherwise than the talks "
        "say goes to the error output, and the exit status is 1.",
    )
    parser.add_argument("--script", help="only the talks of this script")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    import asyncio

    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        return asyncio.run(_print(found, chosen.script or ""))


async def _print(settings: "Settings", script: str) -> int:
    from commands import StartError
    from commands.rehearsal import page, scenes, theatre

    wanted = [one for one in scenes.load() if script in ("", one.script)]
    if not wanted:
        raise StartError(f"There are no talks of a script {script}.")
    async with theatre.opened(settings) as stage:
        played = [await stage.play(scene) for scene in wanted]
        titles = {one.script.script: one.script.title for one in stage.catalogue}
    print(page.page(played, titles))
    problems = [f"{one.scene.script}: {one.scene.title}: {fault}" for one in played for fault in one.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0
