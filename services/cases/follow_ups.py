"""回访: the list of calls to make, what came of each, and how they went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count

from models.events import SubjectKind
from models.follow_ups import CallOutcome, FollowUp, FollowUpCall, FollowUpReason
from models.people import Person
from models.tasks import StaffTask
from services import accused, clock, events, paging, spelling, staff_tasks, work
from services.actors import Actor
from services.cases import matters
from services.errors import Invalid, MayNot, NotAllowed, NotFound
from services.estate import homes
from services.events import Subject
from services.paging import Page
from services.scope import Field

TRIES = 3  # calls that nobody answers, after which it is let go
_AT_ONCE = 30
# The call about a bad rating of a repair is a task as well: how the keys of both begin, before the same end.
_TICKET, _TASK = f"{SubjectKind.TICKET}:", "follow_up:"
REACHED = frozenset({CallOutcome.SATISFIED, CallOutcome.DISSATISFIED})
_OPENED_AGAIN = frozenset({SubjectKind.TICKET, SubjectKind.COMPLAINT})


@dataclass(frozen=True, slots=True)
class Called:
    """One call that was made."""

    outcome: CallOutcome
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """`phone` is masked; `said` is what the resident said in the chat about how it went."""

    id: int
    kind: SubjectKind
    subject_id: int
    label: str
    said: str
    reason: FollowUpReason
    community: str
    house: str
    name: str
    phone: str
    finished_at: datetime
    done: bool
    calls: Sequence[Called]
    reopens: bool  # the matter can be opened anew


@dataclass(frozen=True, slots=True)
class Wanted:
    reason: FollowUpReason | None = None
    kind: SubjectKind | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of calls since a day: `reached` are those where somebody said how it was."""

    calls: int
    reached: int
    satisfied: int
    dissatisfied: int


async def listed(
    *, actor: Actor, done: bool = False, wanted: Wanted | None = None, after: str = "", limit: int = _AT_ONCE
) -> Page[Row]:
    """The oldest on top; of those that are done, the newest."""
    found = FollowUp.filter(await _visible(actor), _narrowed(wanted or Wanted()), done_at__isnull=not done)
    if (behind := paging.read(after)) is not None:
        found = found.filter(Q(id__lt=behind[0]) if done else Q(id__gt=behind[0]))
    rows = await found.order_by("-id" if done else "id").limit(limit + 1).select_related("community")
    part = paging.page(rows, limit, key=lambda row: (int(row.id),))
    return Page(await _rows(part.rows), part.after)


async def waiting(*, actor: Actor) -> int:
    return await FollowUp.filter(await _visible(actor), done_at__isnull=True).count()


async def shown(follow_up_id: int, *, actor: Actor) -> Row:
    """Raises NotFound for what they do not see."""
    return (await _rows([await _find(follow_up_id, actor)]))[0]


async def phone(follow_up_id: int, *, actor: Actor) -> str:
    """The whole number. Raises NotFound where there is none. Who read whose is recorded."""
    row = await _find(follow_up_id, actor)
    home = await homes.find(row.person_id)
    found = home.phone if home else (await Person.get(id=row.person_id)).phone
    if not found:
        raise NotFound("human.no_phone")
    whose = Subject(SubjectKind.PERSON, row.person_id, row.community_id)
    await events.record(whose, "phone_read", actor=actor, note=row.label)
    return str(found)


async def record(follow_up_id: int, outcome: CallOutcome, *, actor: Actor, note: str = "") -> Row:
    """A call was made. It is done once somebody was reached, the number is wrong, or after so many tries."""
    if actor.staff_id is None:
        raise MayNot("may_not.complaints")
    if outcome is CallOutcome.DISSATISFIED and not note.strip():
        raise Invalid("follow_up.why")
    row = await work.lock(FollowUp.filter(await _visible(actor), id=follow_up_id))
    if row is None:
        raise NotFound("page.not_found")
    actor.doing(matters.FIELDS[SubjectKind(row.subject_kind)])
    if row.done_at is not None:
        raise NotAllowed("follow_up.done")
    now = clock.now()
    await FollowUpCall.create(
        follow_up_id=row.id, staff_id=actor.staff_id, outcome=outcome, note=note.strip(), at=now
    )
    row.calls, row.outcome = row.calls + 1, outcome
    if outcome is not CallOutcome.NO_ANSWER or row.calls >= TRIES:
        row.done_at = now
        await _settle(row, actor)
    await row.save()
    body = {"kind": row.subject_kind, "id": row.subject_id}
    subject = Subject(SubjectKind.FOLLOW_UP, int(row.id), row.community_id)
    await events.record(subject, "called", actor=actor, after=outcome, note=note.strip(), body=body)
    await row.fetch_related("community")
    return (await _rows([row]))[0]


