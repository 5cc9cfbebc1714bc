"""Taking, giving on, laying aside and ending talks; and what happens when people keep silent."""

from datetime import timedelta

import pytest

from dialogs import shipped
from models import found_by
from models.conversations import Conversation, Hold
from models.desk import TalkRating
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Duty, Person, Role, Staff
from services import actors, clock, events
from services.actors import Actor
from services.desk import canned, handover, notes, ratings, replies, shifts, silence, sources, taking
from services.desk.canned import Written
from services.desk.replies import Words
from services.errors import Invalid, NotAllowed, NotFound
from tests.services.desk.conftest import Desk
from tests.world import estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)


async def _reachable(actor: Actor, channel_id: str) -> int:
    person = await Person.create(channel_id=channel_id)
    await Staff.filter(id=actor.staff_id).update(person_id=person.id)
    return person.id


async def _phrases(person_id: int) -> list[str]:
    return [str(one.payload.get("phrase")) for one in await Outbox.filter(person_id=person_id).order_by("id")]


async def _verbs(desk: Desk) -> list[str]:
    return [one.verb for one in await events.of(SubjectKind.CONVERSATION, desk.talk_id)]


async def test_the_former_holder_reads_why_a_talk_was_taken_over(desk: Desk) -> None:
    former = await _reachable(desk.clerk, "o_former")
    await desk.taken()
    with pytest.raises(Invalid, match="reason_needed"):
        await within(taking.take_over(desk.talk_id, "  ", actor=desk.other))
    await within(taking.take_over(desk.talk_id, "他去现场了", actor=desk.other))
    talk = await desk.talk()
    assert talk.held_by_id == desk.other.staff_id
    [row] = await Outbox.filter(person_id=former)
    assert row.payload["values"]["reason"] == "他去现场了"
    event = (await events.of(SubjectKind.CONVERSATION, desk.talk_id))[-1]
    assert (event.verb, event.note, event.body["from"]) == ("taken_over", "他去现场了", desk.clerk.staff_id)


async def test_nothing_is_taken_over_from_nobody(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="nobody_has_it"):
        await within(taking.take_over(desk.talk_id, "为什么不", actor=desk.other))


async def test_a_talk_goes_to_the_queue_of_the_office_that_answers_there(desk: Desk) -> None:
    await desk.taken()
    waited = await desk.hears()
    office = (await Conversation.get(id=desk.talk_id).values("person__bindings__community__office_id"))[
        "person__bindings__community__office_id"
    ]
    other = await estate.ManagementOffice.create(name="别处")
    with pytest.raises(NotAllowed, match="office_cannot"):
        await within(taking.to_office(desk.talk_id, office_id=other.id, actor=desk.clerk))
    await within(taking.to_office(desk.talk_id, office_id=office, actor=desk.clerk))
    talk = await desk.talk()
    assert (talk.hold, talk.queue_office_id) == (Hold.QUEUED, office)
    assert talk.waiting_since is not None and talk.waiting_since <= clock.now()
    assert waited.id


async def test_laid_aside_until_the_time_or_until_they_write(desk: Desk) -> None:
    await desk.taken()
    until = clock.now() + timedelta(hours=2)
    await within(taking.snooze(desk.talk_id, until, actor=desk.clerk))
    await desk.hears("谢谢")
    talk = await desk.talk()
    assert (talk.snoozed, talk.snoozed_until) == (False, until)  # so that 继续搁置 knows until when
    await within(taking.snooze(desk.talk_id, talk.snoozed_until, actor=desk.clerk))
    await estate.run_timers(timedelta(hours=2))
    talk = await desk.talk()
    assert (talk.hold, talk.snoozed) == (Hold.STAFF, False)
    with pytest.raises(Invalid, match="snooze_past"):
        await within(taking.snooze(desk.talk_id, clock.now(), actor=desk.clerk))


async def test_a_silent_holder_is_reminded_then_loses_the_talk_to_the_front_of_the_queue(desk: Desk) -> None:
    leader = await Staff.create(login="boss2", name="沈总", role=Role.LEADER)
    boss = await _reachable(await actors.staff(leader.id), "o_leader")
    holder = await _reachable(desk.clerk, "o_holder")
    await desk.taken()
    await desk.hears("到底几点来")
    await within(_heard(desk))
    await estate.run_timers(9 * MINUTE)
    assert await _phrases(holder) == []
    await estate.run_timers(10 * MINUTE)
    assert await _phrases(holder) == ["staff.talk_waits"]
    await estate.run_timers(20 * MINUTE)
    talk = await desk.talk()
    assert (talk.hold, talk.pressing, talk.held_by_id) == (Hold.QUEUED, True, None)
    assert await _phrases(boss) == ["staff.talk_left_alone"]


