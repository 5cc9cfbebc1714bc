"""A job as the technician reads it: place, what, appointment, whom to call."""

from models.community import Community, House
from models.people import Technician
from models.tickets import Area, Ticket, TicketPhoto
from services.events import EventView
from services.outbox import Value
from services.photos import KEPT
from services.repairs import categories, tickets


async def tell(ticket: Ticket, technician: Technician, phrase: str, event: EventView) -> None:
    if technician.person_id is not None:
        await tickets.tell(ticket, technician.person_id, phrase, event, await values(ticket))


async def values(ticket: Ticket) -> dict[str, Value]:
    """What a phrase about a job may name. Moments are ISO strings."""
    at_home = ticket.house_id if ticket.area is Area.HOME else None
    house = await House.filter(id=at_home or 0).first()
    return {
        "community": (await Community.get(id=ticket.community_id)).name,
        "house": house.label if house else "",
        "area": ticket.area,
        "place": ticket.place,
        "category": (await categories.by_id(ticket.category_id)).name,
        "what": ticket.description,
        "urgent": int(ticket.urgent) or None,
        "contact": ticket.contact_name,
        "phone": ticket.contact_phone,
        "appointment_start": tickets.iso(ticket.appointment_start),
        "appointment_end": tickets.iso(ticket.appointment_end),
        "photos": await TicketPhoto.filter(KEPT, ticket_id=ticket.id).count() or None,
    }
