"""What an answer does in a talk: learned acts, and what may bind somebody."""

from pathlib import Path

import pytest

from bot.understanding import Act, Acts, Asked, Understander
from bot.understanding.acts import says
from bot.understanding.examples.acts import acts

HERE = Path(__file__).parent
LABELLED = [
    line.split("\t")
    for line in (HERE / "acts.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

YES = (
    """
好的谢谢|好的，谢谢[抱拳]|好的[玫瑰]|好的🙏|👌|👌🏿|OK👌|[OK]|/:ok|/:strong
👍🏽|🆗|✅|好滴|好哒|好嘞|收到|可|对对对|嗯嗯，麻烦了|行，就这样|没毛病|欧克|okk|可以👍|是滴
中|得|得嘞|中嘞|要得|对头|嗯嗯对|都对|要得要得|没意见|没啥问题|嗯对的 谢谢啊|行，费心了师傅|係啊
啱晒|冇問題|好嘅唔该|要得嘛|指定行|妥妥的|同意|我同意|本人同意|确认|提交|提交吧|对，交了吧
k|kk|en|哦了|昂|阔以|haode|shi de|妥妥儿的|行吧|成|算了 提交吧|唉算了，就提交吧
都挺好不用改|挺好的，不用改|都好，不用改了|没啥改的都挺好|嗯，都对，没什么要改的|可以，递上去吧|没毛病，报吧|[强]|好的好的没有什么问题了就麻烦你们快点|那就这样吧，辛苦了|好，麻烦尽快
""".strip()
    .replace("\n", "|")
    .split("|")
)
NEVER = (
    """
bu|buyao|管子坏了|对劲吗|算了 不提交了|算了还是不报了|算了 我自己修
那我等等吧|继续等着|那就等着呗|等我想想好了再交|嗯……这个嘛|嗯……|好吧……|对了|哦对了|是这样啊|是嘛|师傅好|管家好
~~~|哒哒哒|都行|都可以|都要|嗯就是那个嘛你知道的
撤回同意|同意吗|不太同意|没同意|我没同意过|谁同意了|同意书在哪|我考虑一下再同意|先别提交|稍等别提交
怎么提交|提交之前我想改一下|别解绑我点错了|别解绑，我点错了|先不解绑|好的，不过时间改成明天
好，但是换个时间|可以换个时间吗|不好|👎|[弱]|❌|可以，改成五个人|提交了吗|提交以后还能改吗|确认什么
确认之前再看看|可以不填吗|要钱吗|是提建议不是投诉|好几个地方|对面那栋|行李间的灯|中午|得多久
要不周日上午|成本多少|不同意|同意过的那个怎么撤回|好的等一下|可以是可以，但是太贵|好像不对|好了再说
等我看完再确认|还没好别交|不是不同意，是没看懂|如果免费就可以|同意的话会怎样|没有|算了|是吗|对吗|好吗
行吗|行不行|可以吗|谁说可以了|我没说可以|哪里可以|不可以|不是|可以什么啊|没问题吗|有问题|有点问题
唔同意|唔好|先莫交|莫慌提交|那不行|好个屁|同意个鬼|回头再提交|明天再确认吧|要得个啥
你觉得行我觉得不行|不是说好的吗|可不可以晚点|嗯？|对？|好？|确定吗|解绑会怎样|提交失败|按不了确认
同意按钮在哪|我爸同意了再说|等他确认|好烦|好贵|好久没来了|好臭|可恶|对不起|是谁|得了吧
行了行了别问了|要命|同意前先问个事|挺好不用修了|不用改，算了|好像不用改|都挺好但是要改
""".strip()
    .replace("\n", "|")
    .split("|")
)


def test_answers_kept_apart_from_the_examples_are_understood(understander: Understander) -> None:
    wrong = [
        (text, label) for text, label in LABELLED if _named(understander.acts(text)) not in label.split("|")
    ]
    assert len(wrong) <= 0.05 * len(LABELLED), wrong


def test_the_labelled_answers_share_none_with_the_examples() -> None:
    assert not {text for text, _ in LABELLED} & {text for text, _ in acts()}


def test_the_examples_teach_every_act() -> None:
    assert {label.partition(".")[0] for _, label in acts()} == {act.value for act in Act}


@pytest.mark.parametrize("text", YES)
def test_a_clear_yes_may_bind(understander: Understander, text: str) -> None:
    found = understander.acts(text)
    assert found.agrees, found


@pytest.mark.parametrize("text", NEVER)
def test_what_is_no_clear_yes_binds_nobody(understander: Understander, text: str) -> None:
    found = understander.acts(text)
    assert not found.agrees, found


@pytest.mark.parametrize(
    ("text", "head", "rest", "best"),
    [
        ("好的，不过改成明天", "yes", "不过改成明天", Act.CORRECT),
        ("是的，怎么还没来人", "yes", "怎么还没来人", Act.YES),
        ("不是，是租的", "no", "是租的", Act.CORRECT),
        ("不用，谢谢", "no", "", Act.NO),
        ("没有，谢谢", "none", "", Act.NONE),
        ("不对，是卫生间的", "wrong", "是卫生间的", Act.CORRECT),
        ("没有原厂的，换了通用的", "", "", Act.INFORM),
    ],
)
def test_the_head_is_taken_off(
    understander: Understander, text: str, head: str, rest: str, best: Act
) -> None:
    found = understander.acts(text)
    assert (found.head, found.rest, found.best) == (head, rest, best)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("干嘛要我的手机号码", Asked.WHY),
        ("师傅上门一趟收多少", Asked.COST),
        ("大概要等多长时间呀", Asked.DURATION),
        ("这种归不归物业管", Asked.RESPONSIBILITY),
        ("照片从哪里发给你", Asked.HOW),
        ("门窗门锁是指啥", Asked.WHAT),
    ],
)
def test_a_question_has_a_kind(understander: Understander, text: str, about: Asked) -> None:
    found = understander.acts(text)
    assert (found.best, found.about, found.asked) == (Act.QUESTION, about, True)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("2", (2,)),
        ("②", (2,)),
        ("1️⃣", (1,)),
        ("选3", (3,)),
        ("第二个吧", (2,)),
        ("第三单", (3,)),
        ("倒数第二个", (-2,)),
        ("最后那个", (-1,)),
        ("后面那个", (-1,)),
        ("前一个", (1,)),
        ("最底下那个", (-1,)),
        ("中间那个", (0,)),
        ("前面那件", (1,)),
        ("头一家", (1,)),
        ("第一栏", (1,)),
        ("从下面数第三个", (-3,)),
        ("前两个", (1, 2)),
        ("后两项都要", (-2, -1)),
        ("前面漏水", ()),
        ("前两天", ()),
        ("后三天", ()),
        ("一和三", (1, 3)),
        ("第一个和第三个", (1, 3)),
        ("下面那个月", (-1,)),
        ("三个人", ()),
        ("第二天", ()),
        ("上个月", ()),
        ("后天", ()),
        ("501", ()),
        ("前台", ()),
        ("以后再说", ()),
    ],
)
def test_places_in_a_list(understander: Understander, text: str, places: tuple[int, ...]) -> None:
    assert understander.acts(text).ordinals == places


