"""Whatever a member of staff looks at: only their communities and fields, and what belongs to nobody."""

import pytest

from models.community import ManagementOffice
from models.conversations import Conversation, Message
from models.people import BindingStatus, Role, Staff
from models.tasks import StaffTask, TaskKind
from services import actors, outbox, staff_tasks
from services.actors import OPERATOR
from services.community import notices, surveys
from services.delivery import claiming, undelivered
from services.delivery.sending import Fault
from services.desk import taking, talks, tasks
from services.errors import NotAllowed, NotFound
from services.estate import people, reviews
from services.repairs import tickets
from tests.world import estate, offices
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


async def test_an_office_that_runs_nothing_yet_sees_only_what_belongs_to_nobody(town: Town) -> None:
    office = await ManagementOffice.create(name="筹备处")
    clerk = await Staff.create(login="new", name="小新", role=Role.SERVICE, office=office)
    await offices.task(TaskKind.PHONE)(town, clerk.id)
    await staff_tasks.add(TaskKind.PHONE, "undelivered", key="stranger")
    assert [one.reason for one in await tasks.waiting(actor=await actors.staff(clerk.id))] == ["undelivered"]


async def test_a_task_list_holds_ones_own_communities_and_fields(town: Town) -> None:
    for kind in TaskKind:
        await staff_tasks.add(kind, "late", key=f"here {kind}", community_id=town.place.community.id)
        await staff_tasks.add(kind, "silence", key=f"far {kind}", community_id=town.far.id)
    await staff_tasks.add(TaskKind.ALERT, "danger", key="stranger")

    async def list_of(who: Staff) -> list[tuple[str, str]]:
        found = await tasks.waiting(actor=await actors.staff(who.id))
        return [(one.reason, one.kind) for one in found]

    assert await list_of(await town.staff()) == [
        ("danger", "alert"),
        *(("late", kind) for kind in TaskKind),
    ]
    assert len(await list_of(await town.staff(Role.LEADER))) == 2 * len(TaskKind) + 1
    assert await list_of(await Staff.get(login="boss")) == [
        ("danger", "alert"),
        *(("late", kind) for kind in ("alert", "dispatch", "escalation", "follow_up")),
    ]
    clerk = await actors.staff((await town.staff()).id)
    assert [one.reason for one in await tasks.waiting(actor=clerk, kind=TaskKind.PHONE)] == ["late"]
    assert len(await tasks.waiting(actor=OPERATOR)) == 2 * len(TaskKind) + 1


async def test_bindings_to_review_are_those_of_the_office(town: Town) -> None:
    waiting = await offices.binding(BindingStatus.PENDING)(town, 0)

    async def list_of(who: Staff) -> list[int]:
        return [one.id for one in (await reviews.waiting(actor=await actors.staff(who.id))).rows]

    assert await list_of(await town.staff()) == [waiting]
    assert await list_of(await town.staff(far=True)) == []
    with pytest.raises(NotAllowed, match=r"may_not\.residents"):
        await list_of(await Staff.get(login="boss"))


async def test_repairs_are_listed_and_found_within_the_office(town: Town) -> None:
    made = await estate.reported(town.place)
    for who, there in ((await town.staff(), True), (await town.staff(far=True), False)):
        actor = await actors.staff(who.id)
        listed = await tickets.listed(ended=True, community_id=None, limit=9, actor=actor)
        aimed = await tickets.listed(ended=True, community_id=town.place.community.id, limit=9, actor=actor)
        assert [one.number for one in listed] == [one.number for one in aimed] == [made.number] * there
        assert (await tickets.find(made.number, actor=actor) is not None) is there


async def test_talks_are_seen_by_the_office_of_the_persons_home(town: Town) -> None:
    talk = await offices.held_talk(town, (await town.staff()).id)
    await Message.create(conversation_id=talk, kind="text", text="在吗")
    ours = await actors.staff((await town.staff()).id)
    theirs = await actors.staff((await town.staff(far=True)).id)
    [held] = await talks.held(actor=ours)
    assert (held.id, held.name, held.house) == (talk, "王芳", "1-101")
    assert [one.text for one in await talks.lines(talk, actor=ours, limit=5)] == ["在吗"]
    assert await talks.held(actor=theirs) == []
    with pytest.raises(NotFound, match="no_such_talk"):
        await talks.lines(talk, actor=theirs, limit=5)
    with pytest.raises(NotAllowed, match=r"may_not\.talks"):
        await talks.held(actor=await actors.staff((await Staff.get(login="boss")).id))


async def test_somebody_without_a_house_is_answered_by_any_office(town: Town) -> None:
    stranger = await people.ensure("o_stranger")
    talk = await Conversation.get(person_id=stranger.id)
    clerk = await actors.staff((await town.staff(far=True)).id)
    await within(taking.take(talk.id, actor=clerk))
    assert [one.id for one in await talks.held(actor=clerk)] == [talk.id]


@pytest.mark.parametrize("named", [True, False])
async def test_a_call_about_a_lost_message_is_on_the_list_of_the_office(town: Town, named: bool) -> None:
    values: dict[str, outbox.Value] = {"ticket": await offices.ticket(town, 0)} if named else {}
    await outbox.tell(town.place.resident.id, "repair.accepted", values, key="k")
    [letter] = [one for one in await claiming.claim(9) if one.key == "k"]
    await within(undelivered.failed(letter, Fault("拒收")))
    task = await StaffTask.get(kind=TaskKind.PHONE)
    assert task.community_id == town.place.community.id
    assert await tasks.waiting(actor=await actors.staff((await town.staff(far=True)).id)) == []


async def test_counts_are_told_to_the_office_that_asked(town: Town) -> None:
    survey, notice = await offices.survey(town, 0), await offices.notice(town, 0)
    ours = await actors.staff((await town.staff()).id)
    theirs = await actors.staff((await town.staff(far=True)).id)
    assert await surveys.counts(survey, actor=ours) == {}
    assert await notices.head_count(notice, actor=ours) == 1
    boss = await actors.staff((await Staff.get(login="boss")).id)
    for who, refusal in ((theirs, NotFound), (boss, NotAllowed)):
        with pytest.raises(refusal):
            await surveys.counts(survey, actor=who)
        with pytest.raises(refusal):
            await notices.head_count(notice, actor=who)
