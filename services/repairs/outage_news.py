"""Who hears of an outage: those who reported it when it begins, whoever was told when it changes or ends."""

import re
from collections.abc import Collection

from models.events import SubjectKind
from models.faults import OutageHearer
from models.tasks import TaskKind
from models.tickets import Outage, Ticket
from services import clock, outbox, staff_tasks, timers
from services.events import Subject
from services.repairs import households
from services.repairs.moves import UNFINISHED

KIND = "outage"  # of its timer
REASON = "outage_over"
_MANY = 500

# What no cut of water or power explains.
_NOT_BY_IT = re.compile(r"漏|滴|渗|关不|堵|溢|爆|跳闸|短路|火花|焦")


def explains(supply_words: str) -> bool:
    """Whether an outage may be behind what somebody tells: nothing leaks or trips for want of water or power."""
    return _NOT_BY_IT.search(supply_words) is None


async def begin(row: Outage) -> None:
    """What is to be done now, and the timer for what comes next."""
    now = clock.now()
    if row.starts_at > now:
        return await timers.set_timer(KIND, row.id, row.starts_at)
    await _tell_reporters(row)
    if row.ends_at is None:
        return await timers.clear(KIND, row.id)
    if row.ends_at > now:
        return await timers.set_timer(KIND, row.id, row.ends_at)
    return await _ask_whether_over(row)


async def _tell_reporters(row: Outage) -> None:
    """Whoever reported it and has not heard of it yet."""
    known = {one.person_id for one in await hearers(row.id)}
    for person_id, number in (await reporters(row.community_id, row.building_id, row.category_code)).items():
        if person_id not in known:
            await OutageHearer.get_or_create({"number": number}, outage_id=row.id, person_id=person_id)
            said = await _said(row) | {"number": number}
            await outbox.tell(person_id, "outage.known", said, key=key(row, "known", person_id))


async def _ask_whether_over(row: Outage) -> None:
    said = await _said(row)
    await staff_tasks.add(
        TaskKind.DISPATCH,
        REASON,
        key=f"{REASON}:{row.id}:{row.ends_at:%Y%m%d%H%M}",
        values={"kind": said["kind"], "where": said["where"]},
        community_id=row.community_id,
    )


async def reporters(community_id: int, building_id: int | None, supply: str) -> dict[int, str]:
    """Persons whose repair waits there and may come from it, each with the number of the first."""
    found = Ticket.filter(community_id=community_id, category__code=supply, status__in=list(UNFINISHED))
    if building_id is not None:
        found = found.filter(house__building_id=building_id)
    people: dict[int, str] = {}
    for row in await found.order_by("id").limit(_MANY):
        if explains(row.description):
            for whom in await households.waiting(row):
                people.setdefault(whom.person_id, whom.number)
    return people


async def tell(row: Outage, phrase: str, what: str, *, only: Collection[int] | None = None) -> int:
    """Say it to everybody who was told, or to these of them; once each for the same `what`."""
    heard = [one for one in await hearers(row.id) if only is None or one.person_id in only]
    said = await _said(row)
    told = [
        (one.person_id, said | {"number": one.number or None}, key(row, what, one.person_id)) for one in heard
    ]
    await outbox.tell_all(told, phrase)
    return len(told)


async def hearers(outage_id: int) -> list[OutageHearer]:
    return await OutageHearer.filter(outage_id=outage_id).order_by("id")


async def _said(row: Outage) -> dict[str, outbox.Value]:
    """What a phrase about an outage may name."""
    await row.fetch_related("community", "building")
    building = row.building
    return {
        "kind": row.category_code,
        "where": row.community.name + (f"{building.number}栋" if building else ""),
        "text": row.text,
        "until": row.ends_at.isoformat() if row.ends_at else None,
    }


def subject(row: Outage) -> Subject:
    return Subject(SubjectKind.OUTAGE, row.id, row.community_id)


def key(row: Outage, what: str, person_id: int) -> str:
    return f"outage:{row.id}:{what}:{person_id}"
