"""Which complaints somebody of the staff may know of and work on. Whom one is about never does, whatever they may.

They are the clerks' work. One that is about the only clerk falls to whoever leads.
"""

from tortoise.expressions import Q

from models.complaints import Complaint
from models.people import Staff, Technician
from services import accused, duty
from services.actors import Actor
from services.errors import MayNot, NotFound
from services.estate.homes import Home
from services.scope import Field, Scope

RELATED = ("community", "house", "person", "handler")


async def rows(actor: Actor) -> Q:
    """Outside of their scope, and for whom it is about, there is no such complaint."""
    return actor.seeing(Field.COMPLAINTS).rows() & await accused.not_about(actor)


async def may(complaint: Complaint, *, actor: Actor) -> bool:
    """Whether who sees it may work on it. Whoever leads and took it goes on with it, though a clerk comes."""
    own = actor.seeing(Field.COMPLAINTS)
    if Field.COMPLAINTS in own.does:
        return True
    has_it = actor.staff_id is not None and complaint.handler_id == actor.staff_id
    return could(own, leads=has_it or await falls_to_leading(complaint))


async def must(complaint: Complaint, *, actor: Actor) -> None:
    """Raises MayNot for whom it is no work of."""
    if not await may(complaint, actor=actor):
        raise MayNot(f"may_not.{Field.COMPLAINTS}")


def could(own: Scope, *, leads: bool) -> bool:
    """`leads` says whether the complaint falls to whoever leads."""
    return Field.COMPLAINTS in own.does or (leads and Field.INSTRUCTIONS in own.does)


async def falls_to_leading(complaint: Complaint) -> bool:
    """No clerk is left there who may know of it."""
    hidden = await hidden_from(complaint)
    return bool(hidden) and not await duty.has_service(complaint.community_id, besides=hidden)


async def find(complaint_id: int, *, actor: Actor) -> Complaint:
    """With what a page shows of it. Raises NotFound for what they do not see."""
    found = Complaint.filter(await rows(actor), id=complaint_id)
    row = await found.select_related(*RELATED).first()
    if row is None:
        raise NotFound("complaint.not_found", number="")
    return row


def house(row: Complaint) -> str:
    """Its label, "" for one that is anonymous."""
    return row.house.label if row.house and not row.anonymous else ""


def name(row: Complaint, home: Home | None) -> str:
    """Whose it is, "" for one that is anonymous."""
    return "" if row.anonymous else home.name if home else row.person.name


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
