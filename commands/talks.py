"""run.py talks: who waits for people; take a talk over, answer, hand it back to the bot."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

_SHOWN = 40  # messages of one talk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "talks",
        description="List the talks that wait for staff or that staff have; with a number, show or carry on one.",
    )
    parser.add_argument(
        "talk",
        nargs="?",
        type=arguments.number,
        metavar="NUMBER",
        help="one talk, with its last messages",
    )
    parser.add_argument("--why", action="store_true", help="tell for each message why it was answered so")
    parser.add_argument("--rules", action="store_true", help="print by which rules a running talk decides")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--take", action="store_true", help="take it over: the bot is silent from now on")
    act.add_argument("--say", metavar="TEXT", help="answer the resident")
    act.add_argument("--back", action="store_true", help="hand it back to the bot, which says so")
    parser.add_argument("--by", metavar="LOGIN", help="who does it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from commands.office import session

    if chosen.rules:
        from bot.talk.arbitration import RULES

        print("\n".join(f"{place}. {rule.name}" for place, rule in enumerate(RULES, 1)))
        return
    if chosen.talk is None and (chosen.take or chosen.say or chosen.back or chosen.why):
        raise StartError("Which talk? `run.py talks` lists them with their numbers.")
    session.run(_work(chosen))


def _work(chosen: argparse.Namespace) -> "Callable[[], Awaitable[None]]":
    if chosen.talk is None:
        return lambda: listed(chosen.by)
    if chosen.take or chosen.say or chosen.back:
        return lambda: act(chosen)
    return lambda: shown(chosen.talk, chosen.by, why=chosen.why)


async def listed(by: str | None) -> None:
    from commands.office import people, session
    from services import clock
    from services.desk import talks

    rows = [
        (
            str(talk.id),
            talk.held_by or "waits",
            talk.name,
            talk.community,
            talk.house,
            f"{clock.local(talk.since):%m-%d %H:%M}" if talk.since else "",
        )
        for talk in await talks.held(actor=await people.actor(by))
    ]
    print(session.table(rows) if rows else "none")


async def shown(number: int, by: str | None, *, why: bool = False) -> None:
    """The last messages of everybody, oldest first; with `why`, also what made the bot answer them so."""
    from bot.why import Why
    from commands.office import people, session
    from services import clock
    from services.desk import talks

    rows = [
        (
            f"{clock.local(one.at):%m-%d %H:%M}",
            one.name or one.speaker,
            " ".join((one.text or f"[{one.kind}]").split()) + _unsent(one.status),
            *([Why.of(one.why).told()] if why else []),
        )
        for one in await talks.lines(number, actor=await people.actor(by), limit=_SHOWN)
    ]
    print(session.table(rows) if rows else "none")


def _unsent(status: str) -> str:
    """What we wrote and the person may not have."""
    return f" [{status}]" if status not in ("", "sent") else ""


async def act(chosen: argparse.Namespace) -> None:
    import secrets

    from commands.office import people
    from services.desk import replies, taking
    from services.desk.replies import Words

    actor = await people.member(chosen.by)
    if chosen.take:
        await taking.take(chosen.talk, actor=actor)
    elif chosen.back:
        await taking.hand_back(chosen.talk, actor=actor)
    else:
        words = Words(chosen.say)
        await replies.say(chosen.talk, words, key=secrets.token_hex(8), seen=None, actor=actor)
    print(f"{chosen.talk} done")
