"""Mass messages (群发): the rung of notices to people whose customer window is shut.

The platform allows four a month for each follower, counting those that staff send by hand in its console; the last
one is kept for what is urgent. Letters of one notice wait a little for each other, then go out together.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models.outbox import Outbox, OutboxStatus
from models.values import Json
from services import clock, timers
from services.delivery import claiming, undelivered
from services.delivery.claiming import Letter
from services.delivery.sending import Fault
from services.delivery.undelivered import REPORT
from services.estate import homes
from services.staff_tasks import tally

RUNG = "mass"
LEAST, MOST = 2, 10_000  # people that one call of the platform takes
_A_MONTH = 4
_KEPT = 1  # of those, for what is urgent
_GATHERED_FOR = timedelta(seconds=60)
_TRIES = 5

_CLAIM = """
UPDATE outbox SET status = 'sending', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT one.id FROM outbox AS one
    WHERE one.status = 'mass' AND one.payload->'values'->>'notice' = (
        SELECT due.payload->'values'->>'notice' FROM outbox AS due
        WHERE due.status = 'mass' AND due.not_before <= coalesce($1, now()) ORDER BY due.not_before LIMIT 1)
    ORDER BY one.id LIMIT $2 FOR UPDATE OF one SKIP LOCKED)
RETURNING id
"""


async def wait(letter: Letter, fault: Fault, *, reply: Json, after: timedelta = _GATHERED_FOR) -> None:
    """It cannot go by itself: let it go with the others of its notice. `reply` is what people will see."""
    await Outbox.filter(id=letter.id, status=OutboxStatus.SENDING).update(
        status=OutboxStatus.MASS,
        rung=RUNG,
        not_before=clock.now() + after,
        errcode=fault.errcode,
        error=fault.code,
        payload={**letter.payload, "reply": reply},
    )


async def claim() -> list[Letter]:
    """The letters of one notice that go out together now."""
    found = await Outbox._meta.db.execute_query_dict(_CLAIM, [clock.held(), MOST])
    return await claiming.letters([one["id"] for one in found]) if found else []


async def spent(people: Collection[int], *, urgent: bool) -> set[int]:
    """Those who had this month what they may have."""
    most = _A_MONTH if urgent else _A_MONTH - _KEPT
    month = clock.local(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sent = Outbox.filter(person_id__in=list(people), rung=RUNG, status=OutboxStatus.SENT, sent_at__gte=month)
    rows = await sent.annotate(had=Count("id")).group_by("person_id").values("person_id", "had")
    return {row["person_id"] for row in rows if row["had"] >= most}


async def taken(letters: Sequence[Letter], platform_id: str) -> None:
    """The platform sends it."""
    await _mine(letters).update(
        status=OutboxStatus.SENT, platform_id=platform_id, sent_at=clock.now(), errcode=None, error=""
    )


async def later(letters: Sequence[Letter], fault: Fault, *, after: timedelta) -> None:
    """Surely not sent, and it may pass: together again, a few times. Needs a unit of work."""
    again = [one for one in letters if one.attempts < _TRIES]
    await _mine(again).update(
        status=OutboxStatus.MASS, not_before=clock.now() + after, errcode=fault.errcode, error=fault.code
    )
    for letter in letters:
        if letter.attempts >= _TRIES:
            await undelivered.failed(letter, fault)


async def reported(platform_id: str, fault: str, missed: int) -> None:
    """The platform's word on a mass message: that it failed, or how many followers did not get it."""
    if fault:
        await timers.set_timer(REPORT, int(platform_id), clock.now(), note={"fault": fault})
        return
    row = await Outbox.filter(platform_id=platform_id, rung=RUNG).first()
    if row is None or not missed:
        return
    values, community_id = row.payload.get("values", {}), await homes.community_of(row.person_id)
    await tally(
        undelivered.UNREACHED_KIND,
        undelivered.UNREACHED,
        key=undelivered.unreached_key(values, community_id),
        values={"title": str(values.get("title", ""))},
        community_id=community_id,
        by=missed,
    )


def _mine(letters: Sequence[Letter]) -> QuerySet[Outbox]:
    return Outbox.filter(id__in=[one.id for one in letters], status=OutboxStatus.SENDING)
