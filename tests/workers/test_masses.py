"""Notices to people whose customer window is shut: as mass messages, as often as the platform allows."""

from datetime import timedelta
from pathlib import Path

import pytest

from dialogs import shipped
from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.tasks import StaffTask
from services import clock, outbox
from services.delivery import masses
from settings import MassUse
from tests.workers.letters import deliver
from tests.world import places
from tests.world.simulated import Simulated
from tests.world.units import within
from wechat.platform import Platform
from workers import schedules
from workers.delivery import Delivery
from workers.masses import ALLOWED, Masses

pytestmark = pytest.mark.usefixtures("database")
PHRASES = shipped.phrases()
MINUTE = timedelta(seconds=61)


@pytest.fixture
def delivery(platform: Platform, tmp_path: Path) -> Delivery:
    return Delivery(platform, PHRASES, {}, tmp_path, in_masses=ALLOWED[MassUse.ALL])


@pytest.fixture
async def residents(sim: Simulated) -> list[Person]:
    """Three who bound a house and have not written for days."""
    house = await places.house(await places.community())
    found = []
    for number, openid in enumerate(await sim.followers(3)):
        neighbour = await places.resident(house, f"住户{number}")
        await Person.filter(id=neighbour.id).update(channel_id=openid)
        await Conversation.create(person_id=neighbour.id, window_until=clock.now())
        found.append(await Person.get(id=neighbour.id))
    return found


async def told(
    residents: list[Person], *, phrase: str = "notice.urgent", notice: int = 7, text: str = "明天停水"
) -> None:
    values = {"notice": notice, "title": "停水通知", "text": text}
    rows = [(one.id, values, f"notice:{notice}:{one.id}") for one in residents]

    async def put() -> None:
        await outbox.tell_all(rows, phrase)

    await within(put())


async def sends(platform: Platform, delivery: Delivery) -> None:
    await deliver(delivery)
    with clock.fixed(clock.now() + MINUTE + timedelta(seconds=1)):
        while await Masses(platform, PHRASES).send():
            pass


async def shown(sim: Simulated, person: Person) -> list[str]:
    return [m["text"] for m in await sim.messages(person.channel_id) if m["via"] == "mass"]


async def test_all_get_one_mass_message(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents)
    await sends(platform, delivery)
    for one in residents:
        assert await shown(sim, one) == ["紧急：停水通知\n明天停水\n看完请回一声「收到」。"]
    assert len(await sim.calls("message/mass/send")) == 1
    rows = await Outbox.all()
    assert {(row.status, row.rung) for row in rows} == {(OutboxStatus.SENT, "mass")}
    assert await StaffTask.all().count() == 0


