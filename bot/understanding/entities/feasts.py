"""Feasts as dates, those of the lunar calendar too: 元旦, 除夕, 初二, 端午."""

from datetime import date, timedelta

from bot.understanding.entities.numerals import value

_FIXED = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "五一": (5, 1),
    "劳动": (5, 1),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
    "跨年": (12, 31),
    "情人节": (2, 14),
    "教师节": (9, 10),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
}
# First day of the lunar year, 端午, 中秋 and 重阳 of the years that an appointment can still fall into.
_LUNAR = {
    2026: ((2, 17), (6, 19), (9, 25), (10, 18)),
    2027: ((2, 6), (6, 9), (9, 15), (10, 8)),
    2028: ((1, 26), (5, 28), (10, 3), (10, 26)),
    2029: ((2, 13), (6, 16), (9, 22), (10, 16)),
    2030: ((2, 3), (6, 5), (9, 12), (10, 5)),
    2031: ((1, 23), (6, 24), (10, 1), (10, 24)),
    2032: ((2, 11), (6, 12), (9, 19), (10, 12)),
    2033: ((1, 31), (6, 1), (9, 8), (10, 1)),
    2034: ((2, 19), (6, 20), (9, 27), (10, 20)),
    2035: ((2, 8), (6, 10), (9, 16), (10, 9)),
}
_MOVING = ("端午", "中秋", "重阳")
_AFTER_NEW_YEAR = {
    "除夕": -1,
    "三十": -1,
    "春节": 0,
    **{f"初{day}": at for at, day in enumerate("一二三四五六七八九十")},
    "元宵": 14,
}
# Names that are numbers too stand alone: there is one in 周六一早, 二十一日 and 十一二点.
_NUMBERS = "|".join(name for name in _FIXED if len(name) == 2 and set(name) <= set("一五六十"))
_WORDS = "|".join(name for name in _FIXED if name not in _NUMBERS.split("|"))
NAMES = (
    rf"(?<![周期拜月零一二三四五六七八九十百\d])(?:{_NUMBERS})(?![一二三四五六七八九十]?[点时])|{_WORDS}"
    r"|大?年三十|(?:大年|年|正月)初[一二三四五六七八九十]|除夕|春节|元宵|正月十五|清明|端午|中秋|重阳"
)
_BESIDE = {"前": -1, "后": 1, "次": 1}


def feast(name: str, today: date, *, beside: str = "", year: int | None = None) -> date | None:
    """The day of that name in `year`, else the next one, today included; or the one `beside` it (前一天, 第二天).

    None when it is over, when the calendar here does not reach so far, and when two days could be meant.
    """
    at_new_year = _lunar_name(name) in _AFTER_NEW_YEAR
    if at_new_year and year == today.year:
        year = None  # 今年春节 is said of the one to come, too
    if at_new_year and year is not None and _AFTER_NEW_YEAR[_lunar_name(name)] < 0:
        return None  # 明年除夕 ends this lunar year, or the next
    shift = value(beside[1]) - 1 if beside.startswith("第") else _BESIDE.get(beside[:1], 0)
    years = (today.year, today.year + 1) if year is None else (year,)
    days = (_in_year(name, one) for one in years)
    shifted = (day + timedelta(days=shift) for day in days if day)
    return next((day for day in shifted if day >= today), None)


def _in_year(name: str, year: int) -> date | None:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name == "清明":
        return date(year, 4, _clear_and_bright(year))
    if year not in _LUNAR:
        return None
    new_year, *others = (date(year, *day) for day in _LUNAR[year])
    if name in _MOVING:
        return others[_MOVING.index(name)]
    return new_year + timedelta(days=_AFTER_NEW_YEAR[_lunar_name(name)])


def _lunar_name(name: str) -> str:
    return "元宵" if name == "正月十五" else name[-2:]


def _clear_and_bright(year: int) -> int:
    """The day of April on which the sun stands at 15 degrees, by the rule for this century."""
    return int(year % 100 * 0.2422 + 4.81) - year % 100 // 4
