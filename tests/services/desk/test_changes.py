"""What the desk is told of: every change once, whenever it commits, and to nobody whom it does not concern."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from models.changes import Change
from models.community import Community, ManagementOffice
from models.complaints import ComplaintKind
from models.conversations import Conversation, Hold
from models.outbox import Outbox
from models.people import Role, Staff
from models.tasks import TaskKind
from services import actors, clock, scope, staff_tasks
from services.actors import SYSTEM
from services.cases import complaint_course, complaints
from services.desk import changes, notes
from services.desk.changes import Changes, Told
from services.scope import Field
from tests.services.desk.conftest import Desk
from tests.world import places
from tests.world.units import within

_WRITES = "UPDATE conversation SET turns = turns + 1 WHERE id = $1"


@pytest.fixture
async def slow(desk: Desk, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection of somebody whose transaction takes long."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def another_talk() -> int:
    person = await places.resident(await places.house(await places.community("桂花园"), "1-1-101"))
    return (await Conversation.create(person=person, hold=Hold.QUEUED)).id


def ids(news: Changes) -> list[int]:
    return [one.id for one in news.talks]


async def test_a_transaction_that_commits_late_holds_up_nobody_and_is_told(
    desk: Desk, slow: asyncpg.Connection
) -> None:
    quick = await another_talk()
    cursor = await changes.now()
    late = slow.transaction()
    await late.start()
    await slow.execute(_WRITES, desk.talk_id)
    await Conversation.filter(id=quick).update(turns=5)
    first = await changes.since(cursor)
    assert ids(first) == [quick]
    second = await changes.since(first.cursor)
    assert ids(second) == []
    await Conversation.filter(id=quick).update(turns=6)
    third = await changes.since(second.cursor)
    assert ids(third) == [quick]
    await late.commit()
    fourth = await changes.since(third.cursor)
    assert ids(fourth) == [desk.talk_id]
    assert not await changes.since(fourth.cursor)


async def test_what_was_rolled_back_is_told_to_nobody(desk: Desk, slow: asyncpg.Connection) -> None:
    cursor = await changes.now()
    undone = slow.transaction()
    await undone.start()
    await slow.execute(_WRITES, desk.talk_id)
    await undone.rollback()
    assert not await changes.since(cursor)


async def test_a_savepoint_belongs_to_its_transaction(desk: Desk, slow: asyncpg.Connection) -> None:
    cursor = await changes.now()
    async with slow.transaction():
        async with slow.transaction():
            await slow.execute(_WRITES, desk.talk_id)
        before = await changes.since(cursor)
        assert not before
    assert ids(await changes.since(before.cursor)) == [desk.talk_id]


async def test_whatever_a_talk_shows_is_told(desk: Desk) -> None:
    async def told() -> list[int]:
        nonlocal cursor
        news = await changes.since(cursor)
        cursor = news.cursor
        return ids(news)

    cursor = await changes.now()
    await within(notes.add(desk.talk_id, "记一笔", key="note-key-1", actor=desk.clerk))
    assert await told() == [desk.talk_id]
    row = await Outbox.create(key="k", person=desk.resident, payload={}, not_before=clock.now())
    assert await told() == [desk.talk_id]
    await Outbox.filter(id=row.id).update(status="sent")
    assert await told() == [desk.talk_id]
    await Outbox.filter(id=row.id).update(attempts=2)
    assert await told() == []
    await Outbox.create(key="private:code", person=desk.resident, payload={}, not_before=clock.now())
    assert await told() == []


async def test_a_danger_is_told_where_it_is(desk: Desk) -> None:
    cursor = await changes.now()
    home = await places.community("桂花园")
    await within(staff_tasks.add(TaskKind.ALERT, "danger", key="a", community_id=home.id, actor=SYSTEM))
    news = await changes.since(cursor)
    assert news.alarms == (home.id,)
    near = await Staff.create(login="near", name="近", role=Role.SERVICE, office_id=home.office_id)
    far_office = await ManagementOffice.create(name="远处管理处")
    far = await Staff.create(login="far", name="远", role=Role.SERVICE, office_id=far_office.id)
    scopes = await scope.of_many([near.id, far.id])
    assert news.told_to(scopes[near.id], near.id).alarms
    assert not news.told_to(scopes[far.id], far.id).alarms


async def test_whom_a_complaint_is_or_may_be_about_hears_nothing_of_it(desk: Desk) -> None:
    me, ids = actors.person(desk.resident.id), [desk.clerk.staff_id or 0, desk.other.staff_id or 0]
    scopes = await scope.of_many(ids)

    async def told(cursor: str) -> list[bool]:
        news = await changes.since(cursor)
        return ["complaint" in news.told_to(scopes[one], one).work for one in ids]

    async def complain(story: str) -> int:
        made = complaints.submit(ComplaintKind.COMPLAINT, "员工或师傅", story, actor=me)
        return (await within(made)).id

    cursor = await changes.now()
    made = await complain("李娜说话难听")
    assert await told(cursor) == [False, True]
    cursor = await changes.now()
    await complain("你们前台那个女的说话难听")
    assert await told(cursor) == [False, False]
    cursor = await changes.now()
    await within(complaint_course.point_out(made, staff_id=ids[0], actor=desk.other))
    assert await told(cursor) == [True, True]  # it leaves the pages on which it stood


async def test_a_talk_of_another_office_is_never_named(desk: Desk) -> None:
    cursor = await changes.now()
    await Conversation.filter(id=desk.talk_id).update(turns=9)
    strangers = await Conversation.create(person=await places.person("陌生人"))
    news = await changes.since(cursor)
    far_office = await ManagementOffice.create(name="远处管理处")
    far = await Staff.create(login="far", name="远", role=Role.SERVICE, office_id=far_office.id)
    chief = await Staff.create(login="chief", name="工", role=Role.SUPERVISOR)
    boss = await Staff.create(login="boss", name="总", role=Role.LEADER, office_id=far_office.id)
    scopes = await scope.of_many([far.id, chief.id, boss.id])
    assert news.told_to(scopes[far.id], far.id) == Told(talks=frozenset({strangers.id}))
    assert news.told_to(scopes[chief.id], chief.id) == Told()
    assert news.told_to(scopes[boss.id], boss.id).talks == {desk.talk_id, strangers.id}


async def test_a_talk_in_the_queue_of_another_office_is_its_holders_and_that_offices(desk: Desk) -> None:
    far_office = await ManagementOffice.create(name="远处管理处")
    talk = await desk.talk()
    cursor = await changes.now()
    await Conversation.filter(id=talk.id).update(queue_office_id=far_office.id)
    news = await changes.since(cursor)
    home = await Community.get()
    near = await Staff.create(login="near", name="近", role=Role.SERVICE, office_id=home.office_id)
    scopes = await scope.of_many([near.id])
    told = news.told_to(scopes[near.id], near.id)
    assert told == Told(lists=True)  # it left their list: they read that again, and hear nothing of it
    await Conversation.filter(id=talk.id).update(held_by_id=near.id, hold=Hold.STAFF)
    news = await changes.since(news.cursor)
    assert news.told_to(scopes[near.id], near.id).talks == {talk.id}


async def test_scopes_of_many_are_those_of_each(desk: Desk) -> None:
    home = await places.community("桂花园")
    made = [
        await Staff.create(login=f"of{number}", name="某", role=role, office_id=office)
        for number, (role, office) in enumerate(
            (role, office) for role in Role for office in (None, home.office_id)
        )
    ]
    gone = await Staff.create(login="gone", name="走", role=Role.SERVICE, active=False)
    found = await scope.of_many([one.id for one in made] + [gone.id])
    assert found == {one.id: await scope.of(one.id) for one in made}
    assert Field.TALKS in found[made[0].id].sees


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "5",
        "9:3:",
        "0:3:",
        "3:9:12",
        "3:9:5,4",
        "3:9:4,4",
        "1:99999999999999999:",
        "1:2:" + "1," * 3000,
    ],
)
async def test_what_is_no_cursor_of_this_database_is_too_old(desk: Desk, cursor: str) -> None:
    news = await changes.since(cursor)
    assert news.too_old
    assert not (await changes.since(news.cursor)).too_old


async def told(cursor: str, *talks: int) -> bool:
    """Whether just these talks are told, or that the cursor is too old.

    It is too old as well where another transaction of the server was running when it was made, in whatever database.
    """
    news = await changes.since(cursor)
    return news.too_old or ids(news) == list(talks)


async def test_what_was_pruned_is_missed_by_nobody_without_a_word(desk: Desk) -> None:
    before = await changes.now()
    await Conversation.filter(id=desk.talk_id).update(turns=2)
    between = await changes.now()
    await Conversation.filter(id=desk.talk_id).update(turns=3)
    after = await changes.now()
    assert await changes.prune() == 0
    assert not (await changes.since(before)).too_old
    await Change.filter(conversation_id=desk.talk_id).update(at=clock.now() - 2 * changes.KEPT)
    assert await changes.prune() > 0
    assert (await changes.since(before)).too_old
    assert await told(between, desk.talk_id)  # the newest of the old is kept
    assert await told(after)
    await Conversation.filter(id=desk.talk_id).update(turns=4)
    await Change.filter(conversation_id=desk.talk_id).update(at=clock.now() - 2 * changes.KEPT)
    await changes.prune()
    assert (await changes.since(between)).too_old
    assert await told(after, desk.talk_id)
