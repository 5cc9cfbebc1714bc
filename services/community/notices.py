"""公告: what a person may read, saying 收到, publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.community import Building, House, Unit
from models.events import SubjectKind
from models.notices import Level, Notice, NoticeKind, NoticeRead, NoticeStatus, NoticeTarget
from models.people import Binding, BindingStatus, Person
from services import clock, events, outbox, timers, work, worktime
from services.actors import SYSTEM, Actor
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject
from services.scope import Field, Scope

BATCH = 500  # people told by one run of the worker
PAUSE = timedelta(seconds=5)  # between runs: what single people wait for is sent in between


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice to one person. `wants_receipt` while an urgent one lacks their 收到."""

    id: int
    kind: NoticeKind
    title: str
    text: str
    picture: str
    published_at: datetime | None
    read: bool
    wants_receipt: bool


async def visible(person_id: int, *, kind: NoticeKind | None = None, limit: int = 5) -> list[Shown]:
    """Aimed at the person, their house, unit, building or community, or at all; newest first."""
    found = _current(_aimed_at(person_id, await homes.find(person_id)))
    if kind is not None:
        found = found.filter(kind=kind)
    notices = await found.order_by("-published_at", "-id").limit(limit)
    ids = [notice.id for notice in notices]
    reads = {read.notice_id: read for read in await NoticeRead.filter(person_id=person_id, notice_id__in=ids)}
    return [_shown(notice, reads.get(notice.id)) for notice in notices]


async def read(person_id: int, notice_id: int, *, actor: Actor) -> Shown:
    """Open one notice, which marks it read; one that is not for this person raises NotFound."""
    return await _read(person_id, notice_id)


async def _read(person_id: int, notice_id: int) -> Shown:
    found = _current(_aimed_at(person_id, await homes.find(person_id)))
    notice = await found.get_or_none(id=notice_id)
    if notice is None:
        raise NotFound("notice.not_found")
    row = NoticeRead(notice_id=notice_id, person_id=person_id, read_at=clock.now())
    await NoticeRead.bulk_create([row], ignore_conflicts=True)
    return _shown(notice, await NoticeRead.get(notice_id=notice_id, person_id=person_id))


async def acknowledge(person_id: int, notice_id: int, *, actor: Actor) -> Shown:
    """收到, once; tapping again changes nothing."""
    shown = await _read(person_id, notice_id)
    mark = NoticeRead.filter(notice_id=notice_id, person_id=person_id, receipt_at=None)
    if await mark.update(receipt_at=clock.now()):
        notice = await Notice.get(id=notice_id)
        await events.record(_subject(notice), "received", actor=actor, body={"person": person_id})
    return replace(shown, wants_receipt=False)


async def head_count(notice_id: int, *, actor: Actor) -> int:
    """How many followers the notice is meant for, as its targets stand."""
    own = actor.seeing(Field.CONTENT)
    if not await Notice.filter(own.own(), id=notice_id).exists():
        raise NotFound("notice.not_found")
    return await _heads(notice_id)


async def _heads(notice_id: int) -> int:
    return await Person.filter(await _meant_for(notice_id)).count()


async def publish(notice_id: int, *, actor: Actor, at: datetime | None = None) -> None:
    """Show it now or at a later moment; with `push` it is also sent to everybody it is meant for.

    Raises NotAllowed notice.published for one that is out already, notice.beyond for one that is aimed at people
    outside of the scope.
    """
    own = actor.doing(Field.CONTENT)
    notice = await _lock(notice_id, own.own())
    await _refuse_beyond(notice, own)
    if notice.status not in {NoticeStatus.DRAFT, NoticeStatus.SCHEDULED}:
        raise NotAllowed("notice.published", title=notice.title)
    if at is None or at <= clock.now():
        await _release(notice, actor)
        return
    await _change(notice, NoticeStatus.SCHEDULED, "scheduled", actor)
    await timers.set_timer("notice_publish", notice.id, at)


async def withdraw(notice_id: int, *, actor: Actor) -> None:
    """Take it back: nobody sees it any more, and what has not left yet is not sent."""
    own = actor.doing(Field.CONTENT)
    notice = await _lock(notice_id, own.own())
    await _change(notice, NoticeStatus.WITHDRAWN, "withdrawn", actor)
    await timers.clear("notice_publish", notice.id)
    await outbox.cancel_all(_key(notice))


async def run_publish(notice_id: int, *, after: int | None) -> None:
    """By timer: release a scheduled notice (`after` None), or send on to people with ids after `after`."""
    notice = await _lock(notice_id, Q())
    if after is None and notice.status is NoticeStatus.SCHEDULED:
        await _release(notice, SYSTEM)
    elif after is not None and notice.status is NoticeStatus.PUBLISHED:
        await _send_batch(notice, after)


async def _release(notice: Notice, actor: Actor) -> None:
    notice.published_at = clock.now()
    if notice.push:
        notice.head_count = await _heads(notice.id)
    await _change(notice, NoticeStatus.PUBLISHED, "published", actor)
    await timers.clear("notice_publish", notice.id)
    if notice.push:
        await _send_next(notice, 0, clock.now())


