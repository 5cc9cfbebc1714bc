"""Danger: duty staff are alerted at once, the person gets the numbers to call."""

from datetime import timedelta

from tortoise.expressions import Q

from models.community import Danger
from models.events import SubjectKind
from models.people import Staff, Technician
from models.tasks import StaffTask, TaskKind
from services import clock, duty_phones, events, outbox, staff_tasks, timers, work
from services.actors import Actor, ActorKind
from services.cases import rounds
from services.duty_phones import Phone
from services.errors import NotAllowed, NotFound
from services.events import Subject
from services.scope import Field

_SAME_DANGER = timedelta(minutes=30)  # what somebody says again within this belongs to the alert that is open


async def alert(*, actor: Actor, community_id: int | None, danger: Danger, text: str) -> list[Phone]:
    """Alert whoever is on duty; returns the numbers to call for that danger.

    Whoever alerted before and says more adds to the alert that is open. Without a community everybody on duty is
    alerted.
    """
    person_id = _person(actor)
    task = await _open_alert(person_id)
    if task is None:
        await _raise(actor, person_id, community_id, danger, text)
    else:
        known = _danger(task)
        await _add(task, known if danger is Danger.OTHER else danger, text)
    return await duty_phones.of(community_id, danger)


async def more(text: str, *, actor: Actor) -> bool:
    """Something to add to the alert just raised, such as where exactly. Whoever heard it hears this.

    False when no alert of this person is open.
    """
    task = await _open_alert(_person(actor))
    if task is not None:
        await _add(task, _danger(task), text)
    return task is not None


async def withdraw(*, actor: Actor) -> bool:
    """A false alarm, or it is over: the alert ends and whoever heard it hears that. False without an open one.

    It can be withdrawn for half an hour by who raised it. Staff call all the same, to be sure.
    """
    task = await _open_alert(_person(actor))
    if task is None:
        return False
    await timers.clear(rounds.KIND, task.id)
    await staff_tasks.settle_one(task.id, actor=actor, note="withdrawn")
    await rounds.tell_duty(task, "hazard.withdrawn", {"text": _text(task)}, key=f"hazard:{task.id}:withdrawn")
    return True


async def take_up(task_id: int, *, actor: Actor) -> None:
    """One of those who work here sees to it: the person in danger and everybody on duty hear who, nobody more is
    called. Raises NotFound for an alert that is over, NotAllowed for whoever does not work here.
    """
    person_id, (worker, name) = await _whoever(actor)
    theirs = actor.scope.rows() if actor.scope else Q()
    task = await work.lock(StaffTask.filter(theirs, id=task_id, kind=TaskKind.ALERT, done_at=None))
    if task is None or task.person_id is None:
        raise NotFound("hazard.over")
    await timers.clear(rounds.KIND, task.id)
    await staff_tasks.renew(task.id, {"taken": name})
    await StaffTask.filter(id=task.id).update(taken_by_id=worker.staff_id, taken_at=clock.now())
    subject = Subject(SubjectKind.TASK, task.id, task.community_id)
    await events.record(subject, "taken", actor=worker, note=task.reason, body={"name": name})
    key = f"hazard:{task.id}:taken:{person_id}"
    await outbox.tell(task.person_id, "hazard.seen", {"name": name}, key=f"{key}:{task.person_id}")
    values: dict[str, outbox.Value] = {"name": name, "text": _text(task)}
    await rounds.tell_duty(task, "hazard.taken", values, key=key, besides=person_id)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("hazard.over")
    return actor.person_id


def _text(task: StaffTask) -> str:
    return str(task.values.get("text", ""))


def _danger(task: StaffTask) -> Danger:
    known = task.values.get("kind")
    return Danger(known) if known in list(Danger) else Danger.OTHER


async def _add(task: StaffTask, danger: Danger, text: str) -> None:
    await staff_tasks.renew(task.id, {"kind": danger, "text": f"{_text(task)}\n{text}"})
    key = f"hazard:{task.id}:more:{clock.now().isoformat()}"
    await rounds.tell_duty(task, "hazard.more", {"kind": danger, "text": text}, key=key)


async def _whoever(actor: Actor) -> tuple[int, tuple[Actor, str]]:
    """The person (0 for staff who never joined) and as what they work here: at the desk, or from their own chat."""
    if actor.staff_id is None:
        person_id = _person(actor)
        return person_id, await _worker(person_id)
    actor.doing(Field.ALERTS)
    staff = await Staff.get(id=actor.staff_id)
    return staff.person_id or 0, (actor, staff.name)


async def _worker(person_id: int) -> tuple[Actor, str]:
    """Who of those who work here has this WeChat, and the name. Raises NotAllowed for nobody."""
    for kind, crew in ((ActorKind.STAFF, Staff), (ActorKind.TECHNICIAN, Technician)):
        found = await crew.filter(active=True, person_id=person_id).first()
        if found is not None:
            return Actor(kind, found.id), found.name
    raise NotAllowed("hazard.not_yours")


async def _open_alert(person_id: int) -> StaffTask | None:
    """The person's own of just now, held."""
    since = clock.now() - _SAME_DANGER
    mine = StaffTask.filter(person_id=person_id, kind=TaskKind.ALERT, done_at=None, created_at__gte=since)
    return await work.lock(mine.order_by("-id"))


async def _raise(actor: Actor, person_id: int, community_id: int | None, danger: Danger, text: str) -> None:
    task_id = await staff_tasks.add(
        TaskKind.ALERT,
        "danger",
        values={"kind": danger, "text": text},
        key=f"hazard:{danger}:{person_id}:{clock.now().isoformat()}",
        community_id=community_id,
        person_id=person_id,
        actor=actor,
    )
    await rounds.begin(await StaffTask.get(id=task_id))
