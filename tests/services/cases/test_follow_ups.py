"""回访: who is on the list by which rule, what a call does, what is counted."""

from datetime import timedelta

import pytest

from models.complaints import ComplaintKind
from models.events import SubjectKind
from models.follow_ups import CallOutcome, FollowUp, FollowUpReason
from models.people import Person, Role, Staff
from models.policies import PolicyValue
from models.tasks import StaffTask
from models.tickets import Ticket, TicketStatus
from services import actors, cache, clock, events
from services.actors import SYSTEM, Actor
from services.cases import (
    complaint_desk,
    complaints,
    follow_up_rules,
    follow_ups,
    request_desk,
    requests,
    task_ends,
)
from services.cases.follow_ups import Figures, Row, Wanted
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import ratings
from tests.world import estate, offices
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def town(database: str) -> Town:
    await PolicyValue.create(key="follow_up_percent", value=0)
    cache.forget()
    return await offices.build()


@pytest.fixture
async def clerk(town: Town) -> Actor:
    return await actors.staff((await town.staff()).id)


async def _gather() -> int:
    return await within(follow_up_rules.gather(actor=SYSTEM))


async def _list(actor: Actor, *, done: bool = False, wanted: Wanted | None = None) -> list[Row]:
    return list((await follow_ups.listed(actor=actor, done=done, wanted=wanted)).rows)


async def _finished(town: Town) -> Ticket:
    made = await estate.reported(town.place)
    await Ticket.filter(id=made.id).update(
        status=TicketStatus.AWAITING_RESIDENT, finished_at=clock.now(), reporter_id=town.place.resident.id
    )
    return await Ticket.get(id=made.id)


async def _answered(town: Town, clerk: Actor, story: str = "太吵", *, anonymous: bool = False) -> int:
    me = actors.person(town.place.resident.id)
    made = await within(
        complaints.submit(ComplaintKind.COMPLAINT, "噪音", story, actor=me, anonymous=anonymous)
    )
    await within(complaint_desk.answer(made.id, "已处理", actor=clerk))
    return made.id


async def test_low_stars_are_called_about_once_a_round_with_what_was_said(town: Town, clerk: Actor) -> None:
    ticket, me = await _finished(town), actors.person(town.place.resident.id)
    assert await _gather() == 0
    await within(ratings.rate(ticket.id, actor=me, speed=5, quality=2, remark="又漏了"))
    assert (await _gather(), await _gather()) == (1, 0)
    [row] = await _list(clerk)
    assert (row.reason, row.said, row.subject_id) == (FollowUpReason.LOW_RATING, "2 星 又漏了", ticket.id)
    assert row.phone == "138****0001" and row.name == "王芳"


async def test_silence_is_called_about_and_leaves_the_list_when_it_is_broken(
    town: Town, clerk: Actor
) -> None:
    ticket, me = await _finished(town), actors.person(town.place.resident.id)
    complaint = await _answered(town, clerk)
    with clock.fixed(clock.now() + timedelta(days=4)):
        assert await _gather() == 2
        assert {(one.kind, one.reason) for one in await _list(clerk)} == {
            (SubjectKind.TICKET, FollowUpReason.SILENCE),
            (SubjectKind.COMPLAINT, FollowUpReason.SILENCE),
        }
        assert len(await _list(clerk, wanted=Wanted(kind=SubjectKind.TICKET))) == 1
        assert await _list(clerk, wanted=Wanted(reason=FollowUpReason.SAMPLE)) == []
        await within(ratings.rate(ticket.id, actor=me, speed=5, quality=5))
        number = (await complaints.mine(me.id))[0].number
        await within(complaints.rate(number, 1, actor=me, remark="没用"))
        await _gather()
        [row] = await _list(clerk)
        assert (row.subject_id, row.reason) == (complaint, FollowUpReason.LOW_RATING)


async def test_a_sample_of_what_seems_well_and_of_requests(town: Town, clerk: Actor) -> None:
    await PolicyValue.filter(key="follow_up_percent").update(value=100)
    cache.forget()
    ticket, me = await _finished(town), actors.person(town.place.resident.id)
    await within(ratings.rate(ticket.id, actor=me, speed=5, quality=5))
    request = await offices.accepted_request(town, 0)
    await within(request_desk.finish(request, actor=clerk))
    assert await _gather() == 2
    assert {one.reason for one in await _list(clerk)} == {FollowUpReason.SAMPLE}
    assert (await requests.mine(me.id))[0].id == request


async def test_nobody_is_called_who_gave_no_name_and_nothing_old(town: Town, clerk: Actor) -> None:
    await _answered(town, clerk, anonymous=True)
    with clock.fixed(clock.now() + timedelta(days=4)):
        assert await _gather() == 0
    await _finished(town)
    with clock.fixed(clock.now() + timedelta(days=15)):
        assert await _gather() == 0


