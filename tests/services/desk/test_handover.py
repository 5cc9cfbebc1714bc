"""To people and back."""

import asyncio
from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models.conversations import Conversation, Hold, Message
from models.outbox import Outbox
from models.people import Person, Role, Staff
from models.tasks import StaffTask, TaskKind
from services import clock
from services.desk import handover
from services.errors import NotAllowed
from services.estate import people
from tests.world import estate
from tests.world.estate import told

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)
EVENING = estate.MONDAY_10 + timedelta(hours=12)


@pytest.fixture
async def resident(database: str) -> Person:
    return await people.ensure("o_resident")


@pytest.fixture
async def clerk(database: str) -> Staff:
    return await Staff.create(login="clerk", name="小徐", role=Role.SERVICE)


async def _talk(person: Person) -> Conversation:
    return await Conversation.get(person_id=person.id)


async def test_the_place_in_the_queue_is_told_and_kept(resident: Person) -> None:
    other = await people.ensure("o_other")
    first = await handover.request(other.id)
    with clock.fixed(clock.now() + MINUTE):
        place = await handover.request(resident.id, reason="投诉")
        again = await handover.request(resident.id)
    assert (first.position, place.position, again.position) == (1, 2, 2)
    assert place.hours == "09:00-18:00"
    assert (await _talk(resident)).hold is Hold.QUEUED
    assert await StaffTask.filter(kind=TaskKind.HANDOVER, person_id=resident.id).count() == 1


async def test_out_of_hours_a_message_is_left_instead(resident: Person) -> None:
    with clock.fixed(EVENING):
        place = await handover.request(resident.id)
        assert (place.open, place.position) == (False, 0)
        assert place.opens_at == estate.MONDAY_10 + timedelta(hours=23)
        assert (await _talk(resident)).hold is Hold.BOT
        await handover.leave_message(resident.id, "请明天回电")
    task = await StaffTask.get()
    assert (task.kind, task.reason, task.values) == (
        TaskKind.LEFT_MESSAGE,
        "left_message",
        {"text": "请明天回电"},
    )


async def test_staff_take_the_talk_say_something_and_hand_it_back(resident: Person, clerk: Staff) -> None:
    await handover.request(resident.id)
    talk = await _talk(resident)
    await handover.take(talk.id, staff_id=clerk.id)
    assert (await _talk(resident)).held_by_id == clerk.id
    assert await StaffTask.filter(done_at=None).count() == 0
    for _ in range(2):
        await handover.say(talk.id, "您好", staff_id=clerk.id, key="page-1")
    assert await Outbox.filter(key="staff:page-1").count() == 1
    await handover.hand_back(talk.id, staff_id=clerk.id)
    assert (await _talk(resident)).hold is Hold.BOT
    phrases = [row.payload.get("phrase") for row in await Outbox.all().order_by("id")]
    assert phrases == ["human.taken_over", None, "human.handed_back"]
    with pytest.raises(NotAllowed, match="not_yours"):
        await handover.say(talk.id, "还在吗", staff_id=clerk.id, key="page-2")


async def test_two_staff_take_at_once_and_one_has_it(resident: Person, clerk: Staff) -> None:
    other = await Staff.create(login="other", name="小唐", role=Role.SERVICE)
    await handover.request(resident.id)
    talk = await _talk(resident)

    async def take(staff: Staff) -> str:
        try:
            async with in_transaction():
                await handover.take(talk.id, staff_id=staff.id)
        except NotAllowed as refused:
            return refused.phrase
        return "mine"

    answers = await asyncio.gather(take(clerk), take(other))
    assert sorted(answers) == ["human.taken", "mine"]
    assert await told(resident.id) == ["human.taken_over"]


async def test_a_colleague_continues_the_talk(resident: Person, clerk: Staff) -> None:
    other = await Staff.create(login="other", name="小唐", role=Role.SERVICE)
    talk = await _talk(resident)
    await handover.take(talk.id, staff_id=clerk.id)
    await handover.transfer(talk.id, staff_id=clerk.id, to_staff_id=other.id)
    await handover.say(talk.id, "我来接着办", staff_id=other.id, key="x")
    with pytest.raises(NotAllowed):
        await handover.hand_back(talk.id, staff_id=clerk.id)


async def test_a_queue_that_nobody_serves_ends_and_the_wish_stays_on_the_list(resident: Person) -> None:
    await handover.request(resident.id)
    await estate.run_timers(29 * MINUTE)
    assert (await _talk(resident)).hold is Hold.QUEUED
    await estate.run_timers(30 * MINUTE)
    assert (await _talk(resident)).hold is Hold.BOT
    assert await told(resident.id) == ["human.timed_out"]
    kinds = await StaffTask.filter(done_at=None).values_list("kind", flat=True)
    assert list(kinds) == [TaskKind.LEFT_MESSAGE]


async def test_a_talk_times_out_only_after_the_last_word(resident: Person, clerk: Staff) -> None:
    talk = await _talk(resident)
    await handover.take(talk.id, staff_id=clerk.id)
    message = await Message.create(conversation=talk, kind="text", text="在吗")
    await Message.filter(id=message.id).update(created_at=clock.now() + 20 * MINUTE)
    await estate.run_timers(30 * MINUTE)
    assert (await _talk(resident)).hold is Hold.STAFF
    await estate.run_timers(50 * MINUTE)
    assert (await _talk(resident)).hold is Hold.BOT


async def test_leaving_the_queue(resident: Person) -> None:
    await handover.request(resident.id)
    assert await handover.cancel(resident.id)
    assert not await handover.cancel(resident.id)
    assert (await _talk(resident)).hold is Hold.BOT
    assert await StaffTask.filter(done_at=None).count() == 0
