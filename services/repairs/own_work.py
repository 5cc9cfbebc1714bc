"""What a technician asks of their own work: what they finished, who has what they gave away, and who leads them."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models import rows
from models.community import ManagementOffice
from models.people import Role, Staff, Technician
from models.tickets import Ticket
from services.repairs import views
from services.repairs.moves import Verb
from services.repairs.views import JobView

_FINISHED = """
SELECT count(*) AS count, coalesce(sum(cost_fen), 0) AS taken
FROM ticket WHERE technician_id = $1 AND finished_at >= $2 AND finished_at < $3"""
# What they gave away, and what was offered to them and went to somebody else.
_ELSEWHERE = """
WHERE t.technician_id IS DISTINCT FROM $1 AND (
    t.id IN (
        SELECT e.subject_id FROM event e WHERE e.subject_kind = 'ticket' AND e.actor_kind = 'technician'
            AND e.actor_id = $1 AND e.verb = ANY($2::text[]) AND e.at >= $3
    ) OR t.technician_id IS NOT NULL AND t.created_at >= $3 AND EXISTS (
        SELECT FROM outbox o JOIN technician w ON w.person_id = o.person_id
        WHERE w.id = $1 AND o.key LIKE 'ticket:' || t.id || ':%:job.offered:%'
    )
) ORDER BY t.id DESC LIMIT 5"""
_HOLDERS = """
SELECT t.id, w.name, w.phone FROM ticket t JOIN technician w ON w.id = t.technician_id WHERE t.id = ANY($1)"""
_GIVEN = [Verb.REFUSE, Verb.TRANSFER]


@dataclass(frozen=True, slots=True)
class Finished:
    """How many jobs somebody finished, and the money that was noted with them."""

    count: int
    taken_fen: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A job that a colleague has, or nobody yet."""

    job: JobView
    technician: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Leader:
    """A supervisor; `phone` is the office's where their own is not known."""

    name: str
    phone: str


async def finished(technician_id: int, *, since: datetime, until: datetime) -> Finished:
    [found] = await rows.records(Ticket, _FINISHED, technician_id, since, until)
    return Finished(found["count"], found["taken"])


async def elsewhere(technician_id: int, *, since: datetime) -> list[Elsewhere]:
    """The newest of the jobs that this technician gave away since then, or that were offered and went to another."""
    found = await views.jobs(_ELSEWHERE, technician_id, [str(verb) for verb in _GIVEN], since)
    held = await rows.records(Ticket, _HOLDERS, [one.id for one in found]) if found else []
    holders = {one["id"]: (one["name"], one["phone"]) for one in held}
    return [Elsewhere(one, *holders.get(one.id, ())) for one in found]


async def leader(technician_id: int) -> Leader:
    """Whoever leads the technicians of that office, those on duty first; else the office itself."""
    office = (await Technician.get(id=technician_id)).office_id
    leads = Staff.filter(Q(office_id=office) | Q(office_id__isnull=True), active=True, role=Role.SUPERVISOR)
    found = await leads.order_by("-on_duty", "id").first()
    itself = await ManagementOffice.get(id=office)
    if found is None:
        return Leader(itself.name, itself.phone)
    return Leader(found.name, found.phone or itself.phone)
