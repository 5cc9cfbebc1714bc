"""One fault reported several times: merging tickets into the one that lives, and taking them apart again.

Whoever merges or parts holds every ticket that is concerned: the families of all that are named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from models.events import SubjectKind
from models.people import Technician
from models.tickets import Ticket, TicketStatus
from services import actors, clock, events, policy
from services.actors import Actor
from services.errors import Invalid, NotAllowed
from services.events import EventView
from services.repairs import dispatch, holding, households, job_sheet, tickets
from services.repairs.households import UNRATED
from services.repairs.moves import ASSIGNED, NEW, UNFINISHED, Verb


async def merge(ticket_id: int, *, into_id: int, actor: Actor) -> None:
    """One fault, two tickets: this one ends, and whoever reported or followed it hears of the other."""
    await merge_all([ticket_id], into_id=into_id, actor=actor)


async def merge_all(ticket_ids: Iterable[int], *, into_id: int, actor: Actor) -> None:
    """One fault, several tickets, all or none. Into a merged one means into the one that it was merged into.

    Raises NotAllowed for a ticket on which work has begun or that is over, and for one into itself; Invalid for
    tickets of different communities.
    """
    ids = sorted(set(ticket_ids))
    held = await holding.families([into_id, *ids], actor=actor)
    main = held[holding.living_id(held[into_id])]
    await tickets.check(main, Verb.JOIN, actor=actor)
    told: set[int] = set()
    event = None
    for one in ids:
        brought = [each for each in held.values() if each.duplicate_of_id == one]
        event = await _merge_one(held[one], brought, main, told, actor=actor)
    if event is not None:
        his = [held[one].number for one in ids if _same_hands(held[one], main)]
        said = {"merged": "、".join(his) or None, "count": len(await households.waiting(main))}
        await _tell_technician(main, "job.joined", event, said)


async def unmerge(ticket_id: int, *, actor: Actor) -> None:
    """It was another fault after all: the ticket becomes what it was, with what had been merged into it before.

    Raises NotAllowed when the merging is longer ago than the company allows, or it is not merged.
    """
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[ticket_id]
    await tickets.check(ticket, Verb.UNMERGE, actor=actor)
    merged = await _last_merge(ticket_id)
    hours = (await policy.current()).unmerge_hours
    if merged is None or clock.now() > merged.at + timedelta(hours=hours):
        raise NotAllowed("ticket.unmerge_too_late", number=ticket.number, hours=hours)
    main = held[holding.living_id(ticket)]
    event = await _restore(ticket, main, merged, actor=actor)
    for one in _Was.of(merged).brought:
        if one in held and held[one].duplicate_of_id == main.id:
            await _point(held[one], ticket)
    await _begin_again(ticket, event)
    await _end_if_nobody_waits(main)


async def unmerge_all(ticket_ids: Sequence[int], *, actor: Actor) -> None:
    """As unmerge, for several, all or none."""
    ids = sorted(set(ticket_ids))
    await holding.families(ids, actor=actor)
    for one in ids:
        await unmerge(one, actor=actor)


async def merged_since(ticket_id: int, moment: datetime | None) -> bool:
    """Whether it was merged at that moment or after."""
    merged = await _last_merge(ticket_id)
    return merged is not None and moment is not None and merged.at >= moment


async def leave(ticket_id: int, *, actor: Actor, reason: str = "") -> None:
    """Whoever reported a merged one waits no longer; the repair goes on for the others."""
    held = await holding.families([ticket_id], actor=actor)
    ticket = held[ticket_id]
    await tickets.check(ticket, Verb.LEAVE, actor=actor)
    main = held[holding.living_id(ticket)]
    await tickets.check(main, Verb.PART, actor=actor)
    if main.status not in UNFINISHED:
        raise NotAllowed("ticket.not_now", number=ticket.number, verb=Verb.CANCEL, status=main.status)
    await tickets.move(main, Verb.PART, actor=actor, note=ticket.number, body=_named(ticket))
    await tickets.move(ticket, Verb.LEAVE, actor=actor, note=reason)
    await tickets.withdraw_unsent(main, person_id=ticket.reporter_id)
    await _end_if_nobody_waits(main)


async def withdraw(ticket: Ticket, *, actor: Actor, reason: str = "") -> bool:
    """Whoever reported this one waits no longer, but others do: it goes on for them. False when nobody else waits.

    The ticket is held by the caller. Whoever has the job is to call somebody who waits.
    """
    others = await households.merged_into(ticket.id)
    if not others:
        return False
    contact = {"contact_name": others[0].contact_name, "contact_phone": others[0].contact_phone}
    event = await tickets.move(
        ticket, Verb.WITHDRAW, actor=actor, note=reason, changes={"withdrawn_at": clock.now(), **contact}
    )
    await tickets.withdraw_unsent(ticket, person_id=ticket.reporter_id)
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if technician is not None:
        more = {"eta": tickets.iso(ticket.eta), "again": None}
        await job_sheet.tell(ticket, technician, "job.corrected", event, more)
    return True


@dataclass(frozen=True, slots=True)
class _Was:
    """What the event of a merging keeps: `brought` are the tickets that were merged into it before."""

    status: TicketStatus
    brought: tuple[int, ...]

    @classmethod
    def of(cls, event: EventView) -> Self:
        brought = event.body.get("brought")
        ids = [one for one in brought if isinstance(one, int)] if isinstance(brought, list) else []
        return cls(TicketStatus(event.before), tuple(ids))


async def _merge_one(
    ticket: Ticket, brought: Sequence[Ticket], main: Ticket, told: set[int], *, actor: Actor
) -> EventView:
    if ticket.id == main.id:  # it would end with nobody at work on it
        raise NotAllowed("ticket.not_now", number=ticket.number, verb=Verb.MERGE, status=ticket.status)
    if ticket.community_id != main.community_id:
        raise Invalid("ticket.elsewhere", number=ticket.number, into=main.number)
    body = {"into": main.number, "into_id": main.id, "brought": [one.id for one in brought]}
    event = await tickets.move(
        ticket, Verb.MERGE, actor=actor, note=main.number, body=body, changes={"duplicate_of_id": main.id}
    )
    await tickets.withdraw_unsent(ticket)
    for one in brought:
        await _point(one, main)
    if ticket.reporter_id not in told and ticket.withdrawn_at is None:
        told.add(ticket.reporter_id)
        await tickets.tell_own(ticket, "repair.merged", event, {"into": main.number})
    if not _same_hands(ticket, main):  # else one message says it of all of them
        await _tell_technician(ticket, "job.reassigned", event, {})
    return await tickets.move(main, Verb.JOIN, actor=actor, note=ticket.number, body=_named(ticket))


def _same_hands(ticket: Ticket, main: Ticket) -> bool:
    return ticket.technician_id is not None and ticket.technician_id == main.technician_id


async def _restore(ticket: Ticket, main: Ticket, merged: EventView, *, actor: Actor) -> EventView:
    """The status that it had; whoever had promised to come has to be there still, and the promise ahead."""
    status = _Was.of(merged).status
    changes: dict[str, object] = {"duplicate_of_id": None, **UNRATED}
    if status in ASSIGNED and not await Technician.exists(id=ticket.technician_id or 0, active=True):
        status, changes = TicketStatus.ACCEPTED, changes | {"technician_id": None, "eta": None}
    elif status is TicketStatus.CONFIRMED and (ticket.eta is None or ticket.eta <= clock.now()):
        status, changes = TicketStatus.DISPATCHED, changes | {"eta": None}
    await tickets.move(main, Verb.PART, actor=actor, note=ticket.number, body=_named(ticket))
    await tickets.withdraw_unsent(main, person_id=ticket.reporter_id)
    event = await tickets.move(
        ticket,
        Verb.UNMERGE,
        actor=actor,
        note=main.number,
        body={"from": main.number, "from_id": main.id},
        changes=changes,
        to=status,
    )
    if not await tickets.take_back(ticket, ticket.reporter_id, "repair.merged", merged):
        await tickets.tell_own(ticket, "repair.unmerged", event)
    return event


async def _begin_again(ticket: Ticket, event: EventView) -> None:
    """Somebody is looked for, or whoever had it hears that they have it again."""
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    if ticket.status in NEW:
        await dispatch.again(ticket)
    elif technician is not None:
        await job_sheet.tell(ticket, technician, "job.assigned", event)


async def _end_if_nobody_waits(main: Ticket) -> None:
    """Its reporter was gone already, and now the last of the others: nobody need come."""
    deserted = main.withdrawn_at is not None and main.status in NEW | ASSIGNED
    if not deserted or await households.waiting(main):
        return
    event = await tickets.move(main, Verb.CANCEL, actor=actors.OPERATOR)
    await tickets.withdraw_unsent(main)
    await _tell_technician(main, "job.cancelled", event, {"reason": ""})
    await tickets.tell_followers(main, "repair.followed_cancelled", event)


async def _tell_technician(
    ticket: Ticket, phrase: str, event: EventView, values: Mapping[str, str | int | None]
) -> None:
    technician = await Technician.filter(id=ticket.technician_id or 0, person_id__isnull=False).first()
    if technician is not None and technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, phrase, event, values)


async def _point(merged: Ticket, main: Ticket) -> None:
    """Held by the caller, as both ends are."""
    merged.duplicate_of_id = main.id
    await merged.save(update_fields=["duplicate_of_id"])


async def _last_merge(ticket_id: int) -> EventView | None:
    happened = await events.of(SubjectKind.TICKET, ticket_id, verbs=(Verb.MERGE,))
    return happened[-1] if happened else None


def _named(ticket: Ticket) -> dict[str, object]:
    return {"number": ticket.number, "id": ticket.id}
