"""Whatever a member of staff does: only in their communities, and only what their role may."""

import pytest
from tortoise import connections

from dialogs import shipped
from models.activities import Activity, SignUp
from models.events import SubjectKind
from models.notices import Level, Notice, NoticeStatus, NoticeTarget
from models.outbox import Outbox
from models.people import Role, Staff, Technician
from models.surveys import Survey
from models.tasks import StaffTask, TaskKind
from models.tickets import Ticket
from services import actors, events, scope, staff_tasks
from services.community import activities, notices, surveys
from services.desk import taking
from services.errors import DomainError, MayNot, NotAllowed, NotFound
from services.repairs import dispatch, merging, technicians
from services.scope import DOES, SEES, Field
from tests.services.verbs_of_staff import DESK, REPAIRS, VERBS, Act
from tests.world import estate, offices, places
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

UNKNOWN = 999_999


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


async def _refusal(act: Act, subject: int, who: Staff) -> tuple[type[DomainError], str, dict[str, object]]:
    """What they hear, with the id they asked for itself left out."""
    before = await Outbox.all().count()
    with pytest.raises(DomainError) as refused:
        await within(act(subject, who.id))
    assert await Outbox.all().count() == before
    error = refused.value
    return type(error), error.phrase, {name: one for name, one in error.values.items() if one != subject}


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_what_another_office_has_is_as_if_it_did_not_exist(town: Town, verb: str) -> None:
    make, act = VERBS[verb]
    stranger = await town.staff(far=True)
    subject = await make(town, stranger.id)
    foreign = await _refusal(act, subject, stranger)
    assert foreign[0] is NotFound
    assert foreign == await _refusal(act, UNKNOWN, await town.staff())


async def _everything() -> list[object]:
    """A fingerprint of every table."""
    database = connections.get("default")
    tables = await database.execute_query_dict("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    prints = (
        f"SELECT '{one['tablename']}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS print "  # noqa: S608 - our own tables
        f'FROM "{one["tablename"]}" t'
        for one in tables
    )
    rows = await database.execute_query_dict(" UNION ALL ".join(prints))
    return sorted((row["name"], row["print"] or "") for row in rows)


async def _does(act: Act, subject: int, who: Staff) -> bool:
    before = await _everything()
    await within(act(subject, who.id))
    return await _everything() != before


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_staff_of_the_office_do_it(town: Town, verb: str) -> None:
    make, act = VERBS[verb]
    clerk = await town.staff()
    assert await _does(act, await make(town, clerk.id), clerk)


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_leaders_leave_the_work_to_whose_it_is(town: Town, verb: str) -> None:
    make, act = VERBS[verb]
    leader = await town.staff(Role.LEADER)
    kind, phrase, _ = await _refusal(act, await make(town, leader.id), leader)
    assert kind is MayNot
    assert "请交给客服" in shipped.phrases().reply(phrase).text


@pytest.mark.parametrize("verb", sorted(REPAIRS))
async def test_the_head_of_engineering_does_repairs(town: Town, verb: str) -> None:
    make, act = REPAIRS[verb]
    boss = await Staff.get(login="boss")
    assert await _does(act, await make(town, boss.id), boss)


@pytest.mark.parametrize("verb", sorted(DESK))
async def test_and_nothing_of_another_field(town: Town, verb: str) -> None:
    make, act = DESK[verb]
    boss = await Staff.get(login="boss")
    kind, phrase, _ = await _refusal(act, await make(town, boss.id), boss)
    assert (kind, phrase.partition(".")[0]) == (MayNot, "may_not")


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_whoever_left_the_company_does_nothing(town: Town, verb: str) -> None:
    make, act = VERBS[verb]
    former = await town.staff()
    subject = await make(town, former.id)
    await Staff.filter(id=former.id).update(active=False)
    assert (await _refusal(act, subject, former))[:2] == (NotFound, "staff.not_found")


async def test_an_office_reaches_its_communities_and_leaders_and_admins_all_of_them(town: Town) -> None:
    here, far = town.place.community.id, town.far.id
    for role in Role:
        seen = await scope.of((await town.staff(role)).id)
        everywhere = role in {Role.ADMIN, Role.LEADER}
        assert (seen.has(here), seen.has(far)) == (True, everywhere), role
        seen = await scope.of((await town.staff(role, everywhere=True)).id)
        assert (seen.has(here), seen.has(far)) == (True, True), role


