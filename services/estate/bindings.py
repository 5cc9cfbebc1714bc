"""认证绑定: which house a person lives in, checked against the company's list, reviewed by staff."""

from dataclasses import dataclass

from tortoise.expressions import Q

from models.community import BindingMode, Community, House, Occupant, Relation
from models.people import Binding, BindingStatus, Consent, Person
from models.tasks import TaskKind
from services import clock, outbox, scope, spelling, staff_tasks
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import people
from services.scope import Field, Scope

_CURRENT = [BindingStatus.ACTIVE, BindingStatus.PENDING]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ended` is the label of the house that the person left by this, "" when they left none."""

    binding_id: int
    status: BindingStatus
    matched: bool
    community: str
    house: str
    ended: str = ""


async def consent(person_id: int, notice_version: str) -> None:
    """Agreement to this version of the privacy notice, kept with its time; saying it again changes nothing."""
    row = Consent(person_id=person_id, notice_version=notice_version, at=clock.now())
    await Consent.bulk_create([row], ignore_conflicts=True)


async def has_consented(person_id: int, notice_version: str) -> bool:
    return await Consent.exists(person_id=person_id, notice_version=notice_version)


async def bind(
    person_id: int, *, house_id: int, name: str, phone: str, relation: Relation, notice_version: str
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
    await consent(person_id, notice_version)
    current = await Binding.filter(person_id=person_id, status__in=_CURRENT).select_related("house").first()
    if current is not None and _same(current, house, name, phone, relation):
        return _outcome(current, house)
    ended = await _end(current) if current else ""
    binding = await _write(person_id, house, name, phone, relation)
    await _know(person, name, phone)
    return _outcome(binding, house, ended)


async def unbind(person_id: int) -> str:
    """End the binding; the label of the house. Raises NotFound when there is none."""
    await people.lock(person_id)
    current = await _current(person_id)
    return await _end(current)


async def change_phone(person_id: int, phone: str) -> None:
    """The new number counts at once; staff check it against the list."""
    phone = spelling.phone(phone)
    if not phone:
        raise Invalid("binding.incomplete")
    person = await people.lock(person_id)
    current = await _current(person_id)
    before, current.phone = current.phone, phone[:20]
    current.matched = await _on_list(current.house_id, current.name, current.phone)
    await current.save(update_fields=["phone", "matched"])
    await _know(person, person.name, current.phone)
    if not current.matched:
        await _ask_review(current, f"phone {before} → {current.phone}")


async def approve(binding_id: int, *, staff_id: int, note: str = "") -> None:
    binding = await _decide(binding_id, {BindingStatus.PENDING}, BindingStatus.ACTIVE, staff_id, note)
    await Binding.filter(id=binding_id).update(matched=True)
    await _tell(binding, "binding.approved")


async def admit(binding_id: int) -> None:
    """Active without a word: for lists that staff checked before, such as an import."""
    await Binding.filter(id=binding_id, status=BindingStatus.PENDING).update(status=BindingStatus.ACTIVE)
    await _settle(binding_id, None)


async def settle_well(binding_id: int, *, staff_id: int) -> None:
    """Approve what waits; confirm what was usable at once."""
    if await Binding.exists(id=binding_id, status=BindingStatus.PENDING):
        await approve(binding_id, staff_id=staff_id)
    else:
        await confirm(binding_id, staff_id=staff_id)


async def to_review(seen: Scope, *, limit: int = 100) -> list[Binding]:
    """What staff should look at: the pending ones, and the usable ones that the list does not confirm."""
    seen.must_see(Field.RESIDENTS)
    waits = Q(status=BindingStatus.PENDING) | Q(status=BindingStatus.ACTIVE, matched=False)
    found = Binding.filter(waits, seen.rows()).order_by("id").limit(limit)
    return await found.select_related("house", "community")


async def confirm(binding_id: int, *, staff_id: int) -> None:
    """Blacklist mode: staff looked and found it right. Nobody is told."""
    await _decide(binding_id, {BindingStatus.ACTIVE}, BindingStatus.ACTIVE, staff_id, "")
    await Binding.filter(id=binding_id).update(matched=True)


async def reject(binding_id: int, *, staff_id: int, reason: str) -> None:
    """Not theirs, for now: they may try again with other facts."""
    binding = await _decide(binding_id, set(_CURRENT), BindingStatus.REJECTED, staff_id, reason)
    await _tell(binding, "binding.rejected")


async def disable(binding_id: int, *, staff_id: int, reason: str) -> None:
    """拉黑: shut off, and not to be bound to this house again without staff."""
    binding = await _decide(binding_id, set(_CURRENT), BindingStatus.DISABLED, staff_id, reason)
    await _tell(binding, "binding.disabled")


async def restore(binding_id: int, *, staff_id: int) -> None:
    """Undo a shut-off: the person may bind anew."""
    await _decide(binding_id, {BindingStatus.DISABLED}, BindingStatus.ENDED, staff_id, "")


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


async def _write(person_id: int, house: House, name: str, phone: str, relation: Relation) -> Binding:
    community: Community = house.community
    matched = await _on_list(house.id, name, phone)
    at_once = community.binding_mode is BindingMode.BLACKLIST
    binding = await Binding.create(
        person_id=person_id,
        house_id=house.id,
        community_id=community.id,
        relation=relation,
        status=BindingStatus.ACTIVE if at_once else BindingStatus.PENDING,
        name=name[:32],
        phone=phone[:20],
        matched=matched,
        created_at=clock.now(),
    )
    if not (at_once and matched):
        await _ask_review(binding, "matched" if matched else "unmatched")
    return binding


async def _on_list(house_id: int, name: str, phone: str) -> bool:
    """However either of the two is written."""
    listed = await Occupant.filter(house_id=house_id)
    return any(spelling.same_person((one.name, one.phone), (name, phone)) for one in listed)


async def _know(person: Person, name: str, phone: str) -> None:
    person.name, person.phone = name[:32], phone[:20]
    await person.save(update_fields=["name", "phone"])


async def _current(person_id: int) -> Binding:
    found = await Binding.filter(person_id=person_id, status__in=_CURRENT).select_related("house").first()
    if found is None:
        raise NotFound("binding.none")
    return found


async def _end(binding: Binding) -> str:
    binding.status, binding.ended_at = BindingStatus.ENDED, clock.now()
    await binding.save(update_fields=["status", "ended_at"])
    await _settle(binding.id, None)
    return binding.house.label


async def _ask_review(binding: Binding, why: str) -> None:
    await staff_tasks.add(
        TaskKind.REVIEW,
        f"binding:{binding.id} {why}",
        key=f"review:{binding.id}:{why}",
        community_id=binding.community_id,
        person_id=binding.person_id,
    )


async def _decide(
    binding_id: int, sources: set[BindingStatus], to: BindingStatus, staff_id: int, note: str
) -> Binding:
    own = await scope.doing(staff_id, Field.RESIDENTS)
    found = Binding.filter(own.rows(), id=binding_id).select_for_update(of=("binding",))
    binding = await found.select_related("house").first()
    if binding is None:
        raise NotFound("binding.unknown", number=binding_id)
    if binding.status not in sources:
        raise NotAllowed("binding.not_now", status=binding.status)
    binding.status, binding.note = to, note[:200] or binding.note
    binding.ended_at = None if to is BindingStatus.ACTIVE else clock.now()
    await binding.save(update_fields=["status", "note", "ended_at"])
    await _settle(binding.id, staff_id)
    return binding


async def _settle(binding_id: int, staff_id: int | None) -> None:
    await staff_tasks.settle_key(f"review:{binding_id}:", staff_id=staff_id)


async def _tell(binding: Binding, phrase: str) -> None:
    values: dict[str, outbox.Value] = {"house": binding.house.label, "reason": binding.note}
    await outbox.tell(binding.person_id, phrase, values, key=f"binding:{binding.id}:{phrase}:{clock.now()}")
