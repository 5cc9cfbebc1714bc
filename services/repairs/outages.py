"""停水停电: announced by staff, known to the bot at once, told to those who reported it, and its end told too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.community import Building
from models.events import SubjectKind
from models.faults import OutageHearer
from models.tickets import Outage
from models.values import Json
from services import clock, events, outbox, staff_tasks, timers, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import outage_news
from services.scope import Field

LONGEST = 300  # characters of what residents are told
_PAST = 30  # that are shown
_MANY = 500


class Supply(StrEnum):
    """What is cut off, as the categories of repairs name it."""

    WATER = "water"
    ELECTRIC = "electric"
    GAS = "gas"
    HVAC = "hvac"
    ELEVATOR = "elevator"
    NETWORK = "network"


class When(StrEnum):
    NOW = "now"
    DUE = "due"  # on, and its expected end is over
    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Draft:
    """`community_ids` says where; a building only beside one community. `ends_at` is expected, None when unknown."""

    community_ids: tuple[int, ...]
    building_id: int | None
    supply: Supply
    text: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutageLine:
    """`building` is "" for the whole community; `told` counts who was told and will hear of its end."""

    id: int
    community_id: int
    community: str
    building: str
    supply: str
    text: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    when: When
    told: int


async def listed(when: Collection[When], *, actor: Actor) -> list[OutageLine]:
    """Those on now first by when they should end, the coming by when they begin, the past by how long ago."""
    now = clock.now()
    over = Q(ended_at__isnull=False)
    found = Outage.filter(actor.seeing(Field.REPAIRS).rows())
    if When.PAST in when:
        rows = found.filter(over).order_by("-ended_at").limit(_PAST)
    elif When.COMING in when:
        rows = found.filter(~over, starts_at__gt=now).order_by("starts_at").limit(_MANY)
    else:
        rows = found.filter(~over, starts_at__lte=now).order_by("ends_at", "id").limit(_MANY)
    return await _lines(await rows.select_related("community", "building"))


async def one(outage_id: int, *, actor: Actor) -> OutageLine:
    """Raises NotFound outside of their scope."""
    found = Outage.filter(actor.seeing(Field.REPAIRS).rows(), id=outage_id)
    row = await found.select_related("community", "building").first()
    if row is None:
        raise NotFound("outage.not_found")
    return (await _lines([row]))[0]


async def would_hear(draft: Draft, *, actor: Actor) -> int:
    """How many reported it already and are told at once, or when it begins."""
    await _check(draft, actor)
    people: set[int] = set()
    for community_id in draft.community_ids:
        people |= set(await outage_news.reporters(community_id, draft.building_id, draft.supply))
    return len(people)


async def make(draft: Draft, *, actor: Actor) -> list[int]:
    """One of each community. Raises Invalid for what cannot be, NotFound for a place outside of their scope."""
    await _check(draft, actor)
    made = []
    for community_id in sorted(set(draft.community_ids)):
        row = await Outage.create(
            community_id=community_id,
            building_id=draft.building_id,
            category_code=draft.supply,
            text=draft.text.strip(),
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
        )
        await events.record(outage_news.subject(row), "made", actor=actor, note=row.text, body=_body(row))
        await outage_news.begin(row)
        made.append(row.id)
    return made


async def change(
    outage_id: int, *, text: str, starts_at: datetime, ends_at: datetime | None, actor: Actor
) -> None:
    """Other words or another time. Who was told hears of another end. Raises NotAllowed when it is over."""
    row = await _lock(outage_id, actor)
    check(text, starts_at, ends_at)
    before, end = _body(row), row.ends_at
    row.text, row.starts_at, row.ends_at = text.strip(), starts_at, ends_at
    if _body(row) == before:
        return
    await row.save(update_fields=["text", "starts_at", "ends_at"])
    event = await events.record(
        outage_news.subject(row),
        "changed",
        actor=actor,
        note=row.text,
        body={"before": before, "after": _body(row)},
    )
    await staff_tasks.settle_key(f"{outage_news.REASON}:{row.id}:", actor=actor)
    if ends_at != end and row.starts_at <= clock.now():
        await outage_news.tell(row, "outage.moved", str(event.id))
    await outage_news.begin(row)


async def end(outage_id: int, *, actor: Actor) -> int:
    """It is over: the bot says so no more, and everybody who was told hears it once. How many those are."""
    row = await _lock(outage_id, actor)
    begun = row.starts_at <= clock.now()
    row.ended_at = clock.now()
    await row.save(update_fields=["ended_at"])
    event = await events.record(
        outage_news.subject(row), "ended", actor=actor, note=row.text, body=_body(row)
    )
    await timers.clear(outage_news.KIND, row.id)
    await staff_tasks.settle_key(f"{outage_news.REASON}:{row.id}:", actor=actor)
    await outbox.cancel_all(f"outage:{row.id}:")
    return await outage_news.tell(row, "outage.over" if begun else "outage.called_off", str(event.id))


async def undo_end(outage_id: int, *, actor: Actor) -> None:
    """It is not over after all: who has not read of its end does not, the others hear that it goes on."""
    row = await work.lock(_mine(outage_id, actor))
    if row is None:
        raise NotFound("outage.not_found")
    if row.ended_at is None:
        return
    row.ended_at = None
    await row.save(update_fields=["ended_at"])
    ended = (await events.of(SubjectKind.OUTAGE, row.id, verbs=("ended",)))[-1]
    event = await events.record(outage_news.subject(row), "undone", actor=actor, note=row.text)
    people = [one.person_id for one in await outage_news.hearers(row.id)]
    read = [who for who in people if not await outbox.cancel(outage_news.key(row, str(ended.id), who))]
    await outage_news.tell(row, "outage.goes_on", str(event.id), only=read)
    await outage_news.begin(row)


async def ring(outage_id: int, note: Json) -> None:
    """Its beginning, or its expected end, has come."""
    row = await work.lock(Outage.filter(id=outage_id, ended_at=None))
    if row is not None:
        await outage_news.begin(row)


async def hear(outage_ids: Sequence[int], *, actor: Actor) -> None:
    """Somebody who asked about them wants to hear when they are over."""
    if actor.person_id is None:
        raise NotAllowed("outage.not_found")
    for row in await Outage.filter(id__in=list(outage_ids), ended_at=None):
        _, new = await OutageHearer.get_or_create(outage_id=row.id, person_id=actor.person_id)
        if new:
            await events.record(outage_news.subject(row), "followed", actor=actor)


async def _lines(rows: Sequence[Outage]) -> list[OutageLine]:
    told = await OutageHearer.filter(outage_id__in=[row.id for row in rows]).only("outage_id")
    counts: Mapping[int, int] = {row.id: sum(one.outage_id == row.id for one in told) for row in rows}
    return [
        OutageLine(
            id=row.id,
            community_id=row.community_id,
            community=row.community.name,
            building=row.building.number if row.building else "",
            supply=row.category_code,
            text=row.text,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            ended_at=row.ended_at,
            when=_when(row),
            told=counts[row.id],
        )
        for row in rows
    ]


def _when(row: Outage) -> When:
    now = clock.now()
    if row.ended_at is not None:
        return When.PAST
    if row.starts_at > now:
        return When.COMING
    return When.DUE if row.ends_at is not None and row.ends_at <= now else When.NOW


async def _check(draft: Draft, actor: Actor) -> None:
    scope = actor.doing(Field.REPAIRS)
    if not draft.community_ids:
        raise Invalid("outage.where_needed")
    if not all(scope.has(one) for one in draft.community_ids):
        raise NotFound("outage.not_found")
    if draft.building_id is not None:
        there = Building.filter(id=draft.building_id, community_id__in=list(draft.community_ids))
        if len(draft.community_ids) != 1 or not await there.exists():
            raise Invalid("outage.building_elsewhere")
    check(draft.text, draft.starts_at, draft.ends_at)


def check(text: str, starts_at: datetime, ends_at: datetime | None) -> None:
    """Raises Invalid for words and times that no outage can have."""
    if not text.strip():
        raise Invalid("outage.text_needed")
    if len(text.strip()) > LONGEST:
        raise Invalid("page.too_long", longest=LONGEST)
    if ends_at is not None and (ends_at <= starts_at or ends_at <= clock.now()):
        raise Invalid("outage.end_before")


async def _lock(outage_id: int, actor: Actor) -> Outage:
    row = await work.lock(_mine(outage_id, actor))
    if row is None:
        raise NotFound("outage.not_found")
    if row.ended_at is not None:
        raise NotAllowed("outage.ended")
    return row


def _mine(outage_id: int, actor: Actor) -> QuerySet[Outage]:
    return Outage.filter(actor.doing(Field.REPAIRS).rows(), id=outage_id)


def _body(row: Outage) -> dict[str, object]:
    return {
        "building": row.building_id,
        "supply": row.category_code,
        "text": row.text,
        "from": row.starts_at.isoformat(),
        "to": row.ends_at.isoformat() if row.ends_at else None,
    }
