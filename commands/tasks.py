"""run.py tasks: what only people can do now, and marking it done."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "tasks", description="List the open tasks of staff: alerts, hand-overs, dispatching, reviews, calls."
    )
    parser.add_argument("--kind", help="only these, for example alert, handover, dispatch, review")
    parser.add_argument("--done", type=arguments.number, metavar="ID", help="mark this one done instead")
    parser.add_argument("--by", default="admin", metavar="LOGIN", help="who did it (admin)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.desk import session

    if chosen.done is not None:
        session.run(lambda: done(chosen.done, chosen.by))
    else:
        session.run(lambda: listed(chosen.kind))


async def done(task_id: int, by: str) -> None:
    from commands.desk import people
    from services import staff_tasks

    await staff_tasks.done(task_id, staff_id=(await people.staff(by)).id)
    print(f"{task_id} done")


async def listed(kind: str | None) -> None:
    """Raises StartError for a kind that there is not."""
    from commands import StartError
    from commands.desk import session
    from models.tickets import TaskKind
    from services import clock, staff_tasks

    if kind and kind not in list(TaskKind):
        raise StartError(f"There are no tasks of kind {kind!r}; there are {', '.join(TaskKind)}.")
    rows = [
        (
            str(one.id),
            one.kind,
            one.ticket.number if one.ticket else "",
            one.community.name if one.community else "",
            one.person.name if one.person else "",
            f"{clock.local(one.created_at):%m-%d %H:%M}",
            " ".join(one.note.split()),
        )
        for one in await staff_tasks.waiting(TaskKind(kind) if kind else None)
    ]
    print(session.table(rows) if rows else "none")
