"""Activities: seats are never oversold, and freed ones go to the queue in its order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models.activities import Activity, SignUp, SignUpStatus
from models.community import Community, House
from models.events import SubjectKind
from models.outbox import Outbox
from models.people import Person
from models.timers import Timer
from services import actors, clock, events
from services.actors import OPERATOR
from services.community import activities, waitlist
from services.community.activity_views import Place
from services.errors import DomainError, Invalid, NotAllowed, NotFound
from tests.world import places
from tests.world.units import within
from workers import schedules

pytestmark = pytest.mark.usefixtures("database")

CONFIRMED, WAITLISTED, OFFERED = SignUpStatus.CONFIRMED, SignUpStatus.WAITLISTED, SignUpStatus.OFFERED


async def _activity(where: Community | None, *, quota: int | None = 2, party: int = 4) -> Activity:
    starts = clock.now() + timedelta(days=5)
    return await Activity.create(
        community=where,
        title="亲子包饺子",
        starts_at=starts,
        deadline_at=starts - timedelta(days=1),
        quota=quota,
        max_party=party,
    )


async def _house() -> House:
    return await places.house(await places.community())


async def _people(house: House, count: int) -> list[Person]:
    return [await places.resident(house, f"居民{number}") for number in range(count)]


async def _joins(person_id: int, activity_id: int, **more: Any) -> Place:
    me = actors.person(person_id)
    return await within(activities.sign_up(person_id, activity_id, actor=me, **more))


async def _leaves(person_id: int, activity_id: int) -> None:
    await within(activities.withdraw(person_id, activity_id, actor=actors.person(person_id)))


async def _changes_party(person_id: int, activity_id: int, party: int) -> None:
    me = actors.person(person_id)
    await within(activities.change_party(person_id, activity_id, party, actor=me))


async def _accepts(person_id: int, activity_id: int) -> Place:
    me = actors.person(person_id)
    return await within(activities.accept_offer(person_id, activity_id, actor=me))


async def test_200_at_once_for_50_seats_never_oversell_and_withdrawals_promote_the_queue() -> None:
    house = await _house()
    people = await _people(house, 200)
    activity = await _activity(None, quota=50, party=3)
    sizes = {person.id: 1 + index % 3 for index, person in enumerate(people)}
    done = await asyncio.gather(*(_joins(one.id, activity.id, party_size=sizes[one.id]) for one in people))
    confirmed = [signup for signup in done if signup.status is CONFIRMED]
    assert sum(signup.party_size for signup in confirmed) == 50
    assert await _seats(activity) == 50
    leaving = await SignUp.filter(id__in=[one.id for one in confirmed[:10]])
    await asyncio.gather(*(_leaves(one.person_id, activity.id) for one in leaving))
    assert await _seats(activity) == 50
    offered = await SignUp.filter(activity=activity, status=OFFERED)
    assert sum(one.party_size for one in offered) == sum(one.party_size for one in leaving)
    told = await Outbox.filter(key__startswith="offer:").values_list("person_id", flat=True)
    assert sorted(str(one) for one in told) == sorted(str(one.person_id) for one in offered)


async def test_the_same_person_twice_at_once_gets_one_place() -> None:
    house = await _house()
    [person] = await _people(house, 1)
    activity = await _activity(None, quota=10)
    done = await asyncio.gather(*(_joins(person.id, activity.id) for _ in range(5)), return_exceptions=True)
    refused = [one for one in done if isinstance(one, DomainError)]
    assert {one.phrase for one in refused} == {"activity.already_signed_up"} and len(refused) == 4
    assert await _seats(activity) == 1


async def test_the_queue_moves_in_order_and_a_large_party_does_not_block_it() -> None:
    house = await _house()
    holder, family, single = await _people(house, 3)
    activity = await _activity(None, quota=2)
    await _joins(holder.id, activity.id, party_size=2)
    large = await _joins(family.id, activity.id, party_size=4)
    small = await _joins(single.id, activity.id)
    assert (large.status, small.status) == (WAITLISTED, WAITLISTED)
    assert small.position == 2
    await _changes_party(holder.id, activity.id, 1)
    assert (await SignUp.get(id=large.id)).status is WAITLISTED
    assert (await SignUp.get(id=small.id)).status is OFFERED
    accepted = await _accepts(single.id, activity.id)
    assert accepted.status is CONFIRMED and await _seats(activity) == 2


async def test_an_offer_nobody_takes_goes_to_the_next() -> None:
    house = await _house()
    holder, first, second = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (holder, first, second):
        await _joins(person.id, activity.id)
    await _leaves(holder.id, activity.id)
    timer = await Timer.get(kind="waitlist_offer_expired")
    await within(waitlist.expire_offer(timer.subject_id))
    assert (await SignUp.get(id=timer.subject_id)).status is OFFERED  # its time is not up yet
    with clock.fixed(timer.due_at):
        await within(waitlist.expire_offer(timer.subject_id))
    states = {one.person_id: one.status for one in await SignUp.filter(activity=activity)}
    assert states[first.id] is SignUpStatus.WITHDRAWN and states[second.id] is OFFERED
    assert (await Outbox.get(key__startswith="offer_expired")).person_id == first.id
    with pytest.raises(NotFound):
        await _accepts(first.id, activity.id)


async def test_withdrawing_and_signing_up_again_joins_the_end() -> None:
    house = await _house()
    holder, first, second = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (holder, first, second):
        await _joins(person.id, activity.id)
    await _leaves(first.id, activity.id)
    again = await _joins(first.id, activity.id)
    assert again.status is WAITLISTED and again.position == 2
    verbs = [one.verb for one in await events.of(SubjectKind.SIGN_UP, again.id)]
    assert verbs == ["queued", "withdrawn", "queued"]


async def test_a_larger_party_needs_free_seats() -> None:
    house = await _house()
    one, other = await _people(house, 2)
    activity = await _activity(None, quota=4)
    await _joins(one.id, activity.id, party_size=2)
    await _joins(other.id, activity.id)
    with pytest.raises(NotAllowed, match=r"activity\.full"):
        await _changes_party(one.id, activity.id, 4)
    await _changes_party(one.id, activity.id, 3)
    assert await _seats(activity) == 4
    with pytest.raises(Invalid, match="party_size"):
        await _changes_party(one.id, activity.id, 5)


async def test_another_communitys_activity_is_not_there() -> None:
    person = await places.resident(await _house())
    elsewhere = await _activity(await places.community("阳光家园"))
    everywhere = await _activity(None)
    assert [one.id for one in await activities.visible(person.id)] == [everywhere.id]
    with pytest.raises(NotFound):
        await activities.details(person.id, elsewhere.id)
    with pytest.raises(NotFound):
        await _joins(person.id, elsewhere.id)


async def test_required_questions_and_the_deadline_are_checked() -> None:
    person = await places.resident(await _house())
    activity = await _activity(None)
    activity.questions = [{"key": "age", "text": "孩子几岁？", "required": True}]
    await activity.save()
    with pytest.raises(Invalid, match="answer_missing"):
        await _joins(person.id, activity.id)
    with clock.fixed(activity.deadline_at), pytest.raises(NotAllowed, match=r"activity\.closed"):
        await _joins(person.id, activity.id, answers={"age": "6岁"})
    signup = await _joins(person.id, activity.id, answers={"age": "6岁"})
    assert (await SignUp.get(id=signup.id)).answers == {"age": "6岁"}


@pytest.mark.usefixtures("monday")
async def test_confirmed_people_are_reminded_the_evening_before() -> None:
    house = await _house()
    coming, waiting = await _people(house, 2)
    activity = await _activity(None, quota=1)
    mine = await _joins(coming.id, activity.id)
    await _joins(waiting.id, activity.id)
    due = (await Timer.get(kind="activity_reminder")).due_at
    assert clock.local(due).hour == activities.REMINDER_HOUR
    assert clock.local(due).date() == clock.local(activity.starts_at).date() - timedelta(days=1)
    await activities.remind(activity.id)
    await activities.remind(activity.id)
    told = await Outbox.get(payload__contains={"phrase": "activity.reminder"})
    assert told.person_id == coming.id and told.payload["values"]["code"] == mine.code


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(("starts", "night"), [(10, 0), (7, 1)])
async def test_a_reminder_that_is_late_waits_for_the_morning_unless_that_is_too_late(
    starts: int, night: int
) -> None:
    [coming] = await _people(await _house(), 1)
    activity = await _activity(None)
    day = clock.local(clock.now()) + timedelta(days=5)
    await Activity.filter(id=activity.id).update(starts_at=day.replace(hour=starts), deadline_at=day)
    await _joins(coming.id, activity.id)
    reminded = Outbox.filter(payload__contains={"phrase": "activity.reminder"})
    with clock.fixed(day.replace(hour=1)):  # the worker stood still in the evening
        await schedules.run_due()
        assert await reminded.count() == night
    with clock.fixed(day.replace(hour=8)):
        await schedules.run_due()
    assert await reminded.count() == 1


async def test_check_in_by_code_once_and_only_when_confirmed() -> None:
    house = await _house()
    coming, waiting = await _people(house, 2)
    activity = await _activity(None, quota=1)
    mine = await _joins(coming.id, activity.id)
    queued = await _joins(waiting.id, activity.id)
    for _ in range(2):
        shown = await within(activities.check_in(activity.id, f" {mine.code}", actor=OPERATOR))
        assert shown.status is SignUpStatus.ATTENDED
    attended = await events.of(SubjectKind.SIGN_UP, mine.id)
    assert [(one.verb, one.actor_kind) for one in attended] == [
        ("signed_up", "person"),
        ("attended", "system"),
    ]
    assert (await SignUp.get(id=mine.id)).attended_at
    with pytest.raises(NotAllowed, match="not_confirmed"):
        await within(activities.check_in(activity.id, queued.code, actor=OPERATOR))
    with pytest.raises(NotFound, match="code_unknown"):
        await within(activities.check_in(activity.id, "nope", actor=OPERATOR))


async def test_cancelling_tells_everybody_who_had_a_place_or_waited() -> None:
    house = await _house()
    coming, waiting, gone = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (coming, waiting, gone):
        await _joins(person.id, activity.id)
    await _leaves(gone.id, activity.id)
    await within(activities.cancel(activity.id, reason="台风", actor=OPERATOR))
    told = await Outbox.filter(payload__contains={"phrase": "activity.cancelled"})
    assert {row.person_id for row in told} == {coming.id, waiting.id}
    assert await activities.visible(coming.id) == []
    [cancelled] = await events.of(SubjectKind.ACTIVITY, activity.id)
    assert (cancelled.verb, cancelled.before, cancelled.note) == ("cancelled", "open", "台风")


async def _seats(activity: Activity) -> int:
    """Held seats as the sign-ups say, which must be what the activity says."""
    held = await SignUp.filter(activity=activity, status__in=[CONFIRMED, OFFERED])
    seats = sum(one.party_size for one in held)
    assert (await Activity.get(id=activity.id)).seats_taken == seats
    return seats
