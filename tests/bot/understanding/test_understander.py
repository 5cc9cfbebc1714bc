"""Intents: what the check sets reach, danger first, and asking instead of guessing."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander, load
from bot.understanding.danger import danger
from bot.understanding.evaluation import evaluate
from bot.understanding.examples import shipped
from bot.understanding.normal import normal

HERE = Path(__file__).parent
CHECKED = (
    "check_intents.tsv",
    "blind_intents.tsv",
    "last_intents.tsv",
    "wide_intents.tsv",
    "odd_intents.tsv",
    "fresh_intents.tsv",
)
INTENTS = {
    "emergency", "repair_report", "repair_progress", "complaint", "complaint_progress", "suggestion", "fee_query",
    "fee_pay", "activity_signup", "activity_cancel", "announcement", "house_binding", "contact", "human", "merchant",
    "viewing", "faq", "survey", "smalltalk", "unknown",
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKED)
def test_sentences_kept_apart_from_the_examples_are_understood(
    understander: Understander, now: datetime, name: str
) -> None:
    result = evaluate(understander, HERE / name, now)
    assert result.accuracy >= 0.93, result.wrong
    assert result.answered >= 0.84
    assert result.answered_accuracy >= 0.96
    assert result.emergency_recall == 1.0


def test_the_check_sets_share_no_sentence_with_the_examples() -> None:
    examples = {text for text, _ in shipped()}
    for name in CHECKED:
        checked = {line.split("\t")[0] for line in (HERE / name).read_text(encoding="utf-8").splitlines()}
        assert not checked & examples


def test_the_examples_teach_every_intent_and_no_other() -> None:
    assert {intent for _, intent in shipped()} == INTENTS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电梯困人了快来", "trapped"),
        ("三单元着火了", "fire"),
        ("家里有很重的煤气味", "gas"),
        ("水管爆了水往外喷", "burst"),
        ("有人触电了", "leak_electric"),
        ("外墙砖砸到人了", "falling"),
        ("阳台塌了，埋了人", "collapse"),
        ("有人晕倒在花园", "person"),
    ],
)
def test_danger_comes_first_and_has_a_kind(
    understander: Understander, now: datetime, text: str, kind: str
) -> None:
    understood = understander.understand(text, now)
    assert (understood.intent, understood.danger, understood.action) == ("emergency", kind, "answer")


@pytest.mark.parametrize(
    "text",
    [
        "电梯坏了，里面没人",
        "万一着火了怎么办，消防通道都堵死了",
        "昨晚电梯困人了，你们赔礼道歉",
        "燃气灶打不着火",
        "消防演练几点开始",
        "谢谢你们，感谢物业救了我妈",
        "楼下饭店油烟冒烟一样往家里灌",
    ],
)
def test_what_is_feared_remembered_or_taught_is_no_danger(text: str) -> None:
    assert danger(normal(text)) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("不是投诉，是家里水管漏了要修", "repair_report"),
        ("不用修了，我自己弄好了", "repair_progress"),
        ("不是报修，想问问装修几点能开工", "faq"),
        ("不是要交费，就看看欠多少", "fee_query"),
        ("不是報名，係想取消", "activity_cancel"),
    ],
)
def test_what_is_denied_does_not_count(
    understander: Understander, now: datetime, text: str, intent: str
) -> None:
    assert understander.understand(text, now).intent == intent


@pytest.mark.parametrize("text", ["取消BX10019", "撤销 bx 1001 9", "BX10019怎么样了", "ＢＸ１００１９还没来"])
def test_a_repair_is_known_by_its_number(understander: Understander, now: datetime, text: str) -> None:
    found = understander.understand(text, now)
    assert (found.intent, found.action) == ("repair_progress", "answer")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("客服小徐骂我是猪", "complaint"),
        ("刚才来修的师傅冲我吼", "complaint"),
        ("小徐挂我电话", "complaint"),
        ("被你们保安推了一下", "complaint"),
        ("师傅管我要红包", "complaint"),
        ("小李师傅修得挺好", "smalltalk"),
        ("再报一个厨房漏水", "repair_report"),
        ("我还要报个书房插座没电", "repair_report"),
        ("再报两个人", "activity_signup"),
        ("车位怎么租 多少钱一个月", "faq"),
        ("想租个车位 有没有", "viewing"),
        ("你是真人还是机器啊", "smalltalk"),
        ("你给我讲个笑话吧", "smalltalk"),
        ("对讲机没声音 报修 周日上午在家", "repair_report"),
    ],
)
def test_who_accuses_complains_and_one_more_is_a_new_one(
    understander: Understander, now: datetime, text: str, intent: str
) -> None:
    found = understander.understand(text, now)
    assert (found.intent, found.action) == (intent, "answer")


def test_writing_does_not_matter(understander: Understander, now: datetime) -> None:
    plain = understander.understand("厨房水龙头漏水", now)
    for written in ("廚房水龍頭漏水", "厨房水笼头漏水", "厨房水喉漏水", " 厨房水龙头漏水 "):
        understood = understander.understand(written, now)
        assert (understood.intent, understood.entities.category) == (plain.intent, "water")
        assert understood.text == written


def test_close_meanings_are_asked_back_and_never_guessed(understander: Understander, now: datetime) -> None:
    doubtful = [
        found
        for text in ("车位", "押金", "电梯", "楼道灯的事", "水的问题", "我家那个", "费用的事情")
        if (found := understander.understand(text, now)).ranking[0][1] - found.ranking[1][1]
        < understander.margin
    ]
    assert doubtful
    assert all(found.action == "ask" and len(found.ranking) >= 3 for found in doubtful)


@pytest.mark.parametrize("text", ["", " ", "。", "\n", "🙂" * 200, "a" * 5000, "漏水" * 3000, "\x00\ufffd"])
def test_nothing_that_is_typed_breaks_it(understander: Understander, now: datetime, text: str) -> None:
    understood = understander.understand(text, now)
    assert understood.intent in INTENTS
    assert 0 <= understood.confidence <= 1


@pytest.fixture
def places(understander: Understander, pytestconfig: pytest.Config, tmp_path: Path) -> tuple[Path, Path]:
    """Two folders where all but a model of other examples is learned already."""
    assert pytestconfig.cache
    for name in ("a", "b"):
        shutil.copytree(pytestconfig.cache.mkdir("understanding"), tmp_path / name)
    return tmp_path / "a", tmp_path / "b"


def test_a_stored_model_answers_as_the_learned_one_and_learning_repeats_itself(
    places: tuple[Path, Path], now: datetime
) -> None:
    examples = [pair for pair in shipped() if len(pair[0]) < 12]
    one, again, other = (load(place, examples) for place in (places[0], *places))
    ranking = one.understand("水管漏水", now).ranking
    assert ranking == again.understand("水管漏水", now).ranking == other.understand("水管漏水", now).ranking


def test_a_taught_sentence_is_understood_afterwards(tmp_path: Path, now: datetime) -> None:
    examples = [pair for pair in shipped() if len(pair[0]) < 8]
    taught = [
        (f"{start}嘎巴溜冰场{end}", "viewing") for start in ("", "看看", "想去") for end in ("", "呢", "呗")
    ]
    understander = load(tmp_path, [*examples, *taught], words=["嘎巴溜冰场"])
    assert understander.understand("嘎巴溜冰场在吗", now).intent == "viewing"


def test_examples_that_cannot_be_learned_from_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="could not be trained"):
        load(tmp_path, [("你好", "smalltalk")])


@pytest.mark.parametrize("face", ["/:rose", "/:strong", "[Salute]", "[玫瑰]", "[smile]", "/::)", "🌹"])
def test_faces_alone_are_guessed_to_be_no_wish(understander: Understander, now: datetime, face: str) -> None:
    found = understander.understand(face, now)
    assert (found.intent, found.action) == ("unknown", "unknown")
