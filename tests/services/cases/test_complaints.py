"""Complaints: private, answered in the chat, rated, reopened, watched."""

from datetime import UTC, datetime, timedelta

import pytest

from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from models.events import SubjectKind
from models.media import MediaFile
from models.outbox import Outbox
from models.people import Person, Staff
from models.tasks import StaffTask, TaskKind
from models.timers import Timer
from services import actors, clock, events
from services.actors import Actor
from services.cases import complaint_desk, complaints
from services.cases.complaints import Promised
from services.errors import Invalid, NotAllowed, NotFound
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


async def _resident() -> Person:
    return await places.resident(await places.house(await places.community()))


async def _clerk() -> Actor:
    return await actors.staff((await places.staff()).id)


async def _complain(person: Person, story: str = "楼上半夜装修", *, topic: str = "噪音扰民") -> Promised:
    me = actors.person(person.id)
    return await within(complaints.submit(ComplaintKind.COMPLAINT, topic, story, actor=me))


async def _status(made: Promised) -> ComplaintStatus:
    return (await Complaint.get(id=made.id)).status


async def test_a_complaint_gets_a_short_number_and_a_deadline() -> None:
    person = await _resident()
    made = await _complain(person)
    progress = await complaints.progress(person.id, made.number)
    assert made.number.startswith("T") and made.number[1:].isdigit() and len(made.number) <= 6
    assert progress.status is ComplaintStatus.SUBMITTED
    assert await Timer.filter(kind="complaint_deadline", due_at=progress.deadline_at).exists()


@pytest.mark.parametrize(
    ("said", "due"),
    [
        (datetime(2026, 11, 27, 20, 39, tzinfo=UTC), datetime(2026, 11, 28, 10, 0, tzinfo=UTC)),  # 4:39 here
        (datetime(2026, 11, 27, 2, 0, tzinfo=UTC), datetime(2026, 11, 28, 2, 0, tzinfo=UTC)),  # 10:00
        (datetime(2026, 11, 27, 12, 0, tzinfo=UTC), datetime(2026, 11, 28, 10, 0, tzinfo=UTC)),  # 20:00
    ],
)
async def test_only_office_hours_count_until_the_deadline(said: datetime, due: datetime) -> None:
    person = await _resident()
    with clock.fixed(said):
        assert (await _complain(person)).deadline_at == due


async def test_nobody_else_sees_it_not_even_the_same_house() -> None:
    house = await places.house(await places.community())
    person, wife = await places.resident(house), await places.resident(house, "李梅")
    number = (await _complain(person)).number
    assert await complaints.mine(wife.id) == []
    her = actors.person(wife.id)
    for verb in (
        complaints.get(wife.id, number),
        complaints.withdraw(number, actor=her),
        complaints.reopen(number, "我也不满意", actor=her),
    ):
        with pytest.raises(NotFound):
            await within(verb)


async def test_the_answer_reaches_the_resident_and_can_be_rated_once() -> None:
    person, clerk = await _resident(), await _clerk()
    made, me = await _complain(person), actors.person(person.id)
    await within(complaint_desk.accept(made.id, actor=clerk))
    await within(complaint_desk.answer(made.id, "已经约谈楼上业主。", actor=clerk))
    told = await Outbox.filter(person_id=person.id).order_by("id")
    assert [row.payload["phrase"] for row in told] == ["complaint.accepted", "complaint.answered"]
    assert told[1].payload["values"]["text"] == "已经约谈楼上业主。"
    await within(complaints.rate(made.number, 5, actor=me))
    progress = await complaints.progress(person.id, made.number)
    assert progress.status is ComplaintStatus.CLOSED and progress.rating == 5
    assert [said.by_staff for said in progress.said] == [True] and progress.handler == "李静"
    with pytest.raises(NotAllowed, match="already_rated"):
        await within(complaints.rate(made.number, 1, actor=me))
    assert not await Timer.filter(subject_id=made.id).exists()


async def test_reopening_counts_and_starts_a_new_deadline() -> None:
    person, clerk = await _resident(), await _clerk()
    made = await _complain(person)
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    await within(complaints.reopen(made.number, "昨晚又吵了", actor=actors.person(person.id)))
    row = await Complaint.get(id=made.id)
    assert (row.status, row.reopened_count) == (ComplaintStatus.IN_PROGRESS, 1)
    assert await Timer.filter(kind="complaint_deadline").count() == 1
    assert not await Timer.filter(kind="complaint_autoclose").exists()
    happened = await events.of(SubjectKind.COMPLAINT, made.id)
    assert [(one.verb, one.actor_kind, one.actor_id) for one in happened] == [
        ("submitted", "person", person.id),
        ("answered", "staff", clerk.id),
        ("reopened", "person", person.id),
    ]
    assert (happened[2].before, happened[2].after) == ("answered", "in_progress")


async def test_an_unanswered_complaint_becomes_one_task_of_the_complaint_desk() -> None:
    person = await _resident()
    made = await _complain(person)
    await within(complaints.check_deadline(made.id))
    assert not await StaffTask.all().exists()
    with clock.fixed(made.deadline_at + timedelta(minutes=1)):
        await within(complaints.check_deadline(made.id))
        await within(complaints.check_deadline(made.id))
    task = await StaffTask.get(kind=TaskKind.ESCALATION)
    assert (task.reason, task.field) == ("complaint_overdue", "complaints")


