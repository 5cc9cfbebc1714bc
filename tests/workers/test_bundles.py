"""News for one person that falls together is one message, and the last send asks for a word back."""

from datetime import timedelta

import pytest

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.values import Json
from services import clock, outbox
from tests.workers.letters import deliver, queued, row, says
from tests.world.simulated import Simulated
from workers.delivery import Delivery

pytestmark = pytest.mark.usefixtures("database")


def news(text: str) -> Json:
    return {"phrase": "news", "values": {"text": text}}


def job(text: str) -> Json:
    return {"phrase": "job", "values": {"text": text}}


async def with_left(person: Person, left: int) -> None:
    await Conversation.filter(person_id=person.id).update(sends_left=left)


async def texts(sim: Simulated, person: Person) -> list[str]:
    return [message["text"] for message in await sim.shown(person.channel_id)]


async def test_news_that_falls_together_is_one_message_and_costs_one_send(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    ids = [await queued(person, news(text), key=text) for text in "甲乙丙"]
    await deliver(delivery)
    assert await texts(sim, person) == ["甲\n\n乙\n\n丙\n1. 看甲\n2. 看乙\n3. 看丙"]
    assert (await Conversation.get(person_id=person.id)).sends_left == 4
    rows = [await row(one) for one in ids]
    assert {one.status for one in rows} == {OutboxStatus.SENT}
    assert [one.payload["reply"]["text"] for one in rows] == ["甲", "乙", "丙"]
    numbers = [one["n"] for one in rows[-1].payload["reply"]["options"]]
    assert [int(one["id"]) for one in (await sim.shown(person.channel_id))[0]["options"]] == numbers


async def test_options_of_the_same_words_are_never_put_together(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    for text in "甲乙":
        await queued(person, job(text), key=text)
    await deliver(delivery)
    assert await texts(sim, person) == ["派给您一单甲\n1. 接单", "派给您一单乙\n1. 接单"]


async def test_what_staff_write_stays_a_message_of_its_own_and_in_its_place(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    for key, payload in (("1", news("甲")), ("2", says("我是客服")), ("3", news("乙")), ("4", news("丙"))):
        await queued(person, payload, key=key)
    await deliver(delivery)
    assert await texts(sim, person) == ["甲\n1. 看甲", "我是客服", "乙\n\n丙\n1. 看乙\n2. 看丙"]


async def test_news_for_later_and_for_others_is_left_alone(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    other = await Person.create(channel_id=await sim.follower())
    await queued(person, news("甲"), key="1")
    await queued(other, news("乙"), key="2")
    await outbox.put(person.id, news("丙"), key="3", not_before=clock.now() + timedelta(days=1))
    await deliver(delivery)
    assert await texts(sim, person) == ["甲\n1. 看甲"]
    assert await texts(sim, other) == ["乙\n1. 看乙"]


@pytest.mark.parametrize(("payload", "words"), [(news("甲"), "回个字就行"), (job("甲"), "好接着收单")])
async def test_the_last_send_asks_for_a_word_back(
    sim: Simulated, delivery: Delivery, person: Person, payload: Json, words: str
) -> None:
    await with_left(person, 1)
    await queued(person, payload)
    await deliver(delivery)
    assert words in (await texts(sim, person))[0]


async def test_with_more_left_nothing_is_asked(sim: Simulated, delivery: Delivery, person: Person) -> None:
    await with_left(person, 2)
    await queued(person, news("甲"))
    await deliver(delivery)
    assert await texts(sim, person) == ["甲\n1. 看甲"]


async def test_what_matters_most_takes_the_last_send_and_the_rest_the_next_rung(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    await with_left(person, 1)
    long = "长" * 660
    first = await queued(person, {"phrase": "repair.accepted", "values": {"name": long}}, key="1")
    second = await queued(person, job("甲"), key="2")
    third = await queued(person, job("乙"), key="3")
    await deliver(delivery)
    shown = await sim.shown(person.channel_id)
    assert [(message["via"], "派给您一单甲" in message["text"]) for message in shown[:1]] == [
        ("custom", True)
    ]
    assert [message["via"] for message in shown[1:]] == ["template", "template"]
    assert [(await row(one)).rung for one in (first, second, third)] == ["template", "custom", "template"]


async def test_a_refused_message_sends_each_of_its_news_down_the_ladder(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}}, key="1")
    await queued(person, {"phrase": "repair.accepted", "values": {"name": "王"}}, key="2")
    await sim.fault("message/custom/send", errcode=45015)
    await deliver(delivery)
    assert [message["via"] for message in await sim.shown(person.channel_id)] == ["template", "template"]
    assert len(await sim.calls("message/custom/send")) == 1


async def test_a_message_that_cannot_leave_now_leaves_later_in_order(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    for text in "甲乙":
        await queued(person, news(text), key=text)
    await sim.fault("message/custom/send", errcode=-1)
    await deliver(delivery)
    assert await texts(sim, person) == []
    await deliver(delivery, clock.now() + timedelta(seconds=5))
    assert [text[0] for text in await texts(sim, person)] == ["甲", "乙"]
    assert await Outbox.filter(status=OutboxStatus.SENT).count() == 2
