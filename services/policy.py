"""What a company decides for itself: typed values from a table, each with its default from settings.toml.

Every process reads the table again at most a second after it was read, so that a change holds everywhere within two.
`settings` keeps what an operator decides: addresses, keys, sizes, logs.
"""

import json
import logging
from dataclasses import dataclass, replace
from datetime import time
from itertools import pairwise
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

import settings
from models.events import SubjectKind
from models.policies import PolicyValue
from services import cache, events
from services.actors import Actor
from services.errors import Invalid
from services.events import Subject
from services.scope import Field as Work

log = logging.getLogger(__name__)

_FRESH_S = 1.0

Period = tuple[time, time]


def _in_order(found: tuple[Period, ...]) -> tuple[Period, ...]:
    """As the settings ask of theirs: without working time the clocks would look for it for ever."""
    if any(opens >= closes for opens, closes in found):
        raise ValueError("a period ends before it begins")
    if any(later[0] <= earlier[1] for earlier, later in pairwise(found)):
        raise ValueError("the periods of a day stand in their order, with a break between them")
    return found


_MOST = 100_000  # of days, hours or minutes: more is a slip of the finger
Periods = Annotated[tuple[Period, ...], Field(min_length=1), AfterValidator(_in_order)]
Weekdays = Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=_MOST)]
Length = Annotated[int, Field(ge=0, le=_MOST)]
Several = Annotated[int, Field(ge=2, le=_MOST)]
Stars = Annotated[int, Field(ge=0, le=5)]
Percent = Annotated[int, Field(ge=0, le=100)]


@dataclass(frozen=True, slots=True)
class Policy:
    """Hours, days and minutes are what residents are told; a period is (opens, closes) of one day, local time."""

    office_hours: Periods  # when staff answer people, every day
    working_hours: Periods  # in which the clocks of repairs run
    working_days: Weekdays  # Monday is 1
    handover_minutes: Count  # a talk that staff hold and both sides are done with goes back to the bot
    silence_minutes: (
        Count  # a holder who is silent for so long is reminded; after twice that they lose the talk
    )
    urge_minutes: Count  # a resident may urge one repair again after this
    grab_minutes: Count  # a job that nobody takes is assigned after this
    reassignments: Length  # a job that so many technicians left unanswered goes to the supervisor
    settle_seconds: Length  # a report may be put right for so long before anybody is sent
    reopen_days: Length  # after closing, a rating may be changed or 没修好 said for so long
    undo_minutes: Length  # a 到了 tapped by mistake may be taken back for so long
    grace_minutes: Length  # the supervisor hears of an arrival that is later than this
    stalled_days: Count  # an open repair to which nothing happened for so many working days stands still
    low_stars: Stars  # customer service calls whoever gives so few
    repair_close_days: Count  # finished work that nobody rates closes itself
    max_photos: Count  # of one report
    same_fault_households: Several  # so many of one building who report the same …
    same_fault_minutes: Count  # … within so long are proposed as one fault
    unmerge_hours: Count  # tickets that were merged into one may be taken apart for so long
    complaint_first_hours: Count  # office hours until somebody takes a complaint or suggestion up
    complaint_hours: Count  # office hours until a complaint must be answered
    suggestion_hours: Count
    complaint_close_days: Count  # an answer that nobody objects to closes the complaint
    follow_up_days: Count  # what nobody said anything about for so long after it was done is called about
    follow_up_percent: Percent  # of what seems well is called about as a sample
    quiet_hours: Period | None  # no reminder or notice is sent to residents; danger and answers always are


_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind) for name, kind in get_type_hints(Policy, include_extras=True).items()
}


def periods(text: str) -> tuple[Period, ...]:
    """ "08:30-12:00, 13:30-18:00" as in the settings: the periods of one day, in order."""
    spans = [part.strip().split("-") for part in text.split(",")]
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)


def defaults() -> Policy:
    """As settings.toml has it."""
    found = settings.load()
    return Policy(
        office_hours=periods(found.human.office_hours),
        working_hours=periods(found.repairs.working_hours),
        working_days=tuple(found.repairs.working_days),
        handover_minutes=found.human.timeout_minutes,
        silence_minutes=found.human.silence_minutes,
        urge_minutes=found.repairs.urge_minutes,
        grab_minutes=found.repairs.grab_minutes,
        reassignments=found.repairs.reassignments,
        settle_seconds=found.repairs.settle_seconds,
        reopen_days=found.repairs.reopen_days,
        undo_minutes=found.repairs.undo_minutes,
        grace_minutes=found.repairs.grace_minutes,
        stalled_days=found.repairs.stalled_days,
        low_stars=found.repairs.low_stars,
        repair_close_days=found.repairs.auto_close_days,
        max_photos=found.media.max_photos,
        same_fault_households=found.repairs.same_fault_households,
        same_fault_minutes=found.repairs.same_fault_minutes,
        unmerge_hours=found.repairs.unmerge_hours,
        complaint_first_hours=found.complaints.first_hours,
        complaint_hours=found.complaints.answer_hours,
        suggestion_hours=found.complaints.suggestion_hours,
        complaint_close_days=found.complaints.auto_close_days,
        follow_up_days=found.follow_ups.after_days,
        follow_up_percent=found.follow_ups.percent,
        quiet_hours=periods(found.company.quiet_hours)[0] if found.company.quiet_hours else None,
    )


async def _load() -> Policy:
    """What was decided by rules of an earlier release, and cannot be any more, leaves its default."""
    decided: dict[str, Any] = {}
    for row in await PolicyValue.all():
        if row.key in _ADAPTERS:
            try:
                decided[row.key] = _ADAPTERS[row.key].validate_python(row.value)
            except ValidationError as error:
                log.error("policy %s is left at its default: %s", row.key, error.errors()[0]["msg"])
    return replace(defaults(), **decided)


_current = cache.Cached(_load, seconds=_FRESH_S)


async def current() -> Policy:
    return await _current.get()


async def told() -> dict[str, str]:
    """Every value as JSON, by its key, as `change` takes it."""
    found = await current()
    return {
        key: json.dumps(_ADAPTERS[key].dump_python(getattr(found, key), mode="json")) for key in _ADAPTERS
    }


async def change(key: str, value: Any, *, actor: Actor) -> Policy:
    """Decide one value; None brings the default back. Raises Invalid for a key or a value that cannot be."""
    actor.doing(Work.POLICY)
    if key not in _ADAPTERS:
        raise Invalid("policy.unknown", key=key)
    before = _ADAPTERS[key].dump_python(getattr(await _load(), key), mode="json")
    after = None if value is None else _checked(key, value)
    if after is None:
        await PolicyValue.filter(key=key).delete()
    else:
        await PolicyValue.update_or_create({"value": after}, key=key)
    await events.record(
        Subject(SubjectKind.POLICY, 0),
        "changed",
        actor=actor,
        note=key,
        body={"before": before, "after": after},
    )
    _current.forget()
    return await current()


def _checked(key: str, value: Any) -> Any:
    try:
        found = _ADAPTERS[key].validate_python(value)
    except ValidationError as error:
        raise Invalid("policy.invalid", key=key, why=error.errors()[0]["msg"]) from error
    return _ADAPTERS[key].dump_python(found, mode="json")
