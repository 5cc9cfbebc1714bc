"""The list: true counts, one order of waiting, paged by key, and nothing of other offices."""

from datetime import timedelta

import pytest

from models.community import Community, ManagementOffice
from models.conversations import Conversation, Hold, Message
from models.outbox import Outbox
from models.people import Role, Staff
from models.tasks import TaskKind
from services import actors, clock, scope, staff_tasks
from services.actors import Actor
from services.desk import alarms, inbox, queue, reading, taking, tallies
from services.desk.listing import Box, Order, Urgency
from services.desk.tallies import Counts
from tests.services.desk.conftest import Desk
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)


async def _queued(minutes: int, name: str = "王芳", community: Community | None = None) -> Conversation:
    """Somebody who has waited for so long, at home in that community or nowhere."""
    someone = await places.person(name)
    if community is not None:
        await places.bind(
            someone, await places.house(community, f"1-{await Conversation.all().count() + 1}01")
        )
    since = clock.now() - minutes * MINUTE
    return await Conversation.create(
        person=someone, hold=Hold.QUEUED, held_since=since, waiting_since=since, last_inbound_at=since
    )


async def _names(box: Box, actor: Actor, **how: object) -> list[str]:
    return [one.name for one in (await inbox.rows(box, actor=actor, **how)).rows]  # type: ignore[arg-type]


async def test_who_waited_longest_stands_first_and_danger_before_them(desk: Desk) -> None:
    await _queued(2, "二分")
    await _queued(14, "十四分")
    await _queued(6, "六分")
    await staff_tasks.add(TaskKind.ALERT, "danger", key="a", person_id=desk.resident.id)
    assert await _names(Box.WAITING, desk.clerk) == ["刘建国", "十四分", "六分", "二分"]
    assert await tallies.counts(actor=desk.clerk) == Counts(waiting=4, mine=0, all=4, snoozed=0)


async def test_who_was_left_alone_stands_before_who_waited_longer(desk: Desk) -> None:
    await _queued(14, "十四分")
    left = await _queued(6, "六分")
    await Conversation.filter(id=left.id).update(pressing=True)
    assert await _names(Box.WAITING, desk.clerk) == ["六分", "十四分"]
    assert await queue.position(await Conversation.get(id=left.id)) == 1


async def test_the_place_in_the_queue_is_the_one_in_the_list(desk: Desk) -> None:
    talks = [await _queued(minutes) for minutes in (3, 9, 1, 9)]
    listed = [one.id for one in (await inbox.rows(Box.WAITING, actor=desk.clerk)).rows]
    assert [await queue.position(await Conversation.get(id=one)) for one in listed] == [1, 2, 3, 4]
    assert sorted(listed) == sorted(one.id for one in talks)


