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
    parser.add_argument("--by", metavar="LOGIN", help="who did it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    if chosen.done is not None:
        session.run(lambda: done(chosen.done, chosen.by))
    else:
        session.run(lambda: listed(chosen.kind, chosen.by))


async def done(task_id: int, by: str | None) -> None:
    from commands.office import people
    from services import staff_tasks

    await staff_tasks.done(task_id, staff_id=(await people.staff(by)).id)
    print(f"{task_id} done")


async def listed(kind: str | None, by: str | None) -> None:
    """Raises StartError for a kind that there is not."""
    from commands import StartError
    from commands.office import people, session
    from models.tasks import TaskKind
    from services import clock, staff_tasks

    if kind and kind not in list(TaskKind):
        raise StartError(f"There are no tasks of kind {kind!r}; there are {', '.join(TaskKind)}.")
    found = await staff_tasks.waiting(await people.seen(by), TaskKind(kind) if kind else None)
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
        for one in found
    ]
    print(session.table(rows) if rows else "none")
