"""等住户下次说话就发: replies that wait until the platform lets something through again, seven days at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.conversations import Conversation
from models.desk import HeldReply, HeldStatus
from models.values import Json
from services import clock, outbox, timers
from services.actors import SYSTEM, Actor
from services.desk import drafts, holding
from services.errors import NotAllowed, NotFound

KIND = "held_reply"
LONGEST = timedelta(days=7)
_AFTER_ANSWER = timedelta(seconds=1)  # behind what the bot answers at once


@dataclass(frozen=True, slots=True)
class HeldView:
    """`pictures` is how many go behind the text."""

    id: int
    text: str
    pictures: int
    staff: str
    mine: bool
    until: datetime


def keyed(key: str, parts: Sequence[Json]) -> list[tuple[str, Json]]:
    """Each part of what is said at once with a key of its own: the first has the one of the whole."""
    return [(f"{key}:{number}" if number else key, part) for number, part in enumerate(parts)]


async def put(conversation: Conversation, parts: Sequence[Json], *, key: str, actor: Actor) -> None:
    """Of the holder, who has the talk's lock; the same key is put once."""
    if actor.staff_id is None:
        raise NotAllowed("human.not_yours")
    now = clock.now()
    row = HeldReply(
        conversation_id=conversation.id,
        staff_id=actor.staff_id,
        key=key,
        reply={"parts": list(parts)},
        until=now + LONGEST,
        created_at=now,
    )
    await HeldReply.bulk_create([row], ignore_conflicts=True)
    stored = await HeldReply.get(key=key)
    await holding.write(
        conversation, "reply_held", actor=actor, change={"replies_held": True}, body={"reply": stored.id}
    )
    await timers.set_timer(KIND, stored.id, stored.until)
    await drafts.clear(conversation.id, actor=actor)


async def waiting(conversation: Conversation, *, actor: Actor) -> list[HeldView]:
    """Oldest first."""
    if not conversation.replies_held:
        return []
    found = HeldReply.filter(conversation_id=conversation.id, status=HeldStatus.WAITING).order_by("id")
    return [_view(one, actor) for one in await found.select_related("staff")]


async def cancel(reply_id: int, *, actor: Actor) -> str:
    """Take it back; its text, for pictures are chosen again. Raises NotAllowed when it went out or ended already."""
    found = await HeldReply.filter(id=reply_id).first()
    if found is None:
        raise NotFound("human.no_such_talk")
    conversation = await holding.lock_by_staff(found.conversation_id, actor)
    if not await _end(conversation, HeldStatus.CANCELLED, actor, only=found.id):
        raise NotAllowed("human.already_left")
    return _text(found)


async def overtaken(conversation: Conversation, *, actor: Actor) -> int:
    """A colleague answered: what others left waiting would only puzzle. How many those were."""
    return await _end(conversation, HeldStatus.CANCELLED, actor, besides=actor.staff_id)


async def release(conversation_id: int) -> None:
    """The resident wrote, in the turn that has the talk's lock: everything that waits goes behind the answer."""
    conversation = await holding.lock_id(conversation_id)
    now = clock.now()
    found = await HeldReply.filter(conversation_id=conversation_id, status=HeldStatus.WAITING).order_by("id")
    for one in found:
        if one.until <= now:
            continue
        for key, part in keyed(f"staff:{one.key}", one.reply["parts"]):
            payload: Json = {"reply": part, "staff": one.staff_id}
            await outbox.put(conversation.person_id, payload, key=key, not_before=now + _AFTER_ANSWER)
    await _end(conversation, HeldStatus.RELEASED, SYSTEM)


async def expire(reply_id: int, _: Json) -> None:
    """Nobody wrote for so long."""
    found = await HeldReply.filter(id=reply_id, status=HeldStatus.WAITING).first()
    if found is not None:
        conversation = await holding.lock_id(found.conversation_id)
        await _end(conversation, HeldStatus.EXPIRED, SYSTEM, only=found.id)


def _view(row: HeldReply, actor: Actor) -> HeldView:
    pictures = sum(bool(one.get("image")) for one in row.reply["parts"])
    return HeldView(row.id, _text(row), pictures, row.staff.name, row.staff_id == actor.staff_id, row.until)


def _text(row: HeldReply) -> str:
    return str(row.reply["parts"][0].get("text", ""))


async def _end(
    conversation: Conversation,
    status: HeldStatus,
    actor: Actor,
    *,
    only: int | None = None,
    besides: int | None = None,
) -> int:
    waiting = HeldReply.filter(conversation_id=conversation.id, status=HeldStatus.WAITING)
    chosen = waiting.filter(id=only) if only else waiting.exclude(staff_id=besides) if besides else waiting
    ids = [one.id for one in await chosen.only("id")]
    if not ids:
        return 0
    await HeldReply.filter(id__in=ids).update(status=status)
    left = await HeldReply.exists(conversation_id=conversation.id, status=HeldStatus.WAITING)
    change: holding.Change = {"replies_held": left}
    await holding.write(conversation, f"reply_{status}", actor=actor, change=change, body={"replies": ids})
    for one in ids:
        await timers.clear(KIND, one)
    return len(ids)
