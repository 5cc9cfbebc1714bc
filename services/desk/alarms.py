"""险情 on the desk: what is open, who is in danger where, whether anybody has taken it, and whom to call."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from models.community import Danger
from models.conversations import Conversation
from models.tasks import StaffTask, TaskKind
from services import duty_phones
from services.actors import Actor
from services.duty_phones import Phone
from services.estate import homes
from services.estate.homes import Home
from services.scope import Field

_OF_ONE = 3
_IN_HANDS = RawSQL("""("staff_task"."taken_by_id" IS NOT NULL OR "staff_task"."values" ? 'taken')""")
_PHONES = 6  # the list of a company without communities would be that of all of them


@dataclass(frozen=True, slots=True)
class Alarm:
    """`values` have the danger's `kind`, whose words stand in phrases; `conversation_id` leads to who told of it,
    for those whose work talks are.

    `step` says how many rounds of people beyond those on duty were alerted (services/cases/rounds); from the first
    on, `phones` are whom to call. `taken_by` may be a technician, who took it in the chat.
    """

    id: int
    reason: str
    values: dict[str, str]
    name: str
    community: str
    house: str
    at: datetime
    taken_by: str
    conversation_id: int | None
    step: int
    phones: tuple[Phone, ...]


async def open_ones(*, actor: Actor, limit: int = 20) -> list[Alarm]:
    """Those that nobody has taken first, the oldest of them on top; none for whom alerts are no work of theirs."""
    if actor.scope is None or Field.ALERTS not in actor.scope.sees:
        return []
    found = StaffTask.filter(actor.scope.rows(), kind=TaskKind.ALERT, done_at=None).annotate(
        in_hands=_IN_HANDS
    )
    talks = Field.TALKS in actor.scope.sees
    alarms = await _views(found.order_by("in_hands", "id").limit(limit), talks=talks)
    return sorted(alarms, key=lambda one: (bool(one.taken_by), one.at))


async def of_talk(conversation: Conversation, *, actor: Actor) -> list[Alarm]:
    """Open ones of whoever this talk is with, and whom to call."""
    if actor.scope is None or Field.ALERTS not in actor.scope.sees:
        return []
    found = StaffTask.filter(person_id=conversation.person_id, kind=TaskKind.ALERT, done_at=None)
    return await _views(found.order_by("-id").limit(_OF_ONE), phones=True)


async def _views(found: QuerySet[StaffTask], *, phones: bool = False, talks: bool = True) -> list[Alarm]:
    rows = await found.select_related("taken_by", "person", "community")
    if not rows:
        return []
    living = await homes.of([one.person_id for one in rows if one.person_id])
    people = [one.person_id for one in rows if one.person_id] if talks else []
    with_them = Conversation.filter(person_id__in=people).only("id", "person_id")
    by_person = {one.person_id: one.id for one in await with_them}
    return [
        await _view(one, living.get(one.person_id or 0), by_person.get(one.person_id or 0), phones=phones)
        for one in rows
    ]


async def _view(task: StaffTask, home: Home | None, talk_id: int | None, *, phones: bool) -> Alarm:
    step = int(task.values.get("step") or 0)
    kind = str(task.values.get("kind") or "")
    danger = Danger(kind) if kind in list(Danger) else Danger.OTHER
    called = await duty_phones.of(task.community_id, danger) if step or phones else []
    return Alarm(
        id=task.id,
        reason=task.reason,
        values={name: str(value) for name, value in task.values.items()},
        name=home.name if home else (task.person.name if task.person else ""),
        community=task.community.name if task.community else "",
        house=home.house_label if home else "",
        at=task.created_at,
        taken_by=str(task.values.get("taken") or "") or (task.taken_by.name if task.taken_by else ""),
        conversation_id=talk_id,
        step=step,
        phones=tuple(called[:_PHONES]),
    )
