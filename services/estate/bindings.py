"""认证绑定: which house a person lives in, checked against the company's list; staff decide in reviews."""

from dataclasses import dataclass

from models import rows
from models.community import BindingMode, Community, House, Relation
from models.people import Binding, BindingStatus, Consent, Person
from services import clock, events, spelling, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import owners, people, reviews

# The consent and the event that records it.
_CONSENT = """
WITH given AS (
    INSERT INTO consent (person_id, notice_version, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
    RETURNING person_id, notice_version, at
)
INSERT INTO event (
    subject_kind, subject_id, verb, actor_kind, actor_id, status_before, status_after, note, body, at, source
)
SELECT 'person', person_id, 'consented', $4, $5::bigint, '', '', notice_version, '{}', at, $6 FROM given RETURNING id
"""
_CONSENTED = "SELECT 1 FROM consent WHERE person_id = $1 AND notice_version = $2"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ended` is the label of the house that the person left by this, "" when they left none."""

    binding_id: int
    status: BindingStatus
    matched: bool
    community: str
    house: str
    ended: str = ""


async def consent(person_id: int, notice_version: str, *, actor: Actor) -> None:
    """Agreement to this version of the privacy notice, kept with its time; saying it again changes nothing."""
    doer, now = events.doer(actor), clock.now()
    if await rows.records(Consent, _CONSENT, person_id, notice_version, now, *doer):
        work.wake("desk")


async def has_consented(person_id: int, notice_version: str) -> bool:
    return bool(await rows.records(Consent, _CONSENTED, person_id, notice_version))


async def bind(
    person_id: int,
    *,
    house_id: int,
    name: str,
    phone: str,
    relation: Relation,
    notice_version: str,
    actor: Actor,
) -> Outcome:
    """Bind the person to the house; what they were bound to before ends.

    The community's mode decides whether it holds at once or waits for staff. Raises NotAllowed for people
    whom staff shut off, Invalid for an empty name or phone.
    """
    name, phone = spelling.name(name), spelling.phone(phone)
    if not name or not phone:
        raise Invalid("binding.incomplete")
    person = await people.lock(person_id)
    house = await _house(house_id)
    await _refuse_shut_off(person, house)
    await consent(person_id, notice_version, actor=actor)
    current = await _current(person_id)
    if current is not None and _same(current, house, name, phone, relation):
        return _outcome(current, house)
    ended = await end(current, actor=actor) if current else ""
    binding = await _write(person_id, house, name, phone, relation, actor)
    await _know(person, name, phone)
    return _outcome(binding, house, ended)


async def unbind(person_id: int, *, actor: Actor) -> str:
    """End the binding; the label of the house. Raises NotFound when there is none."""
    await people.lock(person_id)
    current = await _current(person_id)
    if current is None:
        raise NotFound("binding.none")
    return await end(current, actor=actor)


async def end(binding: Binding, *, actor: Actor, note: str = "") -> str:
    """Of a row that is held and has its house loaded; the label of the house."""
    before, binding.status, binding.ended_at = binding.status, BindingStatus.ENDED, clock.now()
    binding.note = note[:200] or binding.note
    await binding.save(update_fields=["status", "ended_at", "note"])
    await reviews.record(binding, "ended", actor=actor, before=before, after=BindingStatus.ENDED, note=note)
    await reviews.settle(binding.id, actor=actor)
    return binding.house.label


def _same(current: Binding, house: House, name: str, phone: str, relation: Relation) -> bool:
    same = spelling.same_person((current.name, current.phone), (name, phone))
    return same and (current.house_id, current.relation) == (house.id, relation)


def _outcome(binding: Binding, house: House, ended: str = "") -> Outcome:
    return Outcome(binding.id, binding.status, binding.matched, house.community.name, house.label, ended)


async def _house(house_id: int) -> House:
    found = await House.filter(id=house_id).select_related("community").first()
    if found is None:
        raise NotFound("binding.no_such_house")
    return found


async def _refuse_shut_off(person: Person, house: House) -> None:
    shut = Binding.filter(person_id=person.id, house_id=house.id, status=BindingStatus.DISABLED)
    if person.blocked or await shut.exists():
        raise NotAllowed("binding.shut_off")


async def _write(
    person_id: int, house: House, name: str, phone: str, relation: Relation, actor: Actor
) -> Binding:
    community: Community = house.community
    matched = await reviews.is_listed(house.id, name, phone)
    at_once = community.binding_mode is BindingMode.BLACKLIST
    binding = await Binding.create(
        person_id=person_id,
        house=house,
        community_id=community.id,
        relation=relation,
        status=BindingStatus.ACTIVE if at_once else BindingStatus.PENDING,
        name=name[:32],
        phone=phone[:20],
        matched=matched,
        created_at=clock.now(),
    )
    await reviews.record(binding, "bound", actor=actor, after=binding.status)
    if at_once:
        await owners.tell_of(binding)
    if not (at_once and matched):
        await reviews.ask(binding, "matched" if matched else "unmatched")
    return binding


async def _know(person: Person, name: str, phone: str) -> None:
    person.name, person.phone = name[:32], phone[:20]
    await person.save(update_fields=["name", "phone"])


async def _current(person_id: int) -> Binding | None:
    held = Binding.filter(person_id=person_id, status__in=reviews.CURRENT)
    return await held.select_related("house").first()
