"""Whom of those who work here a complaint is about, so that it never reaches that person."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tortoise.expressions import Q, Subquery

from models.complaints import Complaint, ComplaintSuspect
from models.people import Staff, Technician
from services.accusing import Accused, Known, Worker
from services.actors import Actor
from services.scope import EVERYWHERE, working_for


async def known(community_id: int | None) -> Known:
    """Those who are not there any more as well: they may come back. Of everywhere for None."""
    staff = await Staff.filter(await working_for(community_id) | Q(role__in=EVERYWHERE))
    there = Q() if community_id is None else Q(communities__contains=[community_id])
    technicians = await Technician.filter(there)
    return Known(
        [Worker(one.id, one.name, one.role) for one in staff],
        [Worker(one.id, one.name) for one in technicians],
    )


async def find(community_id: int, topic: str, story: str) -> Accused:
    return (await known(community_id)).meant(topic, story)


def suspects(complaint_id: int, whom: Accused) -> list[ComplaintSuspect]:
    """Rows of those whom it may be about, where they are several; the only one stands with the complaint."""
    staff = sorted(whom.staff) if len(whom.staff) > 1 else []
    technicians = sorted(whom.technicians) if len(whom.technicians) > 1 else []
    return [
        *(ComplaintSuspect(complaint_id=complaint_id, staff_id=one) for one in staff),
        *(ComplaintSuspect(complaint_id=complaint_id, technician_id=one) for one in technicians),
    ]


async def of(complaints: Sequence[Complaint]) -> Mapping[int, Accused]:
    """By the complaint."""
    ids = [one.id for one in complaints]
    suspects = await ComplaintSuspect.filter(complaint_id__in=ids) if ids else []
    found: dict[int, Accused] = {}
    for row in complaints:
        theirs = [one for one in suspects if one.complaint_id == row.id]
        staff = {row.about_staff_id, *(one.staff_id for one in theirs)}
        technicians = {row.about_technician_id, *(one.technician_id for one in theirs)}
        found[row.id] = Accused(_ids(staff), _ids(technicians))
    return found


async def hidden_from(whom: Accused) -> set[int]:
    """The ids of the staff whom it is about, as staff or as a technician."""
    if not whom.technicians:
        return set(whom.staff)
    workers = Technician.filter(id__in=sorted(whom.technicians), person_id__isnull=False)
    same = await Staff.filter(person_id__in=Subquery(workers.values("person_id"))).only("id")
    return {*whom.staff, *(one.id for one in same)}


async def of_one(complaint: Complaint) -> set[int]:
    """The ids of the staff whom it is or may be about."""
    return await hidden_from((await of([complaint]))[complaint.id])


async def not_about(actor: Actor) -> Q:
    """Of complaints, all but those about whoever of the staff looks, be it as a clerk or as a technician."""
    if actor.staff_id is None:
        return Q()
    same = sorted(await as_technicians(actor))
    not_staff = Q(about_staff_id__isnull=True) | ~Q(about_staff_id=actor.staff_id)
    not_technician = Q(about_technician_id__isnull=True) | ~Q(about_technician_id__in=[0, *same])
    several = await _suspected(actor.staff_id, same)
    return not_staff & not_technician & (~Q(id__in=sorted(several)) if several else Q())


async def as_technicians(actor: Actor) -> set[int]:
    """The technicians who are the same person as whoever of the staff looks."""
    if actor.staff_id is None:
        return set()
    themselves = Staff.filter(id=actor.staff_id, person_id__isnull=False)
    same = Technician.filter(person_id__in=Subquery(themselves.values("person_id")))
    return {one.id for one in await same.only("id")}


async def theirs(actor: Actor) -> set[int]:
    """The ids of the complaints about whoever of the staff looks, for leaving out what was made of them elsewhere."""
    if actor.staff_id is None:
        return set()
    same = sorted(await as_technicians(actor))
    about = Q(about_staff_id=actor.staff_id) | Q(about_technician_id__in=[0, *same])
    rows = await Complaint.filter(about).only("id")
    return {row.id for row in rows} | await _suspected(actor.staff_id, same)


def only(ids: Collection[int]) -> int | None:
    """The one there is, None for none and for several."""
    return next(iter(ids)) if len(ids) == 1 else None


async def _suspected(staff_id: int, technician_ids: Sequence[int]) -> set[int]:
    """The complaints that may be about somebody, as about others."""
    about = Q(staff_id=staff_id) | Q(technician_id__in=[0, *technician_ids])
    return {one.complaint_id for one in await ComplaintSuspect.filter(about).only("id", "complaint_id")}


def _ids(found: Iterable[int | None]) -> frozenset[int]:
    return frozenset(one for one in found if one is not None)
