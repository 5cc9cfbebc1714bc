"""run.py tasks: what only people can do now, and marking it done."""

import argparse
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from commands import Subparsers
    from services.desk.tasks import TaskView


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "tasks", description="List the open tasks of staff: alerts, hand-overs, dispatching, reviews, calls."
    )
    parser.add_argument("--kind", help="only these, for example alert, handover, dispatch, review")
    act = parser.add_mutually_exclusive_group()
    act.add_argument(
        "--take", type=arguments.number, metavar="ID", help="see to this one: colleagues see who"
    )
    act.add_argument("--done", type=arguments.number, metavar="ID", help="mark this one done instead")
    act.add_argument(
        "--calls",
        type=arguments.number,
        metavar="ID",
        help="whom to call: house, name and phone of everybody whom the notice of this one did not reach",
    )
    parser.add_argument("--by", metavar="LOGIN", help="who does it (admin), or only what this one sees")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    if chosen.take is not None:
        session.run(lambda: take(chosen.take, chosen.by))
    elif chosen.calls is not None:
        session.run(lambda: calls(chosen.calls, chosen.by))
    elif chosen.done is not None:
        session.run(lambda: done(chosen.done, chosen.by))
    else:
        session.run(lambda: listed(chosen.kind, chosen.by))


async def take(task_id: int, by: str | None) -> None:
    from commands.office import people
    from services import staff_tasks

    await staff_tasks.take(task_id, actor=await people.member(by))
    print(f"{task_id} taken")


async def done(task_id: int, by: str | None) -> None:
    from commands.office import people
    from services.cases import task_ends

    await task_ends.done(task_id, actor=await people.member(by))
    print(f"{task_id} done")


async def calls(task_id: int, by: str | None) -> None:
    from commands.office import people, session
    from services.delivery import calls as phone_list

    found = await phone_list.of_task(task_id, actor=await people.actor(by))
    print(session.table([(one.house, one.name, one.phone) for one in found]) if found else "none")


async def listed(kind: str | None, by: str | None) -> None:
    """Raises StartError for a kind that there is not."""
    from commands import StartError
    from commands.office import people, session
    from models.tasks import TaskKind
    from services.desk import tasks

    if kind and kind not in list(TaskKind):
        raise StartError(f"There are no tasks of kind {kind!r}; there are {', '.join(TaskKind)}.")
    found = await tasks.waiting(actor=await people.actor(by), kind=TaskKind(kind) if kind else None)
    print(session.table([_line(one) for one in found]) if found else "none")


def _line(one: "TaskView") -> tuple[str, ...]:
    from services import clock

    return (
        str(one.id),
        one.kind,
        one.ticket,
        one.community,
        one.contact.house,
        one.contact.name,
        one.contact.phone,
        f"{clock.local(one.created_at):%m-%d %H:%M}",
        one.taken_by,
        _words(one),
    )


def _words(one: "TaskView") -> str:
    """The reason as dialogs/phrases/task.yaml words it, on one line."""
    from dialogs import shipped

    said = shipped.phrases().reply(f"task.{one.reason}", one.values).text
    return " ".join(said.split())
