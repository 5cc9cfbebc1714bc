"""险情 on the desk: what is open, who is in danger where, and whether anybody has taken it."""

from dataclasses import dataclass
from datetime import datetime

from models.conversations import Conversation
from models.tasks import StaffTask, TaskKind
from services.actors import Actor
from services.estate import homes
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind` is the danger's code, whose words stand in phrases; `conversation_id` leads to who told of it."""

    id: int
    reason: str
    values: dict[str, str]
    name: str
    community: str
    house: str
    at: datetime
    taken_by: str
    conversation_id: int | None


async def open_ones(*, actor: Actor, limit: int = 20) -> list[Alarm]:
    """Those that nobody has taken first, the oldest of them on top; none for whom alerts are no work of theirs."""
    if actor.scope is None or Field.ALERTS not in actor.scope.sees:
        return []
    found = (
        StaffTask.filter(actor.scope.rows(), kind=TaskKind.ALERT, done_at=None).order_by("id").limit(limit)
    )
    rows = await found.select_related("taken_by", "person", "community")
    living = await homes.of([one.person_id for one in rows if one.person_id])
    talks = Conversation.filter(person_id__in=[one.person_id for one in rows if one.person_id])
    by_person = {one.person_id: one.id for one in await talks.only("id", "person_id")}
    alarms = []
    for one in rows:
        home = living.get(one.person_id or 0)
        alarms.append(
            Alarm(
                id=one.id,
                reason=one.reason,
                values={name: str(value) for name, value in one.values.items()},
                name=home.name if home else (one.person.name if one.person else ""),
                community=one.community.name if one.community else "",
                house=home.house_label if home else "",
                at=one.created_at,
                taken_by=one.taken_by.name if one.taken_by else "",
                conversation_id=by_person.get(one.person_id or 0),
            )
        )
    return sorted(alarms, key=lambda one: (bool(one.taken_by), one.at))
