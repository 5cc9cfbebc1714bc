"""The deadlines of a ticket: three that people read, each a column of its own, and the one timer that acts.

The timer is moved at every change of status; services/repairs/sla acts when it rings. What people read says until
when somebody has to answer, to come and to be done; services/repairs/clocks turns it into states.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from models.rows import Part
from models.tickets import Ticket
from models.tickets import TicketStatus as S
from services import clock, policy, timers, worktime
from services.repairs import categories
from services.repairs.categories import CategoryView

KIND = "sla"
_DAY_OF_WORK = 480
_NOT_YET = frozenset({S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.CONFIRMED})
_DECIDES = frozenset({"eta", "appointment_start", "appointment_end", "category_id"})  # until when to come
_MINUTE = timedelta(minutes=1)


class Step(StrEnum):
    REMIND = "remind"
    ACT = "act"


async def watch(ticket: Ticket) -> None:
    """Set the ticket's clock for the status that it took just now, or stop it. Call under the ticket's lock."""
    await timers.write(await watching(ticket))


async def watching(ticket: Ticket) -> Part:
    """As watch, to be written beside the event that is its cause."""
    pair = await _pair(ticket, await categories.by_id(ticket.category_id))
    if pair is None:
        return timers.clearing(KIND, ticket.id)
    remind, act = pair
    if clock.now() <= remind < act:
        note = {"step": Step.REMIND, "status": ticket.status, "act_at": act.isoformat()}
        return timers.setting(KIND, ticket.id, remind, note=note)
    return _acting(ticket, act)


async def watch_deadline(ticket: Ticket, act: datetime) -> None:
    """After the reminder: wait for the deadline itself."""
    await timers.write(_acting(ticket, act))


def _acting(ticket: Ticket, act: datetime) -> Part:
    return timers.setting(KIND, ticket.id, act, note={"step": Step.ACT, "status": ticket.status})


async def first(
    category: CategoryView, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime]:
    """Of a new report with its appointment, if any: until when to answer and to come.

    Whoever comes outside of working hours has to be found before: nobody is to be answered after the visit.
    """
    arrive = end or start or await later(category, category.arrive_minutes)
    return min(await later(category, category.accept_minutes), arrive), arrive


async def moved(ticket: Ticket, target: S | None, changes: Mapping[str, object]) -> dict[str, object]:
    """What the three deadlines become when the ticket takes this status with these changes of columns."""
    status = target or ticket.status
    found: dict[str, object] = {}
    if status in _NOT_YET and (target is S.CONFIRMED or _DECIDES & changes.keys()):
        found |= await _until(
            ticket, changes, answered=target is S.CONFIRMED or ticket.answered_at is not None
        )
    if target in (S.CONFIRMED, S.IN_PROGRESS) and ticket.answered_at is None:
        found["answered_at"] = clock.now()
    if target in _NOT_YET:  # the work begins anew with whoever comes
        found |= {"finish_by": None, "held_at": None}
    elif target is S.ON_HOLD:
        found["held_at"] = ticket.held_at or clock.now()  # a pause that goes on began when it began
    elif target is not None and ticket.status is S.ON_HOLD:
        found |= await _gone_on(ticket)
    elif target is S.IN_PROGRESS:
        category = await categories.by_id(ticket.category_id)
        found["finish_by"] = await later(category, category.finish_minutes)
    return found


async def _until(ticket: Ticket, changes: Mapping[str, object], *, answered: bool) -> dict[str, object]:
    """Until when to come, and to answer where nobody has."""
    now = {name: changes.get(name, getattr(ticket, name)) for name in _DECIDES}
    category = await categories.by_id(_int(now["category_id"]))
    promised = now["eta"] or now["appointment_end"] or now["appointment_start"]
    arrive = (
        promised
        if isinstance(promised, datetime)
        else await later(category, category.arrive_minutes, ticket.created_at)
    )
    if answered:
        return {"arrive_by": arrive}
    respond = await later(category, category.accept_minutes, ticket.created_at)
    return {"arrive_by": arrive, "respond_by": min(respond, arrive)}


async def _gone_on(ticket: Ticket) -> dict[str, object]:
    """After a pause there is as much time left as when it began."""
    if ticket.finish_by is None or ticket.held_at is None:
        return {"held_at": None}
    category = await categories.by_id(ticket.category_id)
    if category.always or ticket.finish_by <= ticket.held_at:
        return {"held_at": None, "finish_by": ticket.finish_by + (clock.now() - ticket.held_at)}
    left = (await worktime.of_repairs()).between(ticket.held_at, ticket.finish_by)
    return {"held_at": None, "finish_by": await later(category, left / _MINUTE)}


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


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
            _, act = await _answer(ticket, category)
            return act, act
        case S.DISPATCHED:
            return await _answer(ticket, category)
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


async def _answer(ticket: Ticket, category: CategoryView) -> tuple[datetime, datetime]:
    """Never later than somebody has to be there, as long as that is ahead."""
    remind, act = await _share(category, category.accept_minutes, 0.5)
    if ticket.arrive_by is None or not clock.now() < ticket.arrive_by < act:
        return remind, act
    grace = timedelta(minutes=(await policy.current()).grace_minutes)
    return min(remind, ticket.arrive_by - grace), ticket.arrive_by


async def _share(category: CategoryView, minutes: float, share: float) -> tuple[datetime, datetime]:
    return await later(category, minutes * share), await later(category, minutes)


async def _arrival(ticket: Ticket, category: CategoryView) -> datetime:
    promised = ticket.eta or ticket.appointment_end or ticket.appointment_start
    return promised or await later(category, category.arrive_minutes)


async def _closing() -> tuple[datetime, datetime]:
    """Announced a day before, or at half the time where a day is all there is."""
    whole = timedelta(days=(await policy.current()).repair_close_days)
    return clock.now() + whole - min(timedelta(days=1), whole / 2), clock.now() + whole