def test_clauses_have_acts_of_their_own(understander: Understander) -> None:
    found = understander.acts("业主，电话写错了，要不要钱")
    assert [understander.acts(clause).best for clause in found.clauses] == [
        Act.INFORM,
        Act.CORRECT,
        Act.QUESTION,
    ]
    assert understander.acts("业主").clauses == ()


@pytest.mark.parametrize(
    "text", ["", " ", "。", "[微笑]", "/::)", "🙂🙂", "\n", "嗯" * 3000, "好的，" * 3000]
)
def test_any_text_has_an_act(understander: Understander, text: str) -> None:
    found = understander.acts(text)
    assert found.ranking and 0.0 <= found.margin <= 1.0


def _named(found: Acts) -> str:
    return f"{found.best}.{found.about}" if found.best is Act.QUESTION else found.best.value


@pytest.mark.parametrize(
    ("feature", "said", "not_said"),
    [
        ("suits", "能不能周三上午过来|周三上午可以吗|后天好不好|周日方便不？", "周三上午|还可以吗|好的"),
        ("not_then", "今天去不了|明天不行|那天没空呀", "去不了今天再说明天|明天行不行"),
        ("all_stars", "都挺好 五星|又快又好，都五星|全给满分|各方面都行", "五星|快慢五星"),
        (
            "nothing_else",
            "就这些了|没别的了|不用了，就这些|没啥要改的|够了|没有要补充的|那就等电话了",
            "不用了|不用修了|没水了|就这些灯不亮|没什么水|等师傅来了再说|没人在家",
        ),
        ("takes_back", "是租客不是家人|打错了|改成三个", "都好"),
        ("rather", "还是匿名吧|要不还是周六好了", "还是漏|还是没人来"),
        ("hurries", "漏得厉害，快点|麻烦赶紧", "不用赶紧|慢慢来"),
        ("drops", "不要了|不去了吧", "不漏了|要了"),
        ("photos_later", "回头再拍|等我下楼拍|晚点补", "再拍两张|没照片"),
        ("photos_sent", "我拍了张照片|照片马上发|我拍给你看吧", "照片发不了"),
        ("leaves_out", "除了停车都要改|停车以外", "都要改"),
        ("hums", "嗯嗯啊|哦", "嗯，阳台"),
        ("hearsay", "我朋友说要去，我不一定|邻居也要报名", "我要去|朋友来了|我老婆要去"),
        ("not_then_but", "不是八点啊我说的九点以后|不是明天，是后天", "不是八点|是下午两点"),
        ("asks_need", "也得填吗|必须绑定吗|不填行吗", "填好了|得填房号"),
        ("asks_arrival", "人来没来|到哪了|怎么还没来", "来过了"),
        (
            "asks_effect",
            "会不会看不到账单|解绑了还能再绑吗|退了要扣钱吗|取消了就不来了吗|撤了以后怎么办|会影响别人吗|以后还能报名吗",
            "会所几点开门吗|解绑吧|怎么解绑|为什么要问|要收钱吗",
        ),
        ("asks_for", "有没有停车的地方|你们这里有充电桩吗|修鞋的有没有", "有人吗"),
    ],
)
def test_what_one_sort_of_question_asks_for_is_heard(feature: str, said: str, not_said: str) -> None:
    assert [one for one in said.split("|") if not says(feature, one)] == []
    assert [one for one in not_said.split("|") if says(feature, one)] == []


def test_a_feature_that_no_table_has_is_no_feature() -> None:
    with pytest.raises(AssertionError, match="nowhere"):
        says("nowhere", "好")
