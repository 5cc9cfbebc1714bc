"""What the company's list says of who lives where, and what staff decide about those whom it does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.community import Occupant, Relation
from models.events import SubjectKind
from models.people import Binding, BindingStatus
from models.rows import records
from models.tasks import TaskKind
from services import clock, events, outbox, paging, spelling, staff_tasks, work
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.estate import homes, owners
from services.estate.homes import Home
from services.events import Subject
from services.paging import Page
from services.scope import Field

# $1 behind which id; $2 communities, null for all.
_WAITING = """
SELECT id FROM (
    SELECT id, community_id FROM binding WHERE status = 'pending' OR (status = 'active' AND NOT matched)
    UNION
    SELECT b.id, b.community_id FROM staff_task t JOIN binding b ON b.id = (t."values"->>'binding')::int
    WHERE t.kind = 'review' AND t.done_at IS NULL AND b.status = 'active'
) waits
WHERE id > $1 AND ($2::int[] IS NULL OR community_id = ANY($2)) ORDER BY id LIMIT $3
"""
CURRENT = (BindingStatus.ACTIVE, BindingStatus.PENDING)


@dataclass(frozen=True, slots=True)
class Review:
    """A binding as staff look at it; its phone is masked (`phone` shows it)."""

    id: int
    status: BindingStatus
    matched: bool
    community: str
    house: str
    relation: Relation
    name: str
    phone: str
    house_id: int
    person_id: int
    since: datetime


async def waiting(*, actor: Actor, after: str = "", limit: int = paging.LIMIT) -> Page[Review]:
    """What staff should look at, the oldest first: the pending ones, the usable ones that the list does not confirm,
    and those about which somebody asks: an owner objected, or the phone is a new one."""
    [behind] = paging.read(after) or (0,)
    found = await _waiting(actor, behind, limit + 1)
    rows = Binding.filter(id__in=found).order_by("id").select_related("house", "community")
    return paging.page([_view(one) for one in await rows], limit, key=lambda one: (one.id,))


async def how_many_wait(*, actor: Actor, most: int) -> int:
    """Counted up to `most`."""
    return len(await _waiting(actor, 0, most))


async def _waiting(actor: Actor, behind: int, limit: int) -> list[int]:
    seen = actor.seeing(Field.RESIDENTS).communities
    of = None if seen is None else sorted(seen)
    return [int(row["id"]) for row in await records(Binding, _WAITING, behind, of, limit)]


async def phone(binding_id: int, *, actor: Actor) -> str:
    """The whole number, which is recorded as read. Raises NotFound outside of the scope."""
    own = actor.seeing(Field.RESIDENTS)
    binding = await Binding.filter(own.rows(), id=binding_id).first()
    if binding is None:
        raise NotFound("binding.unknown", number=binding_id)
    whose = Subject(SubjectKind.PERSON, binding.person_id, binding.community_id)
    await events.record(whose, "phone_read", actor=actor, body={"binding": binding.id})
    return binding.phone


async def approve(binding_id: int, *, actor: Actor, note: str = "") -> None:
    """It is right: whoever waited may begin, and hears of it."""
    binding = await _decide(
        binding_id, (BindingStatus.PENDING,), BindingStatus.ACTIVE, "admitted", actor, note
    )
    await _confirm(binding)
    await owners.tell_of(binding)
    await _tell(binding, "binding.approved")


async def confirm(binding_id: int, *, actor: Actor) -> None:
    """Blacklist mode: staff looked and found it right. Nobody is told."""
    binding = await _decide(binding_id, (BindingStatus.ACTIVE,), BindingStatus.ACTIVE, "confirmed", actor, "")
    await _confirm(binding)


async def settle_well(binding_id: int, *, actor: Actor) -> None:
    """Approve what waits; confirm what was usable at once."""
    if await Binding.exists(id=binding_id, status=BindingStatus.PENDING):
        await approve(binding_id, actor=actor)
    else:
        await confirm(binding_id, actor=actor)


async def admit(binding_id: int, *, actor: Actor) -> None:
    """Active without a word: for lists that staff checked before. Changes nothing for one that does not wait."""
    binding = await work.lock(Binding.filter(id=binding_id, status=BindingStatus.PENDING))
    if binding is not None:
        await Binding.filter(id=binding_id).update(status=BindingStatus.ACTIVE)
        await record(
            binding, "admitted", actor=actor, before=BindingStatus.PENDING, after=BindingStatus.ACTIVE
        )
    await settle(binding_id, actor=actor)


async def reject(binding_id: int, *, actor: Actor, reason: str) -> None:
    """Not theirs, for now: they may try again with other facts."""
    binding = await _decide(binding_id, CURRENT, BindingStatus.REJECTED, "rejected", actor, reason)
    await _tell(binding, "binding.rejected")


async def disable(binding_id: int, *, actor: Actor, reason: str) -> None:
    """拉黑: shut off, and not to be bound to this house again without staff."""
    binding = await _decide(binding_id, CURRENT, BindingStatus.DISABLED, "disabled", actor, reason)
    await _tell(binding, "binding.disabled")


async def restore(binding_id: int, *, actor: Actor) -> None:
    """Undo a shut-off: the person may bind again."""
    await _decide(binding_id, (BindingStatus.DISABLED,), BindingStatus.ENDED, "restored", actor, "")


async def object_to(binding_id: int, *, actor: Actor) -> None:
    """A confirmed owner does not know who joined the house: that one is confirmed no longer, and staff look at once.

    Whom the company's own list has stays confirmed while staff look. Raises NotAllowed for anybody but an owner of
    that house, and for whom somebody objected to before.
    """
    owner = await homes.find(actor.person_id or 0)
    binding = await work.lock(Binding.filter(id=binding_id, status__in=CURRENT))
    if owner is None or binding is None or not _is_anothers(binding, owner):
        raise NotAllowed("binding.object_not_yours")
    if await events.of(SubjectKind.BINDING, binding.id, verbs=["disputed"], limit=1):
        raise NotAllowed("binding.object_again")
    binding.matched = binding.matched and await is_listed(binding.house_id, binding.name, binding.phone)
    await binding.save(update_fields=["matched"])
    await record(binding, "disputed", actor=actor, before=binding.status, after=binding.status)
    await ask(binding, "disputed", house=owner.house_label, name=binding.name, owner=owner.name)


def _is_anothers(binding: Binding, owner: Home) -> bool:
    """Somebody else's, in a house whose confirmed owner that is."""
    owns = owner.confirmed and owner.relation is Relation.OWNER and owner.house_id == binding.house_id
    return owns and binding.person_id != owner.person_id