async def test_who_takes_somebody_that_has_waited_long_has_as_much_time_as_anybody(desk: Desk) -> None:
    holder = await _reachable(desk.clerk, "o_holder")
    started = clock.now()
    await within(handover.request(actor=actors.person(desk.resident.id)))
    with clock.fixed(started + 45 * MINUTE):
        await desk.taken()
    await Outbox.filter(person_id=holder).delete()
    await estate.run_timers(56 * MINUTE)
    assert await _phrases(holder) == ["staff.talk_waits"]
    assert (await desk.talk()).hold is Hold.STAFF
    await estate.run_timers(64 * MINUTE)
    assert (await desk.talk()).hold is Hold.STAFF
    await estate.run_timers(66 * MINUTE)
    assert (await desk.talk()).hold is Hold.QUEUED


async def _heard(desk: Desk) -> None:
    await silence.heard(desk.talk_id)


async def test_who_answered_is_not_reminded(desk: Desk) -> None:
    holder = await _reachable(desk.clerk, "o_holder")
    await desk.taken()
    await desk.hears()
    await within(_heard(desk))
    await within(replies.say(desk.talk_id, Words("九点"), key="page-key-1", seen=None, actor=desk.clerk))
    await estate.run_timers(25 * MINUTE)
    assert await _phrases(holder) == []
    assert (await desk.talk()).hold is Hold.STAFF


async def test_when_the_office_closes_who_waits_hears_once_and_keeps_the_place(desk: Desk) -> None:
    await within(handover.request(actor=actors.person(desk.resident.id)))
    since = (await desk.talk()).waiting_since
    for hours in (7, 8, 9):
        await estate.run_timers(timedelta(hours=hours))
    assert (await _phrases(desk.resident.id)).count("human.closed_for_today") == 1
    talk = await desk.talk()
    assert (talk.hold, talk.waiting_since) == (Hold.QUEUED, since)


async def test_resolved_with_a_sentence_that_asks_for_a_rating(desk: Desk) -> None:
    await desk.taken()
    await within(
        ratings.resolve(
            desk.talk_id,
            closing="处理好了",
            stars=shipped.stars(),
            key="page-key-1",
            seen=None,
            actor=desk.clerk,
        )
    )
    assert (await desk.talk()).hold is Hold.BOT
    rating = await TalkRating.get()
    options = (await Outbox.get(key="staff:page-key-1")).payload["reply"]["options"]
    ids = [f"s:talk_rate?rating={rating.id}&stars={stars}" for stars in range(1, 6)]
    assert [
        one["id"] for one in options
    ] == ids  # who types 5 gives five, as with every other question for stars
    assert [one["text"] for one in options] == list(shipped.stars())
    assert [one["text"].count("★") for one in options] == [1, 2, 3, 4, 5]
    stranger = await Person.create(channel_id="o_x")
    with pytest.raises(NotFound):
        await within(ratings.rate(rating.id, 1, actor=actors.person(stranger.id)))
    await within(ratings.rate(rating.id, 4, actor=actors.person(desk.resident.id)))
    rated = await TalkRating.get()
    assert (rated.stars, rated.staff_id) == (4, desk.clerk.staff_id)
    news = await sources.news(await desk.talk(), 0, 1 << 31, 50)
    assert [one.values["stars"] for one in news if one.kind == "rated"] == [4]


@pytest.mark.parametrize("left", [0, 1])
async def test_the_last_send_asks_for_no_rating(desk: Desk, left: int) -> None:
    await desk.taken()
    await Outbox.all().delete()
    await Conversation.all().update(sends_left=left)
    if left:
        await within(
            ratings.resolve(
                desk.talk_id,
                closing="好了",
                stars=shipped.stars(),
                key="page-key-1",
                seen=None,
                actor=desk.clerk,
            )
        )
        assert (await Outbox.get(key="staff:page-key-1")).payload["reply"]["options"] == []
    else:
        await within(ratings.resolve(desk.talk_id, seen=None, actor=desk.clerk))
        assert await Outbox.all().count() == 0
    assert not await TalkRating.exists()
    assert (await _verbs(desk))[-1] == "resolved"


