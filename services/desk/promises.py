"""答应的事: what staff promised somebody until when. It rings when it is due, for its maker and for their field."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.complaints import Complaint
from models.events import SubjectKind
from models.people import Staff
from models.promises import Promise, PromiseStatus
from models.tasks import TaskKind
from models.values import Json
from services import accused, clock, events, outbox, staff_tasks, timers, work, worktime
from services.actors import SYSTEM, Actor
from services.desk import holding, promised_in
from services.desk.promised_in import Matter
from services.errors import Invalid, MayNot, NotAllowed, NotFound
from services.estate import homes
from services.events import Subject
from services.scope import Field

KIND = "promise"  # the timer
LONGEST = 200  # characters
_FURTHEST = timedelta(days=366)
_BEFORE_CLOSING = timedelta(minutes=30)  # so that what is due today can still be done
_MORNING = time(11)


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """`kind` and `subject_id` are the matter, `entry` the message in a talk; `name` is whom it concerns. `may` says
    whether it is work of whoever reads it.
    """

    id: int
    text: str
    due_at: datetime
    due: bool
    staff: str
    mine: bool
    may: bool
    kind: str
    subject_id: int
    entry: str
    number: str
    name: str
    community: str
    house: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A moment to be chosen with one tap. `name` is its word among the phrases."""

    name: str
    at: datetime


async def chips() -> list[Chip]:
    """今天下班前, as long as that lies ahead, and 明天上午."""
    now, hours = clock.now(), (await worktime.of_desk()).periods
    here = clock.local(now)
    closes = datetime.combine(here.date(), hours[-1][1], clock.LOCAL) if hours else here
    moment = closes - _BEFORE_CLOSING if closes - _BEFORE_CLOSING > here else closes
    found = [Chip("closing", moment)] if moment > here else []
    morning = datetime.combine(here.date() + timedelta(days=1), _MORNING, clock.LOCAL)
    return [*found, Chip("morning", morning)]


async def make(matter: Matter, text: str, due_at: datetime, *, key: str, actor: Actor) -> int:
    """Promise something in a talk or another matter; the same key promises once.

    Raises NotFound for a matter that is not theirs to see, Invalid without words or for a moment that has passed.
    """
    staff_id, said = _staff(actor), text.strip()
    place = await promised_in.find(matter, actor=actor)
    if known := await Promise.filter(key=key, staff_id=staff_id).first():
        return int(known.id)
    if not said:
        raise Invalid("promise.empty")
    if len(said) > LONGEST:
        raise Invalid("page.too_long", longest=LONGEST)
    _must_lie_ahead(due_at)
    row = await Promise.create(
        key=key, staff_id=staff_id, subject_kind=matter.kind, subject_id=matter.id, entry=matter.entry,
        number=place.number, field=place.field, community_id=place.community_id, person_id=place.person_id,
        text=said, due_at=due_at, created_at=clock.now(),
    )  # fmt: skip
    await timers.set_timer(KIND, row.id, due_at)
    await _record(row, "made", actor, body={"due": due_at.isoformat()})
    if matter.kind is SubjectKind.CONVERSATION:
        talk = await holding.seen(matter.id, actor)
        await holding.record(talk, "promised", actor=actor, note=said, body={"until": due_at.isoformat()})
    return int(row.id)


async def keep(promise_id: int, *, actor: Actor) -> None:
    """办到了, by its maker or by a colleague of the same field."""
    await _end(await _lock(promise_id, actor), PromiseStatus.KEPT, "", actor)


async def give_up(promise_id: int, reason: str, *, actor: Actor) -> None:
    """做不到. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("promise.reason_needed")
    await _end(await _lock(promise_id, actor), PromiseStatus.GIVEN_UP, reason.strip()[:LONGEST], actor)


async def move(promise_id: int, due_at: datetime, *, actor: Actor) -> None:
    """改时间: it rings then and not before."""
    row = await _lock(promise_id, actor)
    _must_lie_ahead(due_at)
    before, row.due_at = row.due_at, due_at
    await row.save(update_fields=["due_at"])
    await staff_tasks.settle_key(_rings(row), actor=actor)
    await timers.set_timer(KIND, row.id, due_at)
    await _record(row, "moved", actor, body={"from": before.isoformat(), "due": due_at.isoformat()})


async def ring(promise_id: int, _: Json) -> None:
    """By timer: it is due, and stands on the list of those whose work it is."""
    row = await work.lock(Promise.filter(id=promise_id, status=PromiseStatus.OPEN, due_at__lte=clock.now()))
    if row is None:
        return
    maker = await Staff.get(id=row.staff_id)
    home = await homes.find(row.person_id) if row.person_id else None
    values = {"text": row.text, "staff": maker.name, "number": row.number, "promise": row.id}
    hidden = await _hidden_from(row)
    key = f"{_rings(row)}{row.due_at.isoformat()}"
    await staff_tasks.add(
        TaskKind.PROMISE,
        "promise",
        key=key,
        values={**values, **staff_tasks.hiding(hidden)},
        field=Field(row.field),
        community_id=row.community_id,
        person_id=row.person_id,
    )
    await _record(row, "due", SYSTEM)
    if maker.active and maker.person_id is not None and maker.id not in hidden:
        told: dict[str, outbox.Value] = {
            "text": row.text,
            "name": home.name if home else "",
            "house": home.house_label if home else "",
        }
        await outbox.tell(maker.person_id, "staff.promise_due", told, key=key)


async def mine(*, actor: Actor, limit: int = 100) -> list[PromiseLine]:
    """What this member of staff promised and has not ended, what is due first on top."""
    if actor.staff_id is None:
        return []
    return await _lines((await _open(actor)).filter(staff_id=actor.staff_id).limit(limit), actor)


async def of_matter(matter: Matter, *, actor: Actor) -> list[PromiseLine]:
    """What was promised in a talk, a ticket … and is open, by whomever."""
    return await _lines((await _open(actor)).filter(subject_kind=matter.kind, subject_id=matter.id), actor)


async def by_id(ids: Sequence[int], *, actor: Actor) -> list[PromiseLine]:
    """Those of these that are open still and theirs to see."""
    return await _lines((await _open(actor)).filter(id__in=list(ids)), actor) if ids else []


async def one(promise_id: int, *, actor: Actor) -> PromiseLine:
    """Raises NotFound for one that is ended or not theirs to see."""
    found = await by_id([promise_id], actor=actor)
    if not found:
        raise NotFound("promise.not_found")
    return found[0]


async def open_ids(staff_id: int) -> list[int]:
    """Of one member of staff, for who comes after them."""
    rows = await Promise.filter(staff_id=staff_id, status=PromiseStatus.OPEN).order_by("due_at").only("id")
    return [one.id for one in rows]


async def due_count(*, actor: Actor) -> int:
    """How many of this person's own are due."""
    return int(
        await (await _open(actor)).filter(staff_id=actor.staff_id or 0, due_at__lte=clock.now()).count()
    )


