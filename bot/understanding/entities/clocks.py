"""Clock times and halves of the day, as they stand in a sentence."""

import re
from datetime import datetime

from bot.understanding.entities.numerals import CHINESE, NUMBER, value
from bot.understanding.entities.piece import Piece

# 08:00-12:00 and so on, in minutes; the names are tried in this order.
PERIODS: dict[str, tuple[int, int]] = {
    "下午下班以后": (1080, 1320),
    "下午下班后": (1080, 1320),
    "凌晨": (0, 360),
    "半夜里": (0, 360),
    "大半夜": (0, 360),
    "深更半夜": (0, 360),
    "三更半夜": (0, 360),
    "半夜": (0, 360),
    "深夜": (1320, 1440),
    "午夜": (1380, 1500),
    "子夜": (1380, 1500),
    "早上": (480, 720),
    "早晨": (480, 720),
    "清早": (480, 720),
    "一早": (480, 720),
    "大早上": (480, 720),
    "一大早": (480, 720),
    "白天": (480, 1080),
    "上午": (480, 720),
    "中午": (690, 810),
    "晌午": (690, 810),
    "下午": (720, 1080),
    "午后": (720, 1080),
    "傍晚": (1020, 1140),
    "晚上": (1080, 1320),
    "夜里": (1080, 1320),
    "天黑以后": (1080, 1320),
    "天黑后": (1080, 1320),
    "晚饭后": (1080, 1320),
    "晚饭以后": (1080, 1320),
    "吃完晚饭": (1080, 1320),
    "吃过晚饭": (1080, 1320),
    "晚饭过后": (1080, 1320),
    "下了班": (1080, 1320),
    "放学后": (960, 1140),
    "放学以后": (960, 1140),
    "晚饭前": (960, 1110),
    "晚饭之前": (960, 1110),
    "晚饭以前": (960, 1110),
    "天黑前": (960, 1080),
    "天黑之前": (960, 1080),
    "下班前": (960, 1080),
    "下班之前": (960, 1080),
    "午饭前": (600, 720),
    "午饭之前": (600, 720),
    "吃完午饭": (720, 1080),
    "吃完中饭": (720, 1080),
    "中饭后": (720, 1080),
    "午饭后": (720, 1080),
    "午饭以后": (720, 1080),
    "下班以后": (1080, 1320),
    "下班之后": (1080, 1320),
    "下班后": (1080, 1320),
    "全天": (0, 1440),
    "整天": (0, 1440),
    "一天都": (0, 1440),
    "早": (480, 720),
    "晚": (1080, 1320),
}
_PERIOD = rf"(?P<period>{'|'.join(PERIODS)})"
_CLOCK_BODY = (
    rf"(?P<@hour>{NUMBER})\s?(?:点钟?|时(?!候)|[::](?=\d\d))"
    rf"(?P<@minute>半|[一1]刻|三刻|3刻|过?{NUMBER}分?(?![0-9点个:])|)"
)
_CLOCK = _CLOCK_BODY.replace("@", "")
_UNTIL = _CLOCK_BODY.replace("@", "till_")

_TO = r"\s*(?:[-~—–]{1,2}|到|至|和(?=[^,。]{1,8}之间))\s*"
_TILL_PERIOD = _PERIOD.replace("period", "till_period")
_SHORT_PERIOD = _PERIOD.replace("period", "short_period")
HOURS = re.compile(
    rf"(?=[{''.join(name[0] for name in PERIODS)}\d{CHINESE}])(?:"
    rf"(?:(?<!最){_PERIOD}的?\s*)?{_CLOCK}(?:{_TO}(?:{_TILL_PERIOD})?\s*{_UNTIL})?"
    rf"|(?:{_SHORT_PERIOD}\s*)?(?P<short_from>\d{{1,2}}){_TO}(?P<short_to>\d{{1,2}})(?:点钟?))"
)
BARE_PERIOD = re.compile(_PERIOD)
ABOUT = re.compile(r"[一二两三四五六七八九]{2}")  # 三四点: the earlier counts
_SHORT_OF = re.compile(rf"差(?:(?P<quarter>[一1]刻)|(?P<minutes>{NUMBER})分)钟?$")  # 差一刻九点 is 8:45
_OPENS = re.compile(r"\s*(?:钟)?(?:以后|之后|后|过后|往后|朝后|开始|起)")
_AFTER_A_DAY = re.compile(r"□[早晚](?![点了些饭会])")
CLOSES = re.compile(r"\s*(?:以前|之前|前)(?!台|面|后)")