async def test_a_note_tells_whom_it_names_once(desk: Desk) -> None:
    told = await _reachable(desk.other, "o_told")
    for _ in range(2):
        await within(notes.add(desk.talk_id, "@赵倩 请看", key="note-key-1", actor=desk.clerk))
    assert await _phrases(told) == ["staff.mentioned"]
    assert (await _verbs(desk)).count("noted") == 1


async def test_who_goes_off_duty_leaves_no_talk_behind(desk: Desk) -> None:
    await desk.taken()
    await desk.hears()
    since = (await desk.talk()).waiting_since
    sheet = await within(shifts.leave(actor=desk.clerk))
    assert [(one.name, one.waits) for one in sheet.mine] == [("刘建国", True)]
    talk = await desk.talk()
    assert (talk.hold, talk.waiting_since) == (Hold.QUEUED, since)
    assert (await shifts.of(actor=desk.clerk)).duty is Duty.OFF


async def test_who_goes_off_duty_may_hand_over_to_a_colleague(desk: Desk) -> None:
    await desk.taken()
    await within(shifts.leave(actor=desk.clerk, to_staff_id=desk.other.staff_id))
    assert (await desk.talk()).held_by_id == desk.other.staff_id


async def test_a_shift_ends_by_itself_after_twelve_hours(desk: Desk) -> None:
    await within(shifts.set_duty(Duty.ON, actor=desk.clerk))
    await desk.taken()
    await desk.hears()
    await estate.run_timers(shifts.LONGEST)
    assert (await shifts.of(actor=desk.clerk)).duty is Duty.OFF
    assert (await desk.talk()).hold is Hold.QUEUED


async def test_the_last_one_who_goes_in_office_hours_alerts_the_leaders(desk: Desk) -> None:
    leader = await Staff.create(login="boss2", name="沈总", role=Role.LEADER)
    boss = await _reachable(await actors.staff(leader.id), "o_leader")
    await within(shifts.leave(actor=desk.clerk))
    assert await _phrases(boss) == []
    await within(shifts.leave(actor=desk.other))
    assert await _phrases(boss) == ["staff.nobody_on_duty"]


@pytest.mark.parametrize(
    ("title", "search"),
    [
        ("单先生", "sxs"),
        ("单先生", "dxs"),
        ("长宁路", "cnl"),
        ("长宁路", "znl"),
        ("电梯维修", "维修"),
        ("停水", "ts"),
    ],
)
async def test_a_canned_reply_is_found_by_words_and_by_every_reading(
    desk: Desk, title: str, search: str
) -> None:
    made = await within(canned.add(Written(title, "马上来"), actor=desk.clerk))
    assert [one.id for one in await canned.find(search, actor=desk.clerk)] == [made]
    assert await canned.find(search, actor=desk.other) == []


def test_readings_stay_few_however_many_there_are() -> None:
    assert len(found_by.initials("行长重量乐单朝都还行长重量乐单朝都还")) <= found_by.READINGS


async def test_a_canned_reply_knows_the_house_and_leaves_open_what_it_does_not_know(desk: Desk) -> None:
    text = "{称呼}您好，{房号}的事{我}【什么时候】处理"
    made = await within(canned.add(Written("问候", text), actor=desk.clerk))
    filled = await within(canned.fill(made, desk.talk_id, me="李娜", actor=desk.clerk))
    assert filled.text == "刘建国您好，5-1-1203的事李娜【什么时候】处理"
    assert (await canned.find("", actor=desk.clerk))[0].uses == 1
    await desk.taken()
    with pytest.raises(Invalid, match="unfilled"):
        await within(
            replies.say(desk.talk_id, Words(filled.text), key="page-key-1", seen=None, actor=desk.clerk)
        )


async def test_what_is_shared_is_kept_by_those_who_may_and_archived_never_deleted(desk: Desk) -> None:
    made = await within(canned.add(Written("公用", "您好", personal=False), actor=desk.clerk))
    assert [one.id for one in await canned.find("gy", actor=desk.other)] == [made]
    mine = await within(canned.add(Written("自用", "您好"), actor=desk.clerk))
    with pytest.raises(NotFound):
        await within(canned.archive(mine, actor=desk.other))
    await within(canned.archive(mine, actor=desk.clerk))
    assert await canned.find("自用", actor=desk.clerk) == []
    assert [one.verb for one in await events.of(SubjectKind.CANNED_REPLY, mine)] == ["added", "archived"]
