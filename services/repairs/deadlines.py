"""The SLA clock of a ticket: one timer, moved at every change of status. services/repairs/sla acts when it rings."""

from datetime import datetime, timedelta
from enum import StrEnum

from models.tickets import Ticket
from models.tickets import TicketStatus as S
from services import clock, policy, timers, worktime
from services.repairs import categories
from services.repairs.categories import CategoryView

KIND = "sla"
_DAY_OF_WORK = 480


class Step(StrEnum):
    REMIND = "remind"
    ACT = "act"


async def watch(ticket: Ticket) -> None:
    """Set the ticket's clock for the status that it took just now, or stop it. Call under the ticket's lock."""
    pair = await _pair(ticket, await categories.by_id(ticket.category_id))
    if pair is None:
        return await timers.clear(KIND, ticket.id)
    remind, act = pair
    if clock.now() <= remind < act:
        note = {"step": Step.REMIND, "status": ticket.status, "act_at": act.isoformat()}
        return await timers.set_timer(KIND, ticket.id, remind, note=note)
    return await watch_deadline(ticket, act)


async def watch_deadline(ticket: Ticket, act: datetime) -> None:
    """After the reminder: wait for the deadline itself."""
    await timers.set_timer(KIND, ticket.id, act, note={"step": Step.ACT, "status": ticket.status})


async def later(category: CategoryView, minutes: float, start: datetime | None = None) -> datetime:
    """So many minutes of the category from `start` (now): working minutes, unless it is served round the clock."""
    begin = start or clock.now()
    if category.always:
        return begin + timedelta(minutes=minutes)
    return (await worktime.of_repairs()).add(begin, minutes)


async def _pair(ticket: Ticket, category: CategoryView) -> tuple[datetime, datetime] | None:
    """When to remind and when to act; the same moment twice where there is nobody to remind."""
    match ticket.status:
        case S.SUBMITTED | S.ACCEPTED:
            act = await later(category, category.accept_minutes)
            return act, act
        case S.DISPATCHED:
            return await _share(category, category.accept_minutes, 0.5)
        case S.CONFIRMED:
            arrive = await _arrival(ticket, category)
            grace = timedelta(minutes=(await policy.current()).grace_minutes)
            return arrive - grace, arrive + grace
        case S.IN_PROGRESS:
            return await _share(category, category.finish_minutes, 0.75)
        case S.ON_HOLD:
            until = ticket.hold_until or await later(category, category.finish_minutes)
            return until, await later(category, _DAY_OF_WORK, until)
        case S.AWAITING_RESIDENT:
            return await _closing()
    return None


async def _share(category: CategoryView, minutes: float, share: float) -> tuple[datetime, datetime]:
    return await later(category, minutes * share), await later(category, minutes)


async def _arrival(ticket: Ticket, category: CategoryView) -> datetime:
    promised = ticket.eta or ticket.appointment_end or ticket.appointment_start
    return promised or await later(category, category.arrive_minutes)


async def _closing() -> tuple[datetime, datetime]:
    """Announced a day before, or at half the time where a day is all there is."""
    whole = timedelta(days=(await policy.current()).repair_close_days)
    return clock.now() + whole - min(timedelta(days=1), whole / 2), clock.now() + whole
