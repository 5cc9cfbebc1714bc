"""What a technician does with a job: take it, promise a time, arrive, pause, finish, or let it go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import rows
from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.people import Technician
from models.tasks import TaskKind
from models.tickets import PhotoStage, Ticket, TicketPhoto, TicketStatus
from services import actors, clock, events, policy, staff_tasks, work
from services.actors import Actor, ActorKind
from services.errors import Invalid, NotAllowed, NotFound
from services.events import EventView
from services.outbox import Value
from services.photos import kept
from services.repairs import dispatch, holding, households, technicians, tickets, views
from services.repairs.categories import by_id
from services.repairs.moves import MOVES, OPEN, Verb
from services.repairs.technicians import TechnicianView
from services.repairs.views import JobView

_OF_TECHNICIAN = """WHERE t.technician_id = $1 AND t.status = ANY($2::text[])
ORDER BY NOT t.urgent, coalesce(t.eta, t.appointment_start), t.id"""
_ONE = """WHERE t.id = (
    SELECT CASE n.status WHEN 'duplicate' THEN n.duplicate_of_id ELSE n.id END FROM ticket n WHERE n.{by} = $1
) AND t.technician_id = $2 AND t.status = ANY($3::text[])"""
_TECHNICIAN = "SELECT * FROM technician WHERE id = $1 AND active"
# The ticket that lives, held, then what is merged into it, each beside the technician who acts.
_BEGIN = """
SELECT t.*, w.name AS by_name, w.phone AS by_phone
FROM technician w CROSS JOIN LATERAL living_ticket($1) t WHERE w.id = $2 AND w.active
"""
_OFFERED_FOR = timedelta(days=2)
_OFFERED = """
WHERE t.technician_id IS NULL AND t.status = 'accepted' AND t.created_at > $2 AND EXISTS (
    SELECT FROM outbox o WHERE o.person_id = $1 AND o.key LIKE 'ticket:' || t.id || ':%:job.offered:%'
        AND o.status <> 'cancelled'
) ORDER BY t.urgent DESC, t.id"""
_HELD = [TicketStatus.DISPATCHED, TicketStatus.CONFIRMED, TicketStatus.IN_PROGRESS, TicketStatus.ON_HOLD]


@dataclass(frozen=True, slots=True)
class _Job:
    """A ticket that is held, what is merged into it, and the technician who does something with it."""

    ticket: Ticket
    merged: Sequence[Ticket]
    technician_id: int
    name: str
    phone: str


async def take(ticket_id: int, *, actor: Actor) -> None:
    """抢单: the first one gets it. Raises NotAllowed("job.taken") for everybody after."""
    job = await _begin(ticket_id, actor)
    ticket = job.ticket
    if ticket.technician_id == job.technician_id:
        return
    if ticket.technician_id is not None:
        raise NotAllowed("job.taken", number=ticket.number)
    await _refuse_unfit(ticket, await _technician(job.technician_id))
    event = await tickets.move(ticket, Verb.TAKE, actor=actor, changes={"technician_id": job.technician_id})
    await _withdraw_offers(ticket)
    await _tell_reporter(job, "repair.dispatched", event)


async def confirm(ticket_id: int, *, actor: Actor, eta: datetime) -> None:
    """接单 with the promised time; called again, it changes the promise. Raises Invalid for a past time."""
    if eta <= clock.now():
        raise Invalid("job.eta_past")
    job = await _begin(ticket_id, actor)
    verb = Verb.RESCHEDULE if job.ticket.status is TicketStatus.CONFIRMED else Verb.CONFIRM
    event = await _do(job, verb, changes={"eta": eta})
    await _tell_reporter(job, "repair.confirmed", event, {"eta": tickets.iso(eta)})


async def undo_confirm(ticket_id: int, *, actor: Actor) -> None:
    """The wrong job was accepted: it waits for an answer again, and the resident hears so unless they never knew.

    Raises NotAllowed when that is too long ago, or the promise was changed since.
    """
    job = await _begin(ticket_id, actor)
    await tickets.check(job.ticket, Verb.UNDO_CONFIRM, actor=actor)
    accepted = await _undone(job.ticket, Verb.CONFIRM)
    event = await _do(job, Verb.UNDO_CONFIRM, changes={"eta": None, "confirmed_at": None})
    await _take_back(job, "repair.confirmed", accepted, "repair.not_confirmed", event)


async def refuse(ticket_id: int, *, actor: Actor, reason: str) -> None:
    """拒单: the ticket looks for somebody else at once."""
    job = await _begin(ticket_id, actor)
    gone = {"technician_id": None, "eta": None}
    await _do(job, Verb.REFUSE, note=reason, changes=gone, body={"before": job.technician_id})
    await dispatch.again(job.ticket)


async def transfer(ticket_id: int, *, actor: Actor, to_id: int, reason: str = "") -> None:
    """转单 to a colleague who is on duty and knows the trade."""
    job = await _begin(ticket_id, actor)
    technician, colleague = await _technician(job.technician_id), await _technician(to_id)
    if colleague.id not in {one.id for one in await _colleagues(job.ticket, technician)}:
        raise NotAllowed("job.unfit_colleague", technician=colleague.name)
    await dispatch.pass_on(job.ticket, colleague, Verb.TRANSFER, actor=actor, note=reason)


async def arrive(ticket_id: int, *, actor: Actor) -> None:
    job = await _begin(ticket_id, actor)
    event = await _do(job, Verb.ARRIVE)
    await _tell_reporter(job, "repair.arrived", event)


async def undo_arrive(ticket_id: int, *, actor: Actor) -> None:
    """到了 was said by mistake: the job is as good as before, and the resident hears so unless they never knew.

    Raises NotAllowed when that is too long ago or something else was done since.
    """
    job = await _begin(ticket_id, actor)
    ticket = job.ticket
    await tickets.check(ticket, Verb.UNDO_ARRIVE, actor=actor)
    arrival = await _undone(ticket, Verb.ARRIVE)
    event = await _do(job, Verb.UNDO_ARRIVE, changes={"arrived_at": None})
    await _take_back(job, "repair.arrived", arrival, "repair.not_arrived", event)


async def undo_resume(ticket_id: int, *, actor: Actor, until: datetime | None = None) -> None:
    """开工 was said by mistake: the job waits as before, for the same reason, until the day that is told now.

    Raises NotAllowed when that is too long ago or something else was done since.
    """
    job = await _begin(ticket_id, actor)
    resumed = await _undone(job.ticket, Verb.RESUME)
    [*_, held] = await events.of(SubjectKind.TICKET, ticket_id, verbs=[Verb.HOLD])
    day = until or _to_come(held.body.get("until"))
    changes = {"hold_reason": held.note[:100], "hold_until": day}
    event = await _do(job, Verb.HOLD, note=held.note, changes=changes, body={"until": tickets.iso(day)})
    await _take_back(
        job,
        "repair.resumed",
        resumed,
        "repair.on_hold",
        event,
        {"reason": held.note, "until": tickets.iso(day)},
    )


def _to_come(moment: object) -> datetime | None:
    day = datetime.fromisoformat(str(moment)) if moment else None
    return day if day and day > clock.now() else None


async def last_step(ticket_id: int) -> str:
    """What changed the status of the job last."""
    return (await _last_step(ticket_id)).verb


async def _undone(ticket: Ticket, verb: Verb) -> EventView:
    """The last step, to be taken back. Raises NotAllowed when it is another one, or too long ago."""
    last = await _last_step(ticket.id)
    minutes = (await policy.current()).undo_minutes
    if last.verb != verb:
        raise NotAllowed("job.undo_too_late_after", number=ticket.number, verb=verb)
    if clock.now() > last.at + timedelta(minutes=minutes):
        raise NotAllowed("job.undo_too_late", number=ticket.number, verb=verb, minutes=minutes)
    return last


async def _take_back(
    job: _Job,
    told: str,
    done: EventView,
    instead: str,
    event: EventView,
    values: Mapping[str, Value] | None = None,
) -> None:
    """Who has not been `told` what was `done` never hears of it; the others hear what is true `instead`."""
    said = {"technician": job.name, "phone": job.phone, "eta": tickets.iso(job.ticket.eta), **(values or {})}
    for one in await households.waiting(job.ticket, merged=job.merged):
        if not await tickets.take_back(job.ticket, one.person_id, told, done):
            await tickets.tell_waiting(job.ticket, one, instead, event, said)


async def _last_step(ticket_id: int) -> EventView:
    """The last event that changed the status."""
    happened = await events.of(
        SubjectKind.TICKET, ticket_id, verbs=[verb for verb in MOVES if MOVES[verb].to]
    )
    return happened[-1]


async def hold(ticket_id: int, *, actor: Actor, reason: str, until: datetime | None = None) -> None:
    """缺料/暂停 with the reason and the day to go on. Raises Invalid for a past one."""
    if until is not None and until <= clock.now():
        raise Invalid("job.until_past")
    job = await _begin(ticket_id, actor)
    changes = {"hold_reason": reason[:100], "hold_until": until}
    event = await _do(job, Verb.HOLD, note=reason, changes=changes, body={"until": tickets.iso(until)})
    said = {"reason": reason, "until": tickets.iso(until)}
    await _tell_reporter(job, "repair.on_hold", event, said)


async def resume(ticket_id: int, *, actor: Actor) -> None:
    job = await _begin(ticket_id, actor)
    event = await _do(job, Verb.RESUME, changes={"hold_reason": "", "hold_until": None})
    await _tell_reporter(job, "repair.resumed", event)


async def finish(
    ticket_id: int,
    *,
    actor: Actor,
    photos: Sequence[int] = (),
    materials: str = "",
    cost_fen: int | None = None,
    note: str = "",
) -> None:
    """完工; the resident is asked for stars. `photos` are ids of MediaFile."""
    job = await _begin(ticket_id, actor)
    changes = {"materials": materials[:200], "cost_fen": cost_fen, "finish_note": note}
    event = await _do(job, Verb.FINISH, note=note, changes=changes)
    await _keep_photos(job.ticket, photos)
    done: dict[str, Value] = {"materials": materials, "cost_fen": cost_fen, "note": note}
    await _tell_reporter(job, "repair.finished", event, done)
    await tickets.tell_followers(job.ticket, "repair.followed_finished", event)


async def add_remark(ticket_id: int, text: str, *, actor: Actor) -> None:
    """What staff should know of the job: it stands on the ticket, and on the list of whoever dispatches."""
    job = await _begin(ticket_id, actor)
    ticket, event = job.ticket, await _do(job, Verb.REMARK, note=text)
    await staff_tasks.add(
        TaskKind.ESCALATION,
        "technician_says",
        values={"technician": job.name, "said": text},
        key=f"technician_says:{ticket.id}:{event.id}",
        community_id=ticket.community_id,
        person_id=ticket.reporter_id,
        ticket_id=ticket.id,
    )


async def of_technician(technician_id: int) -> list[JobView]:
    """The open jobs: urgent ones first, then by the promised time."""
    return await views.jobs(_OF_TECHNICIAN, technician_id, _HELD)


async def offered(technician_id: int) -> list[JobView]:
    """The jobs that this technician was told of as free for whoever is first, and that nobody has yet."""
    person_id = (await _technician(technician_id)).person_id
    return await views.jobs(_OFFERED, person_id, clock.now() - _OFFERED_FOR)


async def finished_since(technician_id: int, since: datetime) -> int:
    """How many were finished from that moment on: the other half of 今日工单."""
    return await Ticket.filter(technician_id=technician_id, finished_at__gte=since).count()


async def one(ticket: int | str, *, technician_id: int) -> JobView | None:
    """A job of the technician by id or by the number they typed; of a merged one the one that lives."""
    by = "id" if isinstance(ticket, int) else "number"
    named = ticket if isinstance(ticket, int) else tickets.number(ticket)
    seen = await views.jobs(_ONE.format(by=by), named, technician_id, list(OPEN))
    return seen[0] if seen else None


async def colleagues(ticket_id: int, *, technician_id: int) -> list[TechnicianView]:
    """To whom the technician could hand the job."""
    named = await Ticket.get(id=ticket_id)
    ticket = await Ticket.get(id=holding.living_id(named))
    found = await _colleagues(ticket, await _technician(technician_id))
    return [technicians.view(one) for one in found]


async def _begin(ticket_id: int, actor: Actor) -> _Job:
    """Raises NotFound for an actor who is no technician, or no longer one."""
    work.must_run()
    technician_id = actor.id if actor.kind is ActorKind.TECHNICIAN else 0
    found = await rows.read(Ticket, _BEGIN, ticket_id, technician_id)
    if found:
        [(ticket, beside), *merged] = found
        names = (beside["by_name"], beside["by_phone"])
        return _Job(ticket, [row for row, _ in merged], technician_id, *names)
    technician = await _technician(technician_id)
    ticket = (await holding.reach(ticket_id, actor=actor)).ticket
    merged_into = await households.merged_into(ticket.id)
    return _Job(ticket, merged_into, technician.id, technician.name, technician.phone)


async def _do(
    job: _Job,
    verb: Verb,
    *,
    note: str = "",
    body: Mapping[str, object] | None = None,
    changes: Mapping[str, object] | None = None,
) -> EventView:
    actor = actors.technician(job.technician_id)
    return await tickets.move(job.ticket, verb, actor=actor, note=note, body=body, changes=changes)


async def _tell_reporter(
    job: _Job, phrase: str, event: EventView, values: Mapping[str, Value] | None = None
) -> None:
    who: dict[str, Value] = {"technician": job.name, "phone": job.phone}
    await tickets.tell_reporter(job.ticket, phrase, event, who | dict(values or {}), merged=job.merged)


async def _technician(technician_id: int) -> Technician:
    found = await rows.first(Technician, _TECHNICIAN, technician_id)
    if found is None:
        raise NotFound("technician.not_found")
    return found


async def _refuse_unfit(ticket: Ticket, technician: Technician) -> None:
    category = await by_id(ticket.category_id)
    if not technicians.fits(technician, category, ticket.community_id):
        raise NotAllowed("job.unfit", number=ticket.number)


async def _colleagues(ticket: Ticket, technician: Technician) -> list[Technician]:
    category = await by_id(ticket.category_id)
    return await technicians.colleagues(technician, category, ticket.community_id)


async def _withdraw_offers(ticket: Ticket) -> None:
    """Whoever has not seen the offer yet need not see it any more."""
    unsent = Outbox.filter(status=OutboxStatus.PENDING, key__startswith=f"ticket:{ticket.id}:")
    await unsent.filter(key__contains=":job.offered:").update(status=OutboxStatus.CANCELLED)


async def _keep_photos(ticket: Ticket, photos: Sequence[int]) -> None:
    rows = [
        TicketPhoto(ticket_id=ticket.id, media_id=photo, stage=PhotoStage.AFTER)
        for photo in await kept(photos)
    ]
    if rows:
        await TicketPhoto.bulk_create(rows, ignore_conflicts=True)
