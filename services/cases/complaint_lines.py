"""One line of a list of complaints, wherever staff read one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from services import clock
from services.cases import complaint_moves as moves
from services.cases import complaint_seen
from services.estate import homes
from services.estate.homes import Home

_WORDS = 80  # characters of the story


@dataclass(frozen=True, slots=True)
class Line:
    """`house` and `name` are "" for one that is anonymous; `words` are the beginning of the story."""

    id: int
    number: str
    kind: ComplaintKind
    topic: str
    words: str
    status: ComplaintStatus
    community: str
    house: str
    name: str
    handler: str
    created_at: datetime
    respond_by: datetime
    responded_at: datetime | None
    deadline_at: datetime
    answered_at: datetime | None
    late: bool  # it should have been answered by now
    rating: int | None
    reopened: int


async def read(found: QuerySet[Complaint]) -> list[Line]:
    """In the order in which they were asked for."""
    return await of(await found.select_related(*complaint_seen.RELATED))


async def of(rows: Sequence[Complaint]) -> list[Line]:
    """Read with what `complaint_seen.RELATED` names."""
    living = await homes.of([row.person_id for row in rows])
    return [line(row, living.get(row.person_id)) for row in rows]


def line(row: Complaint, home: Home | None) -> Line:
    return Line(
        id=row.id,
        number=row.number,
        kind=row.kind,
        topic=row.topic,
        words=" ".join(row.story.split())[:_WORDS],
        status=row.status,
        community=row.community.name,
        house=complaint_seen.house(row),
        name=complaint_seen.name(row, home),
        handler=row.handler.name if row.handler else "",
        created_at=row.created_at,
        respond_by=row.respond_by,
        responded_at=row.responded_at,
        deadline_at=row.deadline_at,
        answered_at=row.answered_at,
        late=row.status in moves.UNANSWERED and row.deadline_at < clock.now(),
        rating=row.rating,
        reopened=row.reopened_count,
    )
