"""People of the account: known from their first message, following or not."""

from models.conversations import Conversation
from models.people import Person
from services.errors import NotFound


async def ensure(channel_id: str, *, channel: str = "wechat") -> Person:
    """The person of that channel id, made with their conversation when new; safe at the same moment twice."""
    fresh = Person(channel=channel, channel_id=channel_id)
    await Person.bulk_create([fresh], ignore_conflicts=True)
    person = await Person.get(channel=channel, channel_id=channel_id)
    await Conversation.bulk_create([Conversation(person_id=person.id)], ignore_conflicts=True)
    return person


async def follow(person_id: int) -> None:
    await Person.filter(id=person_id).update(following=True)


async def unfollow(person_id: int) -> None:
    """Nothing can be sent any more; what they reported stays."""
    await Person.filter(id=person_id).update(following=False)


async def lock(person_id: int) -> Person:
    """The person, held until the transaction ends: what keeps two bindings from happening at once."""
    found = await Person.filter(id=person_id).select_for_update().first()
    if found is None:
        raise NotFound("person.not_found")
    return found
