"""People of the account: known from their first message, following or not, and by which phone they are called."""

from dataclasses import dataclass

from tortoise.expressions import Q

from models import rows
from models.events import SubjectKind
from models.people import Binding, Person
from services import clock, events, spelling, work
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.estate import reviews
from services.events import Subject

_LONGEST_PHONE = 20
_SHORTEST_PHONE = 7  # digits; fewer are an id

# The first turn of everybody begins here. Whoever is made at the same moment is waited for.
_MEET = """
WITH made AS (
    INSERT INTO person (channel, channel_id, following, name, phone, blocked, created_at)
    VALUES ($1, $2, true, '', '', false, $3) ON CONFLICT DO NOTHING RETURNING id
), met AS (
    SELECT id FROM made UNION ALL SELECT id FROM person WHERE channel = $1 AND channel_id = $2
)
INSERT INTO conversation (person_id, state, hold, sends_left, minute_left, subscriptions_left,
    turns, options_shown, pressing, snoozed, replies_held)
SELECT id, '{}', 'bot', 0, 0, 0, 0, 1000, false, false, false FROM met ON CONFLICT DO NOTHING
"""
_OF_CHANNEL = "SELECT * FROM person WHERE channel = $1 AND channel_id = $2"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who wrote, or was written down, before; the phone is masked."""

    id: int
    name: str
    phone: str = ""


async def meet(channel_id: str, *, channel: str = "wechat") -> None:
    """As ensure, for whoever reads the row anyway."""
    await rows.records(Person, _MEET, channel, channel_id, clock.now())


async def ensure(channel_id: str, *, channel: str = "wechat") -> Known:
    """The person of that channel id, made with their conversation when new; safe at the same moment twice."""
    await meet(channel_id, channel=channel)
    person = await rows.first(Person, _OF_CHANNEL, channel, channel_id)
    assert person, "made just now, or by whom the statement waited for"
    return _known(person)


async def named(person_id: int) -> Known:
    """Raises NotFound for nobody."""
    row = await Person.filter(id=person_id).first()
    if row is None:
        raise NotFound("person.not_found")
    return _known(row)


async def on_phone(name: str, phone: str, *, actor: Actor) -> int:
    """Whoever calls and is not in WeChat, by their number; written down when new. What they are to hear is called.

    Raises Invalid without a name or a number.
    """
    number = spelling.phone_key(phone)
    if not number or not name.strip():
        raise Invalid("ticket.caller_needed")
    fresh = Person(channel="phone", channel_id=number, name=name[:32], phone=phone[:20], following=False)
    await Person.bulk_create([fresh], ignore_conflicts=True)
    row = await Person.get(channel="phone", channel_id=number)
    if row.name == fresh.name and not await events.of(SubjectKind.PERSON, row.id, limit=1):
        await events.record(Subject(SubjectKind.PERSON, row.id), "written_down", actor=actor)
    return int(row.id)


async def of_channel(channel_id: str, *, channel: str = "wechat") -> int | None:
    """The id of the person of that channel id; None for somebody who never wrote."""
    row = await Person.get_or_none(channel=channel, channel_id=channel_id)
    return row.id if row else None


async def find(text: str) -> list[Known]:
    """Whose id, openid or phone it is; the phone is the person's own or that of a binding."""
    known = Person.filter(channel_id=text)
    if text.isdecimal() and len(text) < _SHORTEST_PHONE:
        known = Person.filter(id=int(text))
    elif not await known.exists() and (number := spelling.phone(text)):
        bound = [one.person_id for one in await Binding.filter(phone=number)]
        known = Person.filter(Q(phone=number) | Q(id__in=bound))
    return [_known(one) for one in await known.order_by("id")]


def _known(row: Person) -> Known:
    return Known(row.id, row.name, spelling.masked(row.phone))


async def follow(person_id: int, *, actor: Actor) -> None:
    await _set_following(person_id, following=True, actor=actor)


async def unfollow(person_id: int, *, actor: Actor) -> None:
    """Nothing can be sent any more; what they reported stays."""
    await _set_following(person_id, following=False, actor=actor)


async def change_phone(person_id: int, phone: str, *, actor: Actor) -> None:
    """The number by which the person is called from now on. Only for what they asked for and confirmed.

    Whoever was confirmed stays so, the account being the same; staff look at a number that the company's list does
    not have. Raises Invalid for an empty number.
    """
    phone = spelling.phone(phone)[:_LONGEST_PHONE]
    if not phone:
        raise Invalid("binding.incomplete")
    person = await lock(person_id)
    before, person.phone = person.phone, phone
    await person.save(update_fields=["phone"])
    binding = await Binding.filter(person_id=person_id, status__in=reviews.CURRENT).first()
    await events.record(
        Subject(SubjectKind.PERSON, person_id, binding.community_id if binding else None),
        "phone_changed",
        actor=actor,
        body={"before": spelling.masked(before), "after": spelling.masked(phone)},
    )
    if binding is not None:
        await _call_by(binding, phone, actor)


async def lock(person_id: int) -> Person:
    """The person, held until the unit of work ends: what keeps two bindings from happening at once."""
    found = await work.lock(Person.filter(id=person_id))
    if found is None:
        raise NotFound("person.not_found")
    return found


async def _set_following(person_id: int, *, following: bool, actor: Actor) -> None:
    changed = await Person.filter(id=person_id, following=not following).update(following=following)
    if changed:
        verb = "followed" if following else "unfollowed"
        await events.record(Subject(SubjectKind.PERSON, person_id), verb, actor=actor)


async def _call_by(binding: Binding, phone: str, actor: Actor) -> None:
    before, binding.phone = binding.phone, phone
    listed = await reviews.is_listed(binding.house_id, binding.name, phone)
    binding.matched = binding.matched or listed
    await binding.save(update_fields=["phone", "matched"])
    await reviews.record(binding, "corrected", actor=actor, note="phone")
    if not listed:
        await reviews.ask(binding, "phone_changed", before=before, phone=phone)
