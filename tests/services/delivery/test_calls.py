"""The list of people to call whom a notice did not reach."""

import pytest

from commands import tasks as command
from models.events import Event
from models.tasks import StaffTask
from services import actors, clock, outbox
from services.actors import OPERATOR
from services.delivery import calls, claiming, sending, undelivered
from services.delivery.sending import Fault
from services.errors import NotFound
from tests.world import offices, places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def task() -> StaffTask:
    """A notice that reached neither of two neighbours, but a third."""
    community = await places.community()
    for number in range(3):
        house = await places.house(community, f"1-1-10{3 - number}")
        person = await places.resident(house, f"住户{number}")
        values = {"notice": 7, "title": "停水通知", "text": "明天停水"}
        await within(outbox.tell(person.id, "notice.urgent", values, key=f"notice:7:{person.id}"))
    with clock.fixed(clock.now()):
        letters = await claiming.claim(10)
        await sending.sent(letters[0])
        for letter in letters[1:]:
            await within(undelivered.failed(letter, Fault("window_closed")))
    return await StaffTask.get()


async def test_everybody_whom_it_did_not_reach_is_named_by_house(task: StaffTask) -> None:
    found = await calls.of_task(task.id, actor=OPERATOR)
    assert [(one.house, one.name) for one in found] == [("1-1-101", "住户2"), ("1-1-102", "住户1")]
    assert all(one.phone for one in found)


async def test_who_read_it_is_recorded(task: StaffTask) -> None:
    await calls.of_task(task.id, actor=OPERATOR)
    event = await Event.get(verb="calls_read")
    assert (event.subject_id, event.body["people"]) == (task.id, 2)


async def test_the_command_prints_it(task: StaffTask, capsys: pytest.CaptureFixture[str]) -> None:
    await command.calls(task.id, None)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1-1-101  住户2") and second.startswith("1-1-102  住户1")


async def test_another_office_sees_nothing_of_it(task: StaffTask) -> None:
    town = await offices.build()
    other = await actors.staff((await town.staff(far=True)).id)
    with pytest.raises(NotFound):
        await calls.of_task(task.id, actor=other)


async def test_other_tasks_have_no_such_list(task: StaffTask) -> None:
    await StaffTask.filter(id=task.id).update(key="outbox:1")
    with pytest.raises(NotFound):
        await calls.of_task(task.id, actor=OPERATOR)
    with pytest.raises(NotFound):
        await calls.of_task(task.id + 1, actor=OPERATOR)
