"""Windows that come again: 工作日晚上, 周一到周五七点以后, 每天下午. The next one is what an appointment can be."""

import re
from datetime import datetime, timedelta

from bot.understanding.entities.moments import pieces
from bot.understanding.entities.piece import Piece, moment
from bot.understanding.values import TimeWindow

_WEEKDAYS = r"(?:工作日|平[时日常](?:日)?|(?:周|星期|礼拜)一(?:到|至|-)(?:周|星期|礼拜)?五)"
_DAILY = r"(?:每天|天天|每晚|每日)"
_WEEKENDS = r"(?:双休日?|休息日|节假日|每个?(?:周末|周六日?|礼拜天))"
_AGAIN = re.compile(
    rf"(?<![不除])(?:(?P<weekdays>{_WEEKDAYS})|(?P<daily>{_DAILY})|(?P<weekends>{_WEEKENDS}))(?:的|都|,|是)?"
)
_DAYS = {"weekdays": range(5), "weekends": range(5, 7), "daily": range(7)}
# In a sentence that tells something it counts only where somebody may come then.
_MAY_COME = re.compile(r"[^,。;!?才]{0,2}(?:来(?![敲吵])|上门|可以|都?行|都可以|有空|方便)")
_WHOLE_DAY = (0, 1440)


def find_recurring(text: str, now: datetime, *, alone: bool) -> TimeWindow | None:
    """The next of the windows that normalised `text` names as coming again; `said` keeps its words."""
    found = _AGAIN.search(text)
    if not found or (not alone and found["daily"]):
        return None
    rest = text[found.end() :]
    hours = next((one for one in pieces(rest, now) if one.since is not None and one.start <= 1), None)
    end = found.end() + (hours.end if hours else 0)
    if not alone and not _MAY_COME.match(text, end):
        return None
    said = text[found.start() : end].rstrip(",的都是")
    return _next(_DAYS[found.lastgroup or "daily"], hours, said, now)


def _next(days: range, hours: Piece | None, said: str, now: datetime) -> TimeWindow:
    since, till = (hours.since or 0, hours.till) if hours else _WHOLE_DAY
    for ahead in range(9):
        day = now.date() + timedelta(days=ahead)
        start, end = moment(day, since, now), None if till is None else moment(day, till, now)
        if day.weekday() in days and (end or start) > now:
            return TimeWindow(start, end, onward=hours is not None and hours.onward, said=said)
    raise AssertionError("no day of a week lies ahead")
