"""Two at the same case: whoever acts says up to which event they had read, and is stopped when there is more."""

from models.events import Event, SubjectKind
from services.errors import NotAllowed

# What changes nothing that somebody has to know before they act.
QUIET = ("printed", "untaken", "overdue", "acknowledged")


class Crossed(NotAllowed):
    """Something was said or done that whoever acts had not seen."""


async def newest(kind: SubjectKind, subject_id: int) -> int:
    """The id of the last event that matters; 0 when nothing has happened."""
    found = Event.filter(subject_kind=kind, subject_id=subject_id).exclude(verb__in=list(QUIET))
    row = await found.order_by("-id").first().only("id")
    return row.id if row else 0


async def must_have_seen(kind: SubjectKind, subject_id: int, seen: int | None) -> None:
    """Raise Crossed for more than `seen`; None is for whoever works without a page. The subject is locked already."""
    if seen is not None and await newest(kind, subject_id) > seen:
        raise Crossed("case.crossed")
