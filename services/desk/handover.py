"""转人工, the resident's side: the bot steps back, the person waits in the queue, or leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.conversations import Conversation, Hold, Message
from models.tasks import StaffTask, TaskKind
from models.values import Json
from services import clock, policy, staff_tasks, timers, worktime
from services.actors import SYSTEM, Actor
from services.desk import holding, queue, silence, telling
from services.errors import NotFound

KIND = holding.TIME_OUT
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
    conversation = await holding.lock(_person(actor))
    hours = await worktime.of_desk()
    if not hours.is_open(clock.now()):
        return Place(0, False, worktime.told(hours.periods), hours.next_open(clock.now()))
    if conversation.hold is Hold.BOT:
        await _enqueue(conversation, reason, actor)
    elif conversation.hold is Hold.STAFF and conversation.waiting_since is None:
        await Conversation.filter(id=conversation.id).update(waiting_since=clock.now())
        await silence.heard(conversation.id)
    return Place(await queue.position(conversation), True, worktime.told(hours.periods), None)


async def waiting(person_id: int) -> Waiting | None:
    """How somebody in the queue stands; None for who is not in it."""
    conversation = await Conversation.filter(person_id=person_id, hold=Hold.QUEUED).first()
    if conversation is None:
        return None
    task = await _task(person_id)
    hours = worktime.told((await worktime.of_desk()).periods)
    return Waiting(await queue.position(conversation), hours, bool(task and task.values.get("calmed")))


async def heard(text: str, *, actor: Actor) -> None:
    """Words of somebody who waits: they stand with the task; the first of them are told to who is on duty."""
    person_id = _person(actor)
    task = await _task(person_id)
    if task is None:
        return
    said = "\n".join(one for one in (str(task.values.get("text") or ""), text) if one)
    words = await telling.words(person_id, said, hidden_from=staff_tasks.hidden_from(task.values))
    await staff_tasks.renew(task.id, {**words, "calmed": 1})
    if not task.values.get("calmed"):
        await telling.service(person_id, "staff.handover_more", text, key=f"handover:{task.id}:more")


async def cancel(*, actor: Actor) -> bool:
    """The person does not want to wait any more. False when they were not waiting."""
    conversation = await holding.lock(_person(actor))
    if conversation.hold is Hold.BOT:
        return False
    await holding.to_bot(conversation, "left", actor=actor)
    return True


async def time_out(conversation_id: int, note: Json) -> None:
    """Both sides are done with a talk that staff hold: the bot takes it back and says so.

    Only where staff spoke last: somebody who waits for an answer is never given back to the bot.
    """
    conversation = await holding.lock_id(conversation_id)
    if conversation.hold is not Hold.STAFF or conversation.snoozed:
        return
    quiet = await _quiet_until(conversation)
    if quiet > clock.now() or conversation.waiting_since is not None:
        again = max(quiet, clock.now() + timedelta(minutes=1)) if conversation.waiting_since else quiet
        await timers.set_timer(KIND, conversation.id, again)
        return
    phrase = "human.timed_out_draft" if holding.has_draft(conversation) else "human.timed_out"
    hours = worktime.told((await policy.current()).office_hours)
    await holding.tell(conversation, phrase, {"hours": hours})
    await holding.to_bot(conversation, "timed_out", actor=SYSTEM)


async def watch(conversation: Conversation) -> None:
    """Give a talk that staff hold back to the bot once both sides are done with it."""
    await timers.set_timer(KIND, conversation.id, clock.now() + await _patience())


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("human.no_such_talk")
    return actor.person_id


async def _enqueue(conversation: Conversation, reason: str, actor: Actor) -> None:
    now = clock.now()
    change: holding.Change = {
        "hold": Hold.QUEUED,
        "held_by_id": None,
        "held_since": now,
        "waiting_since": conversation.waiting_since or now,
    }
    await holding.write(conversation, "queued", actor=actor, change=change)
    said = await _said(conversation, reason)
    await queue.announce(conversation, said, actor=actor)
    await silence.watch_closing(conversation)


async def _said(conversation: Conversation, reason: str) -> str:
    """The wish itself and what was written just before it."""
    since = clock.now() - _JUST_NOW
    written = Message.filter(
        conversation_id=conversation.id, answers_id__isnull=True, kind="text", created_at__gte=since
    )
    before: Sequence[str] = [one.text for one in await written.order_by("-id").limit(_LAST_WORDS)][::-1]
    return "\n".join(dict.fromkeys(one for one in (*before, reason) if one))


async def _task(person_id: int) -> StaffTask | None:
    return (
        await StaffTask.filter(person_id=person_id, kind=TaskKind.HANDOVER, done_at=None)
        .order_by("-id")
        .first()
    )


async def _quiet_until(conversation: Conversation) -> datetime:
    """So long after the last word of either side."""
    last = await Message.filter(conversation_id=conversation.id).order_by("-id").first()
    since = conversation.held_since or clock.now()
    return max(since, last.created_at if last else since) + await _patience()


async def _patience() -> timedelta:
    return timedelta(minutes=(await policy.current()).handover_minutes)
