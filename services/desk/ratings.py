"""办结, and 评价: ending a talk, with a sentence that may ask how it was."""

from collections.abc import Sequence

from models.conversations import Conversation
from models.desk import TalkRating
from services import clock
from services.actors import Actor
from services.desk import allowance, drafts, holding, replies, stream
from services.desk.replies import Words
from services.desk.stream import Marker
from services.errors import NotFound

SCRIPT = "talk_rate"
_MOST = 5


async def resolve(
    conversation_id: int,
    *,
    closing: str = "",
    stars: Sequence[str] = (),
    key: str = "",
    seen: Marker | None,
    actor: Actor,
) -> None:
    """办结: the bot speaks again. `closing` is said to the resident. With `stars`, the words of one star, two and so
    on, it asks for a rating where that can be: inside the window only, and never with the last send.

    Raises as `replies.say` does.
    """
    conversation = await holding.held(conversation_id, actor)
    body = {"closing": bool(closing.strip())}
    if closing.strip():
        options = await _options(conversation, stars, actor) if stars else []
        words = Words(closing, options=options)
        await replies.say(conversation_id, words, key=key or drafts.new_key(), seen=seen, actor=actor)
        conversation = await holding.held(conversation_id, actor)
        body["asked"] = bool(options)
    elif seen is not None:
        await _refuse_crossing(conversation, seen)
    await holding.to_bot(conversation, "resolved", actor=actor)
    await drafts.clear(conversation.id, actor=actor)


async def rate(rating_id: int, stars: int, *, actor: Actor) -> None:
    """By the resident who was asked; the last word counts. Raises NotFound for what nobody asked them."""
    found = await TalkRating.filter(id=rating_id, person_id=actor.person_id or 0).first()
    if found is None or not 1 <= stars <= _MOST:
        raise NotFound("human.no_such_talk")
    await TalkRating.filter(id=found.id).update(stars=stars, rated_at=clock.now())
    conversation = await Conversation.get(id=found.conversation_id)
    rated = {"stars": stars, "rated": found.staff_id}
    await holding.record(conversation, "rated", actor=actor, body=rated)


async def _refuse_crossing(conversation: Conversation, seen: Marker) -> None:
    if newer := await stream.count_newer(conversation, seen):
        raise replies.Crossed("human.crossed", count=newer)


async def _options(conversation: Conversation, stars: Sequence[str], actor: Actor) -> list[dict[str, str]]:
    """One tap each; none when this would be the last send, or when nobody knows how many are left."""
    left = (await allowance.of(conversation)).left
    if left is None or left < 2 or actor.staff_id is None:
        return []
    row = await TalkRating.create(
        conversation_id=conversation.id,
        person_id=conversation.person_id,
        staff_id=actor.staff_id,
        asked_at=clock.now(),
    )
    # The number before an option is its stars, as wherever stars are asked for: who types 5 gives five.
    return [
        {"text": text, "id": f"s:{SCRIPT}?rating={row.id}&stars={number}"}
        for number, text in enumerate(stars, 1)
    ]
