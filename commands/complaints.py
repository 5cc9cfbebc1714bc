"""run.py complaints: read complaints and suggestions, answer and close them."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from commands import Subparsers
    from services.cases.complaint_desk import Photo, Whole
    from services.cases.complaint_lines import Line


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "complaints",
        description="List the open complaints and suggestions, what is due first on top; with a number, read or "
        "work on one.",
    )
    parser.add_argument("number", nargs="*", metavar="NUMBER", help="one of them, for example T1024")
    act = parser.add_mutually_exclusive_group()
    act.add_argument(
        "--accept", action="store_true", help="take charge; the resident hears who and until when"
    )
    act.add_argument("--answer", metavar="TEXT", help="answer the resident, who may rate or reopen it")
    act.add_argument("--close", metavar="NOTE", help="close it; the resident reads why")
    parser.add_argument("--all", action="store_true", help="the ended ones too")
    parser.add_argument("--limit", type=arguments.count, default=50, metavar="N", help="at most so many (50)")
    parser.add_argument("--by", metavar="LOGIN", help="who does it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from commands.office import session

    chosen.number = " ".join(chosen.number) or None
    if chosen.number is None and _acts(chosen):
        raise StartError("Which complaint? `run.py complaints` lists them with their numbers.")
    session.run(_work(chosen))


def _acts(chosen: argparse.Namespace) -> bool:
    return chosen.accept or chosen.answer is not None or chosen.close is not None


def _work(chosen: argparse.Namespace) -> "Callable[[], Awaitable[None]]":
    if chosen.number is None:
        return lambda: listed(everything=chosen.all, limit=chosen.limit, by=chosen.by)
    if _acts(chosen):
        return lambda: act(chosen)
    return lambda: shown(chosen.number, chosen.by)


async def listed(*, everything: bool, limit: int, by: str | None) -> None:
    from commands.office import people, session
    from services.cases import complaint_desk

    found = await complaint_desk.listed(actor=await people.actor(by), ended=everything, limit=limit)
    print(session.table([_line(one) for one in found]) if found else "none")


async def shown(number: str, by: str | None) -> None:
    """All of it, with whom to call. Who read the phone is recorded."""
    from commands.office import people, session
    from services.cases import complaint_desk

    whole = await complaint_desk.shown(number, actor=await people.actor(by))
    print(session.table([_line(whole.line)]))
    print(session.table(_facts(whole)))
    if rows := [*_talk(whole), *(_photo(one) for one in whole.photos)]:
        print(session.table(rows))


async def act(chosen: argparse.Namespace) -> None:
    from commands.office import people
    from services.cases import complaint_desk

    actor = await people.member(chosen.by)
    one = await complaint_desk.find(chosen.number, actor=actor)
    if chosen.accept:
        await complaint_desk.accept(one, actor=actor)
    elif chosen.answer is not None:
        await complaint_desk.answer(one, chosen.answer, actor=actor)
    else:
        await complaint_desk.close(one, chosen.close, actor=actor)
    print(f"{chosen.number} done")


def _line(one: "Line") -> tuple[str, ...]:
    from services import clock

    return (
        one.number,
        one.status,
        one.topic or one.kind,
        one.community,
        one.house,
        one.name or "-",
        one.handler or "-",
        f"{clock.local(one.created_at):%m-%d %H:%M}",
        f"{'late' if one.late else 'due'} {clock.local(one.deadline_at):%m-%d %H:%M}",
    )


def _facts(whole: "Whole") -> list[tuple[str, str]]:
    facts = {
        "phone": whole.phone,
        "about": whole.about,
        "suspected": whole.suspected,
        "place": whole.place,
        "story": " ".join(whole.story.split()),
        "stars": str(whole.rating or ""),
    }
    return [(name, said) for name, said in facts.items() if said]


def _talk(whole: "Whole") -> list[tuple[str, ...]]:
    from services import clock

    return [
        (
            f"{clock.local(one.at):%m-%d %H:%M}",
            "staff" if one.by_staff else "resident",
            " ".join(one.text.split()),
        )
        for one in whole.said
    ]


def _photo(one: "Photo") -> tuple[str, ...]:
    return ("photo", one.status, one.error or one.sha256)
