"""One line of a list of service requests, wherever staff read one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from models.requests import RequestStatus, ServiceRequest
from services.estate import homes
from services.estate.homes import Home

RELATED = ("community", "house", "person", "handler")
_WORDS = 80  # characters of the answers


@dataclass(frozen=True, slots=True)
class Line:
    """`words` are the first answers."""

    id: int
    number: str
    title: str
    words: str
    status: RequestStatus
    community: str
    house: str
    name: str
    handler: str
    wanted_at: datetime | None
    created_at: datetime


async def read(found: QuerySet[ServiceRequest]) -> list[Line]:
    """In the order in which they were asked for."""
    return await of(await found.select_related(*RELATED))


async def of(rows: Sequence[ServiceRequest]) -> list[Line]:
    """Read with what RELATED names."""
    living = await homes.of([row.person_id for row in rows])
    return [line(row, living.get(row.person_id)) for row in rows]


def line(row: ServiceRequest, home: Home | None) -> Line:
    return Line(
        id=row.id,
        number=row.number,
        title=row.title,
        words="；".join(one["answer"] for one in row.answers)[:_WORDS],
        status=row.status,
        community=row.community.name if row.community else "",
        house=row.house.label if row.house else "",
        name=home.name if home else row.person.name,
        handler=row.handler.name if row.handler else "",
        wanted_at=row.wanted_at,
        created_at=row.created_at,
    )
