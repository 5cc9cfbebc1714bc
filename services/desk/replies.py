"""What staff say to a resident: once, seen by nobody too late, and known to the end whether it arrived."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock, outbox, staff_tasks, timers, work
from services.actors import Actor
from services.desk import allowance, drafts, handover, held_replies, holding, stream
from services.desk.held_replies import keyed
from services.desk.sources import UNDO
from services.desk.stream import Marker
from services.errors import Invalid, NotAllowed, NotFound

_UNFILLED = re.compile(r"【[^【】]*】")
_MOST_PICTURES = 9
_KEY = "staff:"


class Crossed(NotAllowed):
    """Somebody said something that the page did not show yet; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Words:
    """`images` are hashes of pictures that we keep; each becomes a message of its own, behind the text.

    `cost` is how many messages the channel makes of all of it; `options` are shown below the text.
    """

    text: str
    images: Sequence[str] = ()
    cost: int = 1
    options: Sequence[dict[str, str]] = field(default=())


@dataclass(frozen=True, slots=True)
class Said:
    """`seen` is the marker of a page that showed everything before, with this; `fresh` is False for a repetition."""

    ids: list[int]
    seen: Marker
    undo_until: datetime
    fresh: bool = True


async def say(conversation_id: int, words: Words, *, key: str, seen: Marker | None, actor: Actor) -> Said:
    """To the resident, by the holder. The same key says it once, however often it is asked for.

    `seen` is what the page had shown; None for somebody without a page. Raises Crossed when anybody has said
    anything since, NotAllowed when the platform lets so much no longer through.
    """
    key = drafts.checked_key(key)
    conversation = await holding.held(conversation_id, actor)
    if known := await _known(key, conversation):
        return Said(
            [one.id for one in known], await stream.newest_of(conversation), known[0].not_before, fresh=False
        )
    _refuse_unready(words)
    await _refuse_crossing(conversation, seen)
    await _refuse_too_many(conversation, words.cost)
    return await _put(conversation, words, key, actor)


async def wait_for_word(
    conversation_id: int, words: Words, *, key: str, seen: Marker | None, actor: Actor
) -> None:
    """Keep it until the resident writes, seven days at most. Raises as `say` does, but for the window."""
    key = drafts.checked_key(key)
    conversation = await holding.held(conversation_id, actor)
    _refuse_unready(words)
    await _refuse_crossing(conversation, seen)
    await held_replies.put(conversation, _parts(words), key=key, actor=actor)
    await _answered(conversation)


async def by_template(
    conversation_id: int,
    phrase: str,
    values: Mapping[str, outbox.Value],
    *,
    key: str,
    seen: Marker | None,
    actor: Actor,
) -> Said:
    """One of the template messages that may be sent when nothing else goes; `values` fill the phrase."""
    key = drafts.checked_key(key)
    conversation = await holding.held(conversation_id, actor)
    if known := await _known(key, conversation):
        return Said(
            [one.id for one in known], await stream.newest_of(conversation), known[0].not_before, fresh=False
        )
    await _refuse_crossing(conversation, seen)
    payload: Json = {"phrase": phrase, "values": dict(values), "staff": actor.staff_id}
    stored = await _put_template(conversation, payload, _KEY + key)
    await holding.record(conversation, "said", actor=actor, body={"outbox": [stored.id]})
    return Said([stored.id], await stream.newest_of(conversation), stored.not_before)


async def undo(conversation_id: int, *, key: str, actor: Actor) -> Words:
    """Take back what one has said oneself and has not left; that alone. Raises NotAllowed when it is on its way."""
    conversation = await holding.lock_by_staff(conversation_id, actor)
    said = await _known(drafts.checked_key(key), conversation)
    rows = [one for one in said if one.payload.get("staff") == actor.staff_id]
    pending = Outbox.filter(id__in=[one.id for one in rows], status=OutboxStatus.PENDING, attempts=0)
    back = await pending.order_by("id").select_for_update()
    if not back:
        raise NotAllowed("human.already_left")
    ids = [one.id for one in back]
    await Outbox.filter(id__in=ids).update(status=OutboxStatus.CANCELLED)
    await holding.record(conversation, "unsaid", actor=actor, body={"outbox": ids})
    waited = rows[0].payload.get("waited")
    if waited and conversation.waiting_since is None and len(back) == len(rows):
        since = datetime.fromisoformat(waited)
        await Conversation.filter(id=conversation.id).update(waiting_since=since)
    parts = [one.payload.get("reply", {}) for one in back]
    text = "".join(str(one.get("text", "")) for one in parts)
    return Words(text, images=[str(one["image"]) for one in parts if one.get("image")])


