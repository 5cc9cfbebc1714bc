"""One message is one transaction with one stored reply; talks go on as people expect."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.pipeline import Pipeline, merged
from bot.understanding import Understander
from bot.values import Kind, Option, Plain, Reply
from models.conversations import Conversation, Hold, Message
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.scripts import Misunderstanding
from models.tasks import StaffTask
from services import clock
from tests.bot import talks
from tests.bot.talks import Resident

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def pipe(understander: Understander) -> Pipeline:
    return talks.pipeline(understander)


@pytest.fixture
def resident(pipe: Pipeline) -> Resident:
    return Resident(pipe)


@pytest.fixture
def someone(pipe: Pipeline) -> Callable[[str], Resident]:
    return lambda name: Resident(pipe, name)


async def test_whole_talk_ends_with_its_effect_once(resident: Resident) -> None:
    assert "要记什么" in await resident.says("记一条")
    assert "哪一间" in await resident.says("门口灯坏了")
    assert "是哪一间" in await resident.says("501")
    assert "电话" in await resident.taps("3栋2单元501")
    assert "颜色" in await resident.says("13800001234")
    assert "照片" in await resident.says("2")
    assert "3栋2单元501" in await resident.taps("没有照片")
    assert "编号N0" in await resident.taps("提交")
    assert await StaffTask.filter(reason="门口灯坏了").count() == 1


async def test_same_push_three_times_at_once_to_two_processes(
    understander: Understander, resident: Resident
) -> None:
    await resident.says("记一条")
    other = talks.pipeline(understander)
    push = resident.inbound(Kind.TEXT, text="门口灯坏了")
    answers = await asyncio.gather(resident.pipeline.handle(push), other.handle(push), other.handle(push))
    assert len({one.reply for one in answers}) == 1
    assert sorted(one.duplicate for one in answers) == [False, True, True]
    assert await Message.filter(external_id=push.external_id).count() == 1


async def test_a_push_from_two_new_processes_meets_the_person_once(understander: Understander) -> None:
    pipes = [talks.pipeline(understander) for _ in range(4)]
    people = [Resident(pipe, "o_new") for pipe in pipes]
    push = people[0].inbound(Kind.TEXT, text="记一条")
    answers = await asyncio.gather(*(pipe.handle(push) for pipe in pipes))
    assert {one.reply and one.reply.text for one in answers} == {"要记什么？"}
    assert sum(not one.duplicate for one in answers) == 1


async def test_burst_of_photos_is_answered_by_one_message(resident: Resident) -> None:
    await resident.says("记一条")
    photos = [resident.inbound(Kind.IMAGE, media_id=f"m{number}") for number in range(9)]
    text = resident.inbound(Kind.TEXT, text="门口灯坏了")
    burst = [*photos[:4], text, *photos[4:]]
    answers = await asyncio.gather(*(resident.hands_in(one) for one in burst))
    spoken = [one.reply.text for one in answers if one.reply]
    waiting = await Outbox.filter(status=OutboxStatus.PENDING)
    assert len(spoken) == 1
    assert len(waiting) == 1
    assert "收到9张照片" in waiting[0].payload["reply"]["text"]
    assert "房号是多少" in waiting[0].payload["reply"]["text"]
    assert await Message.filter(kind="image").count() == 9


async def test_photos_that_could_not_be_opened_are_not_counted(resident: Resident) -> None:
    await resident.says("记一条")
    for number in range(3):
        await resident.hands_in(resident.inbound(Kind.IMAGE, media_id=f"m{number}"))
    await MediaFile.filter(media_id__in=["m0", "m1"]).update(status=MediaStatus.FAILED)
    await resident.hands_in(resident.inbound(Kind.IMAGE, media_id="m3"))
    waiting = await Outbox.filter(status=OutboxStatus.PENDING).order_by("-id").first()
    assert waiting and "收到2张照片" in waiting.payload["reply"]["text"]


async def test_a_turn_that_fails_leaves_nothing_and_can_come_again(resident: Resident) -> None:
    push = resident.inbound(Kind.TEXT, text="记一条")
    working = resident.pipeline.bot
    resident.pipeline.bot = replace(working, catalogue=None)  # type: ignore[arg-type]  # on purpose: it breaks
    with pytest.raises(AttributeError):
        await resident.pipeline.handle(push)
    assert not await Message.all().exists()
    resident.pipeline.bot = working
    answered = await resident.pipeline.handle(push)
    assert answered.reply and not answered.duplicate


async def test_refused_action_says_why_and_leaves_nothing_behind(resident: Resident) -> None:
    assert await resident.says("办不成") == "这次不行。"
    assert not await StaffTask.filter(reason="half").exists()
    assert (await Conversation.get()).state.get("stack") is None


async def test_commands_back_cancel_restart(resident: Resident) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    assert "要记什么" in await resident.says("上一步")
    assert "已经是第一步" in await resident.says("上一步")
    assert "房号" in await resident.says("楼道灯坏了")
    assert "从头来" in await resident.says("重来")
    assert "不办了" in await resident.says("取消")
    assert "没有在办的事" in await resident.says("取消")


async def test_correction_changes_what_was_said(resident: Resident) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    assert "电话" in await resident.says("3栋2单元501")
    assert "房号改成3栋2单元502" in await resident.says("说错了，不是3栋2单元501，是3栋2单元502")


async def test_answer_given_too_early_is_kept(resident: Resident) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    said = await resident.says("电话13800001234")
    assert "电话记下了：13800001234" in said
    assert "房号" in said
    assert "颜色" in await resident.says("3-2-501")


async def test_change_at_the_end_returns_to_the_confirmation(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501", "不留", "颜色3"):
        await resident.says(words)
    assert "门口灯坏了，3栋2单元501" in await resident.says("没有照片")
    assert "改哪一项" in await resident.taps("修改")
    assert "要记什么" in await resident.taps("内容")
    assert "大门坏了，3栋2单元501" in await resident.says("大门坏了")


async def test_asking_aside_while_choosing_what_to_change(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501", "不留", "颜色3", "没有照片"):
        await resident.says(words)
    assert "改哪一项" in await resident.taps("修改")
    assert "您不欠费" in await resident.says("我家还欠多少物业费")
    assert "不办了" in await resident.says("取消")


async def test_digression_comes_back(resident: Resident) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    said = await resident.says("我家还欠多少物业费")
    assert "您不欠费" in said
    assert "回到「记一条」" in said
    assert "3栋2单元501" in str(await resident.says("3-2-501") and (await Conversation.get()).state)


async def test_wrong_answers_get_other_words_then_a_way_out(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501"):
        await resident.says(words)
    said = [await resident.says(words) for words in ("嗯嗯啊", "12345", "那个啥来着")]
    assert len(set(said)) == 3
    assert "找人工" in [option.text for option in resident.reply.options]  # type: ignore[union-attr]


async def test_idle_talk_is_parked_and_offered_again(resident: Resident) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    with clock.fixed(datetime.now(UTC) + timedelta(hours=3)):
        assert "填到一半，继续吗" in await resident.says("记一条")
        assert "接着办「记一条」。\n房号" in await resident.taps("继续")
    with clock.fixed(datetime.now(UTC) + timedelta(hours=30)):
        assert "要记什么" in await resident.says("记一条")


async def test_tap_on_an_earlier_question_changes_that_answer(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501", "不留"):
        await resident.says(words)
    colours = resident.reply
    await resident.taps("颜色3")
    resident.reply = colours
    assert "颜色改成颜色5" in await resident.taps("颜色5")
    assert (await Conversation.get()).state["stack"][0]["slots"]["colour"] == "c5"


@pytest.mark.usefixtures("monday")
async def test_bot_keeps_out_while_people_have_the_talk(resident: Resident) -> None:
    assert "在排队" in await resident.says("人工")
    assert (await Conversation.get()).hold is Hold.QUEUED
    assert "下一位就是您" in await resident.says("你们几点上班")
    assert await resident.says("在吗") == ""
    assert "不排队了" in await resident.says("取消")
    assert (await Conversation.get()).hold is Hold.BOT


@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.VIDEO])
async def test_what_only_people_can_hear_is_left_to_them(resident: Resident, kind: Kind) -> None:
    await resident.does(kind, media_id="m1")
    assert (await StaffTask.get()).values["media"] == (await MediaFile.get()).id


async def test_nobody_understood_is_kept_for_teaching(resident: Resident) -> None:
    await resident.says("股票今天涨了吗")
    assert await Misunderstanding.all().count() == 1


async def test_a_number_means_the_newest_message_that_has_it(resident: Resident) -> None:
    assert "菜单" in await resident.says("菜单")
    options: list[Plain] = [{"text": "我要办不成", "id": "s:refusing"}, {"text": "不要", "id": "c:help"}]
    reply: dict[str, Plain] = {"text": "办哪件？", "options": options}
    person = await Person.get()
    await Outbox.create(
        key="pushed", person=person, payload={"reply": reply}, status=OutboxStatus.SENT,
        not_before=clock.now(), sent_at=clock.now(),
    )  # fmt: skip
    assert await resident.says("1") == "这次不行。"


async def test_paged_options(resident: Resident) -> None:
    for words in ("记一条", "门口灯坏了", "3-2-501", "不留"):
        await resident.says(words)
    assert "颜色" in await resident.taps("更多")
    assert "照片" in await resident.says("颜色12")


async def test_ledger_follows_what_the_person_does(resident: Resident) -> None:
    await resident.does(Kind.MENU, key="note")
    talk = await Conversation.get()
    assert (talk.sends_left, talk.minute_left) == (0, 3)
    assert talk.minute_until and talk.minute_until < datetime.now(UTC) + timedelta(minutes=2)
    await resident.says("门口灯坏了")
    await talk.refresh_from_db()
    assert talk.sends_left == 5
    assert talk.window_until and talk.window_until > datetime.now(UTC) + timedelta(hours=47)


async def test_a_message_that_failed_is_kept_and_regretted_and_the_talk_goes_on(resident: Resident) -> None:
    await resident.says("记一条")
    push = resident.inbound(Kind.TEXT, text="门口灯坏了")
    first = await resident.pipeline.apologise(push)
    assert first.reply
    assert "差错" in first.reply.text
    again = await resident.pipeline.handle(push)
    assert (again.duplicate, again.reply) == (True, first.reply)
    assert await Message.filter(external_id=push.external_id, text="门口灯坏了").count() == 1
    assert "哪一间" in await resident.says("门口灯坏了")


def test_an_option_that_two_texts_of_one_message_offer_stands_once() -> None:
    again = Option("看今天的活", "s:jobs")
    [one] = merged([Reply("交了", (again,)), Reply("接好了", (Option("我到了", "s:job_arrive"), again))])
    assert one == Reply("交了\n\n接好了", (Option("我到了", "s:job_arrive"), again))
