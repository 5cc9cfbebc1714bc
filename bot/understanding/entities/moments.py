"""The pieces of a time expression, as they stand in a sentence: days, halves of a day, clock times."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from bot.understanding.entities.dates import day_of_month, month_end, saturday, weekday
from bot.understanding.entities.feasts import NAMES, feast
from bot.understanding.entities.numerals import CHINESE, NUMBER, value
from bot.understanding.entities.vague import VAGUE, VAGUE_HINT

_WEEKDAYS = {
    **dict(zip("一二三四五六日天", (0, 1, 2, 3, 4, 5, 6, 6), strict=True)),
    **dict(zip("1234567", range(7), strict=True)),
}
_SHIFT = {"大后": 3, "后": 2, "明": 1, "今": 0}

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
_WEEK = r"(?:周|星期|礼拜)"
_CLOCK_BODY = (
    rf"(?P<@hour>{NUMBER})\s?(?:点钟?|时(?!候)|[::](?=\d\d))"
    rf"(?P<@minute>半|[一1]刻|三刻|3刻|过?{NUMBER}分?(?![0-9点个:])|)"
)
_CLOCK = _CLOCK_BODY.replace("@", "")
_UNTIL = _CLOCK_BODY.replace("@", "till_")

# The class in front of a long pattern passes over the places where none of it can begin.
_DAY = re.compile(
    rf"(?=[大后明今下这本周星礼元月底\d{CHINESE}])(?:"
    r"(?P<shift>大后|后|明|今)(?:天|日|儿个?|个(?=[早晚上下中]))?(?:的)?(?P<shift_period>早(?!点|就|上|晨)|晚(?!上|点))?(?P<bound>(?<=[天日儿个早晚]))"
    rf"|(?:(?P<end_week>下下|下|这|本)(?:一)?个?(?:{_WEEK}的?(?={_WEEK}))?)?(?:周末|星期末|礼拜末|{_WEEK}六[、和跟或到至]?{_WEEK}?[日天])(?:两天)?"
    rf"|(?:(?P<week>下下|下|这|本)(?:一)?个?(?:{_WEEK}的?(?={_WEEK}))?)?{_WEEK}(?P<weekday>[一二三四五六日天](?![点个-])|[1-6](?![点个0-9-]))"
    rf"|(?P<whole_week>下下|下)(?:一)?个?{_WEEK}(?!末)"
    rf"|(?:(?P<year>20\d\d)年)?(?<!\d)(?P<month>元|\d\d(?=月)|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?:月份?|[/.](?=\d{{1,2}}(?:[号日早晚]|[上下中]午))|-(?=\d{{1,2}}(?:[日早晚]|[上下中]午)))(?P<day>[0-3]?\d|[一二三四五六七八九十]{{1,3}})[日号]?(?![\d点楼栋])"
    rf"|(?P<month_word>下个?月|这个?月|本月)?(?<![\d第])(?:(?P<first_day>[0-3]?\d)[号日]?[-~到至])?(?P<bare_day>\d?\d|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:号|日(?=[早上中下晚傍凌]))(?=$|[\s,。!?;、上中下早晚凌傍夜那以之前后到来去我能可有在就吧行都也的要约过是开停吗不几什□]|\d+[点:号])"
    r"|(?P<month_end>下个?月|这个?月|本月)?月?底"
    rf"|(?P<in_days>{NUMBER})天[之以]?后)"
)
_SELDOM = re.compile(
    r"(?P<two_days>今明|明后)两?[天日]"
    r"|(?P<iso>20\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:[12]\d|3[01]|0?[1-9])(?!\d))"
    rf"|(?P<feast>{NAMES})节?(?:(?:假期?|放假)?的?(?P<beside>第[一二三四五六七1-7]天|前一?[天日](?!之?[前后])|[后次]一?[天日])|(?P<around>[之以过]?[前后](?![天面台门])|期间|那几天)|[那当][天日](?:的|,)?|的?(?=[早上中下晚傍][上午]|来|早\d|晚\d|[一二两三四五六七八九十\d]{{1,3}}[点:]))"
    rf"|(?:再|(?<![没不超经])(?=过[^,。]{{1,3}}天[^,。;]{{0,3}}(?:来|修|装|吧)))过(?P<in_days>{NUMBER})天|(?P<in_weeks>{NUMBER})个?{_WEEK}[之以]?后"
)
_RELATIVE = re.compile(
    rf"(?:再?过)?(?:(?P<half_hour>半)个?(?:小时|钟头|钟)|(?P<hours>{NUMBER})个?(?P<and_half>半)?(?:小时|钟头|钟(?!后的))(?P<plus_half>半)?"
    rf"|(?P<minutes>{NUMBER})分钟|(?P<quarters>[一两三123])刻钟)(?P<after>[之以]?后)?"
)
_TO = r"\s*(?:[-~—–]{1,2}|到|至|和(?=[^,。]{1,8}之间))\s*"
_TILL_PERIOD = _PERIOD.replace("period", "till_period")
_SHORT_PERIOD = _PERIOD.replace("period", "short_period")
_HOURS = re.compile(
    rf"(?=[{''.join(name[0] for name in PERIODS)}\d{CHINESE}])(?:"
    rf"(?:(?<!最){_PERIOD}的?\s*)?{_CLOCK}(?:{_TO}(?:{_TILL_PERIOD})?\s*{_UNTIL})?"
    rf"|(?:{_SHORT_PERIOD}\s*)?(?P<short_from>\d{{1,2}}){_TO}(?P<short_to>\d{{1,2}})(?:点钟?))"
)
_BARE_PERIOD = re.compile(_PERIOD)
_ABOUT = re.compile(r"[一二两三四五六七八九]{2}")  # 三四点: the earlier counts
_JUST = 60  # days
_FAR = 400  # days ahead; what is said to be farther is no appointment
_SHORT_OF = re.compile(rf"差(?:(?P<quarter>[一1]刻)|(?P<minutes>{NUMBER})分)钟?$")  # 差一刻九点 is 8:45
_OPENS = re.compile(r"\s*(?:钟)?(?:以后|之后|后|过后|开始|起)")
_AFTER_A_DAY = re.compile(r"□[早晚](?![点了些饭会])")
_SINCE_DAY = re.compile(r"\s*(?:以后|之后|过后)")
_CLOSES = re.compile(r"\s*(?:以前|之前|前)(?!台|面|后)")


class Piece(NamedTuple):
    """Part of a moment at `start`..`end` of the text: days from `day` on, or minutes of a day, or a moment.

    No `days` at all are open: “28号以后”.
    `clock` says that minutes come from a clock and not from a half of the day; `till` is None for an open end.
    """

    start: int
    end: int
    day: date | None = None
    days: int = 1
    since: int | None = None
    till: int | None = None
    clock: bool = False
    fixed: bool = False  # the half of the day was said, so the clock needs no guess
    at: datetime | None = None
    onward: bool = False  # “七点以后”: from then on
    lost: str = (
        ""  # a day that was said and cannot be told: a "date" that is none or is over, or a "vague" one
    )


_Reader = Callable[[re.Match[str], str, datetime], Piece | None]


def pieces(text: str, now: datetime) -> list[Piece]:
    """All pieces of `text` in order; each character belongs to one piece at most."""
    found: list[Piece] = []
    for hint, pattern, read in _READERS:
        if not hint.search(text):
            continue
        for match in pattern.finditer(text):
            piece = read(match, text, now) if match[0] else None
            if piece:
                text = text[: piece.start] + "□" * (piece.end - piece.start) + text[piece.end :]
                found.append(piece)
    return sorted(found, key=attrgetter("start"))


def _relative(match: re.Match[str], _: str, now: datetime) -> Piece | None:
    if not (match["after"] or "过" in match[0]):
        return None
    minutes = 0.0
    if match["half_hour"]:
        minutes = 30
    elif match["hours"]:
        minutes = 60 * value(match["hours"]) + (30 if match["and_half"] or match["plus_half"] else 0)
    elif match["minutes"]:
        minutes = value(match["minutes"])
    elif match["quarters"]:
        minutes = 15 * value(match["quarters"])
    return Piece(*match.span(), at=now + timedelta(minutes=minutes)) if minutes <= _FAR * 1440 else None


def _day(match: re.Match[str], text: str, now: datetime) -> Piece | None:
    """“周五之前” is every day until then, “周五以后” has no end, other days stand for themselves."""
    piece = _named_day(match, now)
    if not piece or piece.lost or piece.since is not None or piece.days > 1 or not piece.day:
        return piece
    if since := _SINCE_DAY.match(text, piece.end):
        return piece._replace(end=since.end(), days=0)
    closes = _CLOSES.match(text, piece.end)
    days = (piece.day - now.date()).days + 1
    if not closes or days < 1:
        return piece
    return piece._replace(end=closes.end(), day=now.date(), days=days)


def _named_day(match: re.Match[str], now: datetime) -> Piece | None:
    today = now.date()
    start, end = match.span()
    if match["shift"]:
        piece_day = today + timedelta(days=_SHIFT[match["shift"]])
        if match["shift_period"]:
            since, till = PERIODS[match["shift_period"]]
            return Piece(start, end, day=piece_day, since=since, till=till)
        return Piece(start, end, day=piece_day) if end - start > 1 else None
    if match["weekday"]:
        return Piece(start, end, day=weekday(today, match["week"], _WEEKDAYS[match["weekday"]]))
    if match["whole_week"]:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=len(match["whole_week"]))
        return Piece(start, end, day=monday, days=7)
    if match["month"]:
        found = _dated(match, today)
        return Piece(start, end, day=found, lost="" if found else "date")
    if match["bare_day"]:
        found = day_of_month(today, value(match["bare_day"]), match["month_word"])
        return _days_to(match, found) if found else Piece(start, end, lost="date")
    if match["in_days"]:
        return _ahead(match, today, value(match["in_days"]))
    if match[0].endswith("底"):
        return (
            Piece(start, end, day=month_end(today, match[0].startswith("下"))) if "月" in match[0] else None
        )
    return Piece(start, end, day=saturday(today, match["end_week"]), days=2)


def _seldom_day(match: re.Match[str], _: str, now: datetime) -> Piece | None:
    start, end = match.span()
    today = now.date()
    if match["two_days"]:
        return Piece(start, end, day=today + timedelta(days=match["two_days"] == "明后"), days=2)
    if match["iso"]:
        return _iso(match)
    if match["feast"]:
        return _feast_day(match, today)
    return _ahead(
        match, today, 7 * value(match["in_weeks"]) if match["in_weeks"] else value(match["in_days"])
    )


def _ahead(match: re.Match[str], today: date, days: int) -> Piece:
    if days > _FAR:
        return Piece(*match.span(), lost="date")
    return Piece(*match.span(), day=today + timedelta(days=days))


def _feast_day(match: re.Match[str], today: date) -> Piece:
    """The feast itself or a day counted from it; “国庆后” is no day that could be told."""
    day = None if match["around"] else feast(match["feast"], today, beside=match["beside"] or "")
    return Piece(*match.span(), day=day, lost="" if day else "vague")


def _iso(match: re.Match[str]) -> Piece | None:
    year, month, day = map(int, re.split(r"[-/.]", match["iso"]))
    try:
        return Piece(*match.span(), day=date(year, month, day))
    except ValueError:
        return Piece(*match.span(), lost="date")


def _days_to(match: re.Match[str], last: date) -> Piece:
    """“25-27号” is three days; a first day that is not before the last is left alone."""
    days = value(match["bare_day"]) - int(match["first_day"]) + 1 if match["first_day"] else 1
    days = max(days, 1)
    return Piece(*match.span(), day=last - timedelta(days=days - 1), days=days)


def _dated(match: re.Match[str], today: date) -> date | None:
    """A date that is just over is told, not asked for; one that is long over is next year's."""
    month = 1 if match["month"] == "元" else value(match["month"])
    try:
        if match["year"]:
            return date(int(match["year"]), month, value(match["day"]))
        found = date(today.year, month, value(match["day"]))
        if found >= today:
            return found
        return None if (today - found).days <= _JUST else date(today.year + 1, month, value(match["day"]))
    except ValueError:
        return None


