"""What somebody of the staff has read of a talk: per person, kept on the server."""

from models.conversations import Message
from models.desk import TalkRead
from services.actors import Actor
from services.desk import holding
from services.errors import NotAllowed

_SAID = ("text", "image", "voice", "video", "location", "link", "other")

# Never back by reading: two pages of one person may show different ends of a talk.
_READ = """
INSERT INTO talk_read (staff_id, conversation_id, message_id) VALUES ($1, $2, $3)
ON CONFLICT (staff_id, conversation_id)
DO UPDATE SET message_id = greatest(talk_read.message_id, EXCLUDED.message_id)
"""


async def read(conversation_id: int, message_id: int, *, actor: Actor) -> None:
    """Up to this message."""
    await holding.seen(conversation_id, actor)
    await TalkRead._meta.db.execute_query(_READ, [_staff(actor), conversation_id, message_id])


async def mark_unread(conversation_id: int, *, actor: Actor) -> None:
    """The resident's last message counts as new again."""
    await holding.seen(conversation_id, actor)
    found = Message.filter(conversation_id=conversation_id, answers_id__isnull=True, kind__in=_SAID)
    last = await found.order_by("-id").first().only("id")
    before = last.id - 1 if last else 0
    row = TalkRead(staff_id=_staff(actor), conversation_id=conversation_id, message_id=before)
    await TalkRead.bulk_create(
        [row], on_conflict=["staff_id", "conversation_id"], update_fields=["message_id"]
    )


async def last_read(conversation_id: int, *, actor: Actor) -> int | None:
    """The message up to which they read; None when they never opened the talk."""
    found = await TalkRead.filter(staff_id=_staff(actor), conversation_id=conversation_id).first()
    return found.message_id if found else None


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    return actor.staff_id
