"""Talks that wait for an answer, and when to remind of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from models.conversations import Conversation, Hold
from models.values import Json
from services import clock, worktime

_TOO_LATE = timedelta(hours=1)  # after a long stop of the worker a reminder would only puzzle


@dataclass(frozen=True, slots=True)
class Waiting:
    """A talk with its stored state. `worth_it` unless people have it or its time is long over."""

    id: int
    person_id: int
    turns: int
    state: Json
    worth_it: bool


async def due(limit: int) -> list[Waiting]:
    """Those to remind now, held until the unit of work ends; the rest of it is another worker's. At night nobody."""
    now = clock.now()
    if await worktime.after_quiet(now) > now:
        return []
    found = Conversation.filter(nudge_at__lte=clock.now()).limit(limit)
    return [
        Waiting(one.id, one.person_id, one.turns, one.state, await _is_worth_it(one))
        for one in await found.select_for_update(skip_locked=True)
    ]


async def done(talk_ids: Collection[int]) -> None:
    """Each is reminded of once, whether it was worth it or not."""
    await Conversation.filter(id__in=list(talk_ids)).update(nudge_at=None)


async def _is_worth_it(talk: Conversation) -> bool:
    if talk.hold is not Hold.BOT or talk.nudge_at is None:
        return False
    return clock.now() - await worktime.after_quiet(talk.nudge_at) <= _TOO_LATE
