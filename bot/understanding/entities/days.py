"""Days as they stand in a sentence: 后天, 下周三, 12月5号, 月底, 国庆前一天."""

import re
from datetime import date, datetime, timedelta

from bot.understanding.entities.clocks import ABOUT, CLOSES, PERIODS
from bot.understanding.entities.dates import day_of_month, month_end, saturday, weekday
from bot.understanding.entities.feasts import NAMES, feast
from bot.understanding.entities.numerals import CHINESE, NUMBER, value
from bot.understanding.entities.piece import Piece
from bot.understanding.entities.years import Year, year_before

_WEEKDAYS = {
    **dict(zip("一二三四五六日天", (0, 1, 2, 3, 4, 5, 6, 6), strict=True)),
    **dict(zip("1234567", range(7), strict=True)),
}
_SHIFT = {"大后": 3, "后": 2, "明": 1, "今": 0}

_WEEK = r"(?:周|星期|礼拜)"
# The class in front of a long pattern passes over the places where none of it can begin.
DAY = re.compile(
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
SELDOM = re.compile(
    r"(?P<two_days>今明|明后)两?[天日]"
    r"|(?P<iso>20\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:[12]\d|3[01]|0?[1-9])(?!\d))"
    rf"|(?P<feast>{NAMES})节?(?:(?:假期?|放假)?的?(?P<beside>第[一二三四五六七1-7]天|前一?[天日](?!之?[前后])|[后次]一?[天日])|(?P<around>[之以过]?[前后](?![天面台门])|期间|那几天)|[那当][天日](?:的|,)?|的?(?=[早上中下晚傍][上午]|来|早\d|晚\d|[一二两三四五六七八九十\d]{{1,3}}[点:]))"
    rf"|(?:再|(?<![没不超经])(?=过[^,。]{{1,3}}天[^,。;]{{0,3}}(?:来|修|装|吧)))过(?P<in_days>{NUMBER})天|(?P<in_weeks>{NUMBER})个?{_WEEK}[之以]?后"
)
_JUST = 60  # days
_WEEKEND = 2
_FAR = 400  # days ahead; what is said to be farther is no appointment
_SINCE_DAY = re.compile(r"\s*(?:以后|之后|过后)")


def read_day(match: re.Match[str], text: str, now: datetime) -> Piece | None:
    """“周五之前” is every day until then, “周五以后” has no end, other days stand for themselves."""
    piece = _named_day(match, text, now)
    if piece and piece.days == _WEEKEND and (since := _SINCE_DAY.match(text, piece.end)):
        return piece._replace(end=since.end(), day=None, lost="vague")  # 周末过后
    if not piece or piece.lost or piece.since is not None or piece.days > 1 or not piece.day:
        return piece
    if since := _SINCE_DAY.match(text, piece.end):
        return piece._replace(end=since.end(), days=0)
    closes = CLOSES.match(text, piece.end)
    days = (piece.day - now.date()).days + 1
    if not closes or days < 1:
        return piece
    return piece._replace(end=closes.end(), day=now.date(), days=days)


def _named_day(match: re.Match[str], text: str, now: datetime) -> Piece | None:
    today = now.date()
    start, end = match.span()
    if match["shift"]:
        if year := year_before(text, start, today):
            return Piece(year.start, end, lost="vague")  # 明年今天
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
        year = year_before(text, start, today)
        return _told(year.start if year else start, end, _dated(match, today, year), today)
    if match["bare_day"]:
        found = day_of_month(today, value(match["bare_day"]), match["month_word"])
        return _days_to(match, found) if found else Piece(start, end, lost="date")
    if match["in_days"]:
        if ABOUT.fullmatch(match["in_days"]):
            return Piece(start, end, lost="vague")  # 三五天后
        return _ahead(match, today, value(match["in_days"]))
    if match[0].endswith("底"):
        return (
            Piece(start, end, day=month_end(today, match[0].startswith("下"))) if "月" in match[0] else None
        )
    return Piece(start, end, day=saturday(today, match["end_week"]), days=2)


def read_seldom_day(match: re.Match[str], text: str, now: datetime) -> Piece | None:
    start, end = match.span()
    today = now.date()
    if match["two_days"]:
        return Piece(start, end, day=today + timedelta(days=match["two_days"] == "明后"), days=2)
    if match["iso"]:
        return _iso(match, today)
    if match["feast"]:
        return _feast_day(match, today, year_before(text, start, today))
    return _ahead(
        match, today, 7 * value(match["in_weeks"]) if match["in_weeks"] else value(match["in_days"])
    )


def _ahead(match: re.Match[str], today: date, days: int) -> Piece:
    if days > _FAR:
        return Piece(*match.span(), lost="date")
    return Piece(*match.span(), day=today + timedelta(days=days))


def _feast_day(match: re.Match[str], today: date, year: Year | None) -> Piece:
    """The feast itself or a day counted from it; “国庆后” is no day that could be told."""
    number = year.number if year else None
    day = None if match["around"] else feast(match["feast"], today, beside=match["beside"] or "", year=number)
    lost = "" if day else "past" if number and number <= today.year else "vague"
    return Piece(year.start if year else match.start(), match.end(), day=day, lost=lost)


def _iso(match: re.Match[str], today: date) -> Piece:
    year, month, day = map(int, re.split(r"[-/.]", match["iso"]))
    try:
        found = date(year, month, day)
    except ValueError:
        found = None
    return _told(*match.span(), found, today)


def _told(start: int, end: int, found: date | None, today: date) -> Piece:
    """With its year said, a day may be one that is long over."""
    if found and found >= today:
        return Piece(start, end, day=found)
    return Piece(start, end, lost="past" if found else "date")


def _days_to(match: re.Match[str], last: date) -> Piece:
    """“25-27号” is three days; a first day that is not before the last is left alone."""
    days = value(match["bare_day"]) - int(match["first_day"]) + 1 if match["first_day"] else 1
    days = max(days, 1)
    return Piece(*match.span(), day=last - timedelta(days=days - 1), days=days)


def _dated(match: re.Match[str], today: date, year: Year | None) -> date | None:
    """A date that is just over is told, not asked for; without a year, one that is long over is next year's."""
    month = 1 if match["month"] == "元" else value(match["month"])
    try:
        said = int(match["year"]) if match["year"] else year.number if year else 0
        if said:
            return date(said, month, value(match["day"]))
        found = date(today.year, month, value(match["day"]))
        if found >= today:
            return found
        return None if (today - found).days <= _JUST else date(today.year + 1, month, value(match["day"]))
    except ValueError:
        return None


def read_vague(match: re.Match[str], _: str, now: datetime) -> Piece | None:
    return Piece(*match.span(), lost="vague")
