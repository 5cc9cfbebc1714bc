"""Activities and places in them as residents see them."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.activities import Activity, SignUp, SignUpStatus


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the extra questions of a sign-up; without options it takes free words."""

    key: str
    text: str
    options: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class ActivityView:
    id: int
    title: str
    summary: str
    text: str
    picture: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    deadline_at: datetime
    max_party: int
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's sign-up. `position` is their place in the queue, 1 for the next, 0 for who does not wait."""

    id: int
    activity: ActivityView
    status: SignUpStatus
    party_size: int
    code: str
    offered_until: datetime | None
    position: int


@dataclass(frozen=True, slots=True)
class Details:
    """`left` is the number of free seats, None without a quota; `mine` the asking person's sign-up."""

    activity: ActivityView
    left: int | None
    waiting: int  # people in the queue
    mine: Place | None
    open_for_sign_up: bool


def activity_view(row: Activity) -> ActivityView:
    return ActivityView(
        id=row.id,
        title=row.title,
        summary=row.summary,
        text=row.text,
        picture=row.picture,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        deadline_at=row.deadline_at,
        max_party=row.max_party,
        questions=tuple(
            Asked(
                key=str(one["key"]),
                text=str(one["text"]),
                options=tuple(str(option) for option in one.get("options") or ()),
                required=bool(one.get("required")),
            )
            for one in row.questions
        ),
    )


async def place(signup: SignUp, activity: Activity) -> Place:
    waits = signup.status is SignUpStatus.WAITLISTED
    return Place(
        id=signup.id,
        activity=activity_view(activity),
        status=signup.status,
        party_size=signup.party_size,
        code=signup.code,
        offered_until=signup.offered_until,
        position=await _position(signup) if waits else 0,
    )


async def _position(signup: SignUp) -> int:
    queue = SignUp.filter(activity_id=signup.activity_id, status=SignUpStatus.WAITLISTED)
    before = Q(queued_at__lt=signup.queued_at) | Q(queued_at=signup.queued_at, id__lt=signup.id)
    return 1 + await queue.filter(before).count()
