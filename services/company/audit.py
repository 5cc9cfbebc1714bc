"""审计: what was changed and which personal data were read, by whom, when and from where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.models import Model

from models.community import Community, House
from models.complaints import Complaint
from models.events import Event, SubjectKind
from models.people import Binding, Person, Staff, Technician
from models.requests import ServiceRequest
from models.tickets import Ticket
from services import accused, paging
from services.actors import Actor, ActorKind
from services.errors import Invalid, NotFound
from services.paging import Page
from services.scope import Field

LIMIT = 50
# Verbs by which somebody read what is personal, and changed nothing.
READINGS = frozenset({"phone_read", "calls_read", "copied", "exported", "downloaded"})
_LATE = 10_000  # events: of two that happen at once, the later number may carry the earlier moment


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of it to show; nothing chosen is everything. `until` is the first moment that is left out."""

    actor: tuple[ActorKind, int | None] | None = None
    subject: tuple[SubjectKind, int | None] | None = None
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None
    readings: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `who` is the name, "" for the system; `subject` names what it is about, "" where nothing does."""

    id: int
    at: datetime
    verb: str
    who: str
    who_kind: ActorKind
    source: str
    kind: str
    subject_id: int
    subject: str
    before: str
    after: str
    note: str
    body: Mapping[str, object]


async def page(chosen: Chosen, *, actor: Actor, after: str = "", limit: int = LIMIT) -> Page[Line]:
    """Newest first. For whoever decides what the company is made of; nobody sees what a complaint about
    themselves brought."""
    actor.doing(Field.POLICY)
    found = Event.filter(await _matching(chosen), await _not_about(actor))
    if behind := paging.read(after):
        found = found.filter(id__lt=behind[0])
    rows = await found.order_by("-id").limit(limit + 1)
    shown = paging.page(rows, limit, key=lambda row: (row.id,))
    return Page(await _lines(shown.rows), shown.after)


async def verbs(*, actor: Actor) -> list[str]:
    """All that ever happened, by their codes; found by the index, however many events there are."""
    actor.doing(Field.POLICY)
    rows = await Event._meta.db.execute_query_dict(_VERBS)
    return [row["verb"] for row in rows]


async def subject(kind: str, about: str, *, actor: Actor) -> tuple[SubjectKind, int | None] | None:
    """What somebody names: a kind, a kind and a row's number, or BX10015 as it is spoken.

    Raises NotFound for a spoken number that nothing has, Invalid for a row's number of no kind.
    """
    actor.doing(Field.POLICY)
    if kind and kind not in list(SubjectKind):
        raise Invalid("page.unreadable")
    plain = "".join(about.split()).upper()
    if not plain:
        return (SubjectKind(kind), None) if kind else None
    if plain.isascii() and plain.isdecimal():
        if not kind:
            raise Invalid("audit.of_which_kind")
        return SubjectKind(kind), min(int(plain), 2**62)
    for of, model in _SPOKEN:
        if (found := await model.filter(number=plain).first().values("id")) is not None:
            return of, found["id"]
    raise NotFound("audit.no_such_number", number=about)


async def readings(
    house_id: int | None, people: Collection[int], *, actor: Actor, limit: int = 20
) -> list[Line]:
    """Who read personal data of these people or of this house, newest first."""
    own = actor.seeing(Field.RESIDENTS)
    about = Q(subject_kind=SubjectKind.PERSON, subject_id__in=list(people))
    if house_id is not None:
        about |= Q(subject_kind=SubjectKind.HOUSE, subject_id=house_id)
    shown = await _not_about(actor)
    found = Event.filter(about, own.rows(), shown, verb__in=sorted(READINGS)).order_by("-id").limit(limit)
    return await _lines(await found)


async def history(kind: SubjectKind, ids: Collection[int], *, actor: Actor, limit: int = 30) -> list[Line]:
    """What happened to these within their scope, newest first; readings apart."""
    own = actor.seeing(Field.RESIDENTS)
    found = Event.filter(own.rows(), subject_kind=kind, subject_id__in=list(ids))
    rows = await found.exclude(verb__in=sorted(READINGS)).order_by("-id").limit(limit)
    return await _lines(rows)


_VERBS = """
WITH RECURSIVE each AS (
    (SELECT verb FROM event ORDER BY verb LIMIT 1)
    UNION ALL
    SELECT (SELECT e.verb FROM event e WHERE e.verb > each.verb ORDER BY e.verb LIMIT 1)
    FROM each WHERE each.verb IS NOT NULL
)
SELECT verb FROM each WHERE verb IS NOT NULL
"""
_FIRST = "SELECT id FROM event WHERE at >= $1 ORDER BY at LIMIT 1"


async def _matching(chosen: Chosen) -> Q:
    wanted = Q()
    if chosen.actor is not None:
        kind, number = chosen.actor
        wanted &= Q(actor_kind=kind) if number is None else Q(actor_kind=kind, actor_id=number)
    if chosen.subject is not None:
        kind_of, number_of = chosen.subject
        wanted &= (
            Q(subject_kind=kind_of) if number_of is None else Q(subject_kind=kind_of, subject_id=number_of)
        )
    if chosen.verb:
        wanted &= Q(verb=chosen.verb)
    if chosen.readings:
        wanted &= Q(verb__in=sorted(READINGS))
    return wanted & await _between(chosen)


async def _between(chosen: Chosen) -> Q:
    """By the moment itself, and by numbers near it, so that the list is read backwards from there."""
    wanted = Q()
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise Invalid("audit.backwards")
    if chosen.since:
        first = await _first(chosen.since)
        wanted &= Q(at__gte=chosen.since, id__gte=(first if first is not None else 0) - _LATE)
    if chosen.until:
        last = await _first(chosen.until)
        wanted &= Q(at__lt=chosen.until)
        if last is not None:
            wanted &= Q(id__lt=last + _LATE)
    return wanted


async def _first(at: datetime) -> int | None:
    rows = await Event._meta.db.execute_query_dict(_FIRST, [at])
    return int(rows[0]["id"]) if rows else None


async def _not_about(actor: Actor) -> Q:
    """Whom a complaint is about never hears of it, whatever their rights, nor of what was made of it."""
    hidden = await Complaint.filter(id__in=sorted(await accused.theirs(actor))).only("id", "number")
    if not hidden:
        return Q()
    about = Q(subject_kind=SubjectKind.COMPLAINT, subject_id__in=[one.id for one in hidden])
    for one in hidden:
        about |= Q(body__contains={"kind": SubjectKind.COMPLAINT, "id": one.id})
        about |= Q(body__contains={"about": f"{SubjectKind.COMPLAINT}:{one.id}"})  # a promise
        spoken = Q(note=one.number) | Q(note__startswith=f"{one.number} ")
        about |= Q(verb__in=sorted(READINGS)) & spoken
    return ~about


async def _lines(rows: Sequence[Event]) -> list[Line]:
    who, what = await _people(rows), await _subjects(rows)
    return [
        Line(
            id=row.id,
            at=row.at,
            verb=row.verb,
            who=who.get((row.actor_kind, row.actor_id or 0), ""),
            who_kind=ActorKind(row.actor_kind),
            source=row.source or "",
            kind=row.subject_kind,
            subject_id=row.subject_id,
            subject=what.get((row.subject_kind, row.subject_id), ""),
            before=row.status_before,
            after=row.status_after,
            note=row.note,
            body=row.body,
        )
        for row in rows
    ]


async def _people(rows: Sequence[Event]) -> dict[tuple[str, int], str]:
    named: dict[tuple[str, int], str] = {}
    for kind, model in (
        (ActorKind.STAFF, Staff), (ActorKind.TECHNICIAN, Technician), (ActorKind.PERSON, Person),
    ):  # fmt: skip
        asked = {row.actor_id for row in rows if row.actor_kind == kind and row.actor_id}
        if asked:
            named |= {(str(kind), one.id): one.name for one in await model.filter(id__in=sorted(asked))}
    return named


async def _subjects(rows: Sequence[Event]) -> dict[tuple[str, int], str]:
    """What the commonest kinds are called; others are known by kind and number."""
    named: dict[tuple[str, int], str] = {}
    for kind, model, columns in _NAMED:
        asked = {row.subject_id for row in rows if row.subject_kind == kind}
        if asked:
            found = await model.filter(id__in=sorted(asked)).values("id", *columns)
            named |= {
                (str(kind), one["id"]): " ".join(str(one[name]) for name in columns if one[name])
                for one in found
            }
    return named


_SPOKEN: tuple[tuple[SubjectKind, type[Model]], ...] = (
    (SubjectKind.TICKET, Ticket),
    (SubjectKind.COMPLAINT, Complaint),
    (SubjectKind.REQUEST, ServiceRequest),
)
_NAMED: tuple[tuple[SubjectKind, type[Model], tuple[str, ...]], ...] = (
    (SubjectKind.TICKET, Ticket, ("number",)),
    (SubjectKind.COMPLAINT, Complaint, ("number",)),
    (SubjectKind.REQUEST, ServiceRequest, ("number",)),
    (SubjectKind.BINDING, Binding, ("house__label", "name")),
    (SubjectKind.PERSON, Person, ("name",)),
    (SubjectKind.HOUSE, House, ("community__name", "label")),
    (SubjectKind.COMMUNITY, Community, ("name",)),
    (SubjectKind.STAFF, Staff, ("name",)),
    (SubjectKind.TECHNICIAN, Technician, ("name",)),
)
