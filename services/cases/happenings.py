"""What happened to a case, in order, as its page and its dossier tell it: who, when, and whether it arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.people import Staff
from services import events
from services.actors import ActorKind
from services.cases import crossing
from services.events import EventView


class By(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


_BY = {ActorKind.PERSON: By.RESIDENT, ActorKind.STAFF: By.STAFF}


@dataclass(frozen=True, slots=True)
class Happening:
    """`sent` is the state of the message that told it to the resident, "" where none did; `why` it failed."""

    id: int
    verb: str
    by: By
    who: str  # the name of the member of staff
    text: str
    body: Mapping[str, object]
    at: datetime
    sent: str = ""
    why: str = ""


async def of(kind: SubjectKind, subject_id: int, *, person_id: int) -> list[Happening]:
    """Oldest first, with what became of what was sent to this person."""
    happened = await events.of(kind, subject_id)
    names = await _names(happened)
    sent = await _sent(f"{kind}_event:", happened, person_id)
    return [_happening(one, names, sent.get(one.id)) for one in happened]


def seen(happened: Sequence[Happening]) -> int:
    """The newest that somebody who acts has to know of, as `crossing.newest` finds it."""
    return max((one.id for one in happened if one.verb not in crossing.QUIET), default=0)


def _happening(event: EventView, names: Mapping[int, str], row: Outbox | None) -> Happening:
    by = _BY.get(ActorKind(event.actor_kind), By.SYSTEM)
    return Happening(
        id=event.id,
        verb=event.verb,
        by=by,
        who=names.get(event.actor_id or 0, "") if by is By.STAFF else "",
        text=event.note,
        body=event.body,
        at=event.at,
        sent=_state(row) if row else "",
        why=row.error if row else "",
    )


async def _names(happened: Sequence[EventView]) -> dict[int, str]:
    staff = {one.actor_id for one in happened if one.actor_kind == ActorKind.STAFF and one.actor_id}
    return {one.id: one.name for one in await Staff.filter(id__in=sorted(staff))}


async def _sent(prefix: str, happened: Sequence[EventView], person_id: int) -> dict[int, Outbox]:
    """By the id of the event that each told of. A key with more behind the id is for somebody of the staff."""
    keys = {f"{prefix}{one.id}": one.id for one in happened}
    rows = await Outbox.filter(key__in=list(keys), person_id=person_id)
    return {keys[row.key]: row for row in rows}


def _state(row: Outbox) -> str:
    if row.status is OutboxStatus.SENT and row.arrived_at is not None:
        return "arrived"
    if row.status is OutboxStatus.MASS:
        return OutboxStatus.PENDING.value
    return "" if row.status is OutboxStatus.CANCELLED else row.status.value
