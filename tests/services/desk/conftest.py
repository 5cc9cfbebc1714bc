"""A resident who talks with people, and clerks who answer."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from models.conversations import Conversation, Hold, Message
from models.people import Person, Role, Staff
from services import actors, clock
from services.actors import Actor
from services.desk import replies, taking
from services.desk.replies import Said, Words
from services.desk.stream import Marker
from tests.world import places
from tests.world.units import within

KEY = "page-key-0001"


@dataclass(frozen=True, slots=True)
class Desk:
    """A resident of a house with the whole window open, and two clerks of the company."""

    resident: Person
    talk_id: int
    clerk: Actor
    other: Actor

    async def talk(self) -> Conversation:
        return await Conversation.get(id=self.talk_id)

    async def hears(self, text: str = "在吗", kind: str = "text") -> Message:
        """What the turn leaves in the rows when the resident writes while people have the talk."""
        now = clock.now()
        made = await Message.create(conversation_id=self.talk_id, kind=kind, text=text)
        await Message.filter(id=made.id).update(created_at=now)
        talk = await self.talk()
        if talk.hold is not Hold.BOT:
            since = talk.waiting_since or now
            await Conversation.filter(id=self.talk_id).update(waiting_since=since, snoozed=False)
        await Conversation.filter(id=self.talk_id).update(
            last_inbound_at=now, window_until=now + timedelta(hours=48), sends_left=5
        )
        return made

    async def says(self, text: str = "您好", *, key: str = KEY, seen: Marker | None = None) -> Said:
        """The clerk who has the talk answers."""
        return await within(replies.say(self.talk_id, Words(text), key=key, seen=seen, actor=self.clerk))

    async def taken(self) -> None:
        await within(taking.take(self.talk_id, actor=self.clerk))


async def _clerk(name: str) -> Actor:
    login = f"s{await Staff.all().count()}"
    return await actors.staff((await Staff.create(login=login, name=name, role=Role.SERVICE)).id)


@pytest.fixture
async def desk(database: str) -> Desk:
    house = await places.house(await places.community(), "5-1-1203")
    resident = await places.resident(house, "刘建国")
    now = clock.now()
    talk = await Conversation.create(person=resident, window_until=now + timedelta(hours=48), sends_left=5)
    return Desk(resident, talk.id, await _clerk("李娜"), await _clerk("赵倩"))