async def _open(actor: Actor) -> QuerySet[Promise]:
    """Those of their fields of work, but for what was promised about a complaint that is about themselves."""
    if actor.scope is None:
        raise NotAllowed("may_not.talks")
    found = Q(actor.scope.rows(), field__in=sorted(actor.scope.sees))
    if about := await accused.theirs(actor):
        found &= ~Q(subject_kind=SubjectKind.COMPLAINT, subject_id__in=sorted(about))
    return Promise.filter(found, status=PromiseStatus.OPEN).order_by("due_at", "id")


async def _hidden_from(row: Promise) -> set[int]:
    """Those of the staff whom the complaint is about in which it was promised, as is known now."""
    if row.subject_kind != SubjectKind.COMPLAINT:
        return set()
    return await accused.of_one(await Complaint.get(id=row.subject_id))


async def _lines(found: QuerySet[Promise], actor: Actor) -> list[PromiseLine]:
    rows = await found.select_related("staff", "community", "person")
    living = await homes.of([row.person_id for row in rows if row.person_id is not None])
    return [_line(row, living.get(row.person_id or 0), actor) for row in rows]


def _line(row: Promise, home: homes.Home | None, actor: Actor) -> PromiseLine:
    return PromiseLine(
        id=row.id,
        text=row.text,
        due_at=row.due_at,
        due=row.due_at <= clock.now(),
        staff=row.staff.name,
        mine=row.staff_id == actor.staff_id,
        may=row.staff_id == actor.staff_id or (actor.scope is not None and row.field in actor.scope.does),
        kind=row.subject_kind,
        subject_id=row.subject_id,
        entry=row.entry,
        number=row.number,
        name=home.name if home else row.person.name if row.person else "",
        community=row.community.name if row.community else "",
        house=home.house_label if home else "",
    )


async def _lock(promise_id: int, actor: Actor) -> Promise:
    """Raises NotFound for one that is ended or not theirs to see, MayNot for what is not theirs to do."""
    row = await work.lock((await _open(actor)).filter(id=promise_id))
    if row is None:
        raise NotFound("promise.not_found")
    if not await promised_in.may(Matter(SubjectKind(row.subject_kind), row.subject_id), actor=actor):
        raise MayNot(f"may_not.{row.field}")
    return row


async def _end(row: Promise, status: PromiseStatus, reason: str, actor: Actor) -> None:
    row.status, row.reason, row.ended_at = status, reason, clock.now()
    await row.save(update_fields=["status", "reason", "ended_at"])
    await timers.clear(KIND, row.id)
    await staff_tasks.settle_key(_rings(row), actor=actor)
    await _record(row, status, actor, before=PromiseStatus.OPEN, note=reason)


async def _record(
    row: Promise,
    verb: str,
    actor: Actor,
    *,
    before: str = "",
    note: str = "",
    body: dict[str, object] | None = None,
) -> None:
    subject = Subject(SubjectKind.PROMISE, row.id, row.community_id)
    about = {"about": f"{row.subject_kind}:{row.subject_id}"}
    await events.record(
        subject, verb, actor=actor, before=before, after=row.status, note=note, body={**about, **(body or {})}
    )


def _rings(row: Promise) -> str:
    """How the keys of its tasks begin."""
    return f"promise:{row.id}:"


def _must_lie_ahead(due_at: datetime) -> None:
    if due_at <= clock.now():
        raise Invalid("promise.past")
    if due_at > clock.now() + _FURTHEST:
        raise Invalid("promise.too_far")


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    return actor.staff_id