def read_hours(match: re.Match[str], text: str, _: datetime) -> Piece | None:
    if match["short_from"]:
        return _short_range(match)
    if match["period"] in ("早", "晚") and match["hour"] == "一" and not match["minute"]:
        return None  # 晚一点 is somewhat later
    since = _clock(match["hour"], match["minute"], match["period"])
    if since is None:
        # 下午25点 is no afternoon either
        return Piece(*match.span(), lost="date") if match["period"] and value(match["hour"]) > 24 else None
    end = match.end()
    if short := _SHORT_OF.search(text, 0, match.start()):
        since -= 15 if short["quarter"] else value(short["minutes"])
    fixed = match["period"] is not None or _is_24h(match["hour"])
    if match["till_hour"]:
        till = _range_end(match, since)
        return Piece(match.start(), end, since=since, till=till, clock=True, fixed=fixed)
    if closes := CLOSES.match(text, end):
        return Piece(match.start(), closes.end(), since=0, till=since, clock=True, fixed=fixed)
    opens = _OPENS.match(text, end)
    stop = opens.end() if opens else end
    ends = PERIODS[match["period"]][1] if opens and match["period"] else None
    return Piece(
        match.start(), stop, since=since, clock=True, fixed=fixed, onward=opens is not None, within=ends
    )


def _short_range(match: re.Match[str]) -> Piece | None:
    since = _clock(match["short_from"], "", match["short_period"])
    till = _clock(match["short_to"], "", match["short_period"])
    if since is None or till is None:
        return None
    till += 720 if till <= since and till <= 720 else 0
    return Piece(*match.span(), since=since, till=till, clock=True, fixed=match["short_period"] is not None)


def _range_end(match: re.Match[str], since: int) -> int | None:
    period = match["till_period"] or match["period"]
    till = _clock(match["till_hour"], match["till_minute"], period)
    if till is not None and till <= since and till + 720 > since:
        till += 720
    return till


def _clock(hour_text: str, minute_text: str, period: str | None) -> int | None:
    hour = value(hour_text[0]) if ABOUT.fullmatch(hour_text) else value(hour_text)
    minute = _minute(minute_text)
    if hour > 24 or minute is None:
        return None
    return (hour if _is_24h(hour_text) else _in_half(hour, period)) * 60 + minute


def _is_24h(hour_text: str) -> bool:
    """Who writes 08:30 writes the hours of a whole day."""
    return len(hour_text) == 2 and hour_text[0] == "0"


def _minute(text: str) -> int | None:
    text = text.removeprefix("过").removesuffix("分")
    if not text:
        return 0
    special = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}
    minute = special.get(text)
    minute = value(text) if minute is None else minute
    return minute if minute < 60 else None


def _in_half(hour: int, period: str | None) -> int:
    """A clock hour in the said half of the day; without one the likeliest for a visit (08:00-19:59)."""
    if hour > 12 or hour == 0:
        return hour
    if period is None:
        return hour + 12 if hour < 8 else hour
    since, _ = PERIODS[period]
    if since >= 1080:
        return by_night(hour)
    if since < 480:
        return hour + 12 if "半夜" in period and hour >= 10 else hour % 12
    if since == 480:
        return hour
    if since == 690:
        return hour if hour >= 10 else hour + 12
    return hour if hour == 12 and since == 720 else hour + 12


def by_night(hour: int) -> int:
    """Of an evening: twelve is midnight, one to four come after it."""
    return hour + (12 if 5 <= hour <= 12 else 24)


def read_half(match: re.Match[str], text: str, _: datetime) -> Piece | None:
    if match["period"] in ("早", "晚") and not _AFTER_A_DAY.match(text, match.start() - 1):
        return None  # 晚 alone is also 晚了 and 吃晚饭; 周五晚 is an evening
    since, till = PERIODS[match["period"]]
    return Piece(*match.span(), since=since, till=till)