@pytest.mark.parametrize("end", ["answer", "close", "withdraw"])
async def test_the_task_of_an_overdue_complaint_settles_when_it_is_seen_to(end: str) -> None:
    person, clerk = await _resident(), await _clerk()
    made = await _complain(person)
    with clock.fixed(made.deadline_at):
        await within(complaints.check_deadline(made.id))
    if end == "withdraw":
        await within(complaints.withdraw(made.number, actor=actors.person(person.id)))
    elif end == "answer":
        await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    else:
        await within(complaint_desk.close(made.id, "重复", actor=clerk))
    assert await StaffTask.filter(done_at=None).count() == 0


async def test_an_answer_without_objection_closes_by_time() -> None:
    person, clerk = await _resident(), await _clerk()
    made = await _complain(person)
    await within(complaints.close_answered(made.id))
    assert await _status(made) is ComplaintStatus.SUBMITTED
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    await within(complaints.close_answered(made.id))
    assert await _status(made) is ComplaintStatus.CLOSED


async def test_only_own_photos_and_at_most_nine() -> None:
    person, other = await _resident(), await places.person("陌生人")
    own = [await MediaFile.create(person=person, media_id=f"m{number}") for number in range(10)]
    foreign = await MediaFile.create(person=other, media_id="x")
    number, me = (await _complain(person)).number, actors.person(person.id)
    with pytest.raises(Invalid, match=r"photo\.unknown"):
        await within(complaints.remark(number, "看图", actor=me, media_ids=[foreign.id]))
    with pytest.raises(Invalid, match="too_many"):
        await within(complaints.remark(number, "看图", actor=me, media_ids=[photo.id for photo in own]))
    await within(complaints.remark(number, "看图", actor=me, media_ids=[photo.id for photo in own[:9]]))
    assert (await complaints.progress(person.id, number)).photos == 9


async def test_a_stranger_cannot_complain_without_a_house() -> None:
    with pytest.raises(NotAllowed, match=r"binding\.needed"):
        await _complain(await places.person())


async def test_words_of_any_length_are_taken() -> None:
    person = await _resident()
    long = "很长" * 500
    me = actors.person(person.id)
    await within(complaints.submit(ComplaintKind.COMPLAINT, long, long, actor=me, place=long))
    made = await Complaint.get()
    assert (made.story, made.place) == (long, long[:100])


async def _with_phone(name: str) -> Staff:
    staff = await places.staff(name)
    staff.person = await places.person(name)
    await staff.save()
    return staff


async def _heard(staff: Staff) -> list[str]:
    rows = await Outbox.filter(person_id=staff.person_id).order_by("id")
    return [row.payload["phrase"] for row in rows]


async def test_staff_on_duty_hear_it_at_once_with_what_was_said() -> None:
    person, clerk, away = await _resident(), await _with_phone("小徐"), await _with_phone("小唐")
    await Staff.filter(id=away.id).update(on_duty=False)
    made = await _complain(person)
    [told] = await Outbox.filter(person_id=clerk.person_id)
    assert told.payload["phrase"] == "staff.complaint"
    assert told.payload["values"]["text"] == "楼上半夜装修"
    assert (told.payload["values"]["name"], told.payload["values"]["house"]) == ("王芳", "1-1-101")
    assert await _heard(away) == []
    await within(complaints.remark(made.number, "昨晚又吵", actor=actors.person(person.id)))
    assert await _heard(clerk) == ["staff.complaint", "staff.complaint_remarked"]


async def test_who_wants_no_name_is_not_named_to_staff() -> None:
    person, clerk = await _resident(), await _with_phone("小徐")
    me = actors.person(person.id)
    made = await within(
        complaints.submit(ComplaintKind.COMPLAINT, "噪音", "楼上太吵", actor=me, anonymous=True)
    )
    [told] = await Outbox.filter(person_id=clerk.person_id)
    assert not {"name", "house", "phone"} & told.payload["values"].keys()
    whole = await complaint_desk.shown(made.number, actor=await actors.staff(clerk.id))
    assert (whole.line.name, whole.line.house, whole.phone) == ("", "", "")


async def test_staff_read_it_whole_and_reading_the_phone_is_recorded() -> None:
    person, clerk = await _resident(), await _clerk()
    made = await _complain(person)
    [line] = await complaint_desk.listed(actor=clerk)
    assert (line.number, line.name, line.house, line.late) == (made.number, "王芳", "1-1-101", False)
    spoken = f"{made.number[:1]} {made.number[1:].lower()}".lower()
    whole = await within(complaint_desk.shown(spoken, actor=clerk))
    assert (whole.story, whole.phone) == ("楼上半夜装修", "13800001234")
    [read] = await events.of(SubjectKind.PERSON, person.id)
    assert (read.verb, read.actor_id, read.note) == ("phone_read", clerk.id, made.number)
    await within(complaint_desk.close(made.id, "重复", actor=clerk))
    assert await complaint_desk.listed(actor=clerk) == []
    assert len(await complaint_desk.listed(actor=clerk, ended=True)) == 1


async def test_an_empty_answer_is_none() -> None:
    made, clerk = await _complain(await _resident()), await _clerk()
    with pytest.raises(Invalid, match="answer_empty"):
        await within(complaint_desk.answer(made.id, "  ", actor=clerk))
