"""Whom a complaint turns out to be about by what its resident adds: from then on that one knows nothing of it."""

from models.complaints import Complaint, ComplaintSuspect
from models.events import SubjectKind
from services import accused, leading, staff_tasks
from services.actors import Actor
from services.cases import complaint_moves as moves
from services.cases import instructions
from services.events import EventView


async def heard(complaint: Complaint, added: str, *, actor: Actor) -> None:
    """Where it was known or pointed out before, what is added changes nothing. The row is held."""
    if (await accused.of([complaint]))[complaint.id]:
        return
    known = await accused.known(complaint.community_id)
    whom = known.pointed_to(added)
    if not whom:
        return
    complaint.about_staff_id = accused.only(whom.staff)
    complaint.about_technician_id = accused.only(whom.technicians)
    if rows := accused.suspects(complaint.id, whom):
        await ComplaintSuspect.bulk_create(rows)
    names = [one.name for one in known.staff if one.id in whom.staff]
    names += [one.name for one in known.technicians if one.id in whom.technicians]
    hidden = await accused.of_one(complaint)
    if complaint.handler_id in hidden:
        complaint.handler_id = None
    event = await moves.move(complaint, "pointed_out", actor=actor, note="、".join(dict.fromkeys(names)))
    await leave_to_others(complaint, event)


async def leave_to_others(complaint: Complaint, event: EventView) -> None:
    """Whom it is about is not shown what there is to do; where no clerk is left, it falls to whoever leads."""
    keys = [
        moves.untaken_key(complaint),
        moves.overdue_key(complaint),
        *await instructions.tasks(SubjectKind.COMPLAINT, complaint.id),
    ]
    await staff_tasks.hide(keys, await accused.of_one(complaint), number=complaint.number)
    if complaint.status in moves.UNANSWERED and await leading.falls_to_leading(complaint):
        await moves.call_on_leading(complaint, event)
