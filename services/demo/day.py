"""A day that has begun in the demo: repairs in every state, complaints, a promise, done by the verbs that all use.

What anybody was told on the way counts as sent when it happened, so that no phone rings for it when the demo starts.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from models.community import Community
from models.complaints import Complaint
from models.outbox import Outbox
from models.people import Person
from models.tickets import Ticket
from models.timers import Timer
from models.values import Json
from services import clock, timers, work
from services.cases import complaint_moves, complaints
from services.demo import neighbours
from services.demo.happening import Day
from services.repairs import deadlines, dispatch, sla
from services.timers import Due

Step = tuple[datetime, Callable[[], Awaitable[None]]]
Ringing = Callable[[int, Json], Awaitable[None]]  # the subject and the note of a timer

_RESIDENT = "o_demo_wang"  # where she is at home, the demo is
_TOLD = """
UPDATE outbox SET status = 'sent', attempts = 1, sent_at = not_before, created_at = not_before
WHERE id > $1 AND status = 'pending' AND not_before <= $2
"""


async def _untaken(complaint_id: int, _: Json) -> None:
    await complaints.check_first(complaint_id)


async def _overdue(complaint_id: int, _: Json) -> None:
    await complaints.check_deadline(complaint_id)


_CLOCKS: Mapping[str, Ringing] = {
    deadlines.KIND: sla.ring,
    complaint_moves.FIRST: _untaken,
    complaint_moves.DEADLINE: _overdue,
}


async def load() -> bool:
    """Let the day of the demo happen; False where there is no demo, or where anything was reported already."""
    async with work.unit():
        if not await _is_untouched_demo():
            return False
        told, last = neighbours.story(), await Outbox.all().order_by("-id").first()
        for one in told["people"]:
            community, label = one["house"].split()
            await neighbours.move_in(one["openid"], one["name"], community=community, label=label)
        day = await Day.begin()
        for moment, step in sorted(_steps(day), key=lambda one: one[0]):
            await _ring(_CLOCKS, until=moment)
            with clock.fixed(moment):
                await step()
            await Outbox._meta.db.execute_query(_TOLD, [last.id if last else 0, moment])
        await _ring({**_CLOCKS, dispatch.KIND: dispatch.run}, until=day.now)
        await Outbox._meta.db.execute_query(_TOLD, [last.id if last else 0, day.now])
    return True


async def _is_untouched_demo() -> bool:
    there = await Community.exists(code="c:qinghe") and await Person.exists(channel_id=_RESIDENT)
    return there and not await Ticket.exists() and not await Complaint.exists()


async def _ring(kinds: Mapping[str, Ringing], *, until: datetime) -> None:
    """What the clocks would have done by then: what is late was said to be late when it became so."""
    while due := await Timer.filter(kind__in=list(kinds), due_at__lte=until).order_by("due_at", "id").first():
        with clock.fixed(due.due_at):
            await kinds[due.kind](due.subject_id, due.note)
            await timers.end(Due(due.id, due.kind, due.subject_id, due.due_at, due.note))


def _steps(day: Day) -> Iterator[Step]:
    """All that happened, each with its moment."""
    told = neighbours.story()
    for one in told["tickets"]:
        yield day.ago(one["ago"]), partial(day.report, one)
        for ago, act, *given in told["steps"].get(one["key"], ()):
            yield day.ago(ago), partial(day.work, act, one["key"], given[0] if given else {})
    for one in told["complaints"]:
        yield day.ago(one["ago"]), partial(day.complain, one)
        for ago, act, *given in one["steps"]:
            yield day.ago(ago), partial(day.answer, act, one["key"], given[0] if given else {})
    for one in told["promises"]:
        yield day.now, partial(day.promise, one)
