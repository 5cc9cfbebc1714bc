"""What the rows of residents read like."""

from handlers.web.wording import word
from models.jobs import JobKind, JobStatus
from models.people import BindingStatus
from services.estate.finding import Line
from services.estate.house_file import Member
from services.estate.reviews import Review
from services.jobs import JobView


def member_state(member: Member | Line | Review) -> str:
    return word("residents.binding_state", "state", _state(member))


def member_tag(member: Member | Line | Review) -> str:
    """The colour that goes with the word."""
    return {"pending": "warn", "unmatched": "warn", "active": "ok", "disabled": "danger"}.get(
        _state(member), ""
    )


def complaint_state(status: str) -> str:
    return word("residents.complaint_state", "state", status)


def request_state(status: str) -> str:
    return word("residents.request_state", "state", status)


def job_state(job: JobView) -> str:
    if job.status is not JobStatus.DONE or job.kind != JobKind.IMPORT:
        return word("residents.job_state", "state", job.status.value)
    report = job.report
    state = "bad" if report.get("problems") else "saved" if report.get("saved") else "checked"
    return word("residents.job_state", "state", state)


def _state(member: Member | Line | Review) -> str:
    if member.status is None:
        return "left" if isinstance(member, Member) and member.until else "listed"
    if member.status is BindingStatus.ACTIVE and not member.matched:
        return "unmatched"
    return member.status.value


FILTERS = {
    "member_state": member_state,
    "member_tag": member_tag,
    "complaint_state": complaint_state,
    "request_state": request_state,
    "job_state": job_state,
}
