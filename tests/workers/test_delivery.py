"""What the outbox holds, sent to the simulated platform, down the ladder when it is refused."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.tasks import StaffTask, TaskKind
from services import clock, outbox
from services.delivery import media
from tests.workers.letters import deliver, queued, row, says
from tests.world.simulated import Simulated
from workers.delivery import Delivery

pytestmark = pytest.mark.usefixtures("database")


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


@pytest.mark.parametrize(("times", "uploads", "shown"), [(1, 2, 2), (2, 2, 1)])
async def test_a_picture_that_the_platform_forgot_is_uploaded_anew_once(
    sim: Simulated, delivery: Delivery, person: Person, tmp_path: Path, times: int, uploads: int, shown: int
):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    sha256 = media.keep(tmp_path, out.getvalue())
    await queued(person, {"reply": {"text": "", "image": sha256}}, key="1")
    await deliver(delivery)
    await sim.fault("message/custom/send", errcode=40007, times=times)
    await queued(person, {"reply": {"text": "", "image": sha256}}, key="2")
    await deliver(delivery)
    assert len(await sim.shown(person.channel_id)) == shown
    assert len(await sim.calls("media/upload")) == uploads


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
    assert sent.payload["card"] == {"kind": "progress", "values": {"state": "李师傅已接单"}}
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
    assert failed.error == "quota"
    task = await StaffTask.get(kind=TaskKind.PHONE, person_id=person.id)
    assert task.reason == "undelivered"
    assert task.values == {"said": "李师傅已接单。", "why": "quota", "errcode": 45009, "count": 1}


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


async def _held(person: Person, left: int) -> None:
    """People talk with this person, and so many sends are left."""
    until = clock.now() + timedelta(hours=40)
    changes = {"hold": "staff", "window_until": until, "sends_left": left}
    await Conversation.update_or_create(changes, person_id=person.id)


@pytest.mark.parametrize(("left", "via"), [(2, "template"), (3, "custom")])
async def test_news_leaves_the_last_sends_to_people_who_talk(
    sim: Simulated, delivery: Delivery, person: Person, left: int, via: str
):
    await _held(person, left)
    await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await deliver(delivery)
    assert [one["via"] for one in await sim.shown(person.channel_id)] == [via]


async def test_news_without_a_template_waits_and_holds_no_reply_back(
    sim: Simulated, delivery: Delivery, person: Person
):
    await _held(person, 2)
    waiting = await queued(person, {"phrase": "plain", "values": {}}, key="1")
    await queued(person, {**says("我是客服"), "staff": 1}, key="2")
    await deliver(delivery)
    assert [one["text"] for one in await sim.shown(person.channel_id)] == ["我是客服"]
    kept = await row(waiting)
    assert (kept.status, kept.attempts) == (OutboxStatus.PENDING, 0)
