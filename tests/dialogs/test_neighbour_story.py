"""Complaints, activities, surveys, notices and fees by chat: what is kept afterwards, and who sees what."""

from datetime import UTC, datetime

import pytest

from bot.understanding import Understander
from models.activities import Activity, SignUp, SignUpStatus
from models.complaints import Complaint, ComplaintKind, ComplaintPhoto, ComplaintStatus
from models.conversations import Hold
from models.notices import NoticeRead
from models.people import Staff
from models.requests import ServiceRequest
from models.surveys import Answer, Response
from services import actors, clock
from services.cases import complaint_desk
from tests.world.phone import Phone, Town
from tests.world.units import within


@pytest.fixture
async def town(understander: Understander, demo_morning: datetime) -> Town:
    return Town(understander, now=demo_morning)


@pytest.fixture
def wang(town: Town) -> Phone:
    return town.phone("o_demo_wang")


@pytest.fixture
def li(town: Town) -> Phone:
    return town.phone("o_demo_li")


async def test_an_anonymous_complaint_with_photos_is_kept(wang: Phone) -> None:
    await wang.says("楼上天天半夜唱歌，吵得孩子睡不着，太过分了")
    await wang.says("3栋2单元601")
    await wang.sends_photos(2)
    await wang.says("就这些")
    await wang.taps("匿名")
    assert "T 1001" in await wang.taps("提交")
    kept = await Complaint.get(number="T1001")
    assert (kept.kind, kept.topic, kept.anonymous) == (ComplaintKind.COMPLAINT, "噪音扰民", True)
    assert kept.place == "3栋2单元601"
    assert await ComplaintPhoto.filter(complaint=kept).count() == 2


async def test_nobody_else_gets_to_a_complaint(wang: Phone, li: Phone) -> None:
    await wang.says("遛狗不牵绳，刚才差点扑到我孙女")
    await wang.says("中心花园")
    await wang.taps("没有照片")
    await wang.taps("留我的名字")
    await wang.taps("提交")
    assert "T 1001" not in await li.says("投诉进度")
    await li.opens("s:complaint_progress?number=T1001")
    assert "中心花园" not in li.shown and "遛狗" not in li.shown
    await li.opens("s:complaint_reopen?number=T1001")
    await li.says("给我看看")
    assert (await Complaint.get(number="T1001")).status is ComplaintStatus.SUBMITTED


async def test_the_number_of_a_complaint_leads_to_it_and_to_no_other(wang: Phone, li: Phone) -> None:
    for story in ("遛狗不牵绳，刚才差点扑到我孙女，在中心花园", "楼道堆满了隔壁的纸箱，走路都费劲"):
        await wang.says(story)
        for option in ("没有照片", "匿名", "提交"):
            await wang.taps(option)
    for typed in (
        "T1001",
        "t1001",
        "Ｔ１００１",
        "T 1001",
        "投诉T1001",
        "T1001办得怎么样了",
        "查一下编号T1001",
    ):
        assert "宠物" in await wang.says(typed), typed
        await wang.taps("知道了")
    assert "卫生保洁" in await wang.says("T1002")
    assert "没有找到这一件（T 1001）" in await li.says("T1001")


async def test_the_answer_is_rated_by_one_tap(town: Town, wang: Phone) -> None:
    await wang.says("楼道堆满了隔壁的纸箱，走路都费劲")
    await wang.taps("没有照片")
    await wang.taps("匿名")
    await wang.taps("提交")
    with clock.fixed(town.now):
        complaint = await Complaint.get(number="T1001")
        clerk = await actors.staff((await Staff.get(login="xu")).id)
        await within(complaint_desk.answer(complaint.id, "已清走。", actor=clerk))
    await wang.reads()
    await wang.taps("打分")
    await wang.taps("★★★★★")
    kept = await Complaint.get(number="T1001")
    assert (kept.rating, kept.status) == (5, ComplaintStatus.CLOSED)


