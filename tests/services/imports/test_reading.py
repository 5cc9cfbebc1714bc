"""Importing what residents read and fill in: notices, activities, articles, surveys, merchants."""

import pytest

from models.activities import Activity
from models.articles import Article, Section
from models.community import Community
from models.merchants import Merchant, MerchantTag
from models.notices import Level, Notice, NoticeStatus, NoticeTarget
from models.outbox import Outbox
from models.surveys import Question, Survey
from models.timers import Timer
from tests.services.imports.sheets import found, load
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


async def test_notices_go_to_the_narrowest_place_named() -> None:
    where = await places.community()
    house = await places.house(where, "3-2-501")
    person = await places.resident(house)
    report = await load(
        "notices",
        """
类型 | 标题 | 内容 | 小区 | 楼栋 | 房屋 | 发布时间 | 推送
紧急 | 停水 | 今晚停水，请接水。 | 翠湖花园 | 3 | | 2026-01-01 08:00 | 是
一般 | 全体 | 大家好 | | | | |
一般 | 一户 | 您好 | 翠湖花园 | | 3-2-501 | 2026-01-01 | 否
""",
    )
    assert report.problems == []
    targets = {(one.level, one.subject_id) for one in await NoticeTarget.all()}
    assert targets == {(Level.BUILDING, house.building_id), (Level.ALL, 0), (Level.HOUSE, house.id)}
    assert (await Notice.get(title="全体")).status is NoticeStatus.DRAFT
    assert await Timer.filter(kind="notice_publish").count() == 1
    assert not await Outbox.filter(person=person).exists()  # the worker sends, in batches
    bad = await load("notices", "类型 | 标题 | 内容 | 小区 | 楼栋\n一般 | 甲 | 乙 | 翠湖花园 | 9")
    assert found(bad) == [("E2", "no_such_place")]


async def test_activities_articles_surveys_and_merchants() -> None:
    where: Community = await places.community()
    await MerchantTag.create(name="送水")
    reports = [
        await load(
            "activities",
            "标题 | 开始 | 名额 | 报名问题\n包饺子 | 2027-12-05 14:00 | 40 | 孩子几岁，叫什么？；忌口？",
        ),
        await load("articles", "栏目 | 标题 | 内容 | 关键词\n常见问题 | 门禁卡 | 到管理处办。 | 门卡、补卡"),
        await load(
            "surveys",
            "问卷 | 几份 | 题型 | 题目 | 选项\n"
            "车位 | 每户一份 | 单选 | 赞成吗？ | 赞成；反对\n车位 | | 填空 | 为什么？ |",
        ),
        await load(
            "merchants",
            f"名称 | 联系人 | 手机 | 地址 | 标签 | 小区\n清泉 | 老张 | 13800000000 | 东门 | 送水 | {where.code}",
        ),
    ]
    assert [report.problems for report in reports] == [[], [], [], []]
    activity = await Activity.get()
    assert [one["text"] for one in activity.questions] == ["孩子几岁，叫什么？", "忌口？"]
    assert activity.starts_at.isoformat() == "2027-12-05T06:00:00+00:00"
    assert (await Article.get(section=Section.FAQ)).keywords == ["门卡", "补卡"]
    assert await Survey.all().count() == 1 and await Question.all().count() == 2
    assert (await Merchant.get()).communities == [where.id]
    again = await load("articles", "栏目 | 标题 | 内容\n常见问题 | 门禁卡 | 改了。")
    assert (again.updated, await Article.all().count()) == (1, 1)
    wrong = await load("merchants", "名称 | 联系人 | 地址 | 标签\n清泉 | 老张 | 西门 | 开锁")
    assert found(wrong) == [("D2", "no_such_tag"), ("", "no_way_to_reach")]
