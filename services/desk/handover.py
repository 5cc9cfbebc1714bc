"""转人工: the bot steps back, the person waits in the queue, staff talk and hand the talk back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.conversations import Conversation, Hold, Message
from models.people import Staff
from models.tasks import TaskKind
from models.values import Json
from services import actors, clock, outbox, policy, scope, staff_tasks, timers, work, worktime
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.scope import Field

KIND = "handover"


@dataclass(frozen=True, slots=True)
class Place:
    """`position` counts from 1, 0 when nobody answers now; `hours` are the office hours as told."""

    position: int
    open: bool
    hours: str
    opens_at: datetime | None


async def request(person_id: int, *, reason: str = "") -> Place:
    """Wait for staff. Out of hours nothing changes: offer to leave a message instead.

    Asking again keeps the place in the queue.
    """
    conversation = await _lock(person_id)
    hours = await worktime.of_desk()
    if not hours.is_open(clock.now()):
        return Place(0, False, worktime.told(hours.periods), hours.next_open(clock.now()))
    if conversation.hold is Hold.BOT:
        await _enqueue(conversation, reason)
    return Place(await _position(conversation), True, worktime.told(hours.periods), None)


async def leave_message(person_id: int, text: str) -> None:
    """留言: staff find it on their list."""
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "left_message",
        values={"text": text},
        key=f"left:{person_id}:{clock.now().isoformat()}",
        community_id=await homes.community_of(person_id),
        person_id=person_id,
    )


async def cancel(person_id: int) -> bool:
    """The person does not want to wait any more. False when they were not waiting."""
    conversation = await _lock(person_id)
    if conversation.hold is Hold.BOT:
        return False
    await _to_bot(conversation)
    return True


async def take(conversation_id: int, *, staff_id: int) -> None:
    """接入: this member of staff talks from now on. Raises NotAllowed when a colleague does already."""
    conversation = await _lock_by_staff(conversation_id, staff_id)
    if conversation.hold is Hold.STAFF:
        if conversation.held_by_id == staff_id:
            return
        raise NotAllowed("human.taken")
    await _write(conversation, hold=Hold.STAFF, held_by_id=staff_id, held_since=clock.now())
    await staff_tasks.settle_person(
        conversation.person_id, TaskKind.HANDOVER, actor=await actors.staff(staff_id)
    )
    staff = await Staff.get(id=staff_id)
    await _tell(conversation, "human.taken_over", {"staff": staff.name})
    await _watch(conversation)


async def transfer(conversation_id: int, *, staff_id: int, to_staff_id: int) -> None:
    """转接 to a colleague; the person need not notice."""
    conversation = await _held(conversation_id, staff_id)
    await _refuse_stranger(conversation, to_staff_id)
    await _write(conversation, held_by_id=to_staff_id)


async def hand_back(conversation_id: int, *, staff_id: int) -> None:
    """The bot speaks again; the person is told."""
    conversation = await _held(conversation_id, staff_id)
    await _tell(conversation, "human.handed_back_draft" if _draft(conversation) else "human.handed_back", {})
    await _to_bot(conversation)


async def say(conversation_id: int, text: str, *, staff_id: int, key: str, image: str = "") -> None:
    """Staff write to the person. `key` is the page's own for this message, so that sending twice says it once."""
    conversation = await _held(conversation_id, staff_id)
    reply: dict[str, str | Sequence[str]] = {"text": text, "options": [], "image": image}
    await outbox.put(conversation.person_id, {"reply": reply, "staff": staff_id}, key=f"staff:{key}")
    await _watch(conversation)


async def time_out(conversation_id: int, note: Json) -> None:
    """Staff left the talk alone: the bot takes it back and says so; what was asked stays on the list."""
    conversation = await _lock_id(conversation_id)
    if conversation.hold is Hold.BOT:
        return
    quiet = await _quiet_until(conversation)
    if quiet > clock.now():
        await timers.set_timer(KIND, conversation.id, quiet)
        return
    if conversation.hold is Hold.QUEUED:
        await _keep_on_list(conversation)
    phrase = "human.timed_out_draft" if _draft(conversation) else "human.timed_out"
    await _tell(conversation, phrase, {"hours": worktime.told((await policy.current()).office_hours)})
    await _to_bot(conversation)


