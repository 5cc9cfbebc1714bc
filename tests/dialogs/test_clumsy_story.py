"""Seventy, slow at typing, in two minds. On the shipped scripts and a real database."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.understanding import Understander, Understanding
from models.tickets import Ticket
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def resident(town: Town, place: Estate) -> Phone:
    return town.phone(place.resident.channel_id)


async def test_a_sentence_in_pieces_is_one_report(resident: Phone) -> None:
    await resident.sends_photos(1)
    await resident.says("厨房")
    assert "什么时候方便" in await resident.says("那个龙头")
    answer = await resident.says("嘀嗒嘀嗒一直滴，关不紧")
    assert "记下了" in answer
    answer = await resident.says("明儿早上")
    assert "厨房那个龙头，嘀嗒嘀嗒一直滴，关不紧" in answer
    assert "照片：1张" in answer
    await resident.taps("提交")
    ticket = await Ticket.all().first()
    assert ticket
    assert ticket.description == "厨房那个龙头，嘀嗒嘀嗒一直滴，关不紧"


async def test_a_piece_from_long_ago_is_another_thought(resident: Phone, town: Town) -> None:
    await resident.says("厨房")
    await town.passes(minutes=10)
    await resident.says("灯不亮了")
    await resident.says("卧室")
    assert "厨房" not in await resident.says("明天上午")


class Torn(Understander):
    """Of two minds about everything: the bill, or nothing that we serve."""

    def understand(self, text: str, now: datetime) -> Understanding:
        meaning = Understander.understand(self, text, now)
        return replace(meaning, action="ask", ranking=(("fee_query", 0.5), ("unknown", 0.4)), danger=None)


async def test_one_likely_meaning_is_asked_with_yes_and_no(resident: Phone, town: Town) -> None:
    known = town.pipeline.understander
    town.pipeline.understander = Torn(
        known.cut, known.model, known.reader, known.deeds, known.pinyin, known.margin
    )
    answer = await resident.says("那样那样")
    assert "吗？" in answer
    assert "是的" in answer
    assert "不是" in answer


async def test_giving_up_before_the_first_answer_is_no_answer(resident: Phone) -> None:
    await resident.says("报修")
    assert "不办了" in await resident.says("还是不修了")
    assert not (await resident.conversation()).state.get("stack")


async def test_back_after_a_change_goes_a_step_back(resident: Phone) -> None:
    await resident.says("报修")
    await resident.says("卫生间水龙头滴水")
    await resident.says("明天上午")
    await resident.taps("修改")
    await resident.taps("上门时间")
    await resident.says("后天上午")
    assert "什么时候方便" in await resident.says("上一步")
    assert "哪里坏了" in await resident.says("上一步")


async def test_a_rating_is_given_anew(resident: Phone, town: Town) -> None:
    await resident.says("厨房水龙头漏水，明天上午来")
    await town.passes(seconds=5)
    technician = town.phone("o_王强")
    await technician.says("接单")
    await technician.says("半小时后")
    await technician.says("完工")
    for _ in range(6):
        await technician.says("1")
    assert "修完" in await resident.reads()
    ticket = await Ticket.all().first()
    assert ticket
    link = f"s:rating?ticket={ticket.id}"
    assert "快慢" in await resident.taps_id(link)
    await resident.says("5")
    await resident.says("5")
    assert (await resident.conversation()).state["stack"][-1]["slots"]["speed"] == 5
    await resident.says("没有了")
    assert "快慢" in await resident.taps_id(link)
    for answer in ("2", "2", "不想说", "没有了"):
        await resident.says(answer)
    ticket = await Ticket.get(id=ticket.id)
    assert (ticket.rating_speed, ticket.rating_quality) == (2, 2)


async def test_whoever_will_not_wait_says_so_in_any_words(resident: Phone) -> None:
    for words in ("不等了", "1", "算了，不等了", "不排队了"):
        assert "不等了" in await resident.says("人工")
        assert "转给人工" in await resident.says("电梯老坏，找你们领导")
        assert await resident.says("都坏了一个礼拜了") == ""  # one calm word is enough
        assert "排队" in await resident.says(words), words
        assert "不用取消" in await resident.says("取消"), words
