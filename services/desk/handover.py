"""转人工: the bot steps back, the person waits in the queue, staff talk and hand the talk back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.community import Community
from models.conversations import Conversation, Hold, Message
from models.events import SubjectKind
from models.people import Binding, BindingStatus, Staff
from models.tasks import StaffTask, TaskKind
from models.values import Json
from services import clock, events, outbox, policy, scope, staff_tasks, timers, work, worktime
from services.actors import SYSTEM, Actor
from services.desk import telling
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.events import Subject
from services.scope import Field

KIND = "handover"
_Change = Mapping[str, Hold | int | datetime | None]
_JUST_NOW = timedelta(minutes=10)  # what was said before people were asked for belongs to the wish
_LAST_WORDS = 3  # messages of it


@dataclass(frozen=True, slots=True)
class Place:
    """`position` counts from 1, 0 when nobody answers now; `hours` are the office hours as told."""

    position: int
    open: bool
    hours: str
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue. `calmed` says that they wrote again before and were given a word."""

    position: int
    hours: str
    calmed: bool


async def request(*, actor: Actor, reason: str = "") -> Place:
    """Wait for staff. Out of hours nothing changes: offer to leave a message instead.

    Asking again keeps the place in the queue.
    """
    conversation = await _lock(_person(actor))
    hours = await worktime.of_desk()
    if not hours.is_open(clock.now()):
        return Place(0, False, worktime.told(hours.periods), hours.next_open(clock.now()))
    if conversation.hold is Hold.BOT:
        await _enqueue(conversation, reason, actor)
    return Place(await _position(conversation), True, worktime.told(hours.periods), None)


async def waiting(person_id: int) -> Waiting | None:
    """How somebody in the queue stands; None for who is not in it."""
    conversation = await Conversation.filter(person_id=person_id, hold=Hold.QUEUED).first()
    if conversation is None:
        return None
    task = await _task(person_id)
    hours = worktime.told((await worktime.of_desk()).periods)
    return Waiting(await _position(conversation), hours, bool(task and task.values.get("calmed")))


async def heard(text: str, *, actor: Actor) -> None:
    """Words of somebody who waits: they stand with the task; the first of them are told to who is on duty."""
    person_id = _person(actor)
    task = await _task(person_id)
    if task is None:
        return
    said = "\n".join(one for one in (str(task.values.get("text") or ""), text) if one)
    await staff_tasks.renew(task.id, {**await telling.words(person_id, said), "calmed": 1})
    if not task.values.get("calmed"):
        await telling.service(person_id, "staff.handover_more", text, key=f"handover:{task.id}:more")


async def cancel(*, actor: Actor) -> bool:
    """The person does not want to wait any more. False when they were not waiting."""
    conversation = await _lock(_person(actor))
    if conversation.hold is Hold.BOT:
        return False
    await _to_bot(conversation, "left", actor)
    return True


async def take(conversation_id: int, *, actor: Actor) -> None:
    """接入: this member of staff talks from now on. Raises NotAllowed when a colleague does already."""
    conversation = await _lock_by_staff(conversation_id, actor)
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    if conversation.hold is Hold.STAFF:
        if conversation.held_by_id == actor.staff_id:
            return
        raise NotAllowed("human.taken")
    change: _Change = {"hold": Hold.STAFF, "held_by_id": actor.staff_id, "held_since": clock.now()}
    await _write(conversation, "taken", actor, change)
    await staff_tasks.settle_person(conversation.person_id, TaskKind.HANDOVER, actor=actor)
    staff = await Staff.get(id=actor.staff_id)
    await _tell(conversation, "human.taken_over", {"staff": staff.name})
    await _watch(conversation)


async def transfer(conversation_id: int, *, to_staff_id: int, actor: Actor) -> None:
    """转接 to a colleague; the person need not notice."""
    conversation = await _held(conversation_id, actor)
    await _refuse_stranger(conversation, to_staff_id)
    await _write(conversation, "transferred", actor, {"held_by_id": to_staff_id})


async def hand_back(conversation_id: int, *, actor: Actor) -> None:
    """The bot speaks again; the person is told."""
    conversation = await _held(conversation_id, actor)
    await _tell(conversation, "human.handed_back_draft" if _draft(conversation) else "human.handed_back", {})
    await _to_bot(conversation, "handed_back", actor)


async def say(conversation_id: int, text: str, *, actor: Actor, key: str, image: str = "") -> None:
    """Staff write to the person. `key` is the page's own for this message, so that sending twice says it once."""
    conversation = await _held(conversation_id, actor)
    reply: dict[str, str | Sequence[str]] = {"text": text, "options": [], "image": image}
    await outbox.put(conversation.person_id, {"reply": reply, "staff": actor.staff_id}, key=f"staff:{key}")
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
    await _to_bot(conversation, "timed_out", SYSTEM)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("human.no_such_talk")
    return actor.person_id


