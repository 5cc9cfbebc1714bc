"""Whether the technician has to know the reporter's house."""

import pytest

from models.tickets import Area, Ticket
from services.repairs import places

pytestmark = pytest.mark.usefixtures("database")  # rows know their columns only once Tortoise is open


@pytest.mark.parametrize(
    "said",
    [
        "我家大门的锁拧不动了",
        "我家门锁坏了",
        "咱家的防盗门关不上",
        "入户门掉漆",
        "我们家门铃不响",
        "自己家的门把手掉了",
    ],
)
def test_ones_own_door_is_at_home(said: str) -> None:
    assert places.own_door(said)


@pytest.mark.parametrize(
    "said",
    [
        "小区大门的锁坏了",
        "单元防盗门关不上",
        "我家门口的楼道灯坏了",
        "我家大门口的灯不亮",
        "大家门禁都刷不开",
        "我家楼下单元门",
    ],
)
def test_a_door_for_everybody_is_not(said: str) -> None:
    assert not places.own_door(said)


@pytest.mark.parametrize(
    ("area", "place", "said", "wanted"),
    [
        (Area.HOME, "厨房", "水龙头漏水", True),
        (Area.PUBLIC, "大门", "我家大门的锁拧不动了", True),
        (Area.PUBLIC, "楼道", "我家门口的楼道灯坏了", True),
        (Area.PUBLIC, "楼道", "家门口的灯不亮", True),
        (Area.PUBLIC, "一层大堂", "大堂的灯坏了", False),
        (Area.PUBLIC, "小区大门", "道闸抬不起来，我们大家门禁也刷不开", False),
    ],
)
def test_the_house_is_for_what_is_in_it_or_at_its_door(
    area: Area, place: str, said: str, wanted: bool
) -> None:
    assert places.at_the_house(Ticket(area=area, place=place, description=said)) is wanted
