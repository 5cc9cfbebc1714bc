"""Why messages were answered as they were: kept with the answer, with the message itself where there is none."""

from collections.abc import Collection

from tortoise.expressions import Q

from models.conversations import Message
from models.values import Json


async def of(message_ids: Collection[int]) -> dict[int, Json]:
    """By the message that was heard; those that the bot did not look at are left out."""
    if not message_ids:
        return {}
    ids = list(message_ids)
    rows = await Message.filter(Q(id__in=ids) | Q(answers_id__in=ids)).only("id", "answers_id", "body")
    return {one.answers_id or one.id: one.body["why"] for one in rows if one.body.get("why")}
