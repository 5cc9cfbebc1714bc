"""One job as its page shows it to the technician who has it: where, what, whom to call, what was done there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.community import House
from models.events import SubjectKind
from models.media import MediaStatus
from models.people import Technician
from models.tickets import Area, PhotoStage, Ticket, TicketStatus
from services import actors, events
from services.errors import NotAllowed, NotFound
from services.events import Subject
from services.repairs import holding, households, job_links, pictures, places
from services.repairs.moves import ASSIGNED, WORKING

_BEFORE = 10  # earlier repairs that are shown
_HELD = ASSIGNED | WORKING


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was done there before: nobody's name, number or words but the technician's."""

    at: datetime
    category: str
    place: str
    note: str
    materials: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`after` was taken when the work was done before; `staff` added it, "" for the resident and technicians."""

    media_id: int
    after: bool
    staff: str


@dataclass(frozen=True, slots=True)
class JobPage:
    """`address` is for a map. `photos` are what is stored, `coming` counts what is still being fetched.

    `houses` are those of the others who reported the same.
    """

    number: str
    category: str
    status: str
    urgent: bool
    community: str
    address: str
    house: str
    place: str
    description: str
    contact: str
    phone: str
    appointment_start: datetime | None
    appointment_end: datetime | None
    eta: datetime | None
    hold_reason: str
    hold_until: datetime | None
    households: int
    houses: Sequence[str]
    photos: Sequence[Picture]
    coming: int
    earlier: Sequence[Earlier]


async def read(token: str) -> JobPage:
    """Recorded as a reading of the contact's number.

    Raises NotFound for an address that we never gave, NotAllowed when the job ended or is somebody else's now.
    """
    row = await _job(token)
    technician = actors.technician(row.technician_id or 0)
    whose = Subject(SubjectKind.PERSON, row.reporter_id, row.community_id)
    await events.record(whose, "phone_read", actor=technician, note=row.number)
    return await _page(row)


async def photo(token: str, media_id: int) -> tuple[str, str]:
    """Hash and kind of one of the job's photos. Raises NotFound for any other file, and as `read`."""
    row = await _job(token)
    return await pictures.stored(row.id, media_id)


async def _job(token: str) -> Ticket:
    named = job_links.read(token)
    if named is None:
        raise NotFound("job.no_such_page")
    ticket_id, technician_id = named
    ticket = await Ticket.filter(id=ticket_id).first()
    living = holding.living_id(ticket) if ticket else 0
    row = await Ticket.filter(id=living).select_related("category", "community", "house").first()
    if row is None or not await Technician.exists(id=technician_id, active=True):
        raise NotAllowed("job.page_ended")
    if row.technician_id != technician_id or row.status not in _HELD:
        raise NotAllowed("job.page_ended")
    return row


async def _page(row: Ticket) -> JobPage:
    inside = places.at_the_house(row)
    photos = await pictures.of(row.id)
    waiting = await households.waiting(row)
    return JobPage(
        number=row.number,
        category=row.category.name,
        status=row.status,
        urgent=row.urgent,
        community=row.community.name,
        address=row.community.address,
        house=row.house.label if row.house and inside else "",
        place=row.place,
        description=row.description,
        contact=row.contact_name,
        phone=row.contact_phone,
        appointment_start=row.appointment_start,
        appointment_end=row.appointment_end,
        eta=row.eta if row.status is TicketStatus.CONFIRMED else None,
        hold_reason=row.hold_reason if row.status is TicketStatus.ON_HOLD else "",
        hold_until=row.hold_until if row.status is TicketStatus.ON_HOLD else None,
        households=len(waiting),
        houses=await _houses(row),
        photos=[
            Picture(one.media_id, one.stage == PhotoStage.AFTER, one.staff)
            for one in photos
            if one.status == MediaStatus.STORED
        ],
        coming=sum(one.status != MediaStatus.STORED for one in photos),
        earlier=await _earlier(row, inside=inside),
    )


async def _houses(row: Ticket) -> list[str]:
    """Of the others who reported it."""
    ids = {one.house_id for one in await households.merged_into(row.id)} - {row.house_id}
    found = await House.filter(id__in=[one for one in ids if one is not None] or [0]).order_by("id")
    return [one.label for one in found]


async def _earlier(row: Ticket, *, inside: bool) -> list[Earlier]:
    """In the same house; of what is nobody's home, of the same trade out of the same building."""
    if row.house_id is None or row.house is None:
        return []
    found = Ticket.filter(community_id=row.community_id, finished_at__isnull=False).exclude(id=row.id)
    if inside:
        found = found.filter(house_id=row.house_id, area=Area.HOME)
    else:
        found = found.filter(
            house__building_id=row.house.building_id, category_id=row.category_id, area=Area.PUBLIC
        )
    rows = await found.order_by("-finished_at").limit(_BEFORE).select_related("category")
    return [
        Earlier(one.finished_at, one.category.name, one.place, one.finish_note, one.materials)
        for one in rows
        if one.finished_at is not None
    ]
