"""What is happening now is an emergency in any wording; what is told, feared, denied or called off is none."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander
from bot.understanding.danger import danger
from bot.understanding.normal import normal

ODD = Path(__file__).parent / "odd_intents.tsv"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电梯卡住了 我和孩子在里面 灯也灭了", "trapped"),
        ("我家往楼下滴水，家里没人，我在外地", "burst"),
        ("水流到楼下天花板了，先把总阀关掉", "burst"),
        ("水在漏，快关水", "burst"),
        ("stuck in the elevator, please help", "trapped"),
        ("there is smoke coming from the meter box", "fire"),
        ("I smell gas in the hallway", "gas"),
        ("wo bei kun zai dian ti li", "trapped"),
        ("我和孩子在货梯里，停在三层和四层之间，门打不开", "trapped"),
        ("电梯卡住了，里面还有俩老人", "trapped"),
        ("一进门就闻到味，像是天然气", "gas"),
        ("监控里看到厨房有烟", "fire"),
        ("扶了一下栏杆被电麻了手", "leak_electric"),
        ("阀门拧断了，水往外冲，关不住", "burst"),
        ("奶奶倒在卫生间，喊她没反应", "person"),
        ("树倒了压着一个大姐", "falling"),
    ],
)
def test_a_hazard_has_a_kind_in_other_words_and_letters(text: str, kind: str) -> None:
    assert danger(normal(text)) == kind


@pytest.mark.parametrize(
    "text",
    [
        "上周刚修过，现在水管爆了",
        "昨天就有味，刚才煤气漏得厉害",
        "好像着火了",
        "不是演习，楼里真的着火了",
        "不是误报，真的着火了",
        "讲座现场有人晕倒了",
        "电梯困人了，请快来，感谢你们！",
        "屋里冒烟了，按门铃里面没人应",
        "暴雨导致车库被淹了",
    ],
)
def test_what_stands_before_or_after_does_not_hide_a_hazard(text: str) -> None:
    assert danger(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "厨房水龙头漏水，关不紧",
        "快关水费账户",
        "怎么预防煤气中毒",
        "免得楼上充电起火",
        "电梯昨天困过人，今天检修吗",
        "股票跌得要跳楼了",
        "手机烫得要着火了哈哈",
        "误报，没有着火",
        "刚才说闻到煤气味，是我弄错了",
        "电梯坏了，里头没关人",
        "按钮是孩子按的，没人困住",
        "消防车刚走，是谁家失火了",
        "没气味了，天然气费怎么交",
        "fire drill tomorrow?",
        "插座不打火花了",
        "电瓶车充不进电，也没冒火",
    ],
)
def test_what_is_supposed_exaggerated_or_called_off_is_no_hazard(text: str) -> None:
    assert danger(normal(text)) is None


@pytest.mark.parametrize("text", ["误报，刚才看错了，不用派人来了", "虚惊一场，没人困住，没事了"])
def test_an_emergency_called_off_is_not_answered_as_one(
    understander: Understander, now: datetime, text: str
) -> None:
    assert understander.understand(text, now).intent != "emergency"


def test_a_hazard_that_the_rest_of_the_sentence_speaks_against_is_asked_back(
    understander: Understander, now: datetime
) -> None:
    text = "配电箱进水的那次赔钱吗"
    assert danger(normal(text))
    understood = understander.understand(text, now)
    assert (understood.intent, understood.action) == ("emergency", "ask")


@pytest.mark.parametrize("text", ["自己装个燃气泄漏报警器要先报备吗", "管家态度差得很，问两句就翻白眼"])
def test_a_hazard_that_is_only_named_is_none(understander: Understander, now: datetime, text: str) -> None:
    assert understander.understand(text, now).intent != "emergency"


def test_no_danger_is_missed_and_few_calm_sentences_are_taken_for_one(
    understander: Understander, now: datetime
) -> None:
    rows = [line.split("\t") for line in ODD.read_text(encoding="utf-8").splitlines() if "\t" in line]
    found = [(label, text, understander.understand(text, now)) for text, label in rows]
    missed = [text for label, text, one in found if label == "emergency" and one.intent != "emergency"]
    alarms = [
        text
        for label, text, one in found
        if label != "emergency" and one.intent == "emergency" and one.action == "answer"
    ]
    assert missed == []
    assert len(alarms) <= 2, alarms


LABELLED = [
    line.split("\t")
    for line in (Path(__file__).parent / "dangers.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_every_danger_is_found_and_nearly_every_one_alarms_at_once(
    understander: Understander, now: datetime
) -> None:
    dangers = [understander.understand(text, now) for text, label in LABELLED if label == "danger"]
    assert [found.text for found in dangers if found.intent != "emergency"] == []
    assert sum(found.action == "answer" for found in dangers) >= 0.9 * len(dangers)


def test_nothing_else_raises_an_alarm(understander: Understander, now: datetime) -> None:
    others = [understander.understand(text, now) for text, label in LABELLED if label == "none"]
    assert [found.text for found in others if (found.intent, found.action) == ("emergency", "answer")] == []
    assert sum(found.intent == "emergency" for found in others) <= 0.12 * len(others)


@pytest.mark.parametrize(
    "text",
    [
        "按门铃没人应",
        "被锁在门外了",
        "快来",
        "救救我的花",
        "救救电脑",
        "老人走失过",
        "狗走丢了",
        "麻烦快点",
        "老人腿脚不好 麻烦快点",
        "她叫李敏 13611112222",
        "第三单我接不了 人在外面",
        "贼快",
        "没有没有 就是灯坏了",
        "误报",
        "没事了",
        "累晕了",
        "气得冒烟",
        "救命啊这物业费太贵了",
        "我被关在门外了，钥匙忘带",
    ],
)
def test_the_recogniser_alone_never_raises_an_alarm(
    understander: Understander, now: datetime, text: str
) -> None:
    found = understander.understand(text, now)
    assert danger(normal(text)) is None
    assert (found.intent, found.action) != ("emergency", "answer")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我现在在8栋2单元的电梯里 门打不开 大概停在4楼 就我一个人 没事不急 你们派人来看看", "trapped"),
        ("在电梯里 门打不开", "trapped"),
        ("你好，我在电梯里面，门开不了，麻烦派个人，不着急", "trapped"),
        ("电梯不动了，我被关在里头，慢慢来就行", "trapped"),
        ("人在电梯里，灯也灭了", "trapped"),
        ("电梯里好闷，门开不开", "trapped"),
        ("3栋电梯里关了两个老人，按铃没人应", "trapped"),
        ("看监控家里厨房全是烟，屋里没人", "fire"),
        ("🆘", "person"),
    ],
)
def test_a_danger_told_calmly_alarms_at_once(
    understander: Understander, now: datetime, text: str, kind: str
) -> None:
    found = understander.understand(text, now)
    assert (found.intent, found.action, found.danger) == ("emergency", "answer", kind)


def test_a_danger_is_found_where_it_is(understander: Understander, now: datetime) -> None:
    found = understander.understand("3栋2单元501厨房煤气漏了", now)
    assert (found.danger, found.entities.room, found.entities.place) == ("gas", "3-2-501", "厨房")
