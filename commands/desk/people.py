"""Finding staff and technicians by what an operator types."""

from commands import StartError
from models.people import Staff, Technician


async def staff(login: str) -> Staff:
    found = await Staff.filter(login=login, active=True).first()
    if found is None:
        raise StartError(f"There is no active member of staff with the login {login!r}.")
    return found


async def technician(text: str) -> Technician:
    """By name, phone or id."""
    rows = await Technician.filter(active=True).order_by("id")
    found = [one for one in rows if text in (one.name, one.phone, str(one.id))]
    if len(found) == 1:
        return found[0]
    names = "、".join(f"{one.name} ({one.phone})" for one in found or rows)
    raise StartError(f"{'More than one' if found else 'No'} technician is {text!r}; there are {names}.")
