"""“少去一个”, “再加两个人”, “时间往后推一天”: what was said before, and is to be more, less, sooner or later."""

import re
from datetime import datetime, timedelta

from bot.scripts.format import SlotType
from bot.talk import times
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.understanding.entities.numerals import NUMBER, value
from bot.understanding.normal import normal
from bot.understanding.values import TimeWindow
from bot.values import Plain

_LESS = re.compile(rf"(?:少|减|去掉|减少|扣)(?:去|来|带|掉|了|上)?(?P<many>{NUMBER})(?:个|位|口)")
_MORE = re.compile(rf"(?:多|再?加|增加|再?添|再来|再带)(?:去|来|带|上|了)?(?P<many>{NUMBER})(?:个|位|口)")
_LATER = re.compile(
    rf"(?:往?后(?:推|延|挪)?|推迟|延后|延迟|顺延|晚)(?:个)?(?P<many>{NUMBER})个?(?P<unit>天|小时|钟头|星期|礼拜|周)"
)
_SOONER = re.compile(
    rf"(?:提前|提早|往?前(?:挪|提|移|推)|早)(?:个)?(?P<many>{NUMBER})个?(?P<unit>天|小时|钟头|星期|礼拜|周)"
)
_UNITS = {"天": timedelta(days=1), "小时": timedelta(hours=1), "钟头": timedelta(hours=1)}
_WEEK = timedelta(days=7)
_MOST_SHIFTED = 60  # days or hours; whoever puts it off for longer names the day


def shifted(talk: Talk, text: str) -> dict[str, Taken]:
    """What is to be more or less than was said: 少去一个, 再加两个人, 时间往后推一天."""
    shown = normal(text)
    for pattern, sign in ((_LESS, -1), (_MORE, 1)):
        if (many := pattern.search(shown)) and (name := _only(talk, SlotType.NUMBER)):
            found = _added(talk.frame.slots[name], sign * value(many["many"]))
            return {name: found} if found else {}
    for pattern, sign in ((_SOONER, -1), (_LATER, 1)):
        if (many := pattern.search(shown)) and (name := _only(talk, SlotType.TIME)):
            by = min(value(many["many"]), _MOST_SHIFTED) * _UNITS.get(many["unit"], _WEEK)
            found = _moved(talk, name, sign * by)
            return {name: found} if found else {}
    return {}


def _only(talk: Talk, kind: SlotType) -> str:
    """The only slot of the kind that holds something, unless it is the one that is asked; "" for none."""
    held = talk.frame.slots
    found = [
        name
        for name, slot in talk.compiled.script.slots.items()
        if slot.type is kind and held.get(name) is not None and not (kind is SlotType.NUMBER and slot.reads)
    ]
    return found[0] if len(found) == 1 and found[0] != talk.step.collect else ""


def _added(held: Plain, more: int) -> Taken | None:
    many = held + more if isinstance(held, int) else 0
    return Taken(many, str(many)) if many > 0 else None


def _moved(talk: Talk, name: str, by: timedelta) -> Taken | None:
    """The window that is held, moved; None where that lies in the past."""
    held = talk.frame.slots[name]
    if not isinstance(held, dict) or not held.get("start"):
        return None
    start = datetime.fromisoformat(str(held["start"])) + by
    end = datetime.fromisoformat(str(held["end"])) + by if held.get("end") else None
    return times.taken_time(talk.compiled.script.slots[name], TimeWindow(start, end), talk.turn)