async def test_every_role_and_every_field_is_provided_for() -> None:
    assert set(SEES) == set(DOES) == set(Role)
    assert all(DOES[role] <= SEES[role] for role in Role)
    told = [shipped.phrases().reply(f"may_not.{field}").text for field in Field]
    assert len(set(told)) == len(Field)


async def test_a_talk_goes_only_to_who_could_have_taken_it(town: Town) -> None:
    clerk = await town.staff()
    talk, me = await offices.held_talk(town, clerk.id), await actors.staff(clerk.id)
    for colleague in (await town.staff(far=True), await Staff.get(login="boss")):
        with pytest.raises(NotAllowed, match="colleague_cannot"):
            await within(taking.transfer(talk, actor=me, to_staff_id=colleague.id))
    with pytest.raises(NotFound, match=r"staff\.not_found"):
        await within(taking.transfer(talk, actor=me, to_staff_id=UNKNOWN))


async def test_a_repair_is_not_merged_into_one_of_another_office(town: Town) -> None:
    ours, theirs = await offices.ticket(town, 0), await offices.ticket(town, 0)
    await Ticket.filter(id=theirs).update(community_id=town.far.id)
    clerk = await town.staff()
    with pytest.raises(NotFound, match=r"ticket\.not_found"):
        await within(merging.merge(ours, into_id=theirs, actor=await actors.staff(clerk.id)))


async def test_a_repair_goes_only_to_technicians_of_the_office(town: Town) -> None:
    made = await offices.ticket(town, 0)
    away = await estate.technician(town.place, "远处的")
    helper = await estate.technician(town.place, "帮忙的")
    await Technician.filter(id=away.id).update(communities=[town.far.id], office_id=town.far.office_id)
    await Technician.filter(id=helper.id).update(office_id=town.far.office_id)
    own = await actors.staff((await town.staff()).id)
    with pytest.raises(NotFound, match=r"technician\.not_found"):
        await within(dispatch.assign(made, technician_id=away.id, actor=own))
    await within(dispatch.assign(made, technician_id=helper.id, actor=own))
    assert [one.id for one in await technicians.seen_by(actors.OPERATOR)] == [away.id, helper.id]


async def test_anybody_who_works_there_ends_an_alert(town: Town) -> None:
    for role in Role:
        await StaffTask.all().delete()
        task, who = await offices.task(TaskKind.ALERT)(town, 0), await town.staff(role)
        await within(staff_tasks.done(task, actor=await actors.staff(who.id)))
        assert (await StaffTask.get(id=task)).done_by_id == who.id


async def test_what_is_for_the_whole_company_is_not_one_offices_to_end(town: Town) -> None:
    clerk = await actors.staff((await town.staff()).id)
    survey, activity = await offices.survey(town, 0), await offices.activity(town, 0)
    notice = await offices.notice(town, 0)
    for model in (Survey, Activity, Notice):
        await model.all().update(community_id=None)
    with pytest.raises(NotFound, match="survey"):
        await within(surveys.close(survey, actor=clerk))
    with pytest.raises(NotFound, match="activity"):
        await within(activities.cancel(activity, reason="台风", actor=clerk))
    with pytest.raises(NotFound, match="notice"):
        await within(notices.withdraw(notice, actor=clerk))
    code = (await SignUp.get()).code
    await within(activities.check_in(activity, code, actor=clerk))  # but at its door anybody may stand
    await within(activities.cancel(activity, reason="台风", actor=actors.OPERATOR))


@pytest.mark.parametrize("level", list(Level))
async def test_a_notice_is_published_by_who_reaches_everybody_it_is_aimed_at(
    town: Town, level: Level
) -> None:
    notice = await offices.notice(town, 0)
    house = await places.house(town.far)
    subjects = {
        Level.ALL: 0,
        Level.COMMUNITY: town.far.id,
        Level.BUILDING: house.building_id,
        Level.UNIT: house.unit_id,
        Level.HOUSE: house.id,
        Level.PERSON: (await places.resident(house)).id,
    }
    clerk = await actors.staff((await town.staff()).id)
    target = await NoticeTarget.create(notice_id=notice, level=level, subject_id=subjects[level])
    with pytest.raises(NotAllowed, match="beyond"):
        await within(notices.publish(notice, actor=clerk))
    await target.delete()
    await within(notices.publish(notice, actor=clerk))
    assert (await Notice.get(id=notice)).status is NoticeStatus.PUBLISHED
    [published] = await events.of(SubjectKind.NOTICE, notice)
    assert (published.actor_kind, published.actor_id) == (clerk.kind, clerk.id)
