"""The office opens: where nobody is on duty soon after, whoever answers for the service hears of it."""

from datetime import timedelta

from models.community import Community, ManagementOffice
from models.events import SubjectKind
from models.people import Duty, Role, Staff
from models.values import Json
from services import clock, duty, events, timers, worktime
from services.actors import SYSTEM
from services.events import Subject

KIND = "desk_opening"
GRACE = timedelta(minutes=5)  # for who comes in and sits down
_ONLY = 0  # the subject of the one timer


async def plan() -> None:
    """Have it looked at after the next opening; again after the office hours were changed."""
    now = clock.now()
    due = (await worktime.of_desk()).next_start(now - GRACE) + GRACE
    known = await timers.due_at(KIND, _ONLY)
    if known is None or (known > now and known != due):
        await timers.set_timer(KIND, _ONLY, due)


async def ring(_: int, __: Json) -> None:
    """It opened a while ago."""
    now = clock.now()
    hours = await worktime.of_desk()
    if hours.is_open(now):
        await _look_around()
    await timers.set_timer(KIND, _ONLY, hours.next_start(now) + GRACE)


async def _look_around() -> None:
    alone: dict[int, list[str]] = {}
    for office in await ManagementOffice.all().order_by("id"):
        places = await Community.filter(office_id=office.id).order_by("id")
        if not places or await _served(office.id):
            continue
        left = [Subject(SubjectKind.COMMUNITY, one.id, one.id) for one in places]
        await events.record_many(left, "nobody_on_duty", actor=SYSTEM)
        for person_id in await duty.leading(places[0].id):
            alone.setdefault(person_id, []).append(office.name)
    for person_id, offices in alone.items():
        key = f"nobody_at_opening:{clock.now().isoformat()}:{person_id}"
        await duty.tell(person_id, "staff.nobody_at_opening", {"offices": "、".join(offices)}, key=key)


async def _served(office_id: int) -> bool:
    there = Staff.filter(active=True, duty=Duty.ON, role__in=[Role.SERVICE, Role.ADMIN])
    return await there.filter(office_id=office_id).exists() or await there.filter(office_id=None).exists()
