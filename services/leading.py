"""Complaints are the clerks' work. One that may be about each of the clerks falls to whoever leads."""

from models.complaints import Complaint
from models.people import Role, Staff
from services import accused
from services.actors import Actor
from services.scope import Field, Scope, working_for


async def may(complaint: Complaint, *, actor: Actor) -> bool:
    """Whether who sees it may work on it. Whoever leads and took it goes on with it, though a clerk comes."""
    own = actor.seeing(Field.COMPLAINTS)
    if Field.COMPLAINTS in own.does:
        return True
    has_it = actor.staff_id is not None and complaint.handler_id == actor.staff_id
    return could(own, leads=has_it or await falls_to_leading(complaint))


def could(own: Scope, *, leads: bool) -> bool:
    """`leads` says whether the complaint falls to whoever leads."""
    return Field.COMPLAINTS in own.does or (leads and Field.INSTRUCTIONS in own.does)


async def falls_to_leading(complaint: Complaint) -> bool:
    """No clerk is left there who may know of it."""
    hidden = await accused.of_one(complaint)
    if not hidden:
        return False
    clerks = Staff.filter(await working_for(complaint.community_id), active=True, role=Role.SERVICE)
    return not await clerks.exclude(id__in=sorted(hidden)).exists()
