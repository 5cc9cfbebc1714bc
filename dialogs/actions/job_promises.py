"""When a technician comes: what is promised, later than promised, and whether it suits the resident."""

import re
from datetime import datetime, time, timedelta

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.understanding.entities.bare import Expected, read_as
from bot.understanding.values import TimeWindow
from bot.values import Plain
from dialogs.actions.arguments import moment, span, whole, words
from dialogs.actions.crew import acting, job
from dialogs.actions.registry import registry
from services import actors, clock
from services.repairs import job_sheet, jobs
from services.repairs.views import JobView


def appointment(one: JobView) -> Plain:
    """The wished window until it is over."""
    over = one.appointment_end or one.appointment_start
    return window(one) if over is not None and over > clock.now() else None


def window(one: JobView) -> Plain:
    return span(one.appointment_start, one.appointment_end)


def morning(day: datetime | None) -> datetime | None:
    here = clock.local(day) if day else None
    return here.replace(hour=9) if here and here.time() == time() else day


def _promise(eta: Plain) -> datetime:
    """The moment that a time or a window promises; 十一点前 promises eleven."""
    at = _deadline(eta) or morning(moment(eta)) or clock.now()
    return max(at, clock.now() + timedelta(minutes=15))


def _deadline(eta: Plain) -> datetime | None:
    """The end of a window that begins with its day and ends in it."""
    start, end = moment(eta), moment(eta.get("end")) if isinstance(eta, dict) and eta.get("end") else None
    if start is None or end is None or clock.local(start).time() != time():
        return None
    return end if end - start < timedelta(days=1) else None


@registry.action(
    "jobs.accept", gives=("promised", "appointment"), outcomes=("day", "outside"), refuses_first=True
)
async def accept(
    turn: Turn, *, ticket: Plain, eta: Plain, hour: Plain = None, sure: Plain = None, said: Plain = None
) -> Outcome:
    """接单; a window promises its beginning. Where that is past, it is a quarter of an hour from now.

    Nothing is promised for a `day` before its `hour` is known, nor, unless the technician is `sure`, `outside` of the
    time that the resident asked for.
    """
    technician = acting(turn)
    one = await job(turn, whole(ticket))
    if hour is None and _is_day(eta):
        exactly = _appointed_on(one, eta)
        if exactly is None:
            return Outcome("day")
        eta = exactly
    promised = _promise(eta if hour is None else _at(eta, hour, turn.heard.text))
    if hour is None and words(said):
        promised = _on_its_day(one, promised, f"{words(said)} {turn.heard.text}")  # 接单, and then 一小时后到
    if not sure and (wished := _other_wish(one, promised)):
        return Outcome("outside", {"promised": promised.isoformat(), "appointment": wished})
    await jobs.confirm(whole(ticket), actor=actors.technician(technician), eta=promised)
    return Outcome(values={"promised": promised.isoformat()})


def _appointed_on(one: JobView | None, day: Plain) -> Plain:
    """The hour that the resident asked for on that day; None without one, or for a whole window."""
    start, on = (one.appointment_start, moment(day)) if one else (None, None)
    if one is None or start is None or on is None or one.appointment_end is not None:
        return None
    same = clock.local(start).date() == clock.local(on).date() and start > clock.now()
    return window(one) if same else None


_LATER_THAN_SAID = re.compile(r"晚|迟|推|延|拖|耽")
_NAMES_A_DAY = re.compile(
    r"[今明]|后[天日]|周|星期|礼拜|号|日|天|现在|马上|就到|就来|过来|出发|路上|分钟?|小时|钟头|刻|准时|按"
)
_LATE = 20  # o'clock: later is meant only by who says so
_EVENING = re.compile(r"晚|夜")


def _on_its_day(one: JobView | None, promised: datetime, said: str) -> datetime:
    """An hour without a day (“记错了，是十点”) is meant on the day of the job, if that is still to come."""
    due = (one.eta or one.appointment_start) if one else None
    if due is None or _NAMES_A_DAY.search(said):
        return promised
    here, there = clock.local(promised), clock.local(due).date()
    if there <= here.date():
        return promised
    return datetime.combine(there, _by_day(here.time(), said), clock.LOCAL)


def _is_day(eta: Plain) -> bool:
    """Whether a day was said and no hour of it."""
    start = moment(eta)
    end = moment(eta.get("end")) if isinstance(eta, dict) and eta.get("end") else None
    if start is None or clock.local(start).time() != time():
        return False
    return end is None or end - start >= timedelta(days=1)


def _at(day: Plain, hour: Plain, said: str) -> Plain:
    """The hour of that day; whoever says another day with it means that one."""
    on, at = moment(day), moment(hour)
    if on is None or at is None:
        return hour
    here, there = clock.local(at), clock.local(on).date()
    if here.date() > there:
        return hour
    return datetime.combine(there, _by_day(here.time(), said), clock.LOCAL).isoformat()


def _by_day(at: time, said: str) -> time:
    """九点 of another day is nine in the morning, whatever it would be today."""
    return at.replace(hour=at.hour - 12) if at.hour >= _LATE and not _EVENING.search(said) else at


def _other_wish(one: JobView | None, promised: datetime) -> Plain:
    """The window that the resident asked for, when what is promised lies outside of it."""
    if one is None or job_sheet.inside(one, promised):
        return None
    return appointment(one)


@registry.action("jobs.delayed", gives=("eta",), outcomes=("unknown",), reads=True)
async def delayed(turn: Turn, *, ticket: Plain, said: Plain) -> Outcome:
    """“要晚半小时”: so much later than what was promised; “一小时后才能去” is counted from now."""
    one = await job(turn, whole(ticket))
    now = clock.local(clock.now()).replace(second=0, microsecond=0)  # as spans are counted from
    later = read_as(Expected.TIME, words(said), now).value
    if one is None or not isinstance(later, TimeWindow) or later.start <= now:
        return Outcome("unknown")
    before = max(one.eta or now, now)
    eta = before + (later.start - now) if _LATER_THAN_SAID.search(words(said)) else max(before, later.start)
    return Outcome(values={"eta": {"start": clock.local(eta).isoformat(), "end": None}})


@registry.action("jobs.may_promise", gives=("appointment",), outcomes=("outside",), reads=True)
async def may_promise(turn: Turn, *, ticket: Plain, eta: Plain) -> Outcome:
    """Whether the time suits the resident; `outside` of their window it is better asked back."""
    one = await job(turn, whole(ticket))
    if one is None or job_sheet.inside(one, _promise(eta)):
        return Outcome()
    return Outcome("outside", {"appointment": window(one)})
