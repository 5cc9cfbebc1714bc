"""run.py requests: read what residents asked for by a form (viewings, cleaners, cars), and settle it."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from commands import Subparsers
    from services.cases.request_lines import Line


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "requests",
        description="List the open service requests, the oldest on top; with a number, read or work on one.",
    )
    parser.add_argument("number", nargs="*", metavar="NUMBER", help="one of them, for example F1003")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--accept", action="store_true", help="see to it; the resident is told")
    act.add_argument("--decline", metavar="REASON", help="it cannot be done; the resident reads why")
    act.add_argument("--finish", action="store_true", help="it is done; the resident is told")
    parser.add_argument(
        "--note", default="", metavar="TEXT", help="with --accept or --finish: a word to the resident"
    )
    parser.add_argument("--all", action="store_true", help="the ended ones too")
    parser.add_argument("--limit", type=arguments.count, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--by", metavar="LOGIN", help="who does it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from commands.office import session

    chosen.number = " ".join(chosen.number) or None
    if chosen.number is None and _acts(chosen):
        raise StartError("Which request? `run.py requests` lists them with their numbers.")
    session.run(_work(chosen))


def _acts(chosen: argparse.Namespace) -> bool:
    return chosen.accept or chosen.finish or chosen.decline is not None


def _work(chosen: argparse.Namespace) -> "Callable[[], Awaitable[None]]":
    if chosen.number is None:
        return lambda: listed(everything=chosen.all, limit=chosen.limit, by=chosen.by)
    if _acts(chosen):
        return lambda: act(chosen)
    return lambda: shown(chosen.number, chosen.by)


async def listed(*, everything: bool, limit: int, by: str | None) -> None:
    from commands.office import people, session
    from services.cases import request_desk

    found = await request_desk.listed(actor=await people.actor(by), ended=everything, limit=limit)
    print(session.table([_line(one) for one in found]) if found else "none")


async def shown(number: str, by: str | None) -> None:
    """The form as it was filled in, with whom to call. Who read the phone is recorded."""
    from commands.office import people, session
    from services import clock
    from services.cases import request_desk

    whole = await request_desk.shown(number, actor=await people.actor(by))
    print(session.table([_line(whole.line)]))
    print(session.table([("phone", whole.phone), *whole.answers]))
    history = [
        (f"{clock.local(one.at):%m-%d %H:%M}", one.verb, one.actor_kind, one.note) for one in whole.history
    ]
    print(session.table(history))


async def act(chosen: argparse.Namespace) -> None:
    from commands.office import people
    from services.cases import request_desk

    actor = await people.member(chosen.by)
    one = await request_desk.find(chosen.number, actor=actor)
    if chosen.accept:
        await request_desk.accept(one, actor=actor, note=chosen.note)
    elif chosen.finish:
        await request_desk.finish(one, actor=actor, note=chosen.note)
    else:
        await request_desk.decline(one, actor=actor, note=chosen.decline)
    print(f"{chosen.number} done")


def _line(one: "Line") -> tuple[str, ...]:
    from services import clock

    wanted = f"{clock.local(one.wanted_at):%m-%d %H:%M}" if one.wanted_at else "-"
    return (
        one.number,
        one.status,
        one.title,
        one.community,
        one.house,
        one.name or "-",
        one.handler or "-",
        f"{clock.local(one.created_at):%m-%d %H:%M}",
        wanted,
    )