async def _send_batch(notice: Notice, after: int) -> None:
    """Whatever is not urgent waits until the quiet hours are over."""
    now = clock.now()
    morning = now if notice.kind is NoticeKind.URGENT else await worktime.after_quiet(now)
    if morning > now:
        await _send_next(notice, after, morning)
        return
    people = Person.filter(await _meant_for(notice.id), id__gt=after).order_by("id").limit(BATCH)
    ids = [int(str(found)) for found in await people.values_list("id", flat=True)]
    values: dict[str, outbox.Value] = {"title": notice.title, "text": notice.text, "notice": notice.id}
    phrase = "notice.urgent" if notice.kind is NoticeKind.URGENT else "notice.new"
    await outbox.tell_all([(person, values, f"{_key(notice)}{person}") for person in ids], phrase)
    if len(ids) == BATCH:
        await _send_next(notice, ids[-1], clock.now() + PAUSE)


async def _send_next(notice: Notice, after: int, at: datetime) -> None:
    key = f"notice_publish:{notice.id}:{after}"
    await timers.set_timer("notice_publish", notice.id, at, key=key, note={"after": after})


def _key(notice: Notice) -> str:
    """How the keys begin of all that is sent for it."""
    return f"notice:{notice.id}:"


async def _refuse_beyond(notice: Notice, by: Scope) -> None:
    """Whose notice it is does not say whom it is aimed at."""
    if by.communities is None:
        return
    aims: dict[Level, list[int]] = {level: [] for level in Level}
    for target in await NoticeTarget.filter(notice_id=notice.id):
        aims[target.level].append(target.subject_id)
    if aims[Level.ALL] or not await _places(aims) <= by.communities:
        raise NotAllowed("notice.beyond", title=notice.title)


async def _places(aims: Mapping[Level, Sequence[int]]) -> set[int]:
    """The communities of what is aimed at."""
    units = Unit.filter(id__in=aims[Level.UNIT]).values_list("building__community_id", flat=True)
    buildings = Building.filter(id__in=aims[Level.BUILDING]).values_list("community_id", flat=True)
    houses = House.filter(id__in=aims[Level.HOUSE]).values_list("community_id", flat=True)
    bound = Binding.filter(person_id__in=aims[Level.PERSON], status=BindingStatus.ACTIVE)
    homes_of = bound.values_list("community_id", flat=True)
    found = [*await units, *await buildings, *await houses, *await homes_of]
    return {*aims[Level.COMMUNITY], *(int(str(one)) for one in found)}


async def _lock(notice_id: int, theirs: Q) -> Notice:
    notice = await work.lock(Notice.filter(theirs, id=notice_id))
    if notice is None:
        raise NotFound("notice.not_found")
    return notice


async def _change(notice: Notice, to: NoticeStatus, verb: str, actor: Actor) -> None:
    before, notice.status = notice.status, to
    await notice.save()
    await events.record(_subject(notice), verb, actor=actor, before=before, after=to)


def _subject(notice: Notice) -> Subject:
    return Subject(SubjectKind.NOTICE, notice.id, notice.community_id)


def _current(aimed: Q) -> QuerySet[Notice]:
    now = clock.now()
    out = Notice.filter(status=NoticeStatus.PUBLISHED, published_at__lte=now)
    fresh = out.filter(Q(expires_at=None) | Q(expires_at__gt=now))
    return fresh.filter(id__in=Subquery(NoticeTarget.filter(aimed).values("notice_id")))


def _aimed_at(person_id: int, home: Home | None) -> Q:
    aims = Q(level=Level.ALL) | Q(level=Level.PERSON, subject_id=person_id)
    if home is None:
        return aims
    subjects = {Level.COMMUNITY: home.community_id, Level.BUILDING: home.building_id}
    if home.confirmed:  # what one house alone is told may be what it owes
        subjects[Level.HOUSE] = home.house_id
    if home.unit_id is not None:
        subjects[Level.UNIT] = home.unit_id
    for level, subject in subjects.items():
        aims |= Q(level=level, subject_id=subject)
    return aims


_HOUSES = {
    Level.COMMUNITY: "community_id__in",
    Level.BUILDING: "house__building_id__in",
    Level.UNIT: "house__unit_id__in",
    Level.HOUSE: "house_id__in",
}


async def _meant_for(notice_id: int) -> Q:
    """Which followers the notice's targets name: the mirror of _aimed_at."""
    subjects: dict[Level, list[int]] = {}
    for target in await NoticeTarget.filter(notice_id=notice_id):
        subjects.setdefault(target.level, []).append(target.subject_id)
    reachable = Q(following=True, blocked=False)
    if Level.ALL in subjects:
        return reachable
    named = Q(id__in=subjects.get(Level.PERSON, []))
    for level, field in _HOUSES.items():
        if level in subjects:
            living = Binding.filter(status=BindingStatus.ACTIVE, **{field: subjects[level]})
            if level is Level.HOUSE:
                living = living.filter(matched=True)
            named |= Q(id__in=Subquery(living.values("person_id")))
    return reachable & named


def _shown(notice: Notice, read: NoticeRead | None) -> Shown:
    receipt = read is not None and read.receipt_at is not None
    return Shown(
        id=notice.id,
        kind=notice.kind,
        title=notice.title,
        text=notice.text,
        picture=notice.picture,
        published_at=notice.published_at,
        read=read is not None,
        wants_receipt=notice.kind is NoticeKind.URGENT and not receipt,
    )
