"""报修: of what kind a fault is, at home or in public, in which building, and whether it can wait."""

import re

from bot.scripts import texts
from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.understanding.acts import says
from bot.understanding.entities import find_fault
from bot.understanding.gist import tells
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions.arguments import words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.tickets import Area
from services import duty_phones
from services.repairs import categories, places

# Whole words of places that are nobody's home, and of those that can only be inside one.
_PUBLIC = re.compile(
    r"电梯|楼道|走廊|楼梯|大堂|大厅|门厅|车库|停车场|地库|单元门|楼门|大门|道闸|路灯|小区里|小区的|公共|公区|天台|楼顶|"
    r"步道|人行道|路面|马路|广场|信报箱|报箱|地锁|车棚|消火栓|灭火器|水表井|滑梯|长椅|花园|绿化|健身器材|儿童乐园|游乐|凉亭|围墙|垃圾房|快递柜|充电桩|井盖|门禁|电井|水井"
)
_HOME = re.compile(
    r"我家|家里|家中|屋里|室内|厨房|卫生间|厕所|洗手间|浴室|客厅|卧室|主卧|次卧|书房|阳台|餐厅|玄关|马桶|花洒|水槽|洗脸盆|"
    r"晾衣[架杆机]|衣柜|橱柜|壁柜|抽屉|窗帘|地板|墙纸|壁纸|吊顶|淋浴|浴缸|浴霸|梳妆|书桌|"
    r"热水器|空调|冰箱|洗衣机|燃气灶|油烟机|插座|地暖|暖气|入户门|防盗门|纱窗|窗户"
)


# The name of a community before a building of it.
_ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:花园|广场)(?=\s*[\dA-Za-z一二三四五六七八九十]{1,3}\s*(?:栋|号|幢|座|区|期))"
)
_EVERYWHERE = re.compile(r"电梯|楼道|走廊|楼梯|大堂|门厅|单元门|楼门|天台|楼顶|电井|水井")
_BUILDING = re.compile(r"([A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:栋|号楼|幢|座)")
_OTHER = "other"
_AT_HOME = {"water", "drain", "electric", "appliance", "hvac", "network", "door_window"}


@registry.action("repair.sort", gives=("area", "place", "category", "heard", "urgent", "duty"), reads=True)
async def sort(
    turn: Turn, *, said: Plain, category: Plain, area: Plain, place: Plain, anew: Plain = None
) -> Outcome:
    """Of what kind it is, at home or in public, as far as words leave little doubt, in which building, how urgent.

    `anew` says that the place was told again while something else was asked: only what follows from it changes.
    """
    if anew:
        return await _moved(turn, words(said), words(category), words(area), words(place))
    told = f"{words(said)} {words(place)}"
    code = words(category) or await _kind(words(said))
    found = words(area) or await where(told, code, community=turn.person.community)
    values: dict[str, Plain] = {"area": found or None, "category": code or None, **await _heard(code)}
    if found == Area.PUBLIC:
        there = in_building(words(place), words(said), turn.person.house)
        values["place"] = there or _before_door(words(said), turn.person.house)
    elif says("pressing", words(said)):
        values |= {"urgent": True, "duty": await _duty(turn.person.community_id)}
    return Outcome(values=values)


async def _moved(turn: Turn, said: str, category: str, area: str, there: str) -> Outcome:
    """楼道 is nobody's home, and 卫生间 is no place of everybody's."""
    found = _spoken_area(there)
    if not there or found is None or found == area:
        return Outcome()
    public = found is Area.PUBLIC
    kind = find_fault(normal(f"{there}的{said}"), mending=True).category
    known = {one.code for one in await categories.every()}
    return Outcome(
        values={
            "area": str(found),
            "place": in_building(there, said, turn.person.house) if public else there,
            "category": kind if kind in known and kind != _OTHER else category or None,
        }
    )


async def _kind(said: str) -> str:
    """What the words say it is; 其他 of whatever else they tell, which the dispatcher decides. "" of empty words."""
    known = {one.code for one in await categories.every()}
    found = find_fault(normal(said), mending=True).category
    if found in known:
        return found or ""
    return _OTHER if _OTHER in known and tells(said) and not says("tells_no_fault", said) else ""


async def _heard(code: str) -> dict[str, Plain]:
    """How the kind is said back; 其他 says nothing."""
    if code in ("", _OTHER):
        return {}
    return {"heard": phrase("repair.heard", category=(await categories.by_code(code)).name)}


async def _duty(community_id: int) -> Plain:
    """Whom to call while nobody has come yet."""
    found = await duty_phones.of(community_id or None)
    return f"{found[0].name} {found[0].phone}" if found else None


def _before_door(said: str, own: str) -> str | None:
    """我家门口那个感应灯: the place is told by whose door it is."""
    return f"{texts.house(own)}门口" if own and _MY_DOOR.search(said) else None


_MY_DOOR = re.compile(r"(?:我|咱|俺)们?家?门[口前外]|家门[口前外]|对讲|可视门铃|室内机")


async def where(told: str, code: str, *, community: str = "") -> str:
    """At home or in public, by what is told of the place and by the category; "" when neither says so.

    What only the public has, such as the lamps before the doors, is public; 青禾花园 is no garden.
    """
    if await _area_of(code) is Area.PUBLIC and not places.own_door(told):
        return Area.PUBLIC
    found = _spoken_area(
        _ADDRESS.sub("", told.replace(community, "") if community else told)
    ) or await _area_of(code)
    return found or (Area.HOME if code in _AT_HOME else "")


def _spoken_area(text: str) -> Area | None:
    """A public place that is named beats a room that is named: 我家门口的楼道灯. One's own door is at home."""
    if places.own_door(text):
        return Area.HOME
    if _PUBLIC.search(text):
        return Area.PUBLIC
    return Area.HOME if _HOME.search(text) else None


async def _area_of(code: str) -> Area | None:
    if not code:
        return None
    area = (await categories.by_code(code)).area
    return Area(area) if area in (Area.HOME, Area.PUBLIC) else None


def in_building(place: str, said: str, own: str) -> str | None:
    """电梯 and 楼道 are in every building: the one that was named, else the person's own."""
    if not _EVERYWHERE.search(place) or _BUILDING.search(place):
        return place or None
    named = _BUILDING.search(said)
    number = named[1] if named else own.partition("-")[0]
    return f"{number}栋{place}" if number else place
