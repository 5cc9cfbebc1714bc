"""Complaints: private, answered in the chat, rated, reopened, watched."""

from datetime import timedelta

import pytest

from models.complaints import ComplaintEvent, ComplaintKind, ComplaintStatus
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.people import Person
from models.tasks import StaffTask, TaskKind
from models.timers import Timer
from services import clock
from services.cases import complaints
from services.errors import Invalid, NotAllowed, NotFound
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


async def _resident() -> Person:
    return await places.resident(await places.house(await places.community()))


async def _complain(person: Person) -> str:
    made = await complaints.submit(person.id, ComplaintKind.COMPLAINT, "噪音扰民", "楼上半夜装修")
    return made.number


async def test_a_complaint_gets_a_short_number_and_a_deadline() -> None:
    person = await _resident()
    number = await _complain(person)
    progress = await complaints.progress(person.id, number)
    assert number.startswith("T") and number[1:].isdigit() and len(number) <= 6
    assert progress.complaint.status is ComplaintStatus.SUBMITTED
    assert await Timer.filter(kind="complaint_deadline", due_at=progress.complaint.deadline_at).exists()


async def test_nobody_else_sees_it_not_even_the_same_house() -> None:
    house = await places.house(await places.community())
    person, wife = await places.resident(house), await places.resident(house, "李梅")
    number = await _complain(person)
    assert await complaints.mine(wife.id) == []
    for verb in (complaints.get(wife.id, number), complaints.withdraw(wife.id, number)):
        with pytest.raises(NotFound):
            await verb
    with pytest.raises(NotFound):
        await complaints.reopen(wife.id, number, "我也不满意")


async def test_the_answer_reaches_the_resident_and_can_be_rated_once() -> None:
    person, staff = await _resident(), await places.staff()
    number = await _complain(person)
    made = await complaints.get(person.id, number)
    await complaints.accept(made.id, staff.id)
    await complaints.answer(made.id, staff.id, "已经约谈楼上业主。")
    told = await Outbox.filter(person_id=person.id).order_by("id")
    assert [row.payload["phrase"] for row in told] == ["complaint.accepted", "complaint.answered"]
    assert told[1].payload["values"]["text"] == "已经约谈楼上业主。"
    await complaints.rate(person.id, number, 5)
    progress = await complaints.progress(person.id, number)
    assert progress.complaint.status is ComplaintStatus.CLOSED and progress.complaint.rating == 5
    assert [said.by_staff for said in progress.said] == [True] and progress.handler == "李静"
    with pytest.raises(NotAllowed, match="already_rated"):
        await complaints.rate(person.id, number, 1)
    assert not await Timer.filter(subject_id=made.id).exists()


async def test_reopening_counts_and_starts_a_new_deadline() -> None:
    person, staff = await _resident(), await places.staff()
    made = await complaints.get(person.id, await _complain(person))
    await complaints.answer(made.id, staff.id, "已处理。")
    reopened = await complaints.reopen(person.id, made.number, "昨晚又吵了")
    assert (reopened.status, reopened.reopened_count) == (ComplaintStatus.IN_PROGRESS, 1)
    assert await Timer.filter(kind="complaint_deadline").count() == 1
    assert not await Timer.filter(kind="complaint_autoclose").exists()
    events = await ComplaintEvent.filter(complaint=made).order_by("id")
    assert [event.verb for event in events] == ["submitted", "answered", "reopened"]


async def test_an_unanswered_complaint_becomes_one_task_at_its_deadline() -> None:
    person = await _resident()
    made = await complaints.get(person.id, await _complain(person))
    await complaints.check_deadline(made.id)
    assert not await StaffTask.all().exists()
    with clock.fixed(made.deadline_at + timedelta(minutes=1)):
        await complaints.check_deadline(made.id)
        await complaints.check_deadline(made.id)
    assert await StaffTask.filter(kind=TaskKind.ESCALATION, community_id=made.community_id).count() == 1


async def test_an_answer_without_objection_closes_by_time() -> None:
    person, staff = await _resident(), await places.staff()
    made = await complaints.get(person.id, await _complain(person))
    await complaints.close_answered(made.id)
    assert (await complaints.get(person.id, made.number)).status is ComplaintStatus.SUBMITTED
    await complaints.answer(made.id, staff.id, "已处理。")
    await complaints.close_answered(made.id)
    assert (await complaints.get(person.id, made.number)).status is ComplaintStatus.CLOSED


async def test_only_own_photos_and_at_most_nine() -> None:
    person, other = await _resident(), await places.person("陌生人")
    own = [await MediaFile.create(person=person, media_id=f"m{number}") for number in range(10)]
    foreign = await MediaFile.create(person=other, media_id="x")
    number = await _complain(person)
    with pytest.raises(Invalid, match=r"photo\.unknown"):
        await complaints.remark(person.id, number, "看图", media_ids=[foreign.id])
    with pytest.raises(Invalid, match="too_many"):
        await complaints.remark(person.id, number, "看图", media_ids=[photo.id for photo in own])
    await complaints.remark(person.id, number, "看图", media_ids=[photo.id for photo in own[:9]])
    assert (await complaints.progress(person.id, number)).photos == 9
    await MediaFile.filter(id__in=[own[0].id, own[9].id]).update(status=MediaStatus.FAILED)
    await complaints.remark(person.id, number, "还有", media_ids=[own[9].id])
    assert (await complaints.progress(person.id, number)).photos == 8


async def test_a_stranger_cannot_complain_without_a_house() -> None:
    with pytest.raises(NotAllowed, match=r"binding\.needed"):
        await _complain(await places.person())


async def test_words_of_any_length_are_taken() -> None:
    person = await _resident()
    long = "很长" * 500
    made = await complaints.submit(person.id, ComplaintKind.COMPLAINT, long, long, place=long)
    assert (made.story, made.place) == (long, long[:100])
