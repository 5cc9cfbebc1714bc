"""Compare and set: an act on a ticket holds only for what its page showed."""

from models.people import Technician
from models.tickets import Ticket
from services.actors import Actor
from services.errors import NotAllowed
from services.repairs import holding


def of(ticket: Ticket) -> str:
    """What a page shows and sends back with each act: the status and who has the job."""
    return mark(ticket.status, ticket.technician_id)


def mark(status: str, technician_id: int | None) -> str:
    return f"{status}:{technician_id or 0}"


async def must_be(ticket_id: int, seen: str, *, actor: Actor) -> None:
    """Hold the ticket for this unit of work, with its family, since the act that follows may concern all of it.

    Raises NotAllowed that says what it is by now, if it is not as `seen`; an empty `seen` holds for whatever it is.
    """
    ticket = (await holding.families([ticket_id], actor=actor))[ticket_id]
    if not seen or seen == of(ticket):
        return
    technician = await Technician.filter(id=ticket.technician_id or 0).first()
    raise NotAllowed(
        "ticket.changed_meanwhile",
        number=ticket.number,
        status=ticket.status,
        technician=technician.name if technician else "",
    )
