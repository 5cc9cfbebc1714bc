"""What the rows of services read like on the pages of complaints: states, clocks, what happened and what was sent."""

from collections.abc import Callable
from datetime import datetime

from bot.scripts import texts
from handlers.desk.words import why
from handlers.web import wording
from handlers.web.wording import phrase
from services import clock
from services.cases.complaint_clocks import Clock
from services.cases.happenings import By, Happening
from services.running_clocks import ClockState


def state(status: str) -> str:
    return phrase("case.complaint_state", {"state": status})


def request_state(status: str) -> str:
    return phrase("case.request_state", {"state": status})


def kind(kind: str) -> str:
    return phrase("complaint.kind", {"kind": kind})


def clock_name(clock: Clock) -> str:
    return phrase("case.clock", {"clock": clock.kind})


def clock_state(clock: Clock) -> str:
    """As the kit colours it: one that was done too late stays red."""
    return ClockState.LATE if clock.late else clock.state


def clock_text(clock: Clock) -> str:
    """还剩 3小时, 超时 20分, 按时, 晚了."""
    if clock.state is ClockState.DONE:
        return wording.word("case.clock_done", "state", clock_state(clock))
    state = "late" if clock.state is ClockState.LATE else "ok"
    return phrase("case.clock_left", {"state": state, "span": wording.lasting(clock.span)})


def when(at: datetime) -> str:
    """今天 14:05, 明天 09:00, 11月28日周六 18:00."""
    return texts.when(at.isoformat())


def happened(one: Happening, subject: str = "complaint", *, paper: bool = False) -> str:
    """答复住户：已经约谈楼上业主。On paper no day is 明天."""
    what = phrase(f"{subject}.happened", {"verb": one.verb})
    said = " ".join(part for part in (_besides(one, full if paper else when), one.text) if part)
    return f"{what}：{said}" if said else what


def _besides(one: Happening, told: Callable[[datetime], str]) -> str:
    if one.verb == "passed_on":
        return str(one.body.get("name", ""))
    if one.verb == "rated" and "stars" in one.body:
        return f"{one.body['stars']}星。"
    if one.verb in ("extended", "reopened") and "after" in one.body:
        return f"最晚{told(datetime.fromisoformat(str(one.body['after'])))}答复。"
    return ""


def full(at: datetime) -> str:
    """For paper, where nothing is relative."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def who(one: Happening) -> str:
    """Who it was, and how the message about it goes."""
    name = {By.RESIDENT: "住户", By.SYSTEM: "系统"}.get(one.by, one.who)
    return " · ".join(part for part in (name, sent(one)) if part)


def sent(one: Happening) -> str:
    found = phrase("case.sent", {"state": one.sent}) if one.sent else ""
    return f"{found}：{why(one.why)}" if found and one.why else found


FILTERS = {
    "complaint_state": state,
    "request_state": request_state,
    "complaint_kind": kind,
    "case_clock_name": clock_name,
    "case_clock_state": clock_state,
    "case_clock_text": clock_text,
    "case_when": when,
    "case_full": full,
    "case_happened": happened,
    "case_happened_by": who,
    "sent_word": sent,
}
