"""交接单 of the last shift: who went, what they left, and how that stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.events import Event, SubjectKind
from models.people import Duty, Staff
from services import clock
from services.actors import Actor
from services.desk import inbox, promises
from services.desk.listing import Row
from services.desk.promises import PromiseLine
from services.scope import Field

_SINCE = timedelta(hours=20)  # from an evening to the next noon


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody's sheet as they went. `talks` and `promises` are what the reader may see of it, as it stands now.

    `to` is the colleague who got them, "" for nobody; `queued` how many waited in the queue then; `expired` says that
    they did not go by themselves: their time was over.
    """

    name: str
    at: datetime
    to: str
    queued: int
    expired: bool
    talks: Sequence[Row]
    promises: Sequence[PromiseLine]


async def sheets(*, actor: Actor, limit: int = 5) -> list[Left]:
    """Of colleagues of the same office and of the whole company, newest first; each person's last one."""
    if actor.scope is None or Field.TALKS not in actor.scope.sees:
        return []
    found = Event.filter(subject_kind=SubjectKind.STAFF, verb="duty", status_after=Duty.OFF)
    rows = await found.filter(at__gte=clock.now() - _SINCE).order_by("-id").limit(50)
    people = {one.id: one for one in await Staff.filter(id__in=[row.subject_id for row in rows])}
    last: dict[int, Event] = {}
    for row in rows:
        if _shown(people.get(row.subject_id), actor):
            last.setdefault(row.subject_id, row)
    return [await _left(row, people, actor) for row in list(last.values())[:limit]]


def _shown(who: Staff | None, actor: Actor) -> bool:
    if who is None or who.id == actor.staff_id or actor.scope is None:
        return False
    return actor.scope.office_id is None or who.office_id in (None, actor.scope.office_id)


async def _left(row: Event, people: Mapping[int, Staff], actor: Actor) -> Left:
    body: Mapping[str, Any] = row.body
    ids = [int(one) for one in body.get("talks") or ()]
    talks = [await inbox.row(one, actor=actor) for one in ids]
    to = await Staff.filter(id=int(body.get("to") or 0)).first()
    return Left(
        name=people[row.subject_id].name,
        at=row.at,
        to=to.name if to else "",
        queued=int(body.get("queued") or 0),
        expired=bool(body.get("expired")),
        talks=[one for one in talks if one is not None],
        promises=await promises.by_id([int(one) for one in body.get("promises") or ()], actor=actor),
    )