async def test_extra_questions_of_an_activity_are_kept(wang: Phone) -> None:
    await wang.says("我想报名包饺子")
    await wang.taps("报名")
    await wang.says("两个人")
    await wang.says("一个七岁")
    await wang.says("不吃羊肉")
    assert "签到码" in await wang.taps("确认报名")
    kept = await SignUp.get(person__channel_id="o_demo_wang")
    assert (kept.status, kept.party_size) == (SignUpStatus.CONFIRMED, 2)
    assert kept.answers == {"children": "一个七岁", "allergy": "不吃羊肉"}


async def test_a_number_too_large_is_an_answer_and_no_cry_for_people(wang: Phone) -> None:
    await wang.says("我想报名包饺子")
    await wang.taps("报名")
    for wrong in ("10000个人", "我们一共500位"):
        answer = await wang.says(wrong)
        assert "最多" in answer, (wrong, answer)
    assert (await wang.conversation()).hold is Hold.BOT


async def test_who_asks_for_people_is_not_asked_on_by_the_bot(wang: Phone) -> None:
    await wang.says("我想报名包饺子")
    await wang.taps("报名")
    answer = await wang.says("还是帮我接真人客服吧，我要跟人说")
    assert "照片" in answer and "接着办" not in answer and "几个人" not in answer
    assert (await wang.conversation()).hold is Hold.QUEUED
    await wang.taps("不等了")
    assert "接着填" in await wang.says("活动报名")


async def test_who_withdraws_gives_the_seat_back(wang: Phone) -> None:
    chess = await Activity.get(title="老邻居象棋赛")
    await wang.says("报名象棋赛")
    await wang.taps("报名")
    await wang.taps("常下")
    await wang.taps("确认报名")
    await wang.says("象棋赛我去不了了，取消报名")
    await wang.taps("是，退出")
    assert (await Activity.get(id=chess.id)).seats_taken == chess.seats_taken
    assert (await SignUp.get(person__channel_id="o_demo_wang")).status is SignUpStatus.WITHDRAWN


async def test_a_survey_is_handed_in_once_with_all_answers(wang: Phone) -> None:
    await wang.says("填问卷")
    await wang.taps("物业服务满意度")
    await wang.taps("一般")
    await wang.says("1 5")
    await wang.taps("变好了")
    await wang.says("电梯里太闷，装个风扇")
    await wang.taps("交上去")
    response = await Response.get(person__channel_id="o_demo_wang")
    answers = await Answer.filter(response=response).order_by("question__position")
    assert [one.choices for one in answers[:3]] == [["一般"], ["保洁", "停车"], ["变好了"]]
    assert answers[3].text == "电梯里太闷，装个风扇"
    await wang.says("填问卷")
    assert "物业服务满意度" not in wang.shown


async def test_an_urgent_notice_wants_a_tap(wang: Phone) -> None:
    await wang.says("今天有什么通知")
    await wang.says("1")
    read = await NoticeRead.get(person__channel_id="o_demo_wang")
    assert read.receipt_at is None
    await wang.taps("收到")
    assert (await NoticeRead.get(id=read.id)).receipt_at is not None


async def test_fees_are_of_the_own_house_only(wang: Phone, town: Town) -> None:
    assert "3栋2单元501" in await wang.says("物业费还欠多少")
    stranger = town.phone("o_demo_sun")
    assert "绑定" in await stranger.says("物业费还欠多少")
    assert "元" not in stranger.shown


async def test_a_viewing_becomes_a_request_for_staff(town: Town) -> None:
    stranger = town.phone("o_demo_sun")
    await stranger.says("我想租两居的房子，周六下午三点看房，电话13800001234")
    await stranger.taps("没有要求")
    await stranger.taps("约好")
    kept = await ServiceRequest.get(number="F1001")
    assert (kept.kind, kept.title, kept.contact_phone) == ("viewing", "预约看房", "13800001234")
    assert kept.wanted_at == datetime(2026, 11, 28, 7, tzinfo=UTC)
    assert kept.answers[0] == {"question": "想看", "answer": "租房"}