def _draft(conversation: Conversation) -> bool:
    """Whether a talk was laid aside when people were asked for, so that it can be offered again."""
    return bool(conversation.state.get("parked"))


async def _lock(person_id: int) -> Conversation:
    found = await Conversation.filter(person_id=person_id).select_for_update().first()
    return found or await Conversation.create(person_id=person_id)


async def _lock_id(conversation_id: int) -> Conversation:
    found = await Conversation.filter(id=conversation_id).select_for_update().first()
    if found is None:
        raise NotFound("human.no_such_talk")
    return found


async def _lock_by_staff(conversation_id: int, staff_id: int) -> Conversation:
    """Outside of their scope there is no such talk."""
    own = await scope.doing(staff_id, Field.TALKS)
    conversation = await _lock_id(conversation_id)
    if not own.has(await homes.community_of(conversation.person_id)):
        raise NotFound("human.no_such_talk")
    return conversation


async def _refuse_stranger(conversation: Conversation, staff_id: int) -> None:
    """A talk goes only to a colleague who could have taken it."""
    colleague = await Staff.filter(id=staff_id, active=True).first()
    if colleague is None:
        raise NotFound("staff.not_found")
    theirs = await scope.of(staff_id)
    if Field.TALKS not in theirs.does or not theirs.has(await homes.community_of(conversation.person_id)):
        raise NotAllowed("human.colleague_cannot", staff=colleague.name)


async def _held(conversation_id: int, staff_id: int) -> Conversation:
    conversation = await _lock_by_staff(conversation_id, staff_id)
    if conversation.hold is not Hold.STAFF or conversation.held_by_id != staff_id:
        raise NotAllowed("human.not_yours")
    return conversation


async def _enqueue(conversation: Conversation, reason: str) -> None:
    await _write(conversation, hold=Hold.QUEUED, held_by_id=None, held_since=clock.now())
    await staff_tasks.add(
        TaskKind.HANDOVER,
        "asked_for_people",
        values={"text": reason},
        key=f"handover:{conversation.id}:{clock.now().isoformat()}",
        community_id=await homes.community_of(conversation.person_id),
        person_id=conversation.person_id,
    )
    await _watch(conversation)


async def _position(conversation: Conversation) -> int:
    if conversation.hold is not Hold.QUEUED:
        return 0
    return 1 + await Conversation.filter(hold=Hold.QUEUED, held_since__lt=conversation.held_since).count()


async def _to_bot(conversation: Conversation) -> None:
    await _write(conversation, hold=Hold.BOT, held_by_id=None, held_since=None)
    await staff_tasks.settle_person(conversation.person_id, TaskKind.HANDOVER, actor=actors.SYSTEM)
    await timers.clear(KIND, conversation.id)


async def _keep_on_list(conversation: Conversation) -> None:
    """Nobody came: the wish becomes a message that staff answer later."""
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "handover_timed_out",
        key=f"left:{conversation.id}:{conversation.held_since}",
        community_id=await homes.community_of(conversation.person_id),
        person_id=conversation.person_id,
    )


async def _write(conversation: Conversation, **changes: Hold | int | datetime | None) -> None:
    """Only these columns: the turn writes the others of the row itself."""
    await conversation.update_from_dict(changes).save(update_fields=list(changes))
    work.wake("desk")


async def _watch(conversation: Conversation) -> None:
    await timers.set_timer(KIND, conversation.id, clock.now() + await _patience())


async def _quiet_until(conversation: Conversation) -> datetime:
    """Waiting in the queue ends after the patience; a talk ends so long after the last word of either."""
    since = conversation.held_since or clock.now()
    if conversation.hold is Hold.STAFF:
        last = await Message.filter(conversation_id=conversation.id).order_by("-id").first()
        since = max(since, last.created_at if last else since)
    return since + await _patience()


async def _tell(conversation: Conversation, phrase: str, values: dict[str, outbox.Value]) -> None:
    key = f"human:{conversation.id}:{phrase}:{clock.now().isoformat()}"
    await outbox.tell(conversation.person_id, phrase, values, key=key)


async def _patience() -> timedelta:
    return timedelta(minutes=(await policy.current()).handover_minutes)
