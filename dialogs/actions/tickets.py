"""报修进度 and what comes after the work: looking, urging, cancelling, adding, rating, 没修好, 电话报修."""

import re
from dataclasses import replace

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.talk import slots
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import many, moment, resident, table, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase, told_apart
from models.tickets import Area, TicketStatus
from services.errors import Invalid, NotFound
from services.estate import contacts, homes, houses
from services.repairs import corrections, ratings, reporting, technicians
from services.repairs.moves import Verb
from services.repairs.views import RepairView

_NUMBER = re.compile(r"\d[\d\s-]{3,}\d")  # as people write it: BX10015, bx 1001 5
_GIVES_ANEW = re.compile(r"(?:改|重新|再)[^，。]{0,4}评价|评价[^，。]{0,4}(?:改|错|重)|评错|(?:点|打|按)错")
_ONLY_MENDED = re.compile(r"^(?:都|已经|修|弄)*好[了啦]|^[12]$")  # that it works says nothing of how well


@registry.source("repair.mine")
async def mine(turn: Turn) -> Listed:
    found = await reporting.of_person(turn.person.id, only_open=True)
    return told_apart((one.id, one.number, _line(one)) for one in found)


@registry.source("repair.all")
async def everything(turn: Turn) -> Listed:
    found = await reporting.of_person(turn.person.id, limit=30)
    return told_apart((one.id, one.number, _line(one)) for one in found)


def _line(one: RepairView) -> str:
    return f"{texts.day(one.created_at)} {_what(one)}（{phrase('repair.state', state=one.status)}）"


def _what(one: RepairView) -> str:
    return one.place if one.category in one.place else f"{one.place}{one.category}"


@registry.action("repair.pick", gives=("ticket",), outcomes=("none", "many"), reads=True)
async def pick(turn: Turn, *, said: Plain) -> Outcome:
    """The one open repair, or the one whose number was said."""
    number = _NUMBER.search(words(said))
    if number and (named := await reporting.of_person_one(turn.person.id, number[0])):
        return Outcome(values={"ticket": str(named.id)})
    found = await reporting.of_person(turn.person.id, only_open=True)
    return _one_of([one.id for one in found])


def _one_of(ids: list[int]) -> Outcome:
    if not ids:
        return Outcome("none")
    return Outcome("many") if len(ids) > 1 else Outcome(values={"ticket": str(ids[0])})


@registry.action("repair.history", outcomes=("none",), reads=True)
async def history(turn: Turn) -> Outcome:
    return Outcome("ok" if await reporting.of_person(turn.person.id, limit=1) else "none")


@registry.action(
    "repair.look",
    gives=(
        "ticket_id",
        "number",
        "what",
        "status",
        "technician",
        "phone",
        "eta",
        "promised",
        "hold_reason",
        "hold_until",
        "finished",
        "can",
        "rated",
        "merged",
        "shared",
    ),
    reads=True,
)
async def look(turn: Turn, *, ticket: Plain) -> Outcome:
    one = await _own(turn, ticket)
    return Outcome(
        values={
            "ticket_id": str(one.id),
            "number": spoken(one.number),
            "what": _what(one),
            "status": one.status,
            "technician": one.technician,
            "phone": one.phone,
            "eta": one.eta.isoformat() if one.eta else None,
            "promised": one.promised.isoformat() if one.promised else None,
            "hold_reason": one.hold_reason,
            "hold_until": one.hold_until.isoformat() if one.hold_until else None,
            "finished": one.finished_at.isoformat() if one.finished_at else None,
            "can": [str(verb) for verb in sorted(one.can)],
            "rated": one.rating_speed is not None,
            "merged": spoken(one.merged_into) if one.merged_into else None,
            "shared": one.shared,
        }
    )


async def _own(turn: Turn, ticket: Plain) -> RepairView:
    found = await reporting.of_person_one(turn.person.id, whole(ticket))
    if found is None:
        raise NotFound("ticket.not_found", number="")
    return found


@registry.action("repair.may", gives=("number",), outcomes=("closed",), reads=True)
async def may(turn: Turn, *, ticket: Plain, verb: Plain) -> Outcome:
    """Raises what doing it would raise, before anything is asked for it."""
    one = await _own(turn, ticket)
    if words(verb) == Verb.REOPEN and one.status == TicketStatus.CLOSED and Verb.REOPEN not in one.can:
        return Outcome("closed", {"number": spoken(one.number)})
    await reporting.check(one.id, Verb(words(verb)), actor=resident(turn))
    return Outcome()


@registry.action("repair.praised", gives=("speed", "quality", "remark"), reads=True)
async def praised(turn: Turn) -> Outcome:
    """What typed praise or blame already says: a few words are stars for everything, a story is the remark."""
    heard = turn.heard
    if heard.option_id:
        return Outcome()
    if _GIVES_ANEW.search(heard.text):
        return Outcome()  # what begins the talk is no remark
    if slots.tells_a_story(heard.text):
        return Outcome(values={"remark": heard.text.strip()})
    given = slots.rating(heard.text, turn.now)
    known = given > 0 and not _ONLY_MENDED.match(heard.text.strip())
    return Outcome(values={"speed": given, "quality": given} if known else {})


@registry.action("repair.urge", gives=("count",))
async def urge(turn: Turn, *, ticket: Plain) -> Outcome:
    return Outcome(values={"count": await reporting.urge(whole(ticket), actor=resident(turn))})


