"""What the outbox holds, sent to the simulated platform and its faults."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.phrases import Phrase, Phrases, Template
from models.conversations import Conversation, Json, Outbox, OutboxStatus
from models.people import Person
from models.tickets import StaffTask, TaskKind
from services import clock, media, outbox, sending
from tests.wechat.simulated import Simulated
from wechat.platform import Platform
from workers import schedules
from workers.breaker import Breaker
from workers.delivery import Delivery
from workers.pump import Pump

pytestmark = pytest.mark.usefixtures("database")

PHRASES = Phrases(
    {
        "repair.accepted": Phrase(
            text="{name}师傅已接单。",
            template=Template(kind="progress", values={"thing1": "{name}师傅已接单"}),
        ),
        "plain": Phrase(text="您好。"),
    }
)


@pytest.fixture
def delivery(platform: Platform, tmp_path: Path) -> Delivery:
    return Delivery(platform, PHRASES, {"progress": "T1"}, tmp_path)


@pytest.fixture
async def openid(sim: Simulated) -> str:
    return await sim.follower()


@pytest.fixture
async def person(openid: str) -> Person:
    person = await Person.create(channel_id=openid)
    await Conversation.create(
        person_id=person.id, window_until=clock.now() + timedelta(hours=48), sends_left=5
    )
    return person


OPEN = (OutboxStatus.PENDING, OutboxStatus.SENDING)


def says(text: str) -> Json:
    return {"reply": {"text": text}}


async def queued(person: Person, payload: Json, key: str = "k") -> int:
    await outbox.put(person.id, payload, key=key)
    return (await Outbox.get(key=key)).id


async def deliver(delivery: Delivery, at: datetime | None = None) -> None:
    """Everything that is due, until nothing is."""
    with clock.fixed(at or clock.now() + timedelta(seconds=1)):
        while rows := await sending.claim(10):
            await asyncio.gather(*(delivery.deliver(row) for row in rows))


async def row(row_id: int) -> Outbox:
    return await Outbox.get(id=row_id)


async def test_a_phrase_arrives_in_words(sim: Simulated, delivery: Delivery, person: Person):
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await deliver(delivery)
    (message,) = await sim.shown(person.channel_id)
    assert (message["text"], message["via"]) == ("李师傅已接单。", "custom")
    sent = await row(row_id)
    assert (sent.status, sent.payload["reply"]["text"]) == (OutboxStatus.SENT, "李师傅已接单。")


async def test_one_persons_messages_arrive_in_order(sim: Simulated, delivery: Delivery, person: Person):
    for n in range(3):
        await queued(person, says(f"第{n}条"), key=f"k{n}")
    await deliver(delivery)
    assert [m["text"] for m in await sim.shown(person.channel_id)] == ["第0条", "第1条", "第2条"]


async def test_a_message_that_waits_for_its_retry_holds_the_later_ones_back(
    sim: Simulated, delivery: Delivery, person: Person
):
    await queued(person, says("一"), key="1")
    await queued(person, says("二"), key="2")
    await sim.fault("message/custom/send", errcode=-1)
    await deliver(delivery)
    assert await sim.shown(person.channel_id) == []
    await deliver(delivery, clock.now() + timedelta(seconds=5))
    assert [m["text"] for m in await sim.shown(person.channel_id)] == ["一", "二"]


async def test_a_reminder_for_tomorrow_does_not_hold_todays_message_back(
    sim: Simulated, delivery: Delivery, person: Person
):
    await outbox.put(person.id, says("明天"), key="1", not_before=clock.now() + timedelta(days=1))
    await queued(person, says("今天"), key="2")
    await deliver(delivery)
    assert [m["text"] for m in await sim.shown(person.channel_id)] == ["今天"]


async def test_two_workers_send_everything_once(sim: Simulated, delivery: Delivery):
    openids = [await sim.follower(f"住户{n}") for n in range(8)]
    for openid in openids:
        person = await Person.create(channel_id=openid)
        for n in range(3):
            await queued(person, says(str(n)), key=f"{openid}:{n}")
    await asyncio.gather(*(deliver(delivery) for _ in range(4)))
    for openid in openids:
        assert [m["text"] for m in await sim.shown(openid)] == ["0", "1", "2"]


async def test_a_long_text_arrives_in_parts_and_each_costs_a_send(
    sim: Simulated, delivery: Delivery, person: Person
):
    await queued(person, says("请保持电话畅通。" * 200))
    await deliver(delivery)
    parts = await sim.shown(person.channel_id)
    assert "".join(m["text"] for m in parts) == "请保持电话畅通。" * 200
    assert (await Conversation.get(person_id=person.id)).sends_left == 5 - len(parts)


async def test_after_a_fault_between_two_parts_the_first_is_not_repeated(
    sim: Simulated, delivery: Delivery, person: Person
):
    row_id = await queued(person, says("请保持电话畅通。" * 100))
    await Outbox.filter(id=row_id).update(payload={**says("请保持电话畅通。" * 100), "sent_parts": 1})
    await deliver(delivery)
    assert len(await sim.shown(person.channel_id)) == 1


async def test_a_picture_is_uploaded_once_and_sent(
    sim: Simulated, delivery: Delivery, person: Person, tmp_path: Path
):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    sha256 = media.keep(tmp_path, out.getvalue())
    for n in range(2):
        await queued(person, {"reply": {"text": "", "image": sha256}}, key=str(n))
    await deliver(delivery)
    assert [m["type"] for m in await sim.shown(person.channel_id)] == ["image", "image"]
    assert len(await sim.calls("media/upload")) == 1


@pytest.mark.parametrize(("errcode", "left"), [(45015, 0), (45047, 0), (45009, 5), (43101, 5)])
async def test_a_refused_customer_message_becomes_a_template_message(
    sim: Simulated, delivery: Delivery, person: Person, errcode: int, left: int
):
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await sim.fault("message/custom/send", errcode=errcode)
    await deliver(delivery)
    (message,) = await sim.shown(person.channel_id)
    assert message["via"] == "template"
    sent = await row(row_id)
    assert (sent.status, sent.rung) == (OutboxStatus.SENT, "template")
    assert sent.platform_id
    assert (await Conversation.get(person_id=person.id)).sends_left == left


@pytest.mark.parametrize(("window", "left"), [(timedelta(seconds=-1), 5), (timedelta(hours=1), 0)])
async def test_a_closed_window_is_known_without_asking(
    sim: Simulated, delivery: Delivery, person: Person, window: timedelta, left: int
):
    await Conversation.filter(person_id=person.id).update(window_until=clock.now() + window, sends_left=left)
    await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await deliver(delivery)
    assert [m["via"] for m in await sim.shown(person.channel_id)] == ["template"]
    assert await sim.calls("message/custom/send") == []


async def test_when_every_rung_refuses_staff_have_to_call(sim: Simulated, delivery: Delivery, person: Person):
    values = {"name": "李", "ticket": None}
    row_id = await queued(person, {"phrase": "repair.accepted", "values": values})
    await sim.fault("message/custom/send", errcode=45015)
    await sim.fault("message/template/send", errcode=45009)
    await deliver(delivery)
    failed = await row(row_id)
    assert (failed.status, failed.errcode) == (OutboxStatus.FAILED, 45009)
    assert failed.error == "今天的发送次数已用完（45009）"
    task = await StaffTask.get(kind=TaskKind.PHONE, person_id=person.id)
    assert task.note == "消息没有送达：今天的发送次数已用完（45009）。请电话联系。"


async def test_without_a_template_staff_have_to_call(sim: Simulated, delivery: Delivery, person: Person):
    row_id = await queued(person, {"phrase": "plain", "values": {}})
    await sim.fault("message/custom/send", errcode=45015)
    await deliver(delivery)
    assert (await row(row_id)).status == OutboxStatus.FAILED
    assert await StaffTask.filter(person_id=person.id).count() == 1


async def test_who_left_is_not_written_to(sim: Simulated, delivery: Delivery, person: Person):
    await Person.filter(id=person.id).update(following=False)
    row_id = await queued(person, says("好"))
    await deliver(delivery)
    assert (await row(row_id)).status == OutboxStatus.FAILED
    assert await sim.calls("message/custom/send") == []


@pytest.mark.parametrize(
    "fault", [{"status": 502}, {"drop": True}, {"delay_s": 1.5}, {"drop": True, "after": True}]
)
async def test_an_unknown_outcome_is_never_repeated_and_shown_to_staff(
    sim: Simulated, delivery: Delivery, person: Person, fault: dict[str, object]
):
    row_id = await queued(person, says("好"))
    await sim.fault("message/custom/send", **fault)
    await deliver(delivery)
    await deliver(delivery, clock.now() + timedelta(hours=1))
    assert (await row(row_id)).status == OutboxStatus.UNKNOWN
    assert len(await sim.shown(person.channel_id)) <= 1
    note = (await StaffTask.get(person_id=person.id)).note
    assert note == "不知道消息是否送达：微信没有答复，不知道是否送达。请电话联系。"


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
        (claimed,) = await sending.claim(10)
    assert claimed.id == first
    later = clock.now() + timedelta(minutes=2)
    with clock.fixed(later):
        assert await sending.give_up_on_stuck(timedelta(seconds=60)) == 1
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
    await sending.reported((await row(row_id)).platform_id, "对方拒收公众号的消息")
    failed = await row(row_id)
    assert (failed.status, failed.error) == (OutboxStatus.FAILED, "对方拒收公众号的消息")
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
    await sending.reported("123456789012345678", "微信没能送达")
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
    seen = len(await sim.get(f"/sim/users/{other.channel_id}/messages"))
    await queued(person, says("慢"), key="slow")
    await queued(other, says("快"), key="fast")
    await sim.fault("message/custom/send", delay_s=0.8)
    pump = Pump("deliver", sending.claim, delivery.deliver, slots=4, every_s=0.05)
    task = asyncio.create_task(pump.run())
    (message,) = await sim.shown(other.channel_id, after=seen, wait=5)
    assert message["text"] == "快"
    assert (await Outbox.get(key="slow")).status == OutboxStatus.SENDING
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await Outbox.get(key="slow")).status == OutboxStatus.SENT  # it was let finish