async def done_by_task(task_id: int, *, actor: Actor) -> None:
    """Whoever is done with the task of a bad rating has seen to the call. Nothing for any other task."""
    task = await StaffTask.filter(id=task_id, key__startswith=_TASK).first()
    if task is None:
        return
    row = await work.lock(FollowUp.filter(key=task.key.replace(_TASK, _TICKET, 1), done_at=None))
    if row is not None:
        await FollowUp.filter(id=row.id).update(done_at=clock.now())
        subject = Subject(SubjectKind.FOLLOW_UP, int(row.id), row.community_id)
        await events.record(subject, "settled", actor=actor)


async def of(kind: SubjectKind, subject_id: int, *, actor: Actor) -> list[Called]:
    """The calls that were made about one matter."""
    mine = FollowUp.filter(await _visible(actor), subject_kind=kind, subject_id=subject_id)
    ids = [int(one.id) for one in await mine.only("id")]
    return [one for made in (await _calls(ids)).values() for one in made]


async def figures(*, actor: Actor, days: int) -> Figures:
    """Of the last so many days."""
    mine = await _visible(actor)
    since = clock.now() - timedelta(days=days)
    ids = Subquery(FollowUp.filter(mine).values("id"))
    found = FollowUpCall.filter(at__gte=since, follow_up_id__in=ids)
    grouped = await found.annotate(count=Count("id")).group_by("outcome").values("outcome", "count")
    by_outcome = {CallOutcome(one["outcome"]): int(one["count"]) for one in grouped}
    return Figures(
        calls=sum(by_outcome.values()),
        reached=sum(by_outcome.get(one, 0) for one in REACHED),
        satisfied=by_outcome.get(CallOutcome.SATISFIED, 0),
        dissatisfied=by_outcome.get(CallOutcome.DISSATISFIED, 0),
    )


async def _find(follow_up_id: int, actor: Actor) -> FollowUp:
    found = FollowUp.filter(await _visible(actor), id=follow_up_id)
    row = await found.select_related("community").first()
    if row is None:
        raise NotFound("page.not_found")
    return row


async def _visible(actor: Actor) -> Q:
    """In their scope, about their fields of work, and never about a complaint that is about themselves."""
    own = actor.seeing(Field.COMPLAINTS)
    kinds = [kind for kind, field in matters.FIELDS.items() if field in own.sees]
    found = own.rows() & Q(subject_kind__in=kinds)
    about = await accused.theirs(actor)
    if about:
        found &= ~Q(subject_kind=SubjectKind.COMPLAINT, subject_id__in=sorted(about))
    return found


def _narrowed(wanted: Wanted) -> Q:
    found = Q(reason=wanted.reason) if wanted.reason is not None else Q()
    return found & Q(subject_kind=wanted.kind) if wanted.kind is not None else found


async def _settle(row: FollowUp, actor: Actor) -> None:
    """The task that a bad rating of a repair made is the same call."""
    if row.subject_kind == SubjectKind.TICKET:
        await staff_tasks.settle_keys([row.key.replace(_TICKET, _TASK, 1)], actor=actor)


async def _rows(rows: Sequence[FollowUp]) -> list[Row]:
    living = await homes.of({row.person_id for row in rows})
    others = {one.id: one for one in await Person.filter(id__in=[row.person_id for row in rows])}
    made = await _calls([int(row.id) for row in rows])
    found = []
    for row in rows:
        home, person = living.get(row.person_id), others[row.person_id]
        found.append(
            Row(
                id=int(row.id),
                kind=SubjectKind(row.subject_kind),
                subject_id=row.subject_id,
                label=row.label,
                said=row.said,
                reason=row.reason,
                community=row.community.name if row.community else "",
                house=home.house_label if home else "",
                name=home.name if home else person.name,
                phone=spelling.masked(home.phone if home else person.phone),
                finished_at=row.finished_at,
                done=row.done_at is not None,
                calls=made.get(int(row.id), []),
                reopens=row.subject_kind in _OPENED_AGAIN,
            )
        )
    return found


async def _calls(ids: Collection[int]) -> dict[int, list[Called]]:
    found: dict[int, list[Called]] = {}
    rows = FollowUpCall.filter(follow_up_id__in=list(ids)).order_by("id").select_related("staff")
    for one in await rows:
        called = Called(one.outcome, one.note, one.staff.name, one.at)
        found.setdefault(one.follow_up_id, []).append(called)
    return found