@registry.action("repair.cancel")
async def cancel(turn: Turn, *, ticket: Plain, reason: Plain) -> Outcome:
    await reporting.cancel(whole(ticket), actor=resident(turn), reason=words(reason))
    return Outcome()


@registry.action("repair.add", gives=("count",))
async def add(turn: Turn, *, ticket: Plain, remark: Plain, photos: Plain) -> Outcome:
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=resident(turn))
    if words(remark):
        await reporting.add_remark(whole(ticket), words(remark), actor=resident(turn))
    return Outcome(values={"count": len(wholes(photos))})


@registry.source("repair.unrated")
async def unrated(turn: Turn, *, closed: Plain = False) -> Listed:
    """What waits for this person's word; `closed` adds what was closed a few days ago and may be reopened, or, where
    it says "rated", may get other stars."""
    return [(str(one.id), _finished(one)) for one in await _done(turn, closed)]


def _finished(one: RepairView) -> str:
    return f"{spoken(one.number)} {one.place}{one.category}"


@registry.action("repair.pick_unrated", gives=("ticket", "closed"), outcomes=("none", "many"), reads=True)
async def pick_unrated(turn: Turn, *, closed: Plain = False) -> Outcome:
    """`closed` as for the source; it is given back for the question which one is meant."""
    found = _one_of([one.id for one in await _done(turn, closed)])
    return Outcome(found.name, {**found.values, "closed": closed or None})


async def _done(turn: Turn, closed: Plain) -> list[RepairView]:
    if closed == "rated":
        return await ratings.rateable(turn.person.id)
    return await (ratings.reopenable if closed else ratings.unrated)(turn.person.id)


@registry.action("repair.reschedule", gives=("number", "technician", "status"))
async def reschedule(turn: Turn, *, ticket: Plain, time: Plain) -> Outcome:
    """改约. `status` is dispatched where the technician has to promise anew."""
    window = table(time)
    start = moment(window.get("start"))
    if start is None:
        raise Invalid("repair.appointment_past")
    await corrections.reschedule(whole(ticket), start, moment(window.get("end")), actor=resident(turn))
    one = await _own(turn, ticket)
    return Outcome(values={"number": spoken(one.number), "technician": one.technician, "status": one.status})


async def _house(turn: Turn, community_id: int, label: str) -> int | None:
    """The house of that name there; their own needs no looking up."""
    who = turn.person
    if (community_id, label) == (who.community_id, who.house):
        return who.house_id
    found = await houses.find(community_id, label)
    return found.id if found else None


@registry.action("repair.correct", gives=("number", "technician", "status", "place"))
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
    """What is given takes the place of what was reported; the rest stays. Photos are added."""
    actor = resident(turn)
    known = await corrections.as_reported(whole(ticket), actor=actor)
    window = table(time)
    chosen = await _house(turn, known.community_id, words(house)) if house else None
    told = replace(
        known,
        category_code=words(category) or known.category_code,
        area=Area(words(area)) if area else known.area,
        house_id=chosen or known.house_id,
        place=words(place) or known.place,
        description=words(description) or known.description,
        appointment_start=moment(window.get("start")) if time else known.appointment_start,
        appointment_end=moment(window.get("end")) if time else known.appointment_end,
        contact_phone=words(phone) or known.contact_phone,
        urgent=known.urgent if urgent is None else urgent is True,
    )
    await corrections.correct(whole(ticket), told, actor=actor)
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=actor)
    one = await _own(turn, ticket)
    return Outcome(
        values={
            "number": spoken(one.number),
            "technician": one.technician,
            "status": one.status,
            "place": told.place or None,
        }
    )


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
    one = await _own(turn, ticket)
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


@registry.action("repair.rate")
async def rate(
    turn: Turn, *, ticket: Plain, speed: Plain, quality: Plain, reasons: Plain, remark: Plain
) -> Outcome:
    await ratings.rate(
        whole(ticket),
        actor=resident(turn),
        speed=whole(speed),
        quality=whole(quality),
        reasons=many(reasons),
        remark=words(remark),
    )
    return Outcome()


@registry.action("repair.reopen", gives=("number", "technician", "ticket_id"))
async def reopen(turn: Turn, *, ticket: Plain, reason: Plain, photos: Plain) -> Outcome:
    await ratings.not_fixed(whole(ticket), actor=resident(turn), reason=words(reason))
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=resident(turn))
    one = await _own(turn, ticket)
    return Outcome(
        values={"number": spoken(one.number), "technician": one.technician, "ticket_id": str(one.id)}
    )


@registry.action("repair.phones", gives=("community", "phones"), outcomes=("none",), reads=True)
async def phones(turn: Turn) -> Outcome:
    """The technicians' and duty phones of the community, or of all of them for somebody without a house."""
    home = await homes.find(turn.person.id)
    known = [await contacts.of_community(home.community_id)] if home else await contacts.everywhere()
    lines = [line for one in known for line in await _phone_lines(one, named=home is None)]
    name = home.community_name if home else phrase("repair.everywhere")
    return Outcome(values={"community": name, "phones": "\n".join(lines)}) if lines else Outcome("none")


async def _phone_lines(contact: contacts.Contact, *, named: bool) -> list[str]:
    men = await technicians.of_community(contact.community_id)
    lines = [phrase("repair.phone_of", name=one.name, phone=one.phone) for one in men if one.phone]
    lines += [f"{one.name} {one.phone}" for one in contact.phones]
    return [f"{contact.community}：", *lines] if named and lines else lines