@pytest.mark.parametrize("order", list(Order))
async def test_a_long_list_is_paged_by_key_without_gap_or_repetition(desk: Desk, order: Order) -> None:
    for number in range(7):
        await _queued(number // 2, f"第{number}位")
    whole = await _names(Box.ALL, desk.clerk, order=order)
    paged: list[str] = []
    after = ""
    while True:
        page = await inbox.rows(Box.ALL, actor=desk.clerk, order=order, after=after, limit=3)
        paged += [one.name for one in page.rows]
        if not page.more:
            break
        after = page.rows[-1].cursor
    assert paged == whole
    assert len(set(paged)) == 8


async def test_nothing_of_another_office_is_listed_counted_or_found(desk: Desk) -> None:
    here = await Community.get(name="翠湖花园")
    far_office = await ManagementOffice.create(name="远处")
    far = await Community.create(office=far_office, code="far", name="远处小区")
    await _queued(5, "这里", here)
    await _queued(9, "那里", far)
    await _queued(1, "没绑定")
    clerk = await Staff.create(login="far", name="远", role=Role.SERVICE, office=far_office)
    theirs = await actors.staff(clerk.id)
    assert await _names(Box.WAITING, theirs) == ["那里", "没绑定"]
    assert await _names(Box.WAITING, theirs, search="这里") == []
    assert (await tallies.counts(actor=theirs)).all == 2
    assert await inbox.row(desk.talk_id, actor=theirs) is None


async def test_a_talk_stands_where_it_is(desk: Desk) -> None:
    await desk.taken()
    assert await _names(Box.MINE, desk.clerk) == ["刘建国"]
    assert await _names(Box.MINE, desk.other) == []
    await within(taking.snooze(desk.talk_id, None, actor=desk.clerk))
    assert await _names(Box.MINE, desk.clerk) == []
    assert await _names(Box.SNOOZED, desk.other) == ["刘建国"]
    assert await tallies.counts(actor=desk.clerk) == Counts(waiting=0, mine=0, all=1, snoozed=1)


@pytest.mark.parametrize("search", ["%", "_", "刘%国", "刘_国", "\\", "5_1"])
async def test_signs_of_patterns_mean_themselves(desk: Desk, search: str) -> None:
    assert await _names(Box.ALL, desk.clerk, search=search) == []
    neighbour = await _queued(1, name=f"甲{search}乙", community=await places.community("远处"))
    await Conversation.filter(id=neighbour.id).update(hold=Hold.BOT)
    assert await _names(Box.ALL, desk.clerk, search=search) == [f"甲{search}乙"]


@pytest.mark.parametrize(
    "search",
    ["刘建", "5-1-1203", "1234", "翠湖", "ljg", "LJG", "刘建国 5栋1单元1203", "ljg 1234"],
)
async def test_a_talk_is_found_by_name_initials_house_tail_and_community(desk: Desk, search: str) -> None:
    assert await _names(Box.ALL, desk.clerk, search=search) == ["刘建国"]
    assert await _names(Box.ALL, desk.clerk, search="没有的") == []
    assert await _names(Box.ALL, desk.clerk, search="王芳 5-1-1203") == []


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, Urgency.CALM), (4, Urgency.CALM), (5, Urgency.SOON), (10, Urgency.LATE)]
)
async def test_the_colour_follows_the_time_of_waiting(desk: Desk, minutes: int, expected: Urgency) -> None:
    await _queued(minutes, "等着")
    [row] = (await inbox.rows(Box.WAITING, actor=desk.clerk)).rows
    assert (row.waited_s, row.urgency) == (minutes * 60, expected)


async def test_unread_is_each_persons_own(desk: Desk) -> None:
    await desk.taken()
    await desk.hears("第一句")
    second = await desk.hears("第二句")

    async def unread(actor: Actor) -> int:
        row = await inbox.row(desk.talk_id, actor=actor)
        assert row is not None
        return row.unread

    assert (await unread(desk.clerk), await unread(desk.other)) == (2, 2)
    await within(reading.read(desk.talk_id, second.id, actor=desk.clerk))
    assert (await unread(desk.clerk), await unread(desk.other)) == (0, 2)
    await desk.hears("第三句")
    assert await unread(desk.clerk) == 1
    await within(reading.read(desk.talk_id, second.id + 10, actor=desk.clerk))
    await within(reading.mark_unread(desk.talk_id, actor=desk.clerk))
    assert await unread(desk.clerk) == 1


async def test_the_last_words_say_whose_they_are(desk: Desk) -> None:
    asked = await Message.create(conversation_id=desk.talk_id, kind="text", text="几点")
    await Message.create(conversation_id=desk.talk_id, kind="reply", text="请问哪里", answers_id=asked.id)
    row = await inbox.row(desk.talk_id, actor=desk.clerk)
    assert row is not None and row.last is not None
    assert (row.last.speaker, row.last.text) == ("bot", "请问哪里")
    card = {"kind": "progress", "values": {"state": "师傅已接单"}}
    payload = {"phrase": "ticket.accepted", "reply": {"text": "师傅接单了"}, "card": card}
    await Outbox.create(key="ticket:1", person=desk.resident, payload=payload, not_before=clock.now())
    row = await inbox.row(desk.talk_id, actor=desk.clerk)
    assert row is not None and row.last is not None and row.last.card == card


