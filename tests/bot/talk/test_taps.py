"""A tapped option does the same whatever comes back of its number; what it carries comes from our own rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.effects import DatabaseEffects
from bot.reply_rows import reply_row
from bot.turn import Turn
from bot.understanding import Understander
from bot.values import Kind, Option, Reply
from models.conversations import Conversation, Message
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import clock
from tests.bot import talks as small
from tests.bot.talks import Resident
from tests.world.taps import FULL, NONE, NUMBERED, WAYS, ZERO

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def resident(understander: Understander, way: str) -> Resident:
    return Resident(small.pipeline(understander), way=way)


async def pushed(person: str, *options: Option, ago: timedelta = timedelta(minutes=1)) -> list[Option]:
    """Options in a message that the worker sent, numbered as it numbers them."""
    owner = await Person.get(channel_id=person)
    first = 1 + (await Conversation.get(person=owner)).options_shown
    await Conversation.filter(person=owner).update(options_shown=first + len(options) - 1)
    shown = [replace(one, number=number) for number, one in enumerate(options, first)]
    await Outbox.create(
        key=f"{person}:{first}",
        person=owner,
        payload={"reply": reply_row(Reply("看这里", tuple(shown)))},
        status=OutboxStatus.SENT,
        not_before=clock.now() - ago,
        sent_at=clock.now() - ago,
    )
    return shown


async def test_an_option_of_the_open_question(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501"):
        await resident.says(words)
    assert resident.reply
    before = resident.reply.options
    assert all(one.number > 1000 for one in before)
    await resident.taps_option(before[0])
    assert resident.reply.options != before


async def test_options_are_counted_on_and_on(resident: Resident) -> None:
    numbers: list[int] = []
    for _ in range(3):
        await resident.says("菜单")
        assert resident.reply
        numbers += [one.number for one in resident.reply.options]
    assert numbers == list(range(1001, 1001 + len(numbers)))


async def test_an_option_of_an_old_pushed_message(resident: Resident) -> None:
    await resident.says("菜单")
    (old,) = await pushed(
        resident.name, Option("记一条：楼道灯", "s:note?text=楼道灯"), ago=timedelta(days=20)
    )
    for number in range(20):
        await pushed(resident.name, Option(f"别的{number}", "c:menu"))
    await resident.taps_option(old)
    assert await slots_of(resident.name) == {"text": "楼道灯"}


async def test_an_option_of_a_draft(resident: Resident, way: str) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501"):
        await resident.says(words)
    assert resident.reply
    draft = resident.reply.options
    await resident.says("菜单")
    assert not (await Conversation.get()).state.get("stack")
    await resident.taps_option(draft[0])
    state = (await Conversation.get()).state
    assert not state.get("parked"), way


async def slots_of(person: str) -> object:
    return (await Conversation.get(person__channel_id=person)).state["stack"][-1]["slots"]


@pytest.mark.parametrize("way", [FULL], indirect=True)
async def test_the_number_tells_two_options_of_the_same_words_apart(resident: Resident) -> None:
    await resident.says("菜单")
    (older,) = await pushed(resident.name, Option("再记", "s:note?text=一"))
    await pushed(resident.name, Option("再记", "s:note?text=二"))
    await resident.taps_option(older)
    assert await slots_of(resident.name) == {"text": "一"}


@pytest.mark.parametrize("way", [ZERO, NUMBERED], indirect=True)
async def test_without_a_number_the_newest_of_the_words_counts(resident: Resident) -> None:
    await resident.says("菜单")
    (older,) = await pushed(resident.name, Option("再记", "s:note?text=一"))
    await pushed(resident.name, Option("再记", "s:note?text=二"))
    await resident.taps_option(older)
    assert await slots_of(resident.name) == {"text": "二"}


@pytest.mark.parametrize("way", [FULL], indirect=True)
async def test_after_thirty_days_an_option_is_forgotten(resident: Resident) -> None:
    await resident.says("菜单")
    (old,) = await pushed(resident.name, Option("再记", "s:note?text=一"), ago=timedelta(days=31))
    await resident.taps_option(old)
    assert not (await Conversation.get()).state.get("stack")


@pytest.mark.parametrize("way", [FULL], indirect=True)
async def test_nobody_taps_what_another_was_shown(resident: Resident, understander: Understander) -> None:
    other = Resident(small.pipeline(understander), "o_other")
    await resident.says("菜单")
    await other.says("菜单")
    shown = await pushed(other.name, *[Option(f"记{n}", f"s:note?text={n}") for n in range(40)])
    await resident.taps_option(shown[-1])
    assert not (await Conversation.get(person__channel_id=resident.name)).state.get("stack")


@pytest.mark.parametrize("tapped", ["s:note?text=x", "a:1:text:1", "c:human", "-5", "1e9", "٣", "9" * 40])
@pytest.mark.parametrize("way", [FULL], indirect=True)
async def test_what_comes_back_is_never_taken_for_more_than_a_number(resident: Resident, tapped: str) -> None:
    await resident.says("菜单")
    await resident.does(Kind.TEXT, text="嗯哼", tapped=tapped)
    assert not (await Conversation.get()).state.get("stack")
    assert (await Message.filter(text="嗯哼").get()).body["tapped"] == tapped


@pytest.mark.parametrize("way", [NONE], indirect=True)
async def test_typed_words_are_first_an_answer_to_the_open_question(resident: Resident) -> None:
    await resident.says("菜单")
    await pushed(resident.name, Option("门口灯坏了", "s:note"))
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    assert await slots_of(resident.name) == {"text": "门口灯坏了"}


@pytest.mark.parametrize("way", [FULL], indirect=True)
async def test_who_taps_with_a_number_has_typed_what_has_none(resident: Resident) -> None:
    await resident.says("菜单")
    (option,) = await pushed(resident.name, Option("请看灯", "c:menu"))
    await resident.taps_option(option)
    assert (await Conversation.get()).state["taps_told"] is True


@pytest.mark.parametrize("way", [NONE], indirect=True)
async def test_only_words_that_some_option_has_are_looked_up(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def shown(self: DatabaseEffects, turn: Turn, *, text: str = "", number: int = 0) -> None:
        asked.append(text)

    monkeypatch.setattr(DatabaseEffects, "shown", shown)
    for words in ("门口的灯坏了好几天", "记一条", "楼道里灯坏了", "3-2-501", "再记"):
        await resident.says(words)
    assert asked == ["再记"]


@pytest.mark.parametrize("way", [NONE], indirect=True)
async def test_the_very_words_of_an_open_option_are_a_tap(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501"):
        await resident.says(words)
    assert "颜色" in await resident.says("不留")
    state = (await Conversation.get()).state
    assert not state.get("parked")
    assert state["stack"]
