"""What technicians write about their jobs: the deed, the job that is meant, materials and price."""

from pathlib import Path

import pytest

from bot.understanding import Deed, JobMeant, Understander
from bot.understanding.examples import trades
from bot.understanding.job_words import find_job, of_this_job

HERE = Path(__file__).parent
LABELLED = [
    line.split("\t")
    for line in (HERE / "trades.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_messages_kept_apart_from_the_examples_are_understood(understander: Understander) -> None:
    wrong = [text for text, label in LABELLED if understander.technician(text).best not in label.split("|")]
    assert len(wrong) <= 0.06 * len(LABELLED), wrong


def test_the_labelled_messages_share_none_with_the_examples() -> None:
    assert not {text for text, _ in LABELLED} & {text for text, _ in trades()}


def test_the_examples_teach_every_deed() -> None:
    assert {deed for _, deed in trades()} == {deed.value for deed in Deed}


@pytest.mark.parametrize(
    ("text", "deed", "job"),
    [
        ("接单 BX10192 下午三点", Deed.ACCEPT, JobMeant(number="10192")),
        ("bx 1001 5 做完了", Deed.DONE, JobMeant(number="10015")),
        ("1097换李师傅跑一趟", Deed.TRANSFER, JobMeant(number="1097")),
        ("尾号27的修妥了", Deed.DONE, JobMeant(number="27")),
        ("第三单我接不了 人在外面呢", Deed.REFUSE, JobMeant(ordinals=(3,))),
        ("1号单我接", Deed.ACCEPT, JobMeant(ordinals=(1,))),
        ("灯那单明天再说吧", Deed.HOLD, JobMeant(clue="灯")),
        ("门禁那单我下午三点过去", Deed.ACCEPT, JobMeant(clue="门禁")),
        ("不是电梯，501那家到了", Deed.ARRIVED, JobMeant(clue="501")),
        ("5栋那单转出去", Deed.TRANSFER, JobMeant(clue="5栋")),
        ("水管的修完了", Deed.DONE, JobMeant(clue="水管")),
        ("好的，14:30到", Deed.ACCEPT, JobMeant()),
        ("这单我接下来", Deed.ACCEPT, JobMeant()),
        ("3栋2单元501那家到了", Deed.ARRIVED, JobMeant(clue="3栋2单元501")),
        ("等我把这家弄完再说", Deed.OTHER, JobMeant()),
        ("手上这单干完了再接", Deed.OTHER, JobMeant()),
    ],
)
def test_which_job_is_meant(understander: Understander, text: str, deed: Deed, job: JobMeant) -> None:
    found = understander.technician(text)
    assert (found.best, found.job) == (deed, job)
    assert bool(found.job) == (job != JobMeant())


@pytest.mark.parametrize(
    ("text", "materials", "fen"),
    [
        ("修好了 换了个三角阀 收了36块", "三角阀", 3600),
        ("换了一个浮球阀和密封圈，一共60", "浮球阀和密封圈", 6000),
        ("换了根软管，业主自己买的，没收费", "软管", 0),
        ("门锁弄好，收了锁芯钱八十", "", 8000),
        ("修好了，免费的", "", 0),
        ("人工三十材料二十", "", 5000),
        ("修好了，上门费20块，配件35块", "", 5500),
        ("工钱50 料钱15 一共65", "", 6500),
        ("修好了，材料费30", "", None),
        ("3栋2单元501修好了", "", None),
        ("换人吧", "", None),
        ("等配件两天", "", None),
        ("配了把钥匙，收10块", "钥匙", 1000),
        ("门禁好了 主板烧了换了一块 260 材料自己垫的", "主板", 26000),
        ("不对 主板一块 260块", "主板一块", 26000),
        ("灯好了 灯座一个 40", "灯座一个", 4000),
        ("换了两块电池 没收钱", "电池", 0),
        ("修好了换了个龙头一百二", "龙头", 12000),
        ("501修好了 换了俩灯泡 一个15", "灯泡", None),
        ("窗户把手换好没算钱", "窗户把手", 0),
        ("阀芯坏了 换了一个 收45", "阀芯", 4500),
        ("修好了 下一家4栋那个插座我20分钟到", "", None),
        ("302的 明天那单 不干了", "", None),
        ("弄好了 胶没干 叫她今晚别用水 收15", "", 1500),
        ("换了块玻璃 8栋302那家", "玻璃", None),
    ],
)
def test_what_a_finished_job_used_and_cost(
    understander: Understander, text: str, materials: str, fen: int | None
) -> None:
    found = understander.technician(text)
    assert (found.materials, found.price_fen) == (materials, fen)


def test_what_stands_before_the_word_about_a_job_is_none_of_it() -> None:
    assert find_job("等水管那家弄完").clue == find_job("先去水管那家").clue == "水管"


@pytest.mark.parametrize(
    ("said", "about_this_one"),
    [
        ("修好了,接下来去灯那家", "修好了"),
        ("马桶通了,就剩水龙头那家", "马桶通了"),
        ("101的修好了,收了35", "101的修好了,收了35"),
        ("去灯那家,半小时到", "去灯那家,半小时到"),
    ],
)
def test_a_clause_about_the_job_after_it_is_none_of_this_one(said: str, about_this_one: str) -> None:
    assert of_this_job(said) == about_this_one


@pytest.mark.parametrize("text", ["", " ", "👌" * 300, "接" * 3000, "bx " * 500])
def test_any_message_has_a_deed(understander: Understander, text: str) -> None:
    found = understander.technician(text)
    assert found.ranking and 0.0 <= found.margin <= 1.0
