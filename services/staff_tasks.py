"""What only people can do now. The desk lists these; a task that its ticket overtook settles itself."""

from models.tickets import StaffTask, TaskKind
from services import clock, outbox
from services.errors import NotFound

_UNASSIGNED = (TaskKind.DISPATCH,)
_OF_TICKET = (TaskKind.DISPATCH, TaskKind.ESCALATION)


async def add(
    kind: TaskKind,
    note: str,
    *,
    key: str,
    community_id: int | None = None,
    person_id: int | None = None,
    ticket_id: int | None = None,
) -> None:
    """Put it on the list. The same key is put there once."""
    task = StaffTask(
        key=key,
        kind=kind,
        note=note[:500],
        community_id=community_id,
        person_id=person_id,
        ticket_id=ticket_id,
        created_at=clock.now(),
    )
    await StaffTask.bulk_create([task], ignore_conflicts=True)
    outbox.wake("desk")


async def done(task_id: int, *, staff_id: int | None = None) -> None:
    """Raises NotFound when there is no such task, or somebody did it already."""
    open_task = StaffTask.filter(id=task_id, done_at=None)
    if not await open_task.update(done_at=clock.now(), done_by_id=staff_id):
        raise NotFound("task.not_found")
    outbox.wake("desk")


async def settle(ticket_id: int, *, ended: bool) -> None:
    """Somebody has the ticket now, or it ended: nobody need look for a technician any more."""
    kinds = _OF_TICKET if ended else _UNASSIGNED
    await StaffTask.filter(ticket_id=ticket_id, kind__in=kinds, done_at=None).update(done_at=clock.now())


async def settle_person(person_id: int, kind: TaskKind, *, staff_id: int | None = None) -> None:
    tasks = StaffTask.filter(person_id=person_id, kind=kind, done_at=None)
    await tasks.update(done_at=clock.now(), done_by_id=staff_id)


async def waiting(kind: TaskKind | None = None, *, limit: int = 100) -> list[StaffTask]:
    """The open tasks, oldest first, with ticket, person and community loaded."""
    tasks = StaffTask.filter(done_at=None) if kind is None else StaffTask.filter(done_at=None, kind=kind)
    return await tasks.order_by("id").limit(limit).select_related("ticket", "person", "community")


async def settle_key(prefix: str, *, staff_id: int | None = None) -> None:
    """Done are all whose key begins so."""
    tasks = StaffTask.filter(key__startswith=prefix, done_at=None)
    await tasks.update(done_at=clock.now(), done_by_id=staff_id)