async def test_a_call_that_nobody_answers_is_made_again_a_few_times(town: Town, clerk: Actor) -> None:
    made = await offices.follow_up(town, 0)
    for number in range(follow_ups.TRIES):
        assert await follow_ups.waiting(actor=clerk) == 1
        row = await within(follow_ups.record(made, CallOutcome.NO_ANSWER, actor=clerk))
        assert len(row.calls) == number + 1
    assert await follow_ups.waiting(actor=clerk) == 0
    assert [one.id for one in await _list(clerk, done=True)] == [made]
    with pytest.raises(NotAllowed, match=r"follow_up\.done"):
        await within(follow_ups.record(made, CallOutcome.SATISFIED, actor=clerk))
    assert await follow_ups.figures(actor=clerk, days=30) == Figures(3, 0, 0, 0)


async def test_what_came_of_it_is_kept_counted_and_settles_the_task_of_the_rating(
    town: Town, clerk: Actor
) -> None:
    ticket, me = await _finished(town), actors.person(town.place.resident.id)
    await within(ratings.rate(ticket.id, actor=me, speed=1, quality=1))
    await _gather()
    [row] = await _list(clerk)
    assert await StaffTask.filter(reason="low_rating", done_at=None).exists()
    with pytest.raises(Invalid, match=r"follow_up\.why"):
        await within(follow_ups.record(row.id, CallOutcome.DISSATISFIED, actor=clerk))
    await within(follow_ups.record(row.id, CallOutcome.DISSATISFIED, actor=clerk, note="还在漏"))
    assert not await StaffTask.filter(reason="low_rating", done_at=None).exists()
    [called] = await follow_ups.of(SubjectKind.TICKET, ticket.id, actor=clerk)
    assert (called.outcome, called.note, called.by) == (CallOutcome.DISSATISFIED, "还在漏", "小徐")
    [happened] = await events.of(SubjectKind.FOLLOW_UP, row.id, verbs=["called"])
    assert (happened.actor_id, happened.after) == (clerk.id, "dissatisfied")
    assert await follow_ups.figures(actor=clerk, days=30) == Figures(1, 1, 0, 1)


@pytest.mark.parametrize("gathered", [True, False])
async def test_whoever_is_done_with_the_task_of_a_rating_is_done_with_the_call(
    town: Town, clerk: Actor, gathered: bool
) -> None:
    ticket, me = await _finished(town), actors.person(town.place.resident.id)
    await within(ratings.rate(ticket.id, actor=me, speed=1, quality=1))
    if gathered:
        await _gather()
        assert len(await _list(clerk)) == 1
    task = await StaffTask.get(reason="low_rating")
    await within(task_ends.done(task.id, actor=clerk))
    await _gather()
    assert await _list(clerk) == [] and await follow_ups.waiting(actor=clerk) == 0
    assert len(await _list(clerk, done=True)) == gathered
    with pytest.raises(NotFound):
        await within(task_ends.done(task.id, actor=clerk))
    await Ticket.filter(id=ticket.id).update(finished_at=clock.now() + timedelta(minutes=1))
    with clock.fixed(clock.now() + timedelta(minutes=2)):  # it was done once more, and is as bad
        assert await _gather() == (0 if gathered else 1)


async def test_the_number_is_read_by_name_and_another_office_knows_nothing(town: Town, clerk: Actor) -> None:
    made = await offices.follow_up(town, 0)
    assert await within(follow_ups.phone(made, actor=clerk)) == "13800000001"
    [read] = await events.of(SubjectKind.PERSON, town.place.resident.id, verbs=["phone_read"])
    assert read.actor_id == clerk.id
    far = await actors.staff((await town.staff(far=True)).id)
    assert await _list(far) == []
    assert (await follow_ups.figures(actor=far, days=30)).calls == 0
    for act in (
        follow_ups.phone(made, actor=far),
        follow_ups.record(made, CallOutcome.SATISFIED, actor=far),
        follow_ups.shown(made, actor=far),
    ):
        with pytest.raises(NotFound):
            await within(act)


async def test_whom_a_complaint_is_about_does_not_call_about_it(town: Town) -> None:
    xu, tang = await town.staff(), await town.staff()
    await Staff.filter(id=xu.id).update(name="小江")
    await _answered(town, await actors.staff(tang.id), "我要投诉小江，说话难听")
    with clock.fixed(clock.now() + timedelta(days=4)):
        await _gather()
        assert len(await _list(await actors.staff(tang.id))) == 1
        accused = await actors.staff(xu.id)
        assert await _list(accused) == [] and await follow_ups.waiting(actor=accused) == 0
        made = await FollowUp.get()
        with pytest.raises(NotFound):
            await within(follow_ups.record(made.id, CallOutcome.SATISFIED, actor=accused))


async def test_leaders_see_the_figures_and_call_nobody(town: Town) -> None:
    made = await offices.follow_up(town, 0)
    leader = await actors.staff((await town.staff(Role.LEADER)).id)
    assert len(await _list(leader)) == 1
    with pytest.raises(NotAllowed):
        await within(follow_ups.record(made, CallOutcome.SATISFIED, actor=leader))
    assert await Person.all().exists()
