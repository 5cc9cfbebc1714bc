"""Kinds of wording that first looks at new sentences got wrong, a few plain examples of each."""

from datetime import datetime

import pytest

from bot.understanding import Understander
from bot.understanding.entities import extract


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("伍号楼贰单元陆零叁灯不亮", "5-2-603"),  # numerals of cheques
        ("六动一单元九零二", "6-1-902"),  # voice recognition hears 栋 as 动
        ("六杠一杠九零二", "6-1-902"),
        ("6/1/902 水管漏", "6-1-902"),
        ("在7号楼一单元，房号1203", "7-1-1203"),
        ("门牌7-1-0903", "7-1-0903"),
        ("1单元902，6栋的", "6-1-902"),
        ("902室1单元6栋", "6-1-902"),
        ("九零二，就六号楼一单元", "6-1-902"),
        ("6栋1单元902的水淋到我家802了", "6-1-802"),
        ("3栋楼下五零一", None),
        ("六栋幺单元九零二", "6-1-902"),
        ("6栋顶楼1802", "6-1802"),
        ("六栋一单元玖零贰", "6-1-902"),
        ("我的车位在B1-203", None),
        ("C区2-106车位上面漏水", None),
        ("房产证2-1-603办好了吗", None),
        ("2026/11/25上午", None),
        ("陆先生捡到钥匙，收拾好了", None),
        ("我住7栋，单元是2，门牌903", "7-2-903"),  # as in a form
        ("楼栋：7，单元：2，房号：903", "7-2-903"),
        ("栋号7，单元号2，房间号903", "7-2-903"),
        ("七栋二单元，九楼，903", "7-2-903"),
        ("八栋 不对是五栋二单元三楼 301", "5-2-301"),
        ("工号5-206的师傅修得好", None),
        ("胸牌5-206那个保安", None),
        ("会员号5-2-1106", None),
        ("车牌号沪A-8-125", None),
    ],
)
def test_ways_to_write_a_flat(text: str, room: str | None, now: datetime) -> None:
    assert extract(text, now).room == room


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("一三八，零零零零，一二三四", "13800001234"),
        ("138.0000.1234", "13800001234"),
        ("13800001234关机了，找我儿子13900005678", "13900005678"),
        ("打13800001234，没人接再打13900005678", "13800001234"),
        ("我电话13800001234，打不通打我爱人13900005678", "13800001234"),
        ("别打13800001234，打13900005678", "13900005678"),
        ("号码 1 3 8 0 0 0 0 1 2 3 4", "13800001234"),
        ("3-2-501的，手机1 3 8 0 0 0 0 1 2 3 4", "13800001234"),
    ],
)
def test_which_of_the_numbers_to_call(text: str, phone: str, now: datetime) -> None:
    assert extract(text, now).phone == phone


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("冰箱旁边的插座没电", "electric"),
        ("空调的插座冒烟", "electric"),
        ("洗衣机后面的水龙头滴水", "water"),
        ("马桶旁边漏水", "water"),
        ("排水管接头滴水", "water"),
        ("排水管堵了", "drain"),
        ("马桶冲不下去", "drain"),
        ("洗手池排水特别慢", "drain"),
        ("淋浴房的门掉了", "door_window"),
        ("顶楼的，下雨就漏", "wall_roof"),
        ("洗菜盆的水下得特别慢", "drain"),
        ("道闸起不来，堵了一长串车", "access_control"),
        ("电梯困人了，门打不开", "elevator"),
        ("厕所塞咗", "drain"),
        ("水费怎么这么多，水表是不是坏了", "water"),
        ("卧室门轨道卡住了", "door_window"),
        ("入户门锁死了", "door_window"),
        ("3号楼2门501空调不制冷", "hvac"),
        ("家里没暖气", "hvac"),
        ("门禁卡消磁了", "access_control"),
        ("道闸到现在没抬", "access_control"),
        ("电视没有信号", "network"),
        ("墙上裂了条缝", "wall_roof"),
        ("楼梯扶手松了", "other"),
        ("储物柜打不开", "other"),
        ("不是马桶坏了，是灯不亮", "electric"),
        ("上次的灯修好了，这次是马桶堵了", "drain"),
        ("灯修好了，谢谢", None),
        ("换窗户要不要报备", None),
        ("热水器能不能自己换", None),
        ("电表是不是抄错了", None),
        ("热水器还在保修吗", None),
    ],
)
def test_what_is_to_be_mended(text: str, category: str | None, now: datetime) -> None:
    assert extract(text, now).category == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        # Things of daily life by all their names.
        ("炉头打不着", "appliance"),
        ("饮水机不加热", "appliance"),
        ("吊扇吱吱响", "appliance"),
        ("雪柜唔冻", "appliance"),
        ("空调加雪种", "hvac"),
        ("散热片不热", "hvac"),
        ("石膏线掉了", "wall_roof"),
        ("墙根返碱", "wall_roof"),
        ("拖线板烧了", "electric"),
        ("漏保推不上", "electric"),
        ("莲蓬头坏了", "water"),
        ("小便斗一直流水", "water"),
        ("坑渠塞住", "drain"),
        ("污水井满了冒出来", "drain"),
        ("沙窗烂了个洞，要换", "door_window"),
        ("地弹簧漏油", "door_window"),
        ("光缆被挖断了", "network"),
        ("网线插座坏了", "network"),
        ("进水口那根管子滋水", "water"),
        ("B梯坏了", "elevator"),
        ("左边那部梯不动", "elevator"),
        ("行人翼闸夹人", "access_control"),
        ("读卡机不响", "access_control"),
        ("电动晾衣架不升", "other"),
        ("石凳裂了", "other"),
        # The many ways to break.
        ("阀门锈得拧不动", "water"),
        ("进出口杆子升不上去", "access_control"),
        ("识别不出我的脸", "access_control"),
        ("暖气管冰凉", "hvac"),
        ("电梯一顿一顿的", "elevator"),
        ("钥匙拔不出来", "door_window"),
        ("袜子冲进蹲坑里了", "drain"),
        ("乳胶漆开裂", "wall_roof"),
        # Wishes.
        ("卫生间想重新做防水", "wall_roof"),
        ("想加个插座", "electric"),
        ("烟机帮忙拆下来清洗一下", "appliance"),
        ("来通马桶", "drain"),
        ("门窗胶条要换", "door_window"),
        # What stands at, under or in another thing.
        ("橱柜里的水管漏了", "water"),
        ("洗衣机底下的地漏堵了", "drain"),
        ("厨房的烤箱不通电", "appliance"),
        ("热水器底下滴水", "appliance"),
        ("空调洞漏雨", "wall_roof"),
        # Lamps outside of the home, however they are named.
        ("凉亭里的灯坏了", "public_light"),
        ("围墙边上的灯坏了", "public_light"),
        ("地库里漆黑一片", "public_light"),
        ("壁灯不亮，楼道里那个", "public_light"),
        ("家里漆黑一片", "electric"),
        # What is no fault.
        ("建议多装几个路灯", None),
        ("附近有修锁的吗", None),
        ("有线电视怎么报装", None),
        ("路灯太亮照得睡不着", None),
        ("门口灯笼好看", None),
        ("外面烧烤味太大，窗户不敢开", None),
        ("人多，等电梯等了十分钟", None),
    ],
)
def test_things_and_their_faults_by_other_names(
    text: str, category: str | None, understander: Understander, now: datetime
) -> None:
    assert understander.understand(text, now).entities.category == category


