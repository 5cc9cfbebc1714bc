"""Activities: seats are never oversold, and freed ones go to the queue in its order."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models.activities import Activity, SignUp, SignUpStatus
from models.community import Community, House
from models.outbox import Outbox
from models.people import Person
from models.timers import Timer
from services import clock
from services.community import activities, waitlist
from services.errors import DomainError, Invalid, NotAllowed, NotFound
from services.scope import COMPANY
from tests.world import places

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


async def _in_turn(verb: Awaitable[SignUp]) -> SignUp:
    async with in_transaction():
        return await verb


async def test_200_at_once_for_50_seats_never_oversell_and_withdrawals_promote_the_queue() -> None:
    house = await _house()
    people = await _people(house, 200)
    activity = await _activity(None, quota=50, party=3)
    sizes = {person.id: 1 + index % 3 for index, person in enumerate(people)}
    done = await asyncio.gather(
        *(_in_turn(activities.sign_up(one.id, activity.id, party_size=sizes[one.id])) for one in people)
    )
    confirmed = [signup for signup in done if signup.status is CONFIRMED]
    assert sum(signup.party_size for signup in confirmed) == 50
    assert await _seats(activity) == 50
    leaving = confirmed[:10]
    await asyncio.gather(*(_in_turn(activities.withdraw(one.person_id, activity.id)) for one in leaving))
    assert await _seats(activity) == 50
    offered = await SignUp.filter(activity=activity, status=OFFERED)
    assert sum(one.party_size for one in offered) == sum(one.party_size for one in leaving)
    told = await Outbox.filter(key__startswith="offer:").values_list("person_id", flat=True)
    assert sorted(str(one) for one in told) == sorted(str(one.person_id) for one in offered)


async def test_the_same_person_twice_at_once_gets_one_place() -> None:
    house = await _house()
    [person] = await _people(house, 1)
    activity = await _activity(None, quota=10)
    done = await asyncio.gather(
        *(_in_turn(activities.sign_up(person.id, activity.id)) for _ in range(5)), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, DomainError)]
    assert {one.phrase for one in refused} == {"activity.already_signed_up"} and len(refused) == 4
    assert await _seats(activity) == 1


async def test_the_queue_moves_in_order_and_a_large_party_does_not_block_it() -> None:
    house = await _house()
    holder, family, single = await _people(house, 3)
    activity = await _activity(None, quota=2)
    await activities.sign_up(holder.id, activity.id, party_size=2)
    large = await activities.sign_up(family.id, activity.id, party_size=4)
    small = await activities.sign_up(single.id, activity.id)
    assert (large.status, small.status) == (WAITLISTED, WAITLISTED)
    assert await activities.queue_position(small) == 2
    await activities.change_party(holder.id, activity.id, 1)
    assert (await SignUp.get(id=large.id)).status is WAITLISTED
    assert (await SignUp.get(id=small.id)).status is OFFERED
    accepted = await activities.accept_offer(single.id, activity.id)
    assert accepted.status is CONFIRMED and await _seats(activity) == 2


async def test_an_offer_nobody_takes_goes_to_the_next() -> None:
    house = await _house()
    holder, first, second = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (holder, first, second):
        await activities.sign_up(person.id, activity.id)
    await activities.withdraw(holder.id, activity.id)
    timer = await Timer.get(kind="waitlist_offer_expired")
    await waitlist.expire_offer(timer.subject_id)
    assert (await SignUp.get(id=timer.subject_id)).status is OFFERED  # its time is not up yet
    with clock.fixed(timer.due_at):
        await waitlist.expire_offer(timer.subject_id)
    states = {one.person_id: one.status for one in await SignUp.filter(activity=activity)}
    assert states[first.id] is SignUpStatus.WITHDRAWN and states[second.id] is OFFERED
    assert (await Outbox.get(key__startswith="offer_expired")).person_id == first.id
    with pytest.raises(NotFound):
        await activities.accept_offer(first.id, activity.id)


async def test_withdrawing_and_signing_up_again_joins_the_end() -> None:
    house = await _house()
    holder, first, second = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (holder, first, second):
        await activities.sign_up(person.id, activity.id)
    await activities.withdraw(first.id, activity.id)
    again = await activities.sign_up(first.id, activity.id)
    assert again.status is WAITLISTED and await activities.queue_position(again) == 2
    verbs = [event.verb for event in await activities.event_log(again.id)]
    assert verbs == ["queued", "withdrawn", "queued"]


async def test_a_larger_party_needs_free_seats() -> None:
    house = await _house()
    one, other = await _people(house, 2)
    activity = await _activity(None, quota=4)
    await activities.sign_up(one.id, activity.id, party_size=2)
    await activities.sign_up(other.id, activity.id)
    with pytest.raises(NotAllowed, match=r"activity\.full"):
        await activities.change_party(one.id, activity.id, 4)
    await activities.change_party(one.id, activity.id, 3)
    assert await _seats(activity) == 4
    with pytest.raises(Invalid, match="party_size"):
        await activities.change_party(one.id, activity.id, 5)


async def test_another_communitys_activity_is_not_there() -> None:
    person = await places.resident(await _house())
    elsewhere = await _activity(await places.community("阳光家园"))
    everywhere = await _activity(None)
    assert [one.id for one in await activities.visible(person.id)] == [everywhere.id]
    with pytest.raises(NotFound):
        await activities.details(person.id, elsewhere.id)
    with pytest.raises(NotFound):
        await activities.sign_up(person.id, elsewhere.id)


async def test_required_questions_and_the_deadline_are_checked() -> None:
    person = await places.resident(await _house())
    activity = await _activity(None)
    activity.questions = [{"key": "age", "text": "孩子几岁？", "required": True}]
    await activity.save()
    with pytest.raises(Invalid, match="answer_missing"):
        await activities.sign_up(person.id, activity.id)
    with clock.fixed(activity.deadline_at), pytest.raises(NotAllowed, match=r"activity\.closed"):
        await activities.sign_up(person.id, activity.id, answers={"age": "6岁"})
    signup = await activities.sign_up(person.id, activity.id, answers={"age": "6岁"})
    assert (await SignUp.get(id=signup.id)).answers == {"age": "6岁"}


async def test_confirmed_people_are_reminded_the_evening_before() -> None:
    house = await _house()
    coming, waiting = await _people(house, 2)
    activity = await _activity(None, quota=1)
    mine = await activities.sign_up(coming.id, activity.id)
    await activities.sign_up(waiting.id, activity.id)
    due = (await Timer.get(kind="activity_reminder")).due_at
    assert clock.local(due).hour == activities.REMINDER_HOUR
    assert clock.local(due).date() == clock.local(activity.starts_at).date() - timedelta(days=1)
    await activities.remind(activity.id)
    await activities.remind(activity.id)
    told = await Outbox.get(payload__contains={"phrase": "activity.reminder"})
    assert told.person_id == coming.id and told.payload["values"]["code"] == mine.code


async def test_check_in_by_code_once_and_only_when_confirmed() -> None:
    house = await _house()
    coming, waiting = await _people(house, 2)
    activity = await _activity(None, quota=1)
    mine = await activities.sign_up(coming.id, activity.id)
    queued = await activities.sign_up(waiting.id, activity.id)
    for _ in range(2):
        assert (await activities.check_in(activity.id, f" {mine.code}", by=COMPANY)).attended_at
    assert len(await activities.event_log(mine.id)) == 2
    with pytest.raises(NotAllowed, match="not_confirmed"):
        await activities.check_in(activity.id, queued.code, by=COMPANY)
    with pytest.raises(NotFound, match="code_unknown"):
        await activities.check_in(activity.id, "nope", by=COMPANY)


async def test_cancelling_tells_everybody_who_had_a_place_or_waited() -> None:
    house = await _house()
    coming, waiting, gone = await _people(house, 3)
    activity = await _activity(None, quota=1)
    for person in (coming, waiting, gone):
        await activities.sign_up(person.id, activity.id)
    await activities.withdraw(gone.id, activity.id)
    await activities.cancel(activity.id, reason="台风", by=COMPANY)
    told = await Outbox.filter(payload__contains={"phrase": "activity.cancelled"})
    assert {row.person_id for row in told} == {coming.id, waiting.id}
    assert await activities.visible(coming.id) == []


async def _seats(activity: Activity) -> int:
    """Held seats as the sign-ups say, which must be what the activity says."""
    held = await SignUp.filter(activity=activity, status__in=[CONFIRMED, OFFERED])
    seats = sum(one.party_size for one in held)
    assert (await Activity.get(id=activity.id)).seats_taken == seats
    return seats
