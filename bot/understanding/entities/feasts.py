"""Feasts as dates, those of the lunar calendar too: 元旦, 除夕, 初二, 端午."""

from datetime import date, timedelta

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
}
# First day of the lunar year, 端午 and 中秋 of the years that an appointment can still fall into.
_LUNAR = {
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
}
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
    r"|大?年三十|(?:大年|年|正月)初[一二三四五六七八九十]|除夕|春节|元宵|正月十五|端午|中秋"
)


def feast(name: str, today: date) -> date | None:
    """The next day of that name, today included; None when the calendar here does not reach so far."""
    days = (_in_year(name, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day and day >= today), None)


def _in_year(name: str, year: int) -> date | None:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if year not in _LUNAR:
        return None
    new_year, dragon_boats, moon = (date(year, *day) for day in _LUNAR[year])
    if name in ("端午", "中秋"):
        return dragon_boats if name == "端午" else moon
    return new_year + timedelta(days=_AFTER_NEW_YEAR["元宵" if name == "正月十五" else name[-2:]])
