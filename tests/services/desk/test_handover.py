"""To people and back."""

import asyncio
from datetime import timedelta

import pytest

from models.community import Community, ManagementOffice
from models.conversations import Conversation, Hold, Message
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Person, Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, clock, events, work
from services.actors import Actor
from services.desk import handover, messages, replies, taking
from services.desk.handover import Place
from services.desk.replies import Words
from services.errors import Invalid, NotAllowed
from services.estate import people
from services.estate.people import Known
from tests.world import estate, places
from tests.world.estate import told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

MINUTE = timedelta(minutes=1)
EVENING = estate.MONDAY_10 + timedelta(hours=12)


@pytest.fixture
async def resident(database: str) -> Known:
    return await people.ensure("o_resident")


@pytest.fixture
async def clerk(database: str) -> Staff:
    return await Staff.create(login="clerk", name="小徐", role=Role.SERVICE)


async def _talk(person: Known) -> Conversation:
    return await Conversation.get(person_id=person.id)


async def _request(person: Known, reason: str = "") -> Place:
    return await within(handover.request(actor=actors.person(person.id), reason=reason))


async def _staff(one: Staff) -> Actor:
    return await actors.staff(one.id)


async def _verbs(talk: Conversation) -> list[tuple[str, str, str]]:
    happened = await events.of(SubjectKind.CONVERSATION, talk.id)
    return [(one.verb, one.actor_kind, one.after) for one in happened]


async def test_the_place_in_the_queue_is_told_and_kept(resident: Known) -> None:
    other = await people.ensure("o_other")
    first = await _request(other)
    with clock.fixed(clock.now() + MINUTE):
        place = await _request(resident, "投诉")
        again = await _request(resident)
    assert (first.position, place.position, again.position) == (1, 2, 2)
    assert place.hours == "09:00-18:00"
    assert (await _talk(resident)).hold is Hold.QUEUED
    assert await StaffTask.filter(kind=TaskKind.HANDOVER, person_id=resident.id).count() == 1


async def test_only_those_whom_the_same_office_answers_stand_before(resident: Known) -> None:
    here, there = await places.community("甲"), await places.community("乙")
    office = await ManagementOffice.create(name="第二管理处")
    await Community.filter(id=there.id).update(office_id=office.id)
    await places.bind(await Person.get(id=resident.id), await places.house(here))
    stranger, far = await people.ensure("o_stranger"), await people.ensure("o_far")
    await places.bind(await Person.get(id=far.id), await places.house(there))
    for minute, who in enumerate((far, stranger, resident)):
        with clock.fixed(clock.now() + minute * MINUTE):
            place = await _request(who)
    assert place.position == 2


async def test_out_of_hours_a_message_is_left_instead(resident: Known) -> None:
    me = actors.person(resident.id)
    with clock.fixed(EVENING):
        place = await _request(resident)
        assert (place.open, place.position) == (False, 0)
        assert place.opens_at == estate.MONDAY_10 + timedelta(hours=23)
        assert (await _talk(resident)).hold is Hold.BOT
        await within(messages.leave("请明天回电", actor=me))
    task = await StaffTask.get()
    assert (task.kind, task.reason, task.values) == (
        TaskKind.LEFT_MESSAGE,
        "left_message",
        {"text": "请明天回电"},
    )


async def test_staff_take_the_talk_say_something_and_hand_it_back(resident: Known, clerk: Staff) -> None:
    await _request(resident)
    talk, me = await _talk(resident), await _staff(clerk)
    await within(taking.take(talk.id, actor=me))
    assert (await _talk(resident)).held_by_id == clerk.id
    assert await StaffTask.filter(done_at=None).count() == 0
    for _ in range(2):
        await within(replies.say(talk.id, Words("您好"), actor=me, key="page-0001", seen=None))
    assert await Outbox.filter(key="staff:page-0001").count() == 1
    await within(taking.hand_back(talk.id, actor=me))
    assert (await _talk(resident)).hold is Hold.BOT
    phrases = [row.payload.get("phrase") for row in await Outbox.all().order_by("id")]
    assert phrases == ["human.taken_over", None, "human.handed_back"]
    assert await _verbs(talk) == [
        ("queued", "person", "queued"),
        ("taken", "staff", "staff"),
        ("said", "staff", "staff"),
        ("handed_back", "staff", "bot"),
    ]
    with pytest.raises(NotAllowed, match="not_yours"):
        await within(replies.say(talk.id, Words("还在吗"), actor=me, key="page-0002", seen=None))


async def test_two_staff_take_at_once_and_one_has_it(resident: Known, clerk: Staff) -> None:
    other = await Staff.create(login="other", name="小唐", role=Role.SERVICE)
    await _request(resident)
    talk = await _talk(resident)

    async def take(staff: Staff) -> str:
        try:
            async with work.unit():
                await taking.take(talk.id, actor=await _staff(staff))
        except NotAllowed as refused:
            return refused.phrase
        return "mine"

    answers = await asyncio.gather(take(clerk), take(other))
    assert sorted(answers) == ["human.taken", "mine"]
    assert await told(resident.id) == ["human.taken_over"]


async def test_nobody_takes_a_talk_without_a_name(resident: Known) -> None:
    with pytest.raises(NotAllowed, match=r"may_not\.talks"):
        await within(taking.take((await _talk(resident)).id, actor=actors.OPERATOR))


