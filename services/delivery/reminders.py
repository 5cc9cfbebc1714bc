"""Talks that wait for an answer, and when to remind of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from models.conversations import Conversation, Hold
from models.values import Json
from services import clock

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
    """Those to remind now, held until the unit of work ends; the rest of it is another worker's."""
    found = Conversation.filter(nudge_at__lte=clock.now()).limit(limit)
    return [
        Waiting(one.id, one.person_id, one.turns, one.state, _is_worth_it(one))
        for one in await found.select_for_update(skip_locked=True)
    ]


async def done(talk_ids: Collection[int]) -> None:
    """Each is reminded of once, whether it was worth it or not."""
    await Conversation.filter(id__in=list(talk_ids)).update(nudge_at=None)


def _is_worth_it(talk: Conversation) -> bool:
    late = talk.nudge_at is not None and clock.now() - talk.nudge_at > _TOO_LATE
    return talk.hold is Hold.BOT and not late
