"""Sends whose outcome is unknown, passes, or comes later: nothing is sent twice, nothing is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dialogs import shipped
from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.tasks import StaffTask
from services import clock, outbox
from services.delivery import claiming, undelivered
from tests.workers.letters import OPEN, PHRASES, deliver, queued, row, says
from tests.world import places
from tests.world.simulated import Simulated
from tests.world.units import within
from wechat.platform import Platform
from workers import schedules
from workers.breaker import Breaker
from workers.delivery import Delivery
from workers.pump import Pump

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    "fault", [{"status": 502}, {"drop": True}, {"delay_s": 1.5}, {"drop": True, "after": True}]
)
async def test_an_unknown_outcome_is_never_repeated_and_shown_to_staff(
    sim: Simulated, delivery: Delivery, person: Person, fault: dict[str, object]
):
    row_id = await queued(person, says("好"))
    await Conversation.update_or_create(
        {"sends_left": 3, "window_until": clock.now() + timedelta(hours=48)}, person=person
    )
    await sim.fault("message/custom/send", **fault)
    await deliver(delivery)
    await deliver(delivery, clock.now() + timedelta(hours=1))
    assert (await row(row_id)).status == OutboxStatus.UNKNOWN
    assert len(await sim.shown(person.channel_id)) <= 1
    assert (await Conversation.get(person=person)).sends_left == 2  # the platform may have counted it
    task = await StaffTask.get(person_id=person.id)
    assert task.reason == "delivery_unknown"
    assert task.values == {"said": "好", "why": "unanswered", "errcode": None, "count": 1}


async def test_a_template_message_without_an_answer_is_repeated_safely(
    sim: Simulated, delivery: Delivery, person: Person
):
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await sim.fault("message/custom/send", errcode=45015)
    await sim.fault("message/template/send", status=500, after=True)
    await deliver(delivery)
    await deliver(delivery, clock.now() + timedelta(minutes=1))
    assert (await row(row_id)).status == OutboxStatus.SENT
    assert len(await sim.shown(person.channel_id)) == 1


async def test_a_template_message_is_not_repeated_once_the_platform_may_have_forgotten_it(
    sim: Simulated, delivery: Delivery, person: Person
):
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await sim.fault("message/custom/send", errcode=45015)
    await sim.fault("message/template/send", status=500, after=True)
    await deliver(delivery)
    await deliver(delivery, clock.now() + timedelta(minutes=30))
    assert (await row(row_id)).status == OutboxStatus.UNKNOWN
    assert len(await sim.calls("message/template/send")) == 1


@pytest.mark.parametrize("errcode", [-1, 45011, 40001])
async def test_a_passing_fault_is_retried_a_bounded_number_of_times(
    sim: Simulated, delivery: Delivery, person: Person, errcode: int
):
    row_id = await queued(person, says("好"))
    await sim.fault("message/custom/send", times=None, errcode=errcode)
    now = clock.now()
    for _ in range(20):
        now += timedelta(hours=1)
        await deliver(delivery, now)
    failed = await row(row_id)
    assert (failed.status, failed.attempts) == (OutboxStatus.FAILED, 6)
    assert await StaffTask.filter(person_id=person.id).count() == 1


async def test_a_fault_that_passes_is_forgotten(sim: Simulated, delivery: Delivery, person: Person):
    row_id = await queued(person, says("好"))
    await sim.fault("message/custom/send", errcode=45011)
    await deliver(delivery)
    waiting = await row(row_id)
    assert waiting.status == OutboxStatus.PENDING
    assert waiting.not_before > clock.now() + timedelta(seconds=50)
    await deliver(delivery, clock.now() + timedelta(minutes=2))
    sent = await row(row_id)
    assert (sent.status, sent.error, sent.errcode) == (OutboxStatus.SENT, "", None)


async def test_what_cannot_be_put_into_words_goes_to_staff(
    sim: Simulated, delivery: Delivery, person: Person
):
    row_id = await queued(person, {"phrase": "nobody.wrote.this", "values": {}})
    await deliver(delivery)
    assert (await row(row_id)).status == OutboxStatus.FAILED


async def test_a_cancelled_message_is_not_sent(sim: Simulated, delivery: Delivery, person: Person):
    await queued(person, says("好"))
    assert await outbox.cancel("k")
    await deliver(delivery)
    assert await sim.shown(person.channel_id) == []


async def test_a_worker_that_died_while_sending_leaves_unknown(
    sim: Simulated, delivery: Delivery, person: Person
):
    first = await queued(person, says("一"), key="1")
    second = await queued(person, says("二"), key="2")
    with clock.fixed(datetime.now(UTC) + timedelta(seconds=1)):
        (claimed,) = await claiming.claim(10)
    assert claimed.id == first
    later = clock.now() + timedelta(minutes=2)
    with clock.fixed(later):
        assert await within(undelivered.give_up_on_stuck(timedelta(seconds=60))) == 1
    await deliver(delivery, later)
    assert (await row(first)).status == OutboxStatus.UNKNOWN
    assert (await row(second)).status == OutboxStatus.SENT
    assert [m["text"] for m in await sim.shown(person.channel_id)] == ["二"]
    assert await StaffTask.filter(person_id=person.id).count() == 1


async def test_the_platforms_later_word_reaches_staff(sim: Simulated, delivery: Delivery, person: Person):
    await sim.post(f"/sim/users/{person.channel_id}/templates", blocked=True)
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await sim.fault("message/custom/send", errcode=45015)
    await deliver(delivery)
    await within(undelivered.reported((await row(row_id)).platform_id, "blocked"))
    failed = await row(row_id)
    assert (failed.status, failed.error) == (OutboxStatus.FAILED, "blocked")
    assert await StaffTask.filter(person_id=person.id).count() == 1


async def test_while_the_platform_does_not_answer_nothing_more_is_lost(
    sim: Simulated, platform: Platform, tmp_path: Path, person: Person
):
    breaker = Breaker(first_rest_s=0.2)
    delivery = Delivery(platform, PHRASES, {}, tmp_path, breaker=breaker)
    for n in range(8):
        other = await Person.create(channel_id=await sim.follower(f"住户{n}"))
        await queued(other, says("好"), key=str(n))
    await sim.fault("message/custom/send", times=4, status=504)
    pump = Pump("deliver", delivery.claim, delivery.deliver, slots=2, every_s=0.05)
    task = asyncio.create_task(pump.run())
    async with asyncio.timeout(10):
        while await Outbox.filter(status__in=OPEN).exists():  # noqa: ASYNC110 - the pump cannot call us
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await Outbox.filter(status=OutboxStatus.UNKNOWN).count() == 4
    assert await Outbox.filter(status=OutboxStatus.SENT).count() == 4


def test_the_breaker_lets_one_through_to_see():
    breaker = Breaker(first_rest_s=0.0001)
    for _ in range(3):
        assert breaker.allowed(5) == 5
        breaker.lost()
    breaker._until = 0.0
    assert breaker.allowed(5) == 1
    breaker.lost()
    breaker._until = float("inf")
    assert breaker.allowed(5) == 0
    breaker.answered()
    assert breaker.allowed(5) == 5


async def test_a_word_that_comes_before_the_id_is_heard_later(
    sim: Simulated, delivery: Delivery, person: Person
):
    await undelivered.reported("123456789012345678", "not_delivered")
    row_id = await queued(person, says("好"))
    await deliver(delivery)
    await Outbox.filter(id=row_id).update(platform_id="123456789012345678")
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert await schedules.run_due() == 1
    assert (await row(row_id)).status == OutboxStatus.FAILED


async def test_a_slow_person_does_not_keep_the_others_waiting(
    sim: Simulated, delivery: Delivery, person: Person
):
    other = await Person.create(channel_id=await sim.follower("李叔"))
    seen = len(await sim.messages(other.channel_id))
    await queued(person, says("慢"), key="slow")
    await queued(other, says("快"), key="fast")
    await sim.fault("message/custom/send", delay_s=0.8)
    pump = Pump("deliver", claiming.claim, delivery.deliver, slots=4, every_s=0.05)
    task = asyncio.create_task(pump.run())
    (message,) = await sim.shown(other.channel_id, after=seen, wait=5)
    assert message["text"] == "快"
    assert (await Outbox.get(key="slow")).status == OutboxStatus.SENDING
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await Outbox.get(key="slow")).status == OutboxStatus.SENT  # it was let finish


async def test_a_notice_that_many_do_not_get_is_one_task(sim: Simulated, platform: Platform, tmp_path: Path):
    delivery = Delivery(platform, shipped.phrases(), {}, tmp_path)
    place = await places.house(await places.community())
    said = {"phrase": "notice.new", "values": {"notice": 7, "title": "停水通知", "text": "明天停水"}}
    for number in range(5):
        neighbour = await places.resident(place, f"住户{number}")
        await Conversation.create(person_id=neighbour.id, window_until=clock.now())
        await queued(neighbour, said, key=str(number))
    await deliver(delivery)
    task = await StaffTask.get()
    assert (task.reason, task.values) == ("notice_unreached", {"title": "停水通知", "count": 5})
    assert task.community_id == place.community_id
    assert await Outbox.filter(status=OutboxStatus.FAILED).count() == 5
    words = shipped.phrases().reply("task.notice_unreached", task.values).text
    assert "停水通知" in words
    assert "5户" in words
