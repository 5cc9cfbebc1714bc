"""Photos, voices and videos of a talk, and pictures that staff send: found by whoever may see the talk."""

from dataclasses import dataclass

from models.conversations import Conversation, Message
from models.desk import CannedReply
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from services.actors import Actor
from services.desk import holding, veils
from services.desk.entries import Entry, Speaker
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    mime: str
    kind: str


async def of_talk(conversation_id: int, file_id: int, *, actor: Actor) -> Stored:
    """What the resident of this talk sent. Raises NotFound for anybody else's."""
    conversation = await holding.seen(conversation_id, actor)
    found = MediaFile.filter(id=file_id, person_id=conversation.person_id, status=MediaStatus.STORED)
    row = await found.first()
    if row is None or await _kept(row.media_id, conversation, actor):
        raise NotFound("page.not_found")
    return Stored(row.sha256, row.mime, row.kind)


async def _kept(media_id: str, conversation: Conversation, actor: Actor) -> bool:
    """Whether it was sent for what the talk keeps from them."""
    veiled = (await veils.of_people([conversation.person_id], actor=actor))[conversation.person_id]
    if not veiled:
        return False
    rows = await Message.filter(conversation_id=conversation.id, body__contains={"media_id": media_id})
    entries = [Entry("m", one.id, one.created_at, Speaker.RESIDENT, one.kind) for one in rows]
    return bool(await veils.over((one, veiled) for one in entries))


async def picture(conversation_id: int, sha256: str, *, actor: Actor) -> Stored:
    """A picture that was sent to the resident of this talk, or that a canned reply holds."""
    conversation = await holding.seen(conversation_id, actor)
    sent = Outbox.filter(person_id=conversation.person_id, payload__contains={"reply": {"image": sha256}})
    if not await sent.exists() and not await CannedReply.filter(images__contains=[sha256]).exists():
        raise NotFound("page.not_found")
    return Stored(sha256, "image/jpeg", "image")
