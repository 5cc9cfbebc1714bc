"""Whose talk it is, and their whole phone number: read by name only, and written down."""

from models.community import House
from models.conversations import Conversation
from models.events import SubjectKind
from models.people import Person
from services import events
from services.actors import Actor
from services.desk import holding
from services.errors import NotFound
from services.estate import homes
from services.events import Subject


async def person_of(conversation_id: int, *, actor: Actor) -> int:
    """Raises NotFound outside of their scope."""
    conversation: Conversation = await holding.seen(conversation_id, actor)
    return conversation.person_id


async def area_of(house_id: int) -> int:
    """In square centimetres."""
    return int((await House.get(id=house_id)).area_cm2)


async def phone(conversation_id: int, *, actor: Actor) -> str:
    """Raises NotFound where there is none. Who read whose is recorded."""
    person_id = await person_of(conversation_id, actor=actor)
    home = await homes.find(person_id)
    found = home.phone if home else (await Person.get(id=person_id)).phone
    if not found:
        raise NotFound("human.no_phone")
    whose = Subject(SubjectKind.PERSON, person_id, home.community_id if home else None)
    await events.record(whose, "phone_read", actor=actor, note="talk", body={"conversation": conversation_id})
    return str(found)
