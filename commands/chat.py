"""run.py chat: talk with the bot in the terminal."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from commands.rehearsal.phones import Phones, Shown
    from commands.rehearsal.play import Stage
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "chat",
        description="Talk as one of the demo's people, on the real engine, in a database of its own that is dropped "
        "at the end: nothing of what is said lasts. An option is picked by its number or its words; Ctrl-D ends.",
    )
    parser.add_argument("--as", dest="person", default="o_demo_wang", metavar="OPENID", help="o_demo_wang")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        asyncio.run(_chat(found, chosen.person))


async def _chat(settings: "Settings", person: str) -> None:
    from commands import StartError
    from commands.rehearsal import theatre

    async with theatre.opened(settings) as stage:
        if person not in stage.names:
            raise StartError(f"The demo has no {person}; it has {', '.join(sorted(stage.names))}.")
        await _talk(stage, person)


async def _talk(stage: "Stage", person: str) -> None:
    import asyncio
    import sys

    from commands.rehearsal.phones import Phones

    phones = Phones(people={person})
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            await _say(stage, phones, person, line.strip())
            for shown in phones.log:
                print(_printed(shown), flush=True)
            phones.log.clear()


async def _say(stage: "Stage", phones: "Phones", person: str, text: str) -> None:
    from uuid import uuid4

    from bot.values import Inbound, Kind
    from services import clock
    from services.delivery import claiming

    said = Inbound(uuid4().hex, person, Kind.TEXT, clock.now(), text=text)
    answered = await stage.pipeline.handle(said)
    if answered.reply:
        phones.show(person, answered.reply)
    delivery = stage.delivery(phones)
    for row in await claiming.claim(limit=50):
        await delivery.deliver(row)


def _printed(shown: "Shown") -> str:
    options = [f"  {number}. {option.text}" for number, option in enumerate(shown.options, 1)]
    return "\n".join([shown.text, *options, ""])
