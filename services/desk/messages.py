"""What residents leave for people to hear: messages in words, voices and videos that the bot cannot take in."""

from models.tasks import TaskKind
from services import clock, duty, outbox, staff_tasks
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.estate import homes


async def leave(text: str, *, actor: Actor) -> None:
    """留言: staff find it on their list, and who is on duty reads it at once."""
    if not text.strip():
        raise Invalid("human.message_empty")
    await _put(actor, "left_message", {"text": text})


async def leave_recording(kind: str, *, actor: Actor, media_id: int | None = None) -> None:
    """A voice or a video (`kind`) of which the bot understands nothing; `media_id` is our own of the file."""
    await _put(actor, kind, {"media": media_id})


async def _put(actor: Actor, reason: str, values: dict[str, outbox.Value]) -> None:
    if actor.person_id is None:
        raise NotFound("human.no_such_talk")
    home = await homes.find(actor.person_id)
    community_id = home.community_id if home else None
    key = f"left:{actor.person_id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        reason,
        values=values,
        key=key,
        community_id=community_id,
        person_id=actor.person_id,
        actor=actor,
    )
    told: dict[str, outbox.Value] = {
        "name": home.name if home else "",
        "house": home.house_label if home else "",
        "phone": home.phone if home else "",
        "what": reason,
        "text": str(values.get("text") or "")[:300],
    }
    await duty.tell_service(community_id, "staff.left_message", told, key=key)