async def retry(outbox_id: int, *, actor: Actor) -> int:
    """A message that was refused, or that may not have arrived, once more: a new attempt with its number."""
    row = await Outbox.filter(id=outbox_id).first()
    if row is None or not row.key.startswith(_KEY):
        raise NotFound("human.no_such_talk")
    talk = await Conversation.get(person_id=row.person_id)
    conversation = await holding.held(talk.id, actor)
    row = await Outbox.get(id=outbox_id)
    if row.status not in (OutboxStatus.FAILED, OutboxStatus.UNKNOWN) or row.payload.get("retried"):
        raise NotAllowed("human.no_retry")
    by_template = "phrase" in row.payload
    if not by_template:
        await _refuse_too_many(conversation, 1)
    attempt = int(row.payload.get("attempt") or 1) + 1
    again: Json = {one: row.payload[one] for one in ("reply", "phrase", "values") if one in row.payload}
    payload: Json = {**again, "staff": actor.staff_id, "attempt": attempt, "of": row.id}
    key = f"{row.key.partition('#')[0]}#{attempt}"
    if by_template:
        stored = await _put_template(conversation, payload, key)
    else:
        await outbox.put(row.person_id, payload, key=key)
        stored = await Outbox.get(key=key)
    await Outbox.filter(id=row.id).update(payload={**row.payload, "retried": stored.id})
    await staff_tasks.settle_key(f"outbox:{row.id}", actor=actor)
    await holding.record(
        conversation, "retried", actor=actor, body={"outbox": [stored.id], "attempt": attempt}
    )
    return int(stored.id)


def unfilled(text: str) -> list[str]:
    """Places of a canned reply that nobody filled in."""
    return _UNFILLED.findall(text)


def _refuse_unready(words: Words) -> None:
    if not words.text.strip() and not words.images:
        raise Invalid("human.nothing_to_say")
    if len(words.text) > drafts.LONGEST:
        raise Invalid("human.too_long", longest=drafts.LONGEST)
    if len(words.images) > _MOST_PICTURES:
        raise Invalid("human.too_many_pictures", most=_MOST_PICTURES)
    if blanks := unfilled(words.text):
        raise Invalid("human.unfilled", blanks="、".join(blanks))


async def _refuse_crossing(conversation: Conversation, seen: Marker | None) -> None:
    if seen is not None and (newer := await stream.count_newer(conversation, seen)):
        raise Crossed("human.crossed", count=newer)


async def _refuse_too_many(conversation: Conversation, cost: int) -> None:
    left = (await allowance.of(conversation)).left
    if left is not None and cost > left:
        raise NotAllowed("human.too_few_sends" if left else "human.window_closed", cost=cost, left=left)


async def _known(key: str, conversation: Conversation) -> list[Outbox]:
    keys = [_KEY + key, *(f"{_KEY}{key}:{number}" for number in range(1, _MOST_PICTURES + 1))]
    return await Outbox.filter(key__in=keys, person_id=conversation.person_id).order_by("id")


async def _put(conversation: Conversation, words: Words, key: str, actor: Actor) -> Said:
    now = clock.now()
    rows = [
        Outbox(
            key=one, person_id=conversation.person_id, payload=payload, not_before=now + UNDO, created_at=now
        )
        for one, payload in _payloads(conversation, words, key, actor)
    ]
    await Outbox.bulk_create(rows, ignore_conflicts=True)
    work.wake("deliver")
    stored = await _known(key, conversation)
    if not stored:
        raise Invalid("human.bad_key")  # of a message to somebody else
    ids = [one.id for one in stored]
    await drafts.clear(conversation.id, actor=actor)
    await held_replies.overtaken(conversation, actor=actor)
    await holding.record(conversation, "said", actor=actor, body={"outbox": ids})
    await _answered(conversation)
    return Said(ids, await stream.newest_of(conversation), now + UNDO)


async def _put_template(conversation: Conversation, payload: Json, key: str) -> Outbox:
    """At once, and never as a customer message."""
    row = Outbox(
        key=key,
        person_id=conversation.person_id,
        payload=payload,
        rung="template",
        not_before=clock.now(),
    )
    await Outbox.bulk_create([row], ignore_conflicts=True)
    work.wake("deliver")
    return await Outbox.get(key=key)


def _payloads(conversation: Conversation, words: Words, key: str, actor: Actor) -> list[tuple[str, Json]]:
    """(key, payload) of each message: the text first, then each picture."""
    waited = conversation.waiting_since.isoformat() if conversation.waiting_since else None
    about: Json = {"staff": actor.staff_id, "waited": waited}
    return [(_KEY + one, {"reply": part, **about}) for one, part in keyed(key, _parts(words))]


def _parts(words: Words) -> list[Json]:
    """The messages that this becomes: the text first, then each picture."""
    parts = [_reply(words.text, options=words.options)] if words.text.strip() else []
    return parts + [_reply("", image=one) for one in words.images]


def _reply(text: str, *, image: str = "", options: Sequence[dict[str, str]] = ()) -> Json:
    return {"text": text, "options": list(options), "image": image}


async def _answered(conversation: Conversation) -> None:
    """Nobody waits for people any more, until they write again."""
    quiet: Json = {"waiting_since": None, "pressing": False}
    await Conversation.filter(id=conversation.id).update(**quiet)
    for kind in (holding.SILENCE, holding.CLOSING):
        await timers.clear(kind, conversation.id)
    await handover.watch(conversation)
