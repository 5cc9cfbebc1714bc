"""Letters that tell of several faults, and stories that only sound so."""

import pytest

from bot.understanding.matters import matters

SEVERAL = [
    ("厨房水龙头漏水，卫生间灯不亮，明天上午来", ["water", "electric"]),
    ("灯坏了，马桶也堵了", ["electric", "drain"]),
    ("马桶堵了 洗手池也漏水 麻烦一起修", ["drain", "water"]),
    ("门锁坏了，钥匙拔不出来，另外卧室窗户关不严", ["door_window", "door_window"]),
    (
        "家里有三个问题：1、厨房下水道堵了；2、客厅灯一闪一闪；3、卫生间门把手掉了",
        ["drain", "electric", "door_window"],
    ),
    ("一是楼道灯不亮，二是单元门关不严", ["public_light", "door_window"]),
    ("暖气片不热，阳台门也关不上，还有一个插座松了", ["hvac", "door_window", "electric"]),
    ("客厅空调不制冷。对了，厨房的燃气灶也打不着火。", ["hvac", "appliance"]),
    ("卧室空调不热，客厅空调也不热", ["hvac", "hvac"]),
]
ONE = [
    "卫生间马桶堵了，水漫到客厅了",
    "插座没电了，跳闸推不上去",
    "3栋2单元501厨房水龙头漏水，明天下午三点来，电话13800001234",
    "客厅和卧室的灯都不亮",
    "水管爆了，家里全是水，地板泡了，墙也湿了",
    "楼道灯不亮，摸黑上楼差点摔",
    "卫生间漏水，楼下说天花板滴水了",
    "厨房水槽堵了，水龙头是好的",
    "除了昨天报的灯，今天浴霸也坏了",
    "上次的灯修好了，这次是马桶堵了",
    "门口垃圾没人收",
    "",
]


@pytest.mark.parametrize(("letter", "categories"), SEVERAL)
def test_each_fault_is_a_matter(letter: str, categories: list[str]) -> None:
    assert [one.category for one in matters(letter)] == categories


@pytest.mark.parametrize("story", ONE)
def test_one_story_is_one_matter(story: str) -> None:
    assert len(matters(story)) <= 1


@pytest.mark.parametrize(("letter", "categories"), SEVERAL)
def test_no_word_of_a_letter_is_lost(letter: str, categories: list[str]) -> None:
    kept = "".join(one.text for one in matters(letter))
    lost = [one for one in letter if one not in kept and one not in "，。；、 \n"]
    assert not lost


def test_what_is_not_to_be_mended_now_is_no_matter_but_stays_readable() -> None:
    letter = "楼道灯坏了。还有门禁刷不上卡。厨房水龙头也有点滴，这个先不说了。上午在家。"
    found = matters(letter)
    assert [one.title for one in found] == ["楼道灯坏了", "门禁刷不上卡"]
    assert "这个先不说了。上午在家" in found[-1].text


def test_places_and_titles_are_short() -> None:
    found = matters("我家住三栋二单元五零一的厨房水龙头关不紧一直滴答滴答的。阳台窗户渗水，墙都泡了")
    assert [one.place for one in found] == ["厨房", "阳台"]
    assert all(len(one.title) <= 15 for one in found)