def _hours(match: re.Match[str], text: str, _: datetime) -> Piece | None:
    if match["short_from"]:
        return _short_range(match)
    if match["period"] in ("早", "晚") and match["hour"] == "一" and not match["minute"]:
        return None  # 晚一点 is somewhat later
    since = _clock(match["hour"], match["minute"], match["period"])
    if since is None:
        return None
    end = match.end()
    if short := _SHORT_OF.search(text, 0, match.start()):
        since -= 15 if short["quarter"] else value(short["minutes"])
    fixed = match["period"] is not None or _is_24h(match["hour"])
    if match["till_hour"]:
        till = _range_end(match, since)
        return Piece(match.start(), end, since=since, till=till, clock=True, fixed=fixed)
    if closes := _CLOSES.match(text, end):
        return Piece(match.start(), closes.end(), since=0, till=since, clock=True, fixed=fixed)
    opens = _OPENS.match(text, end)
    stop = opens.end() if opens else end
    return Piece(match.start(), stop, since=since, clock=True, fixed=fixed, onward=opens is not None)


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
    hour = value(hour_text[0]) if _ABOUT.fullmatch(hour_text) else value(hour_text)
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


def _half(match: re.Match[str], text: str, _: datetime) -> Piece | None:
    if match["period"] in ("早", "晚") and not _AFTER_A_DAY.match(text, match.start() - 1):
        return None  # 晚 alone is also 晚了 and 吃晚饭; 周五晚 is an evening
    since, till = PERIODS[match["period"]]
    return Piece(*match.span(), since=since, till=till)


def _vague(match: re.Match[str], _: str, now: datetime) -> Piece | None:
    return Piece(*match.span(), lost="vague")


_READERS: tuple[tuple[re.Pattern[str], re.Pattern[str], _Reader], ...] = (
    # What a match cannot do without is looked for first: the patterns themselves are slow to say no.
    (re.compile(r"小时|钟"), _RELATIVE, _relative),
    (
        re.compile(
            r"[旦庆诞夜节夕宵秋午三明阳]|[五六十][一]|年|初|今明|明后|过|[周期拜][之以]?后|20\d\d[-/.]"
        ),
        _SELDOM,
        _seldom_day,
    ),
    (re.compile(r"[后明今周期拜末月/.号日底天-]"), _DAY, _day),
    (VAGUE_HINT, VAGUE, _vague),
    (re.compile(r"[点时:：]"), _HOURS, _hours),
    (re.compile(r"[早晚午晨夜晌傍下全整天白饭放]"), _BARE_PERIOD, _half),
)


def moment(day: date, minute: int, now: datetime) -> datetime:
    """`minute` of `day` on the clock of `now`; minute 1440 is 00:00 of the next day."""
    return datetime.combine(day, time(), tzinfo=now.tzinfo) + timedelta(minutes=minute)
