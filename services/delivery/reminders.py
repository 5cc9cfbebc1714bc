"""Talks that wait for an answer, and when to remind of them."""

from models.conversations import Conversation
from services import clock


async def due(limit: int) -> list[Conversation]:
    """Those to remind now, held until the transaction ends; the rest of it is another worker's."""
    found = Conversation.filter(nudge_at__lte=clock.now()).limit(limit)
    return await found.select_for_update(skip_locked=True)


async def done(talks: list[Conversation]) -> None:
    """Each is reminded of once, whether it was worth it or not."""
    await Conversation.filter(id__in=[talk.id for talk in talks]).update(nudge_at=None)