async def is_listed(house_id: int, name: str, phone: str) -> bool:
    """Whether the company's list has this person in this house, however either of the two is written."""
    listed = await Occupant.filter(house_id=house_id, left_at=None)
    return any(spelling.same_person((one.name, one.phone), (name, phone)) for one in listed)


async def confirm_listed(house_id: int, name: str, phone: str, *, actor: Actor) -> None:
    """The list has somebody now: whoever bound under that name and phone without it is confirmed."""
    for one in await Binding.filter(house_id=house_id, status__in=CURRENT, matched=False):
        if spelling.same_person((one.name, one.phone), (name, phone)):
            one.matched = True
            await one.save(update_fields=["matched"])
            await record(one, "confirmed", actor=actor, before=one.status, after=one.status)


async def ask(binding: Binding, why: str, **values: str) -> None:
    """Put it on the list of what staff should look at."""
    await staff_tasks.add(
        TaskKind.REVIEW,
        why,
        values={"binding": binding.id, **values},
        key=":".join(["review", str(binding.id), why, *values.values()]),
        community_id=binding.community_id,
        person_id=binding.person_id,
    )


async def settle(binding_id: int, *, actor: Actor) -> None:
    """Nobody need look at it any more."""
    await staff_tasks.settle_key(f"review:{binding_id}:", actor=actor)


async def record(
    binding: Binding,
    verb: str,
    *,
    actor: Actor,
    before: str = "",
    after: str = "",
    note: str = "",
    changes: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Record what happened to a binding, with where it belongs and to whom; `changes` are (before, after) by name."""
    more = {"changes": {name: list(pair) for name, pair in changes.items()}} if changes else {}
    await events.record(
        Subject(SubjectKind.BINDING, binding.id, binding.community_id),
        verb,
        actor=actor,
        before=before,
        after=after,
        note=note,
        body={"person": binding.person_id, "house": binding.house_id, "matched": binding.matched, **more},
    )


async def held(binding_id: int, sources: Sequence[BindingStatus], *, actor: Actor) -> Binding:
    """The row, locked, with its house. Raises NotFound outside of their scope, NotAllowed in any other state."""
    own = actor.doing(Field.RESIDENTS)
    binding = await work.lock(Binding.filter(own.rows(), id=binding_id))
    if binding is None:
        raise NotFound("binding.unknown", number=binding_id)
    if binding.status not in sources:
        raise NotAllowed("binding.not_now", status=binding.status)
    await binding.fetch_related("house")
    return binding


async def _decide(
    binding_id: int,
    sources: tuple[BindingStatus, ...],
    to: BindingStatus,
    verb: str,
    actor: Actor,
    note: str,
) -> Binding:
    binding = await held(binding_id, sources, actor=actor)
    before, binding.status, binding.note = binding.status, to, note[:200] or binding.note
    binding.ended_at = None if to is BindingStatus.ACTIVE else clock.now()
    await binding.save(update_fields=["status", "note", "ended_at"])
    await record(binding, verb, actor=actor, before=before, after=to, note=note)
    await settle(binding.id, actor=actor)
    return binding


async def _confirm(binding: Binding) -> None:
    binding.matched = True
    await binding.save(update_fields=["matched"])


def _view(binding: Binding) -> Review:
    return Review(
        id=binding.id,
        status=binding.status,
        matched=binding.matched,
        community=binding.community.name,
        house=binding.house.label,
        relation=binding.relation,
        name=binding.name,
        phone=spelling.masked(binding.phone),
        house_id=binding.house_id,
        person_id=binding.person_id,
        since=binding.created_at,
    )


async def _tell(binding: Binding, phrase: str) -> None:
    values: dict[str, outbox.Value] = {"house": binding.house.label, "reason": binding.note}
    await outbox.tell(binding.person_id, phrase, values, key=f"binding:{binding.id}:{phrase}:{clock.now()}")
