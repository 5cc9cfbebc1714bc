"""Two persons that are one: what belongs to the one goes to the other, who stays; within a day all of it can go back.

Their talks stay what they are, each with its own account of WeChat: what was said there was said there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.models import Model

from models.activities import SignUp
from models.billing import Payment
from models.complaints import Complaint
from models.events import SubjectKind
from models.people import Binding, BindingStatus, Person, PersonMerge, Staff, Technician
from models.requests import ServiceRequest
from models.tasks import StaffTask
from models.tickets import Ticket, TicketFollower
from services import accused, clock, events, spelling, staff_tasks, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed
from services.estate import bindings, house_file, reviews
from services.estate.house_file import PersonFile
from services.estate.reviews import CURRENT
from services.events import Subject
from services.scope import Field

UNDO = timedelta(hours=24)
_ALIKE = 10  # suggestions


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of `model` whose `owner` is the person. There may be one for each `once` and person."""

    kind: str
    model: type[Model]
    owner: str
    once: str = ""
    only: Q = field(default_factory=Q)


BELONGINGS = (
    Belonging("bindings", Binding, "person_id", only=~Q(status__in=CURRENT)),
    Belonging("tickets", Ticket, "reporter_id"),
    Belonging("followed", TicketFollower, "person_id", once="ticket_id"),
    Belonging("complaints", Complaint, "person_id"),
    Belonging("requests", ServiceRequest, "person_id"),
    Belonging("sign_ups", SignUp, "person_id", once="activity_id"),
    Belonging("payments", Payment, "person_id"),
    Belonging("tasks", StaffTask, "person_id", only=Q(done_at__isnull=True)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen. `moves` counts by kind what whoever compares may know of; `home` says what becomes of the
    current binding of who goes.

    `home` is "" without one, "moves", or "ends" because who stays has one.
    """

    survivor: PersonFile
    absorbed: PersonFile
    moves: Mapping[str, int]
    home: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge as the pages of both show it; `undo_until` is None when it is too late."""

    id: int
    other_id: int
    other: str
    survives: bool
    at: datetime
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same: the same phone, or the same name in the same house."""

    id: int
    name: str
    house: str
    phone: str


async def compare(survivor_id: int, absorbed_id: int, *, actor: Actor) -> Plan:
    """Changes nothing. Raises what `merge` raises."""
    actor.doing(Field.RESIDENTS)
    survivor = await house_file.of_person(survivor_id, actor=actor)
    if survivor_id == absorbed_id:
        raise Invalid("merging.same")
    absorbed = await house_file.of_person(absorbed_id, actor=actor)
    await _refuse_merged(survivor_id, absorbed_id)
    await _refuse_staff(absorbed_id)
    found = {
        one.kind: await _known(one, await _ids(one, survivor_id, absorbed_id), actor) for one in BELONGINGS
    }
    return Plan(survivor, absorbed, found, await _home(survivor_id, absorbed_id))


async def merge(survivor_id: int, absorbed_id: int, *, actor: Actor) -> int:
    """The id of the merge. Raises Invalid for oneself, NotFound outside of the scope, NotAllowed for staff."""
    for person_id in sorted((survivor_id, absorbed_id)):
        await work.lock(Person.filter(id=person_id))
    plan = await compare(survivor_id, absorbed_id, actor=actor)
    moved: dict[str, list[int]] = {}
    for one in BELONGINGS:
        moved[one.kind] = await _ids(one, survivor_id, absorbed_id)
        await _move(one, moved[one.kind], absorbed_id, survivor_id)
    moved |= await _settle_home(plan, actor)
    row = await PersonMerge.create(
        survivor_id=survivor_id, absorbed_id=absorbed_id, moved=moved, at=clock.now()
    )
    count = sum(map(len, moved.values()))
    await _record(plan, "merged", "merged_into", actor, row.id, count)
    return int(row.id)


async def undo(merge_id: int, *, actor: Actor) -> None:
    """All goes back that is still where it was put. Raises NotAllowed after a day or when it was done already."""
    actor.doing(Field.RESIDENTS)
    row = await work.lock(PersonMerge.filter(id=merge_id))
    if row is None:
        raise NotAllowed("merging.unknown")
    survivor = await house_file.of_person(row.survivor_id, actor=actor)
    absorbed = await house_file.of_person(row.absorbed_id, actor=actor)
    if row.undone_at is not None or clock.now() > row.at + UNDO:
        raise NotAllowed("merging.too_late")
    count = 0
    for one in BELONGINGS:
        count += await _move(one, row.moved.get(one.kind, []), row.survivor_id, row.absorbed_id)
    count += await _home_again(row, actor)
    row.undone_at = clock.now()
    await row.save(update_fields=["undone_at"])
    plan = Plan(survivor, absorbed, {}, "")
    await _record(plan, "unmerged", "unmerged", actor, row.id, count)


async def of(person_id: int, *, actor: Actor) -> list[Merged]:
    """Merges that stand, on either side, the newest first."""
    actor.seeing(Field.RESIDENTS)
    found = PersonMerge.filter(Q(survivor_id=person_id) | Q(absorbed_id=person_id), undone_at=None)
    rows = await found.select_related("survivor", "absorbed").order_by("-id")
    return [_merged(row, person_id) for row in rows]


async def alike(person_id: int, *, actor: Actor) -> list[Alike]:
    """Within their scope; nobody who is merged already."""
    own = actor.seeing(Field.RESIDENTS)
    mine = await Binding.filter(own.rows(), person_id=person_id)
    phones = [one.phone for one in mine if one.phone]
    same = Q(phone__in=phones)
    for one in mine:
        same |= Q(house_id=one.house_id, name=one.name)
    gone = await PersonMerge.filter(undone_at=None).values_list("absorbed_id", flat=True)
    found = Binding.filter(own.rows(), same).exclude(person_id__in=[person_id, *gone])
    rows = await found.order_by("-id").limit(_ALIKE).select_related("house") if mine else []
    lines = {row.person_id: row for row in reversed(rows)}
    return [
        Alike(row.person_id, row.name, row.house.label, spelling.masked(row.phone)) for row in lines.values()
    ]


async def _ids(one: Belonging, survivor_id: int, absorbed_id: int) -> list[int]:
    """What would move: where both have what there may be one of, each keeps their own."""
    found = one.model.filter(one.only, **{one.owner: absorbed_id})
    if one.once:
        theirs = await one.model.filter(**{one.owner: survivor_id}).values_list(one.once, flat=True)
        found = found.exclude(**{f"{one.once}__in": list(theirs)}) if theirs else found
    rows: Sequence[dict[str, int]] = await found.order_by("id").values("id")
    return [row["id"] for row in rows]


async def _known(one: Belonging, ids: Sequence[int], actor: Actor) -> int:
    """How many of them whoever compares may know of: no complaint about themselves, and none without a name."""
    found = one.model.filter(id__in=list(ids))
    if one.model is Complaint:
        found = found.filter(await accused.not_about(actor), anonymous=False)
    if one.model is StaffTask and actor.staff_id is not None:
        found = found.filter(staff_tasks.not_about(actor.staff_id))
    return int(await found.count())


async def _move(one: Belonging, ids: Sequence[int], owner_id: int, to_id: int) -> int:
    """How many. Held in the order of their ids, as everybody holds them, so that no two wait for each other."""
    theirs = one.model.filter(id__in=list(ids), **{one.owner: owner_id})
    await theirs.order_by("id").select_for_update(no_key=True).only("id")
    return await theirs.update(**{one.owner: to_id})


async def _home(survivor_id: int, absorbed_id: int) -> str:
    if not await Binding.exists(person_id=absorbed_id, status__in=CURRENT):
        return ""
    return "ends" if await Binding.exists(person_id=survivor_id, status__in=CURRENT) else "moves"


async def _settle_home(plan: Plan, actor: Actor) -> dict[str, list[int]]:
    """A person has one current binding at most: who stays keeps theirs."""
    current = await work.lock(Binding.filter(person_id=plan.absorbed.id, status__in=CURRENT))
    if current is None:
        return {}
    if plan.home == "moves":
        await Binding.filter(id=current.id).update(person_id=plan.survivor.id)
        return {"home": [current.id]}
    await current.fetch_related("house")
    before = current.status
    await bindings.end(current, actor=actor)
    return {"ended_active" if before is BindingStatus.ACTIVE else "ended_pending": [current.id]}


async def _home_again(row: PersonMerge, actor: Actor) -> int:
    """How many bindings are as they were."""
    home = Binding.filter(id__in=row.moved.get("home", []), person_id=row.survivor_id)
    count: int = await home.update(person_id=row.absorbed_id)
    if await Binding.exists(person_id=row.absorbed_id, status__in=CURRENT):
        return count
    for kind, status in (("ended_active", BindingStatus.ACTIVE), ("ended_pending", BindingStatus.PENDING)):
        ended = Binding.filter(
            id__in=row.moved.get(kind, []), person_id=row.absorbed_id, status=BindingStatus.ENDED
        )
        for one in await ended:
            one.status, one.ended_at = status, None
            await one.save(update_fields=["status", "ended_at"])
            await reviews.record(one, "restored", actor=actor, before=BindingStatus.ENDED, after=status)
            count += 1
    return count


async def _refuse_merged(survivor_id: int, absorbed_id: int) -> None:
    """Chains and rings would make it unclear what goes back where."""
    gone = PersonMerge.filter(absorbed_id__in=[survivor_id, absorbed_id], undone_at=None)
    if await gone.exists():
        raise NotAllowed("merging.already")


async def _refuse_staff(person_id: int) -> None:
    """Whose account brings jobs and alerts is changed by their invite."""
    for model in (Technician, Staff):
        if await model.filter(person_id=person_id, active=True).exists():
            raise NotAllowed("merging.staff")


async def _record(plan: Plan, here: str, there: str, actor: Actor, merge_id: int, count: int) -> None:
    for mine, other, verb in ((plan.survivor, plan.absorbed, here), (plan.absorbed, plan.survivor, there)):
        communities = await Binding.filter(person_id=mine.id).order_by("-id").limit(1)
        where = communities[0].community_id if communities else None
        moved = "back" if here == there else "moved"
        body: dict[str, object] = {
            "other": f"{other.name} {other.id}".strip(),
            "merge": merge_id,
            moved: count,
        }
        await events.record(Subject(SubjectKind.PERSON, mine.id, where), verb, actor=actor, body=body)


def _merged(row: PersonMerge, person_id: int) -> Merged:
    survives = row.survivor_id == person_id
    other = row.absorbed if survives else row.survivor
    until = row.at + UNDO
    return Merged(row.id, other.id, other.name, survives, row.at, until if clock.now() < until else None)
