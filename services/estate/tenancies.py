"""Ends of living somewhere: a tenancy on its day, and a house that is sold. Nothing is deleted by either."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.community import House, Occupant, Relation
from models.events import SubjectKind
from models.people import Binding
from services import clock, events, outbox, spelling, timers, work
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.estate import bindings, reviews
from services.estate.corrections import Written
from services.events import Subject
from services.outbox import Value
from services.scope import Field

KIND = "tenancy_end"
_FURTHEST = timedelta(days=10 * 366)
_SOLD = "房屋换了业主"


@dataclass(frozen=True, slots=True)
class Sold:
    """`ended` counts the bindings that the change ended, `left` the lines of the list."""

    ended: int
    left: int


async def end(binding_id: int, *, last_day: date, reason: str = "", actor: Actor) -> bool:
    """The person lives there until that day: it ends now when the day is over or today, else by itself afterwards.

    True when it has ended. The person hears of either. Raises NotFound, NotAllowed, Invalid for a day too far off.
    """
    binding = await reviews.held(binding_id, reviews.CURRENT, actor=actor)
    today = clock.local(clock.now()).date()
    if last_day > today + _FURTHEST:
        raise Invalid("residents.day_too_far")
    if last_day <= today:
        await _end(binding, reason, actor)
        return True
    await timers.set_timer(KIND, binding.id, _after(last_day), note={"reason": reason[:200]})
    binding.note = reason[:200] or binding.note
    await binding.save(update_fields=["note"])
    changes = {"on": ("", last_day.isoformat())}
    await reviews.record(binding, "tenancy_set", actor=actor, note=reason, changes=changes)
    await _tell(binding, "binding.will_end", day=last_day.isoformat(), reason=reason)
    return False


async def run_end(binding_id: int, reason: str, *, actor: Actor) -> None:
    """By timer: the last day is over."""
    binding = await work.lock(Binding.filter(id=binding_id, status__in=reviews.CURRENT))
    if binding is not None:
        await binding.fetch_related("house")
        await _end(binding, reason, actor)


async def sell(house_id: int, owner: Written, *, actor: Actor) -> Sold:
    """Whoever was bound or listed there is not any more, but the new owner, who may have lived there before.

    Everybody whose binding ends hears of it. Raises NotFound outside of their scope.
    """
    own = actor.doing(Field.RESIDENTS)
    house = await work.lock(House.filter(own.own(), id=house_id))
    if house is None:
        raise NotFound("residents.no_such_house")
    current = await Binding.filter(house_id=house_id, status__in=reviews.CURRENT).order_by("id")
    kept = [one for one in current if _is(one, owner)]
    ended = [one for one in current if one not in kept]
    for one in ended:
        held = await reviews.held(one.id, reviews.CURRENT, actor=actor)
        await _end(held, _SOLD, actor)
    left, line = await _new_list(house_id, owner)
    for one in kept:
        await _now_owns(one, owner, actor)
    subject = Subject(SubjectKind.HOUSE, house.id, house.community_id)
    body: dict[str, object] = {"owner": owner.name, "occupant": line, "ended": len(ended), "left": left}
    await events.record(subject, "owner_changed", actor=actor, body=body)
    return Sold(len(ended), left)


async def _new_list(house_id: int, owner: Written) -> tuple[int, int]:
    """How many lines ended, and the id of the new one."""
    lines = await Occupant.filter(house_id=house_id, left_at=None)
    await Occupant.filter(id__in=[one.id for one in lines]).update(left_at=clock.now())
    made = await Occupant.create(
        house_id=house_id, name=owner.name, phone=owner.phone, relation=Relation.OWNER
    )
    return len(lines), made.id


async def _now_owns(binding: Binding, owner: Written, actor: Actor) -> None:
    before = binding.relation
    binding.relation, binding.matched = Relation.OWNER, True
    await binding.save(update_fields=["relation", "matched"])
    if before is not Relation.OWNER:
        changes: dict[str, Sequence[str]] = {"relation": (before.value, Relation.OWNER.value)}
        await reviews.record(binding, "corrected", actor=actor, changes=changes)


def _is(binding: Binding, someone: Written) -> bool:
    return spelling.same_person((binding.name, binding.phone), (someone.name, someone.phone))


async def _end(binding: Binding, reason: str, actor: Actor) -> None:
    """With the line of the list that is about the same person, who would else be confirmed again at once."""
    await bindings.end(binding, actor=actor, note=reason)
    listed = await Occupant.filter(house_id=binding.house_id, left_at=None)
    whose = (binding.name, binding.phone)
    theirs = [one.id for one in listed if spelling.same_person((one.name, one.phone), whose)]
    await Occupant.filter(id__in=theirs).update(left_at=clock.now())
    await timers.clear(KIND, binding.id)
    await _tell(binding, "binding.ended", reason=reason)


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=clock.LOCAL)


async def _tell(binding: Binding, phrase: str, **values: str) -> None:
    told: dict[str, Value] = {"house": binding.house.label, **values}
    await outbox.tell(binding.person_id, phrase, told, key=f"binding:{binding.id}:{phrase}:{clock.now()}")
