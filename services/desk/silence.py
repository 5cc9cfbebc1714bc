"""Nobody is forgotten: holders who keep silent, the end of the office hours, and what each of them sets in motion."""

from collections.abc import Collection
from datetime import datetime, timedelta

from models.conversations import Conversation, Hold
from models.people import Staff
from models.values import Json
from services import clock, duty, outbox, policy, timers, worktime
from services.actors import SYSTEM, Actor
from services.desk import holding, queue
from services.estate import homes

_TWICE = "twice"


async def heard(conversation_id: int) -> None:
    """The resident wrote in a talk that staff hold: its holder is reminded unless they answer."""
    for kind, due in ((holding.SILENCE, await _due(clock.now(), 1)), (holding.CLOSING, await _closing())):
        if not await timers.is_set(kind, conversation_id):
            await timers.set_timer(kind, conversation_id, due)


async def watch_closing(conversation: Conversation) -> None:
    """Whoever still waits when the office closes is told so."""
    await timers.set_timer(holding.CLOSING, conversation.id, await _closing())


async def ring(conversation_id: int, note: Json) -> None:
    """Silent for n minutes: a reminder. For twice as long: the front of the queue, and the supervisor is told.

    How long somebody waited before anybody took the talk is no silence of its holder.
    """
    conversation = await holding.lock_id(conversation_id)
    since = conversation.waiting_since
    if conversation.hold is not Hold.STAFF or since is None or conversation.snoozed:
        return
    silent = max(since, conversation.held_since or since)
    due = await _due(silent, 2 if note.get(_TWICE) else 1)
    if due > clock.now():  # answered in the meantime, and asked again
        await timers.set_timer(holding.SILENCE, conversation.id, due, note=note)
    elif note.get(_TWICE):
        await back_to_queue(conversation, "left_alone", actor=SYSTEM, pressing=True)
        await _tell_supervisors(conversation, since)
    else:
        await _remind(conversation, since)
        await timers.set_timer(holding.SILENCE, conversation.id, await _due(silent, 2), note={_TWICE: True})


async def close_for_today(conversation_id: int, _: Json) -> None:
    """The office closes: each who waits hears once when somebody is back, and keeps the place."""
    conversation = await holding.lock_id(conversation_id)
    if conversation.waiting_since is None or conversation.hold is Hold.BOT:
        return
    hours = await worktime.of_desk()
    closes = await _closing()
    if hours.is_open(clock.now()) and closes > clock.now():
        await timers.set_timer(holding.CLOSING, conversation.id, closes)
        return
    opens = hours.next_open(clock.now())
    await holding.tell(conversation, "human.closed_for_today", {"opens": opens.isoformat()})
    await holding.record(conversation, "told_closed", actor=SYSTEM)
    await timers.set_timer(holding.CLOSING, conversation.id, await _closing(opens))


async def keep_to_the_hours() -> None:
    """The office hours may have been changed: who waits hears at the end that holds now, and holders are reminded
    by the hours that hold now."""
    now, closes = clock.now(), await _closing()
    over = clock.local((await worktime.of_desk()).next_open(now)).date() > clock.local(now).date()
    for conversation_id, due in await timers.ahead(holding.CLOSING):
        if due == closes:
            continue
        today = clock.local(due).date() == clock.local(now).date()
        await timers.set_timer(holding.CLOSING, conversation_id, now if over and today else closes)
        await timers.look_again(holding.SILENCE, conversation_id)


async def back_to_queue(
    conversation: Conversation,
    verb: str,
    *,
    actor: Actor,
    pressing: bool = False,
    office_id: int | None = None,
    said: str = "",
    hidden_from: Collection[int] = (),
) -> None:
    """Somebody else shall take it; the resident keeps the time for which they have waited.

    `said` is why the resident wants that, told to colleagues, but for those it is hidden from.
    """
    holder = conversation.held_by_id
    change: holding.Change = {
        "hold": Hold.QUEUED,
        "held_by_id": None,
        "held_since": clock.now(),
        "waiting_since": conversation.waiting_since or clock.now(),
        "pressing": pressing,
        "queue_office_id": office_id,
        "snoozed": False,
        "snoozed_until": None,
    }
    await holding.write(
        conversation, verb, actor=actor, change=change, body={"from": holder, "office": office_id}
    )
    await holding.clear_timers(conversation)
    await queue.announce(conversation, said, actor=actor, hidden_from=hidden_from)
    await watch_closing(conversation)


async def _due(since: datetime, times: int) -> datetime:
    """So many office minutes after that moment."""
    return (await worktime.of_desk()).add(since, times * (await policy.current()).silence_minutes)


async def _closing(after: datetime | None = None) -> datetime:
    """When the last period of the day ends that is open then, or opens next."""
    hours = await worktime.of_desk()
    opens = clock.local(hours.next_open(after or clock.now()))
    last = hours.periods[-1][1]
    closes = datetime.combine(opens.date(), last, clock.LOCAL)
    return closes.astimezone((after or clock.now()).tzinfo)


async def _remind(conversation: Conversation, since: datetime) -> None:
    await holding.record(conversation, "reminded", actor=SYSTEM)
    holder = await Staff.filter(id=conversation.held_by_id).first()
    if holder is not None and holder.person_id is not None:
        facts = await _facts(conversation, since)
        await duty.tell(holder.person_id, "staff.talk_waits", facts, key=_key(conversation, 1))


async def _tell_supervisors(conversation: Conversation, since: datetime) -> None:
    community_id = await homes.community_of(conversation.person_id)
    for person_id in await duty.leading(community_id):
        key = f"{_key(conversation, 2)}:{person_id}"
        await duty.tell(person_id, "staff.talk_left_alone", await _facts(conversation, since), key=key)


async def _facts(conversation: Conversation, since: datetime) -> dict[str, outbox.Value]:
    home = await homes.find(conversation.person_id)
    minutes = int((clock.now() - since) / timedelta(minutes=1))
    return {"name": home.name if home else "", "house": home.house_label if home else "", "minutes": minutes}


def _key(conversation: Conversation, times: int) -> str:
    return f"silence:{conversation.id}:{times}:{clock.now().isoformat()}"
