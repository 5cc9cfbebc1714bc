"""What was told of a repair is put right: 改约, and whatever else of it was wrong."""

from dataclasses import replace

from bot.scripts.actions import Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import moment, resident, table, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.tickets import own
from models.tickets import Area
from services.errors import Invalid, NotAllowed
from services.estate import houses
from services.repairs import corrections, reporting
from services.repairs.corrections import Corrected
from services.repairs.insertion import Report


@registry.action("repair.reschedule", gives=("number", "technician", "status"), refuses_first=True)
async def reschedule(turn: Turn, *, ticket: Plain, time: Plain) -> Outcome:
    """改约. `status` is dispatched where the technician has to promise anew."""
    window = table(time)
    start = moment(window.get("start"))
    if start is None:
        raise Invalid("repair.appointment_past")
    stands = await corrections.reschedule(
        whole(ticket), start, moment(window.get("end")), actor=resident(turn)
    )
    return Outcome(values=_told(stands))


@registry.action("repair.hasten", gives=("number", "technician", "status"))
async def hasten(turn: Turn, *, ticket: Plain, remark: Plain) -> Outcome:
    """As soon as somebody can come, instead of at the time that was told; the words go to whoever comes."""

    async def wish(known: Report) -> Report:
        return replace(known, appointment_start=None, appointment_end=None)

    stands = await corrections.amend(whole(ticket), wish, actor=resident(turn))
    if words(remark):
        await reporting.add_remark(whole(ticket), words(remark), actor=resident(turn))
    return Outcome(values=_told(stands))


async def _house(turn: Turn, community_id: int, label: str) -> int | None:
    """The house of that name there; their own needs no looking up."""
    who = turn.person
    if (community_id, label) == (who.community_id, who.house):
        return who.house_id
    found = await houses.find(community_id, label)
    return found.id if found else None


@registry.action(
    "repair.correct",
    gives=("number", "technician", "status", "place"),
    outcomes=("told_on",),
    refuses_first=True,
    unless_given=("photos",),  # there may be too many of them
)
async def correct(
    turn: Turn,
    *,
    ticket: Plain,
    category: Plain = None,
    area: Plain = None,
    house: Plain = None,
    place: Plain = None,
    description: Plain = None,
    time: Plain = None,
    phone: Plain = None,
    urgent: Plain = None,
    photos: Plain = None,
) -> Outcome:
    """What is given takes the place of what was reported; the rest stays. Photos are added.

    `told_on` where the ticket takes no corrections any more: what was said goes to whoever works on it as it is.
    """
    actor = resident(turn)

    async def wish(known: Report) -> Report:
        chosen = await _house(turn, known.community_id, words(house)) if house else None
        return replace(
            _at_time(known, time),
            category_code=words(category) or known.category_code,
            area=Area(words(area)) if area else known.area,
            house_id=chosen or known.house_id,
            place=words(place) or known.place,
            description=words(description) or known.description,
            contact_phone=words(phone) or known.contact_phone,
            urgent=known.urgent if urgent is None else urgent is True,
        )

    try:
        stands = await corrections.amend(whole(ticket), wish, actor=actor)
    except NotAllowed as refusal:
        return await _told_on(turn, whole(ticket), wholes(photos), refusal)
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=actor)
    return Outcome(values={**_told(stands), "place": stands.told.place or None})


async def _told_on(turn: Turn, ticket: int, photos: list[int], refusal: NotAllowed) -> Outcome:
    """Raises the refusal where nobody works on it any more, or nothing was said that they could read."""
    said = turn.heard.text.strip()
    try:
        for photo in photos:
            await reporting.add_photo(ticket, photo, actor=resident(turn))
        if said:
            await reporting.add_remark(ticket, said, actor=resident(turn))
    except NotAllowed:
        raise refusal from None
    if not said and not photos:
        raise refusal
    return Outcome("told_on")


def _at_time(known: Report, time: Plain) -> Report:
    """With another window for the visit, if there is one."""
    window = table(time)
    start, end = moment(window.get("start")), moment(window.get("end"))
    return replace(known, appointment_start=start, appointment_end=end) if time else known


def _told(stands: Corrected) -> dict[str, Plain]:
    return {"number": spoken(stands.number), "technician": stands.technician, "status": stands.status}


@registry.action(
    "repair.reported",
    gives=(
        "number",
        "category",
        "area",
        "house",
        "place",
        "description",
        "time",
        "phone",
        "urgent",
    ),
)
async def reported(turn: Turn, *, ticket: Plain) -> Outcome:
    """What the ticket says now, to be put right. Raises NotAllowed once work has begun."""
    one = await own(turn, ticket)
    told = await corrections.as_reported(one.id, actor=resident(turn))
    house = await houses.by_id(told.house_id) if told.house_id else None
    start, end = told.appointment_start, told.appointment_end
    return Outcome(
        values={
            "number": spoken(one.number),
            "category": told.category_code,
            "area": str(told.area),
            "house": house.label if house else None,
            "place": told.place,
            "description": told.description,
            "time": {"start": start.isoformat(), "end": end.isoformat() if end else None} if start else None,
            "phone": told.contact_phone,
            "urgent": told.urgent or None,
        }
    )
