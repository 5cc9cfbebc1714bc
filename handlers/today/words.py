"""What the rows of 今日 read like, and the pages that they lead to."""

from collections.abc import Mapping
from datetime import datetime

from handlers.today.values import Late
from handlers.web import wording
from handlers.web.routes import PREFIX, Declared
from handlers.web.wording import phrase
from services import clock, spelling
from services.cases.complaint_lines import Line as ComplaintLine
from services.cases.request_lines import Line as RequestLine
from services.desk.promises import Chip, PromiseLine
from services.desk.task_lines import TaskLine
from services.desk.waiting_talks import LeftTask, Waits
from services.repairs.listing import Row
from services.running_clocks import ClockState
from services.staff_tasks import Value

_SHEETS = {
    "ticket": "/tickets/{id:[0-9]+}",
    "complaint": "/complaints/{id:[0-9]+}",
    "request": "/complaints/requests/{id:[0-9]+}",
    "talk": "/talks/{id:[0-9]+}",
    "house": "/residents/{id:[0-9]+}",
    "person": "/residents/people/{id:[0-9]+}",
}
_LISTS = {
    "ticket": "/tickets",
    "fault": "/faults",
    "complaint": "/complaints",
    "request": "/complaints/requests",
    "resident": "/residents",
    "content": "/data",
}

_OF_CASES = (
    "complaint_untaken",
    "complaint_leading",
    "complaint_overdue",
    "instruction",
)  # their values name the matter
_TALKS = {"conversation": "talk"}
_OF_FAULTS = ("same_fault", "outage_over")


class Places:
    """Where matters are done, as far as there is such a page."""

    def __init__(self, declared: Mapping[tuple[str, str], Declared]) -> None:
        self._declared = {path for method, path in declared if method == "GET"}

    def of(self, kind: str, number: int | None = None) -> str:
        """The sheet of one matter, else the list of its kind; "" where there is neither."""
        sheet = _SHEETS.get(kind, "")
        if number is not None and _canonical(sheet) in self._declared:
            return PREFIX + sheet.partition("{")[0] + str(number)
        listed = _LISTS.get(kind, "")
        return PREFIX + listed if listed in self._declared else ""

    def of_promise(self, promise: PromiseLine) -> str:
        """The message at which it was promised, or the sheet of its matter."""
        if promise.kind != "conversation":
            return self.of(promise.kind, promise.subject_id)
        place = self.of("talk", promise.subject_id)
        return f"{place}?at={promise.entry}" if place and promise.entry else place

    def of_task(self, task: TaskLine) -> str:
        if task.ticket_id is not None:
            return self.of("ticket", task.ticket_id)
        if task.reason in _OF_FAULTS:
            return self.of("fault")
        if task.reason in _OF_CASES:
            kind, number = str(task.values.get("kind") or "complaint"), task.values.get("id")
            return self.of(_TALKS.get(kind, kind), number if isinstance(number, int) else None)
        if task.kind == "review":
            return self.of("resident")
        if task.kind == "calendar":
            return self.of("content")
        return self.of("talk", task.conversation_id) if task.conversation_id is not None else ""


def _canonical(path: str) -> str:
    """As the router names a path: its places without their patterns."""
    start, found, rest = path.partition("{")
    return f"{start}{{{rest.partition(':')[0]}}}" if found else path


def late_repair(one: Row) -> Late:
    """By the clock that is worst; without one it stands still."""
    state = phrase("desk.ticket_state", {"state": one.status})
    late = one.clock if one.clock is not None and one.clock.state is ClockState.LATE else None
    why = phrase("today.stalled", {"state": state})
    if late is not None:
        why = phrase("today.late_state", {"state": state, "clock": late.kind})
    return Late(
        "ticket",
        one.id,
        one.number,
        f"{one.category} {one.place}".strip(),
        why,
        _where(one.community, one.house),
        one.technician,
        phrase("today.late", {"span": wording.lasting(late.span)}) if late else phrase("today.still"),
    )


def _late(since: datetime) -> str:
    return phrase("today.late", {"span": wording.since(since)})


def late_complaint(one: ComplaintLine) -> Late:
    what = phrase("today.complaint_kind", {"kind": one.kind, "topic": one.topic})
    where = _where(one.community, one.house)
    return Late(
        "complaint",
        one.id,
        one.number,
        what,
        phrase("today.late_answer"),
        where,
        one.handler,
        _late(one.deadline_at),
    )


def late_request(one: RequestLine) -> Late:
    since = one.wanted_at or one.created_at
    where = _where(one.community, one.house)
    return Late(
        "request", one.id, one.number, one.title, phrase("today.late_wish"), where, one.handler, _late(since)
    )


def _where(community: str, house: str) -> str:
    return f"{community} {house}".strip()


def task(one: TaskLine | LeftTask) -> str:
    """What is to be done, as the list of tasks words it."""
    values = {name: _discreet(name, value) for name, value in one.values.items()}
    return phrase(f"task.{one.reason}", {**values, "name": getattr(one, "name", "")}) or one.reason


def _discreet(name: str, value: Value) -> Value:
    """What people wrote themselves (`text`) may be a number to call; what we wrote shows none."""
    return spelling.discreet(value) if isinstance(value, str) and name != "text" else value


def said(one: Waits) -> str:
    """The last words of somebody who waits."""
    if one.last is None:
        return ""
    text = one.last.text or (phrase(one.last.phrase) if one.last.phrase else "")
    if one.last.kind != "text":
        text = f"{phrase('desk.kind', {'kind': one.last.kind})} {text}".strip()
    return " ".join(text.split())[:120]


def window(one: Waits) -> str:
    """窗口剩 5小时12分，还能发 3 条."""
    if one.until is None:
        return phrase("today.window_closed")
    return phrase("today.window_open", {"span": wording.until(one.until), "left": one.left})


def soon(until: datetime | None) -> str:
    """How urgent the end of a window is, as the tags name it."""
    if until is None:
        return "danger"
    hours = (until - clock.now()).total_seconds() / 3600
    return "warn" if hours < 6 else ""


def chip(one: Chip) -> str:
    return phrase("promise.chip", {"name": one.name})


FILTERS = {
    "chip_words": chip,
    "task_words": task,
    "waiting_words": said,
    "window_words": window,
    "window_state": soon,
}
