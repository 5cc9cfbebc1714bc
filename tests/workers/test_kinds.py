"""What timers of content run, through the worker that runs them."""

from datetime import timedelta

import pytest

from models.activities import Activity, SignUp, SignUpStatus
from models.complaints import Complaint, ComplaintKind
from models.outbox import Outbox
from models.tasks import StaffTask
from models.timers import Timer
from services import actors, clock
from services.cases import complaints
from services.community import activities
from tests.world import places
from tests.world.units import within
from workers import schedules

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_a_complaint_is_escalated_at_its_deadline() -> None:
    person = await places.resident(await places.house(await places.community()))
    made = await complaints.submit(
        ComplaintKind.COMPLAINT, "卫生", "楼道三天没扫", actor=actors.person(person.id)
    )
    assert await schedules.run_due() == 0
    for moment, reason in (
        ((await Complaint.get(id=made.id)).respond_by, "complaint_untaken"),
        (made.deadline_at, "complaint_overdue"),
    ):
        with clock.fixed(moment):
            assert await schedules.run_due() == 1
        task = await StaffTask.get(done_at=None)
        assert (task.reason, task.values["number"]) == (reason, made.number)
    assert not await Timer.all().exists()


async def test_a_seat_nobody_takes_wanders_down_the_queue_and_the_rest_are_reminded() -> None:
    house = await places.house(await places.community())
    people = [await places.resident(house) for _ in range(4)]
    starts = clock.now() + timedelta(days=5)
    activity = await Activity.create(title="象棋赛", starts_at=starts, deadline_at=starts, quota=1)
    for person in people:
        me = actors.person(person.id)
        await within(activities.sign_up(person.id, activity.id, actor=me))
    first, last = (actors.person(people[place].id) for place in (0, 3))
    await within(activities.withdraw(first.id, activity.id, actor=first))
    for _ in people[1:3]:
        due = (await Timer.get(kind="waitlist_offer_expired")).due_at
        with clock.fixed(due):
            await schedules.run_due()
    await within(activities.accept_offer(last.id, activity.id, actor=last))
    states = [one.status for one in await SignUp.all().order_by("person_id")]
    assert states == [SignUpStatus.WITHDRAWN] * 3 + [SignUpStatus.CONFIRMED]
    with clock.fixed(starts - timedelta(hours=15)):
        assert await schedules.run_due() == 1
    reminded = await Outbox.filter(payload__contains={"phrase": "activity.reminder"})
    assert [row.person_id for row in reminded] == [people[3].id]