def test_a_broken_mobile_phone_is_not_ours_to_mend(now: datetime) -> None:
    assert extract("我手机坏了", now, mending=True).category is None
    assert extract("那个坏了", now, mending=True).category == "other"


@pytest.mark.parametrize(
    "text",
    [
        "马桶堵了，急！",
        "特别急",
        "急需用水",
        "马上给我修",
        "请马上安排",
        "不修不行，赶紧来",
        "别拖了赶紧来",
        "很急",
    ],
)
def test_what_is_urgent(text: str, now: datetime) -> None:
    assert extract(text, now).urgent


@pytest.mark.parametrize(
    "text",
    [
        "不用那么着急",
        "没那么急",
        "不必马上来",
        "不需要立刻处理",
        "着什么急，慢慢来",
        "我赶紧把总阀关了",
        "我马上到家",
        "马上过年了，想装灯",
        "师傅说马上来",
        "急性肠胃炎",
        "他是急性子",
        "刚才着急打错字了",
    ],
)
def test_what_is_said_not_to_be_urgent_or_not_of_the_fault(text: str, now: datetime) -> None:
    assert not extract(text, now).urgent


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("门锁没电打不开了,青禾花园5栋1单元402,人在门外", None),
        ("我住青禾花园 门锁坏了", None),
        ("小区花园的灯坏了", "花园"),
        ("广场上的灯不亮", "花园"),
    ],
)
def test_a_community_by_its_name_is_no_place_to_mend(text: str, place: str | None) -> None:
    assert extract(text, datetime(2026, 11, 20, 10, 0).astimezone()).place == place
