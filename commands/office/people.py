"""Finding staff and technicians by what an operator types, and what a command may show and do for them."""

from commands import StartError
from services import actors, spelling
from services.actors import OPERATOR, Actor
from services.company import staff as colleagues
from services.company.staff import Colleague
from services.repairs import technicians
from services.repairs.technicians import TechnicianView

ADMIN = "admin"  # as whom a command acts when nobody is named


async def staff(login: str | None) -> Colleague:
    login = login or ADMIN
    found = await colleagues.by_login(login)
    if found is None:
        raise StartError(f"There is no active member of staff with the login {login!r}.")
    return found


async def actor(login: str | None) -> Actor:
    """Who acts: the member of staff who is named, else whoever works at the machine itself."""
    return OPERATOR if login is None else await actors.staff((await staff(login)).id)


async def member(login: str | None) -> Actor:
    """For what somebody of the staff has to do under their own name: the one who is named, else the admin."""
    return await actors.staff((await staff(login)).id)


async def technician(text: str, actor: Actor) -> TechnicianView:
    """By name, phone, id, or as people call them (吴师傅), among those whom they see."""
    rows = await technicians.seen_by(actor)
    found = [one for one in rows if text in (one.name, str(one.id))]
    if number := spelling.phone_key(text):
        found = found or [one for one in rows if spelling.phone_key(one.phone) == number]
    found = found or [one for one in rows if text in (f"{one.name}师傅", f"{one.name[0]}师傅")]
    if len(found) == 1:
        return found[0]
    names = "、".join(f"{one.name} ({one.phone})" for one in found or rows) or "none"
    raise StartError(f"{'More than one' if found else 'No'} technician is {text!r}; there are {names}.")
