"""The talks of the desk: those that wait for people or that people have, as far as somebody sees them."""

from models.conversations import Conversation, Hold, Message
from models.people import Binding, BindingStatus
from services.errors import NotFound
from services.estate import homes
from services.scope import Field, Scope


async def held(seen: Scope) -> list[Conversation]:
    """Not the bot's at the moment, longest held first, with the person and whoever has it."""
    seen.must_see(Field.TALKS)
    found = Conversation.exclude(hold=Hold.BOT).order_by("held_since").select_related("person", "held_by")
    talks = await found
    bound = Binding.filter(person_id__in=[one.person_id for one in talks], status=BindingStatus.ACTIVE)
    where = {one.person_id: one.community_id for one in await bound}
    return [one for one in talks if seen.has(where.get(one.person_id))]


async def last_messages(conversation_id: int, seen: Scope, *, limit: int) -> list[Message]:
    """Oldest first. Raises NotFound for a talk outside of their scope."""
    seen.must_see(Field.TALKS)
    talk = await Conversation.filter(id=conversation_id).first()
    if talk is None or not seen.has(await homes.community_of(talk.person_id)):
        raise NotFound("human.no_such_talk")
    newest = await Message.filter(conversation_id=talk.id).order_by("-id").limit(limit)
    return newest[::-1]
