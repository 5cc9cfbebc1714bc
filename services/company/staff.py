"""Staff 员工 as people who can be reached: joining by invite, being on duty."""

from models.people import Staff
from services.errors import NotAllowed, NotFound
from services.estate import scenes


async def join(person_id: int, scene: str) -> Staff:
    """Alerts reach this person from now on. Raises NotFound or NotAllowed as for a technician's invite."""
    invited = Staff.filter(invite=scene, active=True).select_for_update()
    found = await invited.first() if scenes.well_formed(scene) else None
    if found is None:
        raise NotFound("staff.no_such_invite")
    if found.person_id not in (None, person_id):
        raise NotAllowed("staff.invite_used")
    found.person_id = person_id
    await found.save(update_fields=["person_id"])
    return found


async def of_person(person_id: int) -> Staff | None:
    return await Staff.filter(person_id=person_id, active=True).first()


async def set_duty(staff_id: int, *, on_duty: bool) -> None:
    await Staff.filter(id=staff_id).update(on_duty=on_duty)
