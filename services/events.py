"""Writing down what happened, append-only, for everything that staff, reports or an auditor may ask about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from models import rows
from models.events import Event, SubjectKind
from models.rows import Part
from services import clock, work
from services.actors import Actor, ActorKind

_LONGEST_NOTE = 4000  # characters
_LONGEST_SOURCE = 120

# Every change of every turn passes here, so by hand.
_RECORD = """
INSERT INTO event (
    subject_kind, subject_id, community_id, verb, actor_kind, actor_id, status_before, status_after, note, body, at,
    source
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about. `community_id` is None for what belongs to the whole company."""

    kind: SubjectKind
    id: int
    community_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """One event as it was recorded. `actor_id` is None for the system."""

    id: int
    verb: str
    actor_kind: str
    actor_id: int | None
    before: str
    after: str
    note: str
    body: Mapping[str, object]
    at: datetime


async def record(
    subject: Subject,
    verb: str,
    *,
    actor: Actor,
    before: str = "",
    after: str = "",
    note: str = "",
    body: Mapping[str, object] | None = None,
    beside: Sequence[Part] = (),
) -> EventView:
    """Record one change, in the transaction that makes it. `before` and `after` are statuses, "" for none.

    `beside` is the change itself, or what follows from it, where that is written in the same statement.
    """
    kind, who, source = doer(actor)
    view = EventView(0, verb, kind, who, before, after, note[:_LONGEST_NOTE], dict(body or {}), clock.now())
    [stored] = await rows.together(
        Event,
        _RECORD,
        subject.kind,
        subject.id,
        subject.community_id,
        verb,
        kind,
        who,
        before,
        after,
        view.note,
        orjson.dumps(view.body).decode(),
        view.at,
        source,
        beside=beside,
    )
    work.wake("desk")
    return replace(view, id=stored["id"])


async def record_many(
    subjects: Sequence[Subject], verb: str, *, actor: Actor, before: str = "", after: str = "", note: str = ""
) -> None:
    """The same change of many subjects in one statement."""
    made = [_row(one, verb, actor, before, after, note) for one in subjects]
    await Event.bulk_create(made)
    work.wake("desk")


async def of(
    kind: SubjectKind, subject_id: int, *, verbs: Sequence[str] = (), limit: int = 500
) -> list[EventView]:
    """What happened to one subject, oldest first; only these verbs when any are named."""
    found = Event.filter(subject_kind=kind, subject_id=subject_id)
    if verbs:
        found = found.filter(verb__in=list(verbs))
    return [_view(row) for row in await found.order_by("id").limit(limit)]


async def newest(kind: SubjectKind, subject_id: int) -> int:
    """The id of what happened last to one subject; 0 for nothing."""
    last = await Event.filter(subject_kind=kind, subject_id=subject_id).order_by("-id").first().only("id")
    return last.id if last else 0


def doer(actor: Actor) -> tuple[ActorKind, int | None, str | None]:
    """The columns that say who did something: kind, id, and from where."""
    who = None if actor.kind is ActorKind.SYSTEM else actor.id
    return actor.kind, who, actor.source[:_LONGEST_SOURCE] or None


def _row(subject: Subject, verb: str, actor: Actor, before: str, after: str, note: str) -> Event:
    kind, who, source = doer(actor)
    return Event(
        subject_kind=subject.kind,
        subject_id=subject.id,
        community_id=subject.community_id,
        verb=verb,
        actor_kind=kind,
        actor_id=who,
        status_before=before,
        status_after=after,
        note=note[:_LONGEST_NOTE],
        body={},
        source=source,
        at=clock.now(),
    )


def _view(row: Event) -> EventView:
    return EventView(
        id=row.id,
        verb=row.verb,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        before=row.status_before,
        after=row.status_after,
        note=row.note,
        body=row.body,
        at=row.at,
    )
