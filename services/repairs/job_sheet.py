"""A job as the technician reads it: place, what, appointment, whom to call."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from models.community import Community, House
from models.people import Technician
from models.tickets import Ticket
from services import clock
from services.events import EventView
from services.outbox import Value
from services.repairs import categories, job_links, pictures, places, tickets
from services.repairs.views import JobView

_OPEN_END = timedelta(hours=2)  # how long somebody waits who only said from when


async def tell(
    ticket: Ticket,
    technician: Technician,
    phrase: str,
    event: EventView,
    more: Mapping[str, Value] | None = None,
) -> None:
    """Say it to the technician, with the whole job and whatever more the phrase names."""
    if technician.person_id is not None:
        said = {**await values(ticket), **(more or {})}
        await tickets.tell(ticket, technician.person_id, phrase, event, said)


async def values(ticket: Ticket) -> dict[str, Value]:
    """What a phrase about a job may name. Moments are ISO strings, a window "start/end"."""
    house = await House.filter(id=ticket.house_id or 0).first()
    label, inside = house.label if house else "", places.at_the_house(ticket)
    return {
        "community": (await Community.get(id=ticket.community_id)).name,
        "house": label if inside else "",
        "home": "" if inside else label,  # of whoever reported what is outside of it
        "area": ticket.area,
        "place": ticket.place,
        "category": (await categories.by_id(ticket.category_id)).name,
        "what": ticket.description,
        "urgent": int(ticket.urgent) or None,
        "contact": ticket.contact_name,
        "phone": ticket.contact_phone,
        "appointment": appointment(ticket),
        "photos": await pictures.rows(ticket.id).count() or None,
        "page": job_links.link(ticket.id, ticket.technician_id) if ticket.technician_id else None,
    }


def inside(ticket: Ticket | JobView, moment: datetime) -> bool:
    """Whether the moment lies in the resident's window; always where they named none, or it is over."""
    start, end = ticket.appointment_start, ticket.appointment_end
    over = end or (start + _OPEN_END if start else None)
    if start is None or over is None or over <= clock.now():
        return True
    return start <= moment <= over


def appointment(ticket: Ticket) -> str | None:
    """The window in which the resident is there, "start/end"; only its start when that is all they said."""
    return window(ticket.appointment_start, ticket.appointment_end)


def window(start: datetime | None, end: datetime | None) -> str | None:
    """Two moments as phrases want them."""
    ends = (start, end)
    return "/".join(moment.isoformat() for moment in ends if moment is not None) or None