async def test_who_can_be_written_to_gets_no_mass_message(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    until = clock.now() + timedelta(hours=40)
    await Conversation.filter(person_id=residents[0].id).update(window_until=until, sends_left=4)
    await told(residents)
    await sends(platform, delivery)
    assert [len(await shown(sim, one)) for one in residents] == [0, 1, 1]


async def test_letters_wait_a_minute_for_each_other(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents)
    await deliver(delivery)
    assert await Masses(platform, PHRASES).send() == 0
    assert await Outbox.filter(status=OutboxStatus.MASS).count() == 3


async def test_two_notices_are_two_messages(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents, notice=7)
    await told(residents, notice=8, text="后天停电")
    await sends(platform, delivery)
    assert [len(await shown(sim, one)) for one in residents] == [2, 2, 2]


async def test_the_last_of_a_month_is_kept_for_what_is_urgent(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    for notice in range(4):
        await told(residents, phrase="notice.new", notice=notice)
        await sends(platform, delivery)
    assert [len(await shown(sim, one)) for one in residents] == [3, 3, 3]
    assert (await StaffTask.get()).values["count"] == 3
    await told(residents, notice=9)
    await sends(platform, delivery)
    assert [len(await shown(sim, one)) for one in residents] == [4, 4, 4]


@pytest.mark.parametrize("errcode", [45028, 48001])
async def test_what_the_platform_refuses_is_one_task(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person], errcode: int
) -> None:
    await sim.fault("message/mass/send", errcode=errcode)
    await told(residents)
    await sends(platform, delivery)
    assert {row.errcode for row in await Outbox.filter(status=OutboxStatus.FAILED)} == {errcode}
    task = await StaffTask.get()
    assert (task.reason, task.values["count"]) == ("notice_unreached", 3)


async def test_what_passes_is_tried_again_together(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await sim.fault("message/mass/send", errcode=-1)
    await told(residents)
    await sends(platform, delivery)
    assert await Outbox.filter(status=OutboxStatus.MASS).count() == 3
    with clock.fixed(clock.now() + 3 * MINUTE):
        await Masses(platform, PHRASES).send()
    assert [len(await shown(sim, one)) for one in residents] == [1, 1, 1]


async def test_what_always_passes_ends_as_a_task(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await sim.fault("message/mass/send", times=20, errcode=-1)
    await told(residents)
    await deliver(delivery)
    for minute in range(1, 12):
        with clock.fixed(clock.now() + minute * 2 * MINUTE):
            await Masses(platform, PHRASES).send()
    assert (await StaffTask.get()).values["count"] == 3


async def test_nobody_is_sent_a_mass_message_alone(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents[:1])
    await sends(platform, delivery)
    assert await sim.calls("message/mass/send") == []
    assert (await StaffTask.get()).values["count"] == 1


async def test_a_lost_answer_is_never_repeated(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await sim.fault("message/mass/send", drop=True, after=True)
    await told(residents)
    await sends(platform, delivery)
    assert await Outbox.filter(status=OutboxStatus.UNKNOWN).count() == 3
    assert [len(await shown(sim, one)) for one in residents] == [1, 1, 1]


async def test_a_notice_that_is_withdrawn_meanwhile_is_not_sent(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents)
    await deliver(delivery)
    assert await outbox.cancel_all("notice:7:") == 3
    await sends(platform, delivery)
    assert await sim.calls("message/mass/send") == []


async def test_the_same_key_is_sent_once(sim: Simulated, platform: Platform, residents: list[Person]) -> None:
    people = [one.channel_id for one in residents]
    first = await platform.send_mass(people, "停水", key="k")
    assert await platform.send_mass(people, "停水", key="k") == first
    assert await shown(sim, residents[0]) == ["停水"]


@pytest.mark.parametrize("use", MassUse)
async def test_the_setting_says_which_notices_go_so(
    platform: Platform, tmp_path: Path, residents: list[Person], use: MassUse
) -> None:
    delivery = Delivery(platform, PHRASES, {}, tmp_path, in_masses=ALLOWED[use])
    await told(residents, phrase="notice.new", notice=1)
    await told(residents, phrase="notice.urgent", notice=2)
    await deliver(delivery)
    waiting = await Outbox.filter(status=OutboxStatus.MASS).count()
    assert waiting == {MassUse.NONE: 0, MassUse.URGENT: 3, MassUse.ALL: 6}[use]


async def test_a_report_of_failure_takes_it_back(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents)
    await sends(platform, delivery)
    number = (await Outbox.first()).platform_id
    await within(masses.reported(number, "not_delivered", 0))
    await schedules.run_due()
    assert (await StaffTask.get()).values["count"] == 3


async def test_those_who_did_not_get_it_are_counted(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents)
    await sends(platform, delivery)
    await within(masses.reported((await Outbox.first()).platform_id, "", 2))
    assert (await StaffTask.get()).values["count"] == 2


async def test_a_long_notice_is_named(
    sim: Simulated, platform: Platform, delivery: Delivery, residents: list[Person]
) -> None:
    await told(residents, text="长" * 900)
    await sends(platform, delivery)
    assert "回「通知」看全文" in (await shown(sim, residents[0]))[0]
