"""Who a push is from, whether they follow, and what the platform could not pass on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.understanding import Understander
from bot.values import Inbound, Kind
from models.conversations import Conversation, Message
from models.people import Person
from services import clock
from tests.bot import talks as small
from tests.bot.talks import Resident

pytestmark = pytest.mark.usefixtures("database")
START = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def resident(understander: Understander) -> Resident:
    return Resident(small.pipeline(understander))


async def test_the_same_id_of_two_people_is_two_messages(understander: Understander) -> None:
    pipeline = small.pipeline(understander)

    def push(person: str, text: str) -> Inbound:
        return Inbound("17958117033770001", person, Kind.TEXT, datetime.now(UTC), text=text)

    first = await pipeline.handle(push("o_a", "我家还欠多少物业费"))
    second = await pipeline.handle(push("o_b", "记一条"))
    again = await pipeline.handle(push("o_b", "记一条"))
    assert first.reply
    assert second.reply
    assert "要记什么" in second.reply.text
    assert (again.duplicate, again.reply) == (True, second.reply)
    assert await Message.filter(kind="text").count() == 2


async def test_a_long_id_of_two_people_is_two_messages(understander: Understander) -> None:
    pipeline = small.pipeline(understander)
    for person in ("o_a", "o_b"):
        push = Inbound("x" * 127, person, Kind.TEXT, datetime.now(UTC), text="菜单")
        assert not (await pipeline.handle(push)).duplicate
        assert (await pipeline.handle(push)).duplicate


async def test_what_is_told_twice_is_told_again_and_what_is_asked_twice_asked_again(
    resident: Resident,
) -> None:
    assert [await resident.does(Kind.OTHER) for _ in range(2)] == ["收到。", "再说一次：收到。"]
    await resident.says("记一条")
    asked = [await resident.does(Kind.OTHER) for _ in range(3)]
    assert not any(one.startswith("再说一次") for one in asked)


@pytest.mark.parametrize(
    ("sign", "answered"),
    [
        ("[微笑]", "表情我看不到"),
        ("😀😀", "表情我看不到"),
        ("/::)", "表情我看不到"),
        ("👍", "表情我看不到"),
        ("[动画表情]", "表情我看不到"),
        ("[语音通话]", "表情我看不到"),
        ("[图片][图片]", "表情我看不到"),
        ("[Sticker]", "表情我看不到"),
        ("[玫瑰][玫瑰]", "我在"),  # thanks
        ("/:rose", "我在"),
        ("🌹 [呲牙]", "我在"),
    ],
)
async def test_emoji_and_faces_are_no_answer_to_a_question_for_words(
    resident: Resident, sign: str, answered: str
) -> None:
    await resident.says("记一条")
    answer = await resident.says(sign)
    assert answered in answer
    assert "内容" in answer
    frame = (await Conversation.get()).state["stack"][-1]
    assert "text" not in frame["slots"]
    assert "哪一间" in await resident.says("门口灯坏了[玫瑰]")


async def test_what_the_platform_could_not_pass_on_asks_again(resident: Resident) -> None:
    await resident.says("记一条")
    answer = await resident.does(Kind.OTHER)
    assert "内容" in answer or "要记什么" in answer
    assert "哪一间" in await resident.says("门口灯坏了")


async def following() -> bool:
    return (await Person.get()).following


async def acts(resident: Resident, kind: Kind, at: int) -> None:
    """Something that happened `at` seconds after the start, by the platform's clock."""
    inbound = replace(
        resident.inbound(kind, text="菜单" if kind is Kind.TEXT else ""),
        sent_at=START + timedelta(seconds=at),
    )
    await resident.hands_in(inbound)


async def test_whoever_writes_follows(resident: Resident) -> None:
    await acts(resident, Kind.TEXT, 1)
    await Person.all().update(following=False)
    await acts(resident, Kind.TEXT, 2)
    assert await following()


async def test_who_left_follows_no_more_until_they_do_something(resident: Resident) -> None:
    await acts(resident, Kind.TEXT, 1)
    await acts(resident, Kind.UNFOLLOW, 2)
    assert not await following()
    await acts(resident, Kind.SILENT, 3)
    assert not await following()
    await acts(resident, Kind.FOLLOW, 4)
    assert await following()


async def test_leaving_that_comes_late_changes_nothing(resident: Resident) -> None:
    await acts(resident, Kind.FOLLOW, 10)
    await acts(resident, Kind.TEXT, 20)
    await acts(resident, Kind.UNFOLLOW, 5)
    assert await following()
    talk = await Conversation.get()
    assert talk.window_until and talk.window_until > clock.now()


async def test_a_follow_that_comes_late_does_not_bring_back_who_left(resident: Resident) -> None:
    await acts(resident, Kind.TEXT, 1)
    await acts(resident, Kind.UNFOLLOW, 9)
    await acts(resident, Kind.FOLLOW, 5)
    assert not await following()
