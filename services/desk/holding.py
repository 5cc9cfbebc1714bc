"""Who holds a talk: its row under its lock, as far as somebody's scope reaches, and writing down who has it now."""

from collections.abc import Mapping
from datetime import datetime

from models.conversations import Conversation, Hold
from models.events import SubjectKind
from models.people import Staff
from models.tasks import TaskKind
from services import clock, events, outbox, scope, staff_tasks, timers, work
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject
from services.scope import Field

TIME_OUT = "handover"  # timers, one of each a talk
SILENCE = "desk_silence"
CLOSING = "desk_closing"

Change = Mapping[str, Hold | int | bool | datetime | None]


async def lock(person_id: int) -> Conversation:
    """Of a person; made for somebody who never wrote."""
    found = await work.lock(Conversation.filter(person_id=person_id))
    return found or await Conversation.create(person_id=person_id)


async def lock_id(conversation_id: int) -> Conversation:
    found = await work.lock(Conversation.filter(id=conversation_id))
    if found is None:
        raise NotFound("human.no_such_talk")
    return found


async def lock_by_staff(conversation_id: int, actor: Actor) -> Conversation:
    """For whoever may work in talks. Outside of their scope there is no such talk."""
    own = actor.doing(Field.TALKS)
    conversation = await lock_id(conversation_id)
    if not own.has(await homes.community_of(conversation.person_id)):
        raise NotFound("human.no_such_talk")
    return conversation


async def held(conversation_id: int, actor: Actor) -> Conversation:
    """In the hands of the one who acts. Raises NotAllowed when it is not."""
    conversation = await lock_by_staff(conversation_id, actor)
    if conversation.hold is not Hold.STAFF or conversation.held_by_id != actor.staff_id:
        raise NotAllowed("human.not_yours")
    return conversation


async def seen(conversation_id: int, actor: Actor) -> Conversation:
    """As it stands, without a lock, for whoever may look at talks; with its person."""
    conversation, _ = await seen_at_home(conversation_id, actor)
    return conversation


async def seen_at_home(conversation_id: int, actor: Actor) -> tuple[Conversation, Home | None]:
    """With where its person lives."""
    own = actor.seeing(Field.TALKS)
    found = await Conversation.filter(id=conversation_id).select_related("person", "held_by").first()
    if found is not None:
        home = await homes.find(found.person_id)
        if own.has(home.community_id if home else None):
            return found, home
    raise NotFound("human.no_such_talk")


async def refuse_stranger(conversation: Conversation, staff_id: int) -> Staff:
    """A talk goes only to a colleague who could have taken it."""
    colleague = await Staff.filter(id=staff_id, active=True).first()
    if colleague is None:
        raise NotFound("staff.not_found")
    theirs = await scope.of(staff_id)
    if Field.TALKS not in theirs.does or not theirs.has(await homes.community_of(conversation.person_id)):
        raise NotAllowed("human.colleague_cannot", staff=colleague.name)
    return colleague


async def write(
    conversation: Conversation,
    verb: str,
    *,
    actor: Actor,
    change: Change,
    note: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """Only these columns: the turn writes the others of the row itself."""
    before = conversation.hold
    await conversation.update_from_dict(dict(change)).save(update_fields=list(change))
    await record(conversation, verb, actor=actor, before=before, note=note, body=body)


async def record(
    conversation: Conversation,
    verb: str,
    *,
    actor: Actor,
    before: Hold | None = None,
    note: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    await events.record(
        Subject(SubjectKind.CONVERSATION, conversation.id, await homes.community_of(conversation.person_id)),
        verb,
        actor=actor,
        before=before or conversation.hold,
        after=conversation.hold,
        note=note,
        body={"held_by": conversation.held_by_id, **(body or {})},
    )


async def to_bot(conversation: Conversation, verb: str, *, actor: Actor, note: str = "") -> None:
    """The bot speaks again, and nobody waits for people any more."""
    change: Change = {
        "hold": Hold.BOT,
        "held_by_id": None,
        "held_since": None,
        "waiting_since": None,
        "pressing": False,
        "queue_office_id": None,
        "snoozed": False,
        "snoozed_until": None,
    }
    await write(conversation, verb, actor=actor, change=change, note=note)
    await staff_tasks.settle_person(conversation.person_id, TaskKind.HANDOVER, actor=actor)
    await clear_timers(conversation)


async def clear_timers(conversation: Conversation) -> None:
    for kind in (TIME_OUT, SILENCE, CLOSING):
        await timers.clear(kind, conversation.id)


async def tell(conversation: Conversation, phrase: str, values: Mapping[str, outbox.Value]) -> None:
    """One sentence of the house to the resident."""
    key = f"human:{conversation.id}:{phrase}:{clock.now().isoformat()}"
    await outbox.tell(conversation.person_id, phrase, values, key=key)


def has_draft(conversation: Conversation) -> bool:
    """Whether a talk was laid aside when people were asked for, so that it can be offered again."""
    return bool(conversation.state.get("parked"))