async def test_who_works_here_stands_apart_from_residents_unless_they_live_here(desk: Desk) -> None:
    mine, stranger = await places.person("小徐的微信"), await places.person("陌生人")
    for someone in (mine, stranger):
        await Conversation.create(person=someone)
    await Staff.filter(id=desk.clerk.staff_id).update(person_id=mine.id)
    await Staff.filter(id=desk.other.staff_id).update(person_id=desk.resident.id)
    listed = (await inbox.rows(Box.ALL, actor=desk.clerk)).rows
    assert {(one.name, one.crew) for one in listed} == {("刘建国", True), ("陌生人", False)}
    assert set(await _names(Box.CREW, desk.clerk)) == {"小徐的微信", "刘建国"}
    assert await _names(Box.CREW, desk.clerk, search="李娜") == ["小徐的微信"]
    assert (await tallies.counts(actor=desk.clerk)).all == 2


async def test_what_is_unread_in_ones_own_talks_is_counted_whatever_list_is_shown(desk: Desk) -> None:
    first = await desk.hears("师傅几点来")
    assert await tallies.unread_of_own(actor=desk.clerk) == {}
    await desk.taken()
    await within(reading.read(desk.talk_id, first.id, actor=desk.clerk))
    last = await desk.hears("在吗")
    assert await tallies.unread_of_own(actor=desk.clerk) == {desk.talk_id: 1}
    assert await tallies.unread_of_own(actor=desk.other) == {}
    await within(reading.read(desk.talk_id, last.id, actor=desk.clerk))
    assert await tallies.unread_of_own(actor=desk.clerk) == {}


async def test_a_danger_that_a_technician_took_in_the_chat_is_in_hands(desk: Desk) -> None:
    task_id = await staff_tasks.add(TaskKind.ALERT, "danger", key="a", person_id=desk.resident.id)
    assert await _names(Box.WAITING, desk.clerk) == ["刘建国"]
    await within(staff_tasks.renew(task_id, {"taken": "王师傅"}))
    assert await _names(Box.WAITING, desk.clerk) == []
    assert [one.taken_by for one in await alarms.open_ones(actor=desk.clerk)] == ["王师傅"]


async def test_a_danger_that_nobody_took_is_shown_behind_however_many_that_are_in_hands(desk: Desk) -> None:
    for number in range(25):
        task_id = await staff_tasks.add(
            TaskKind.ALERT, "danger", key=f"t{number}", person_id=desk.resident.id
        )
        await within(staff_tasks.renew(task_id, {"taken": "王师傅"}))
    fresh = await staff_tasks.add(TaskKind.ALERT, "danger", key="fresh", person_id=desk.resident.id)
    first, *_ = await alarms.open_ones(actor=desk.clerk)
    assert first.id == fresh
    with clock.fixed(clock.now() + timedelta(seconds=72)):
        [row] = (await inbox.rows(Box.WAITING, actor=desk.clerk)).rows
    assert (row.danger, row.waiting_since) == (True, None)
    assert 72 <= row.danger_s < 90


async def test_a_row_says_in_which_lists_it_stands_as_the_lists_have_it(desk: Desk) -> None:
    """What the stream puts into an open list is where a fresh list has it."""
    held = await _queued(3, "接着的")
    await within(taking.take(held.id, actor=desk.clerk))
    aside = await _queued(4, "搁着的")
    await within(taking.take(aside.id, actor=desk.clerk))
    await within(taking.snooze(aside.id, None, actor=desk.clerk))
    await _queued(5, "等着的")
    await staff_tasks.add(TaskKind.ALERT, "danger", key="a", person_id=desk.resident.id)
    everyone = await inbox.rows(Box.ALL, actor=desk.clerk)
    told = {one.id: one for one in await inbox.changed([one.id for one in everyone.rows])}
    for box in Box:
        listed = await inbox.rows(box, actor=desk.clerk)
        assert {one.id for one in listed.rows} == {one for one, row in told.items() if box in row.boxes}
        for order in Order:
            for one in (await inbox.rows(box, actor=desk.clerk, order=order)).rows:
                assert told[one.id].cursors[order] == one.cursor
    assert (await tallies.standing(scope.COMPANY)) == (2, 1)
    assert (await tallies.held()) == {desk.clerk.staff_id: 1}