async def test_a_colleague_continues_the_talk(resident: Known, clerk: Staff) -> None:
    other = await Staff.create(login="other", name="小唐", role=Role.SERVICE)
    talk, me, colleague = await _talk(resident), await _staff(clerk), await _staff(other)
    await within(taking.take(talk.id, actor=me))
    await within(taking.transfer(talk.id, actor=me, to_staff_id=other.id))
    await within(replies.say(talk.id, Words("我来接着办"), actor=colleague, key="page-0003", seen=None))
    with pytest.raises(NotAllowed):
        await within(taking.hand_back(talk.id, actor=me))
    [_, given, _] = await events.of(SubjectKind.CONVERSATION, talk.id)
    assert (given.verb, given.body) == ("transferred", {"held_by": other.id, "from": clerk.id})


async def test_who_waits_in_the_queue_is_never_given_back_to_the_bot(resident: Known) -> None:
    await _request(resident, "押金交多少")
    await estate.run_timers(4 * 60 * MINUTE)
    assert (await _talk(resident)).hold is Hold.QUEUED
    assert await told(resident.id) == []


async def test_a_talk_times_out_only_after_the_last_word(resident: Known, clerk: Staff) -> None:
    talk = await _talk(resident)
    await within(taking.take(talk.id, actor=await _staff(clerk)))
    message = await Message.create(conversation=talk, kind="text", text="在吗")
    await Message.filter(id=message.id).update(created_at=clock.now() + 20 * MINUTE)
    await estate.run_timers(30 * MINUTE)
    assert (await _talk(resident)).hold is Hold.STAFF
    await estate.run_timers(50 * MINUTE)
    assert (await _talk(resident)).hold is Hold.BOT


async def test_a_question_keeps_a_talk_in_the_hands_of_people(resident: Known, clerk: Staff) -> None:
    talk = await _talk(resident)
    await within(taking.take(talk.id, actor=await _staff(clerk)))
    await Conversation.filter(id=talk.id).update(waiting_since=clock.now())
    await estate.run_timers(3 * 60 * MINUTE)
    assert (await _talk(resident)).hold is Hold.STAFF


async def test_leaving_the_queue(resident: Known) -> None:
    me = actors.person(resident.id)
    await _request(resident)
    assert await within(handover.cancel(actor=me))
    assert not await within(handover.cancel(actor=me))
    assert (await _talk(resident)).hold is Hold.BOT
    assert await StaffTask.filter(done_at=None).count() == 0


async def _reachable(clerk: Staff) -> int:
    person = await people.ensure("o_clerk")
    await Staff.filter(id=clerk.id).update(person_id=person.id)
    return person.id


async def test_staff_on_duty_read_what_somebody_waits_for(resident: Known, clerk: Staff) -> None:
    there = await _reachable(clerk)
    talk = await _talk(resident)
    await Message.create(conversation=talk, kind="text", text="我家房子要装修")
    await _request(resident, "押金交多少，找人工")
    [heard] = await Outbox.filter(person_id=there)
    assert heard.payload["phrase"] == "staff.handover"
    assert heard.payload["values"]["text"] == "我家房子要装修\n押金交多少，找人工"


async def test_who_writes_again_while_waiting_is_calmed_once_and_staff_hear_the_first_words(
    resident: Known, clerk: Staff
) -> None:
    there, me = await _reachable(clerk), actors.person(resident.id)
    assert await handover.waiting(resident.id) is None
    await _request(resident)
    for expected in (False, True):
        place = await handover.waiting(resident.id)
        assert place is not None and (place.position, place.calmed) == (1, expected)
        await within(handover.heard("怎么没人理我", actor=me))
    assert await told(there) == ["staff.handover", "staff.handover_more"]


@pytest.mark.parametrize("kind", ["voice", "video"])
async def test_a_recording_is_left_for_people(resident: Known, clerk: Staff, kind: str) -> None:
    there = await _reachable(clerk)
    for media in (7, 8):
        await within(messages.leave_recording(kind, actor=actors.person(resident.id), media_id=media))
    task = await StaffTask.get()
    assert (task.kind, task.reason) == (TaskKind.LEFT_MESSAGE, kind)
    assert task.values == {"media": 8, "count": 2}
    assert await told(there) == ["staff.left_message"]


async def test_praise_is_kept_and_handed_on(resident: Known, clerk: Staff) -> None:
    there = await _reachable(clerk)
    await within(messages.praise("保洁阿姨特别仔细", actor=actors.person(resident.id)))
    task = await StaffTask.get()
    assert (task.kind, task.reason, task.values) == (
        TaskKind.LEFT_MESSAGE,
        "praised",
        {"text": "保洁阿姨特别仔细"},
    )
    assert await told(there) == ["staff.praised"]


async def test_staff_are_not_woken_for_a_message_at_night(resident: Known, clerk: Staff) -> None:
    there = await _reachable(clerk)
    with clock.fixed(EVENING):
        await within(messages.leave("请明天回电", actor=actors.person(resident.id)))
    [row] = await Outbox.filter(person_id=there)
    assert row.not_before == estate.MONDAY_10 + timedelta(hours=23)


async def test_an_empty_message_is_none(resident: Known) -> None:
    with pytest.raises(Invalid, match="message_empty"):
        await within(messages.leave("  ", actor=actors.person(resident.id)))
