"""Messages that the person agreed to beforehand: a rung between the customer window and the template."""

from datetime import timedelta
from pathlib import Path

import pytest

from dialogs import shipped
from models.conversations import Conversation
from models.outbox import OutboxStatus
from models.people import Person
from services import clock, outbox
from tests.workers.letters import PHRASES, TEMPLATES, deliver, queued, row, says
from tests.world.simulated import Simulated
from wechat.platform import Platform
from wechat.subscriptions import CONTENT_AT_MOST, SCENE, TITLE_AT_MOST, Subscriptions
from workers.delivery import Delivery

pytestmark = pytest.mark.usefixtures("database")
NEWS = {"phrase": "repair.accepted", "values": {"name": "李"}}


@pytest.fixture
def asking(sim: Simulated, platform: Platform) -> Subscriptions:
    app_id = platform._client.appid
    return Subscriptions(app_id, "S1", "secret", sim.url, "http://127.0.0.1:9/subscribed")


@pytest.fixture
def delivery(platform: Platform, tmp_path: Path, asking: Subscriptions) -> Delivery:
    return Delivery(platform, PHRASES, TEMPLATES, tmp_path, subscriptions=asking)


async def agrees(sim: Simulated, asking: Subscriptions, person: Person, *, known: int = 1) -> None:
    """On the platform's page; `known` is what we wrote down of it."""
    link = asking.link(person.channel_id).partition("#")[0]
    query = f"{link}&sim_openid={person.channel_id}&answer=confirm"
    async with sim.http.get(query, allow_redirects=False) as response:
        assert response.status == 302
    await knows(person, known)


async def knows(person: Person, left: int) -> None:
    await Conversation.filter(person_id=person.id).update(subscriptions_left=left, sends_left=0)


async def brought(sim: Simulated, person: Person) -> list[dict]:
    """What we sent by ourselves, by whatever rung."""
    found = await sim.messages(person.channel_id)
    return [message for message in found if message["via"] in ("custom", "template", "subscribed")]


async def vias(sim: Simulated, person: Person) -> list[str]:
    return [str(message["via"]) for message in await brought(sim, person)]


async def test_with_the_window_shut_an_agreed_message_comes_first_and_once(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await agrees(sim, asking, person)
    first, second = [await queued(person, NEWS, key=key) for key in "12"]
    await deliver(delivery)
    assert await vias(sim, person) == ["subscribed", "template"]
    assert [(await row(one)).status for one in (first, second)] == [OutboxStatus.SENT] * 2
    assert (await Conversation.get(person_id=person.id)).subscriptions_left == 0


async def test_an_agreement_that_the_platform_does_not_know_falls_to_the_template(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    await knows(person, 3)
    await queued(person, NEWS)
    await deliver(delivery)
    assert await vias(sim, person) == ["template"]
    assert (await Conversation.get(person_id=person.id)).subscriptions_left == 0


async def test_while_the_window_is_open_an_agreement_is_kept(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await agrees(sim, asking, person)
    await Conversation.filter(person_id=person.id).update(sends_left=5)
    await sim.says(person.channel_id, "在吗")
    await queued(person, NEWS)
    await deliver(delivery)
    assert await vias(sim, person) == ["custom"]
    assert (await Conversation.get(person_id=person.id)).subscriptions_left == 1


async def test_what_is_too_long_for_it_says_where_to_look(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await agrees(sim, asking, person)
    await queued(person, {"phrase": "repair.accepted", "values": {"name": "长" * 300}})
    await deliver(delivery)
    (shown,) = await brought(sim, person)
    assert shown["text"] == "有进展\n请到公众号里看。"


async def test_what_nobody_caused_does_not_use_it(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await agrees(sim, asking, person)
    await queued(person, says("通知"))
    await deliver(delivery)
    assert await vias(sim, person) == []


async def test_the_last_send_offers_the_page(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await Conversation.filter(person_id=person.id).update(sends_left=1)
    await queued(person, {"phrase": "news", "values": {"text": "甲"}})
    await deliver(delivery)
    (shown,) = await sim.shown(person.channel_id)
    (link,) = [part for part in shown["parts"] if part["kind"] == "link"]
    assert link == {"kind": "link", "text": "下次提醒我", "url": asking.link(person.channel_id)}
    async with sim.http.get(f"{link['url'].partition('#')[0]}&sim_openid={person.channel_id}") as response:
        assert "同意" in await response.text()


async def test_a_code_to_sign_in_offers_nothing_beside(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    await Conversation.filter(person_id=person.id).update(sends_left=1)
    await queued(person, {"phrase": "news", "values": {"text": "123456"}}, key=f"{outbox.PRIVATE}sign-in:1")
    await deliver(delivery)
    (shown,) = await sim.shown(person.channel_id)
    assert [part for part in shown["parts"] if part["kind"] == "link"] == []


async def test_who_only_taps_is_offered_it_at_once_without_a_word_more(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    """Within the minute of a tap three messages may go, and after it none: it need not be the last one."""
    minute = clock.now() + timedelta(seconds=50)
    await Conversation.filter(person_id=person.id).update(
        window_until=None, sends_left=0, minute_until=minute, minute_left=3
    )
    await queued(person, {"phrase": "news", "values": {"text": "甲"}})
    await deliver(delivery)
    (shown,) = await sim.shown(person.channel_id)
    assert "回个字" not in shown["text"]
    assert [part["text"] for part in shown["parts"] if part["kind"] == "link"] == ["下次提醒我"]


async def test_who_agreed_already_is_not_offered_it_again(
    sim: Simulated, delivery: Delivery, person: Person, asking: Subscriptions
) -> None:
    minute = clock.now() + timedelta(seconds=50)
    await Conversation.filter(person_id=person.id).update(
        window_until=None, sends_left=0, minute_until=minute, minute_left=3, subscriptions_left=1
    )
    await queued(person, {"phrase": "news", "values": {"text": "甲"}})
    await deliver(delivery)
    (shown,) = await sim.shown(person.channel_id)
    assert [part for part in shown["parts"] if part["kind"] == "link"] == []


def test_what_is_said_fits_the_platform() -> None:
    phrases = shipped.phrases()
    assert len(phrases.reply("delivery.title").text) <= TITLE_AT_MOST
    assert len(phrases.reply("delivery.short").text) <= CONTENT_AT_MOST
    assert 0 <= SCENE <= 10_000
