"""Which of several options a message means."""

import pytest

from bot.understanding.matching import matches

JOBS = ("BX 1001 5 水管水龙头 3栋", "BX 1002 7 电梯 5栋1单元")
ROLES = ("业主", "家人", "租客")
KINDS = ("噪音扰民", "卫生保洁", "停车占道", "宠物", "装修违建")
NAMES = ("刘强 139****1111", "张伟 139****2222")
LEVELS = ("满意", "一般", "不满意")


@pytest.mark.parametrize(
    ("text", "options", "meant"),
    [
        ("修水龙头的那单", JOBS, 0),
        ("五栋的", JOBS, 1),
        ("不是水管，是电梯那个", JOBS, 1),
        ("1002", JOBS, 1),
        ("水馆那单", JOBS, 0),  # as dictation writes it
        ("房主", ROLES, 0),
        ("这房子我买的", ROLES, 0),
        ("不是家人，是租的", ROLES, 2),
        ("吵得睡不着的那种", KINDS, 0),
        ("养猫的事", KINDS, 3),
        ("邻居敲墙", KINDS, 4),
        ("给小刘吧", NAMES, 0),
        ("张师傅", NAMES, 1),
        ("不太满意", LEVELS, 2),
        ("慢意", LEVELS, 0),
        ("业主 哦不 租客", ROLES, 2),
        ("家人，不对，是租客", ROLES, 2),
        ("满意，说错了，一般", LEVELS, 1),
    ],
)
def test_the_one_that_is_meant_comes_first(text: str, options: tuple[str, ...], meant: int) -> None:
    found = matches(text, [(one,) for one in options])
    assert found
    assert found[0].place == meant


@pytest.mark.parametrize("text", ["今天天气真好", "哦", "", "，。！", "我再想想"])
def test_what_names_nothing_means_nothing(text: str) -> None:
    assert matches(text, [(one,) for one in JOBS + KINDS]) == []


def test_what_is_denied_is_not_meant() -> None:
    found = matches("绿化不用改，主要是停车", [("保洁",), ("停车",), ("绿化",)])
    assert [one.place for one in found] == [1]


@pytest.mark.parametrize("text", ["马马虎虎", "凑合吧", "也就一般般"])
def test_so_so_is_the_middle_of_the_scale(text: str) -> None:
    assert [one.place for one in matches(text, [("满意",), ("一般",), ("不满意",)])][:1] == [1]


@pytest.mark.parametrize("text", ["先别给我取消", "别替我取消", "不要帮他取消"])
def test_a_denial_reaches_over_for_whom_it_is(text: str) -> None:
    assert 0 not in [one.place for one in matches(text, [("是，取消", "取消"), ("还是约着",)])]


def test_a_long_story_is_looked_at_only_at_its_beginning() -> None:
    assert matches("说来话长" * 10_000 + "电梯", [(one,) for one in JOBS]) == []


def test_an_option_is_heard_by_its_sound_beside_another_and_with_its_figures() -> None:
    options = [("5栋大堂 电梯", "5栋大堂"), ("3栋2单元501厨房 水管", "厨房")]
    assert [one.place for one in matches("五动大糖的", options)] == [0]
    topics = [("保洁",), ("停车",), ("绿化",)]
    assert {one.place for one in matches("保结和亭车", topics)} == {0, 1}
