"""What of a message stands in a report: all that tells of the fault, and no greeting, name, price or protest."""

import pytest

from bot.understanding.gist import gist, joined, tells


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "喂你好我是三号楼二单元五零一的王秀兰 厨房水龙头漏水了我腿脚不好",
            "厨房水龙头漏水了我腿脚不好",
        ),
        ("您好，客厅的灯一闪一闪", "客厅的灯一闪一闪"),
        ("王师傅好，家里没电了，谢谢", "家里没电了"),
        ("我住2栋1单元802 马桶堵了 谢谢", "马桶堵了"),
        ("你们他妈的什么破物业 灯坏了八百年了没人修", "灯坏了八百年了没人修"),
        ("我说的是楼道的灯!自己不会查啊", "楼道的灯"),
        ("我说了多少遍了不是厨房是卫生间", "不是厨房是卫生间"),
        ("啥明天啊 我现在人在门外头站着呢", "我现在人在门外头站着呢"),
        ("家里热水器打不着火,你们修吗 多少钱", "家里热水器打不着火"),
        ("水管坏了 修一下多少钱", "水管坏了"),
        ("哎服了 报修 阳台窗户关不上 半夜漏风", "阳台窗户关不上 半夜漏风"),
        # Nothing that matters is lost.
        ("我是聋哑人，马桶堵了", "我是聋哑人，马桶堵了"),
        ("报了三次了没人来", "报了三次了没人来"),
        ("昨天晚上开始漏的，漏得不大", "昨天晚上开始漏的，漏得不大"),
        ("3栋2单元501门口的楼道灯不亮", "3栋2单元501门口的楼道灯不亮"),
        ("师傅来之前打电话，家里有狗", "师傅来之前打电话，家里有狗"),
        ("操作台的灯不亮", "操作台的灯不亮"),
        ("客厅灯不亮了，多少钱换一个", "客厅灯不亮了，多少钱换一个"),
        ("你好", "你好"),
    ],
)
def test_what_tells_of_the_fault_is_kept_and_nothing_else(said: str, kept: str) -> None:
    assert gist(said) == kept


def test_a_time_and_a_number_that_stand_by_themselves_are_not_told_twice() -> None:
    said = "厨房水龙头漏水，明天下午三点来，电话13800001234"
    assert gist(said) == said
    assert gist(said, timed=True, phone="13800001234") == "厨房水龙头漏水"
    assert gist("昨天晚上漏的，下午好一点了", timed=True) == "昨天晚上漏的，下午好一点了"


@pytest.mark.parametrize("said", ["都说了", "你聋啊", "谢谢师傅", "啥明天啊", "我说过了呀"])
def test_protest_and_thanks_tell_nothing(said: str) -> None:
    assert not tells(said)


def test_the_pieces_of_a_sentence_are_put_together() -> None:
    assert joined(joined("卫生间", "的热水"), "不出来") == "卫生间的热水不出来"
    assert joined("厨房水龙头漏水", "楼下也有水了") == "厨房水龙头漏水，楼下也有水了"
