"""run.py repair: decide on a repair: accept, decline, cancel, merge, part, move, reopen or close it."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from services.actors import Actor

Act = Callable[
    [int, argparse.Namespace, "Actor"], Awaitable[None]
]  # the ticket's id, what was asked, who asks


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "repair", description="Decide on one repair. The resident and whoever has the job are told."
    )
    parser.add_argument("number", metavar="NUMBER", help="the ticket's number, for example BX10016")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("--accept", action="store_true", help="take it on before anybody is sent")
    act.add_argument("--decline", metavar="REASON", help="the resident reads why")
    act.add_argument("--cancel", metavar="REASON", help="on the resident's word")
    act.add_argument("--into", metavar="NUMBER", help="the same fault as this other ticket, which goes on")
    act.add_argument("--apart", action="store_true", help="no: it was another fault, and goes on by itself")
    act.add_argument("--eta", type=_moment, metavar="TIME", help="when the technician will be there")
    act.add_argument(
        "--appointment",
        type=_moment,
        nargs=2,
        metavar=("FROM", "TO"),
        help="when the resident will be there, for example 2026-11-29T14:00 2026-11-29T16:00",
    )
    act.add_argument("--look", action="store_true", help="have the dispatcher look for somebody again")
    act.add_argument("--reopen", metavar="REASON", help="it is not fixed after all")
    act.add_argument("--close", action="store_true", help="close finished work that nobody rates")
    parser.add_argument("--by", metavar="LOGIN", help="who of the staff decides it")
    parser.set_defaults(run=run)


def _moment(said: str) -> datetime:
    """Local time unless it says otherwise."""
    from services import clock

    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no time such as 2026-11-29T15:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    session.run(lambda: decide(chosen))


async def decide(chosen: argparse.Namespace) -> None:
    """Raises StartError for a number that there is not."""
    from commands.office import people

    actor = await people.actor(chosen.by)
    ticket_id = await _ticket(chosen.number, actor)
    asked = next(name for name in _ACTS if getattr(chosen, name) not in (None, False))
    await _ACTS[asked](ticket_id, chosen, actor)
    print(f"{chosen.number} done")


async def _ticket(number: str, actor: "Actor") -> int:
    from commands import StartError
    from services.repairs import tickets

    found = await tickets.find(number, actor=actor)
    if found is None:
        raise StartError(f"There is no ticket {number}.")
    return found.id


async def _accept(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import handling

    await handling.accept(ticket_id, actor=actor)


async def _decline(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import handling

    await handling.decline(ticket_id, reason=chosen.decline, actor=actor)


async def _cancel(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import handling

    await handling.cancel(ticket_id, reason=chosen.cancel, actor=actor)


async def _merge(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import merging

    await merging.merge(ticket_id, into_id=await _ticket(chosen.into, actor), actor=actor)


async def _part(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import merging

    await merging.unmerge(ticket_id, actor=actor)


async def _promise(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import handling

    await handling.reschedule(ticket_id, eta=chosen.eta, actor=actor)


async def _appoint(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import corrections

    start, end = chosen.appointment
    await corrections.reschedule(ticket_id, start, end, actor=actor)


async def _look(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import handling

    await handling.look_again(ticket_id, actor=actor)


async def _reopen(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import ratings

    await ratings.not_fixed(ticket_id, reason=chosen.reopen, actor=actor)


async def _close(ticket_id: int, chosen: argparse.Namespace, actor: "Actor") -> None:
    from services.repairs import ratings

    await ratings.close(ticket_id, actor=actor)


_ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "decline": _decline,
    "cancel": _cancel,
    "into": _merge,
    "apart": _part,
    "eta": _promise,
    "appointment": _appoint,
    "look": _look,
    "reopen": _reopen,
    "close": _close,
}
