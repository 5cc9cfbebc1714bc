"""Which complaints somebody of the staff may know of. Whom one is about never does, whatever their rights."""

from tortoise.expressions import Q

from models.complaints import Complaint
from models.people import Staff, Technician
from services import accused
from services.actors import Actor
from services.errors import NotFound
from services.scope import Field


async def rows(actor: Actor, *, doing: bool = False) -> Q:
    """Outside of their scope, and for whom it is about, there is no such complaint."""
    own = actor.doing(Field.COMPLAINTS) if doing else actor.seeing(Field.COMPLAINTS)
    return own.rows() & await accused.not_about(actor)


async def find(complaint_id: int, *, actor: Actor) -> Complaint:
    """With what a page shows of it. Raises NotFound for what they do not see."""
    found = Complaint.filter(await rows(actor), id=complaint_id)
    row = await found.select_related("community", "house", "person", "handler").first()
    if row is None:
        raise NotFound("complaint.not_found", number="")
    return row


async def whom(complaint: Complaint) -> str:
    """The names of those it is about, as far as that is clear."""
    staff = await Staff.filter(id=complaint.about_staff_id or 0).first()
    technician = await Technician.filter(id=complaint.about_technician_id or 0).first()
    return "、".join(dict.fromkeys(one.name for one in (staff, technician) if one))


async def hidden_from(complaint: Complaint) -> set[int]:
    """The ids of the staff whom it is about, as staff or as a technician."""
    found = {complaint.about_staff_id} if complaint.about_staff_id else set()
    technician = await Technician.filter(id=complaint.about_technician_id or 0).first()
    if technician is not None and technician.person_id is not None:
        same = await Staff.filter(person_id=technician.person_id).only("id")
        found |= {one.id for one in same}
    return found
