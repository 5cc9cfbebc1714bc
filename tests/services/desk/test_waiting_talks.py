"""Who waits, as 今日 lists them: talks and left messages, the longest first, with the window that is left."""

from datetime import timedelta

import pytest

from models.conversations import Conversation, Hold
from models.people import Role, Staff
from services import actors, clock, scope
from services.desk import messages, waiting_talks
from tests.services.desk.conftest import Desk
from tests.world import offices, places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _queued(desk: Desk, ago: timedelta) -> None:
    since = clock.now() - ago
    await Conversation.filter(id=desk.talk_id).update(hold=Hold.QUEUED, held_since=since, waiting_since=since)


async def test_one_person_is_one_row_from_the_first_word_on(desk: Desk) -> None:
    with clock.fixed(clock.now() - timedelta(hours=14)):
        await within(messages.leave("明天一早请回电", actor=actors.person(desk.resident.id)))
    await desk.hears("有人吗")
    await _queued(desk, timedelta(hours=1))
    [row] = await waiting_talks.listed(actor=desk.clerk)
    assert clock.now() - row.since == timedelta(hours=14)
    assert [one.values["text"] for one in row.tasks] == ["明天一早请回电"]
    assert (row.name, row.phone, row.left) == ("刘建国", "138****1234", 5)
    assert row.last is not None
    assert row.last.text == "有人吗"


async def test_who_waited_longest_is_on_top_and_a_closed_window_is_none(desk: Desk) -> None:
    await _queued(desk, timedelta(hours=1))
    neighbour = await places.resident(await places.house(await places.community("远处"), "2-2-202"), "钱伟")
    closed = clock.now() - timedelta(minutes=5)
    await Conversation.create(
        person=neighbour, hold=Hold.QUEUED, waiting_since=clock.now() - timedelta(hours=50),
        window_until=closed, sends_left=2,
    )  # fmt: skip
    rows = await waiting_talks.listed(actor=desk.clerk)
    assert [(one.name, one.until is None, one.left) for one in rows] == [
        ("钱伟", True, 0),
        ("刘建国", False, 5),
    ]


async def test_what_nobody_waits_for_is_not_listed(desk: Desk) -> None:
    await Conversation.filter(id=desk.talk_id).update(waiting_since=clock.now())  # the bot has it
    assert await waiting_talks.listed(actor=desk.clerk) == []
    await _queued(desk, timedelta(hours=1))
    await Conversation.filter(id=desk.talk_id).update(snoozed=True)
    assert await waiting_talks.listed(actor=desk.clerk) == []


async def test_another_office_and_another_field_see_nobody(database: str) -> None:
    town = await offices.build()
    resident = actors.person(town.place.resident.id)
    await within(messages.leave("请回电", actor=resident))

    async def seen_by(who: Staff) -> int:
        return len(await waiting_talks.listed(actor=await actors.staff(who.id)))

    assert await seen_by(await town.staff()) == 1
    assert await seen_by(await town.staff(far=True)) == 0
    assert await seen_by(await Staff.get(login="boss")) == 0
    assert scope.Field.TALKS not in scope.SEES[Role.SUPERVISOR]