def _draft(conversation: Conversation) -> bool:
    """Whether a talk was laid aside when people were asked for, so that it can be offered again."""
    return bool(conversation.state.get("parked"))


async def _lock(person_id: int) -> Conversation:
    found = await work.lock(Conversation.filter(person_id=person_id))
    return found or await Conversation.create(person_id=person_id)


async def _lock_id(conversation_id: int) -> Conversation:
    found = await work.lock(Conversation.filter(id=conversation_id))
    if found is None:
        raise NotFound("human.no_such_talk")
    return found


async def _lock_by_staff(conversation_id: int, actor: Actor) -> Conversation:
    """Outside of their scope there is no such talk."""
    own = actor.doing(Field.TALKS)
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


async def _held(conversation_id: int, actor: Actor) -> Conversation:
    conversation = await _lock_by_staff(conversation_id, actor)
    if conversation.hold is not Hold.STAFF or conversation.held_by_id != actor.staff_id:
        raise NotAllowed("human.not_yours")
    return conversation


async def _enqueue(conversation: Conversation, reason: str, actor: Actor) -> None:
    change: _Change = {"hold": Hold.QUEUED, "held_by_id": None, "held_since": clock.now()}
    await _write(conversation, "queued", actor, change)
    said = await _said(conversation, reason)
    key = f"handover:{conversation.id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.HANDOVER,
        "asked_for_people",
        values=await telling.words(conversation.person_id, said),
        key=key,
        community_id=await homes.community_of(conversation.person_id),
        person_id=conversation.person_id,
        actor=actor,
    )
    await telling.service(conversation.person_id, "staff.handover", said, key=key)
    await _watch(conversation)


async def _said(conversation: Conversation, reason: str) -> str:
    """The wish itself and what was written just before it."""
    since = clock.now() - _JUST_NOW
    written = Message.filter(
        conversation_id=conversation.id, answers_id__isnull=True, kind="text", created_at__gte=since
    )
    before = [one.text for one in await written.order_by("-id").limit(_LAST_WORDS)][::-1]
    return "\n".join(dict.fromkeys(one for one in (*before, reason) if one))


async def _task(person_id: int) -> StaffTask | None:
    return (
        await StaffTask.filter(person_id=person_id, kind=TaskKind.HANDOVER, done_at=None)
        .order_by("-id")
        .first()
    )


async def _position(conversation: Conversation) -> int:
    """Among those whom the same office answers; somebody without a house waits with all of them."""
    if conversation.hold is not Hold.QUEUED:
        return 0
    earlier = Conversation.filter(hold=Hold.QUEUED, held_since__lt=conversation.held_since)
    people = [one.person_id for one in await earlier.only("person_id")]
    offices = await _offices([conversation.person_id, *people])
    mine = offices.get(conversation.person_id)
    return 1 + sum(mine is None or offices.get(one) in (None, mine) for one in people)


async def _offices(person_ids: Sequence[int]) -> dict[int, int]:
    """The office that answers each of them, of those who have a house."""
    bound = await Binding.filter(person_id__in=person_ids, status=BindingStatus.ACTIVE)
    offices = {one.id: one.office_id for one in await Community.all()}
    return {one.person_id: offices[one.community_id] for one in bound}


async def _to_bot(conversation: Conversation, verb: str, actor: Actor) -> None:
    await _write(conversation, verb, actor, {"hold": Hold.BOT, "held_by_id": None, "held_since": None})
    await staff_tasks.settle_person(conversation.person_id, TaskKind.HANDOVER, actor=actor)
    await timers.clear(KIND, conversation.id)


async def _keep_on_list(conversation: Conversation) -> None:
    """Nobody came: the wish becomes a message that staff answer later."""
    task = await _task(conversation.person_id)
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "handover_timed_out",
        values=await telling.words(
            conversation.person_id, str(task.values.get("text") or "") if task else ""
        ),
        key=f"left:{conversation.id}:{conversation.held_since}",
        community_id=await homes.community_of(conversation.person_id),
        person_id=conversation.person_id,
    )


async def _write(conversation: Conversation, verb: str, actor: Actor, change: _Change) -> None:
    """Only these columns: the turn writes the others of the row itself."""
    before = conversation.hold
    await conversation.update_from_dict(dict(change)).save(update_fields=list(change))
    community_id = await homes.community_of(conversation.person_id)
    await events.record(
        Subject(SubjectKind.CONVERSATION, conversation.id, community_id),
        verb,
        actor=actor,
        before=before,
        after=conversation.hold,
        body={"held_by": conversation.held_by_id},
    )


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
