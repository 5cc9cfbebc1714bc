"""How much is asked before a repair is a ticket, over labelled first sentences of many people."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander
from models.conversations import Conversation
from models.events import Event
from models.tickets import Ticket
from services.repairs.moves import Verb
from tests.world.phone import Phone, Town

FOLDER = Path(__file__).parent.parent / "bot" / "understanding"
FILES = ("wide", "check", "last", "blind", "odd")
PREFERRED = ("提交", "全都要修", "明天上午", "另一件", "不是，")
MOST = 8  # questions; more would be a talk that does not end


@pytest.fixture
async def resident(demo_morning: datetime, understander: Understander) -> Phone:
    return Town(understander, now=demo_morning).phone("o_demo_wang")


def sentences() -> list[str]:
    rows = [
        line.split("\t")
        for name in FILES
        for line in (FOLDER / f"{name}_intents.tsv").read_text("utf-8").splitlines()
    ]
    return [row[0] for row in rows if row[1:2] == ["repair_report"]]


async def asked_for(resident: Phone, sentence: str) -> int | None:
    """How many questions came before the ticket; None when the sentence was taken for something else."""
    await Ticket.all().delete()
    await Conversation.all().update(state={})
    answer = await resident.says(sentence)
    if await _script(resident) not in ("repair", "reported"):
        return None
    for questions in range(MOST):
        if "单号" in answer or "每件一张单子：" in answer or "都报好了" in answer:
            return questions
        texts = [one.text for one in resident.options]
        liked = next((one for wish in PREFERRED for one in texts if one.startswith(wish)), texts[0])
        answer = await resident.taps(liked)
    raise AssertionError(f"no ticket after {MOST} questions: {sentence}")


async def _script(resident: Phone) -> str:
    stack = (await resident.conversation()).state.get("stack")
    return str(stack[-1]["script"]) if stack else ""


async def test_an_ordinary_repair_needs_hardly_more_than_one_question(resident: Phone) -> None:
    counts = [await asked_for(resident, sentence) for sentence in sentences()]
    asked = [one for one in counts if one is not None]
    assert len(asked) > 0.8 * len(counts)
    assert sum(asked) / len(asked) <= 1.3
    assert asked.count(0) / len(asked) > 0.2


async def test_what_was_said_is_on_the_ticket(resident: Phone) -> None:
    receipt = await resident.says("卫生间马桶堵了，尽快来，越快越好")
    assert "单号" in receipt
    assert "加急" in receipt or "上门：尽快" in receipt
    ticket = await Ticket.get()
    assert (ticket.place, ticket.description) == ("卫生间", "卫生间马桶堵了，尽快来，越快越好")


async def test_a_letter_about_three_things_becomes_three_tickets(resident: Phone) -> None:
    said = await resident.says(
        "您好，楼道的灯坏了好久。阳台窗户渗水，墙都泡了。还有厨房下水道堵了，麻烦都修一下。"
    )
    assert all(one in said for one in ("您说了3件", "楼道的灯坏了好久", "阳台窗户渗水", "厨房下水道堵了"))
    assert "什么时候方便" in await resident.says("都要修")
    await resident.says("后天上午")
    assert "BX" in await resident.taps("提交")
    tickets = await Ticket.all().order_by("id").select_related("category")
    assert [one.category.code for one in tickets] == ["public_light", "wall_roof", "drain"]
    assert "墙都泡了" in tickets[1].description
    assert all(one.appointment_start == datetime.fromisoformat("2026-11-25T08:00+08:00") for one in tickets)


async def test_the_rest_of_a_letter_is_offered_after_the_first(resident: Phone) -> None:
    await resident.says("楼道的灯坏了。阳台窗户渗水。还有厨房下水道堵了")
    await resident.says("厨房那个")
    assert "您还说了" in await resident.says("明天上午")
    assert (await Ticket.get()).description == "还有厨房下水道堵了"
    await resident.taps("楼道的灯坏了")
    assert await Ticket.all().count() == 2


async def test_a_correction_changes_the_ticket(resident: Phone) -> None:
    await resident.says("厨房水龙头漏水，明天下午三点来")
    assert "具体位置改成：卫生间" in await resident.says("不对，是卫生间的水龙头")
    await resident.says("电话打13911112222")
    await resident.says("改成后天上午吧")
    ticket = await Ticket.get()
    assert (ticket.place, ticket.contact_phone) == ("卫生间", "13911112222")
    assert ticket.appointment_start == datetime.fromisoformat("2026-11-25T08:00+08:00")


async def test_what_is_added_in_so_many_words_reaches_the_technician(resident: Phone) -> None:
    await resident.says("厨房水龙头漏水，明天下午三点来")
    assert "师傅" in await resident.says("麻烦师傅带个三角阀来")
    assert await Event.filter(verb=Verb.REMARK, note="麻烦师傅带个三角阀来").exists()


async def test_taking_it_back_asks_once(resident: Phone) -> None:
    await resident.says("厨房水龙头漏水，明天下午三点来")
    assert "确定取消" in await resident.says("取消")
    await resident.taps("确定取消")
    await resident.taps("报错了")
    assert (await Ticket.get()).status == "cancelled"


async def test_an_old_receipt_still_puts_right(resident: Phone) -> None:
    """Long after the talk: the option leads there by itself, and nothing else of the ticket changes."""
    await resident.says("厨房水龙头漏水，明天下午三点来，电话13911112222")
    receipt = next(one for one in resident.options if one.text == "不是这里")
    await resident.town.passes(minutes=30)
    await resident.taps_id(receipt.id)
    assert "位置：卫生间" in await resident.says("卫生间")
    ticket = await Ticket.get()
    assert (ticket.place, ticket.contact_phone) == ("卫生间", "13911112222")
    assert ticket.appointment_start == datetime.fromisoformat("2026-11-24T15:00+08:00")


async def test_news_end_the_receipt(resident: Phone) -> None:
    """A number typed after the news is one of theirs."""
    await resident.says("厨房水龙头漏水，明天下午三点来")
    await resident.town.passes(seconds=70)
    assert "派给了" in await resident.reads()
    assert "还要做什么" in await resident.says("1")
