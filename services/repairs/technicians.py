"""Technicians 维修工: joining by invite, being on duty, and who could take a job."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.events import SubjectKind
from models.people import Technician
from models.tickets import DispatchMode, Ticket, TicketStatus
from services import clock, events, timers, work
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.estate import scenes
from services.events import Subject
from services.repairs.categories import CategoryView
from services.scope import Field, Scope

# What keeps somebody busy; a job on hold waits for others.
_BUSY = [TicketStatus.DISPATCHED, TicketStatus.CONFIRMED, TicketStatus.IN_PROGRESS]


@dataclass(frozen=True, slots=True)
class TechnicianView:
    id: int
    name: str
    phone: str
    on_duty: bool


def view(row: Technician) -> TechnicianView:
    return TechnicianView(row.id, row.name, row.phone, row.on_duty)


async def of_person(person_id: int) -> TechnicianView | None:
    row = await Technician.filter(person_id=person_id, active=True).first()
    return view(row) if row else None


async def require(person_id: int) -> TechnicianView:
    found = await of_person(person_id)
    if found is None:
        raise NotAllowed("technician.not_one")
    return found


async def join(scene: str, *, actor: Actor) -> TechnicianView:
    """A person joins by the QR code of the invite; the same one may scan it again.

    Raises NotFound for an unknown invite, NotAllowed for one that somebody else used.
    """
    person_id = actor.person_id
    invited = Technician.filter(invite=scene, active=True)
    found = await work.lock(invited) if scenes.well_formed(scene) else None
    if found is None or person_id is None:
        raise NotFound("technician.no_such_invite")
    if found.person_id not in (None, person_id):
        raise NotAllowed("technician.invite_used")
    found.person_id = person_id
    found.on_duty = True
    await found.save(update_fields=["person_id", "on_duty"])
    await events.record(_subject(found.id), "joined", actor=actor)
    await _look_for_waiting(found)
    return view(found)


async def set_duty(technician_id: int, *, on_duty: bool, actor: Actor) -> None:
    """Who comes on duty may get what waited for somebody."""
    await Technician.filter(id=technician_id).update(on_duty=on_duty)
    await events.record(_subject(technician_id), "on_duty" if on_duty else "off_duty", actor=actor)
    if on_duty:
        await _look_for_waiting(await Technician.get(id=technician_id))


def _subject(technician_id: int) -> Subject:
    return Subject(SubjectKind.TECHNICIAN, technician_id)


async def _look_for_waiting(technician: Technician) -> None:
    """Have the dispatcher look again at tickets that nobody has; those that staff assign stay with staff."""
    waiting = Ticket.filter(
        technician_id__isnull=True,
        status=TicketStatus.ACCEPTED,
        community_id__in=[*technician.communities, 0],
        category__code__in=technician.skills,
    ).exclude(category__dispatch=DispatchMode.MANUAL)
    found = await waiting.order_by("id").only("id")
    await timers.set_many("dispatch", [ticket.id for ticket in found], clock.now())


async def candidates(
    category: CategoryView, community_id: int, *, without: Sequence[int] = ()
) -> list[Technician]:
    """Those on duty who know the trade and serve the community: the least loaded first."""
    found = await Technician.filter(
        active=True,
        on_duty=True,
        person_id__isnull=False,
        skills__contains=[category.code],
        communities__contains=[community_id],
    ).exclude(id__in=[*without, 0])
    load = await _load([one.id for one in found])
    return sorted(found, key=lambda one: (load[one.id], one.id))


async def of_community(community_id: int) -> list[TechnicianView]:
    """Whom residents may call there: those on duty first."""
    found = Technician.filter(active=True, communities__contains=[community_id])
    return [view(row) for row in await found.order_by("-on_duty", "id")]


async def seen_by(actor: Actor) -> list[TechnicianView]:
    """For staff: those of their office, and those who serve one of their communities."""
    return [view(row) for row in await within(actor.seeing(Field.REPAIRS))]


async def within(seen: Scope) -> list[Technician]:
    rows = await Technician.filter(active=True).order_by("id")
    return [one for one in rows if one.office_id == seen.office_id or seen.reaches(one.communities)]


def fits(technician: Technician, category: CategoryView, community_id: int) -> bool:
    """Whether they know the trade and serve the community, on duty or not."""
    return category.code in technician.skills and community_id in technician.communities


async def colleagues(technician: Technician, category: CategoryView, community_id: int) -> list[Technician]:
    """To whom a job could be handed over."""
    return await candidates(category, community_id, without=[technician.id])


async def _load(technician_ids: Sequence[int]) -> Counter[int]:
    busy = await Ticket.filter(technician_id__in=list(technician_ids), status__in=_BUSY).only("technician_id")
    return Counter(one.technician_id for one in busy if one.technician_id is not None)
