"""开工单: a ticket that staff open for a resident, after a call or from a talk; they hear of it as in the chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.community import Occupant
from models.events import Event, SubjectKind
from models.media import MediaFile
from models.people import Binding, BindingStatus, Person
from models.tickets import Area, PhotoStage
from services import events, outbox, spelling
from services.actors import Actor, ActorKind
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes, houses, people
from services.events import Subject
from services.repairs import categories, corrections, job_sheet, known_faults, pictures, reporting, tickets
from services.repairs.insertion import Report, Submitted
from services.scope import Field, Scope

VERB = "open_for"
_RECENT = 200  # events of a clerk among which a page that sends twice is known again
_HOUSES = 4  # named in “did you mean”
_WHAT = 30  # characters of a description that name a ticket


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom: somebody who is bound, somebody of the company's list, or whoever a house, a name and a phone name.

    A house that is given goes before the home of the person; `phone` and `name` before those that are known.
    """

    person_id: int | None = None
    occupant_id: int | None = None
    community_id: int | None = None
    house: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is broken, as the report has it. `messages` are those of the talk that it was made from; `pictures` are
    hashes of what staff add to it.
    """

    category_code: str
    area: Area = Area.HOME
    place: str = ""
    description: str = ""
    start: datetime | None = None
    end: datetime | None = None
    urgent: bool = False
    anyway: bool = False  # though it is known already
    photos: Sequence[int] = ()
    messages: Sequence[int] = ()
    pictures: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Resident:
    """Who a caller turned out to be; the phone is masked."""

    person_id: int | None
    occupant_id: int | None
    community_id: int | None
    community: str
    house: str
    name: str
    phone: str


async def of_person(person_id: int, *, actor: Actor) -> Resident:
    """Raises NotFound outside of the scope."""
    seen, home = actor.seeing(Field.REPAIRS), await homes.find(person_id)
    if home is None:
        known = await people.named(person_id)
        return Resident(person_id, None, None, "", "", known.name, known.phone)
    _must_reach(seen, home.community_id)
    return Resident(
        person_id, None, home.community_id, home.community_name, home.house_label, home.name,
        spelling.masked(home.phone),
    )  # fmt: skip


async def of_occupant(occupant_id: int, *, actor: Actor) -> Resident:
    """Somebody who only stands on the company's list. Raises NotFound outside of the scope."""
    row = await _occupant(occupant_id, actor.seeing(Field.REPAIRS))
    house = row.house
    return Resident(
        None, row.id, house.community_id, house.community.name, house.label, row.name,
        spelling.masked(row.phone),
    )  # fmt: skip


async def open_for(caller: Caller, told: Told, *, key: str, source: str, actor: Actor) -> Submitted:
    """Make the ticket. `key` is the page's own: what it sends twice becomes one ticket.

    Raises Invalid for what is missing or names no house, NotFound outside of the scope, NotAllowed("ticket.known_…")
    for what is announced or reported already, unless `anyway`.
    """
    scope = actor.doing(Field.REPAIRS)
    who = await _reporter(caller, scope, actor)
    await people.lock(who.reporter_id)  # so that a page that sends twice at once is one as well
    if (before := await _opened(key, actor)) is not None:
        return before
    report = await _report(who, told, source)
    if not told.anyway:
        await _refuse_known(report)
    photos = await MediaFile.filter(id__in=[*told.photos, 0], person_id=who.reporter_id).only("id")
    made = await reporting.submit(report, photos=[one.id for one in photos], actor=actor)
    body = {"key": key, "number": made.number, "messages": list(told.messages)}
    await events.record(
        Subject(SubjectKind.TICKET, made.id, report.community_id), VERB, actor=actor, note=source, body=body
    )
    if told.pictures:
        await pictures.attach(made.id, told.pictures, stage=PhotoStage.BEFORE, actor=actor)
    await _tell(made, report)
    return made


async def used(person_id: int) -> dict[int, str]:
    """Messages of a person that a ticket was made from already, with its number."""
    mine = await tickets.ids_of(person_id)
    found = Event.filter(subject_kind=SubjectKind.TICKET, subject_id__in=[*mine, 0], verb=VERB)
    return {
        message: str(event.body.get("number", ""))
        for event in await found
        for message in event.body.get("messages", [])
    }


@dataclass(frozen=True, slots=True)
class _Known:
    reporter_id: int
    community_id: int
    house_id: int | None
    name: str
    phone: str


async def _reporter(caller: Caller, scope: Scope, actor: Actor) -> _Known:
    phone = spelling.phone(caller.phone)
    if phone and not spelling.is_phone(phone):
        raise Invalid("ticket.bad_phone")
    if caller.occupant_id is not None:
        row = await _occupant(caller.occupant_id, scope)
        known = await people.on_phone(row.name, row.phone or phone, actor=actor)
        return _Known(
            known, row.house.community_id, row.house_id, caller.name or row.name, phone or row.phone
        )
    if caller.person_id is not None:
        home = await homes.find(caller.person_id)
        if home is not None and not caller.house:
            _must_reach(scope, home.community_id)
            return _Known(
                caller.person_id,
                home.community_id,
                home.house_id,
                caller.name or home.name,
                phone or home.phone,
            )
    community_id, house_id = await _place(caller, scope)
    if caller.person_id is not None:
        person = await Person.filter(id=caller.person_id).first()
        if person is None:
            raise NotFound("person.not_found")
        return _Known(person.id, community_id, house_id, caller.name or person.name, phone or person.phone)
    reporter = await _bound(house_id, caller.name, phone)
    if reporter is None:
        reporter = await people.on_phone(caller.name, phone, actor=actor)
    return _Known(reporter, community_id, house_id, caller.name, phone)


async def _place(caller: Caller, scope: Scope) -> tuple[int, int | None]:
    if caller.community_id is None or not scope.has(caller.community_id):
        raise Invalid("ticket.community_needed")
    if not caller.house.strip():
        return caller.community_id, None
    found = await houses.resolve(caller.community_id, caller.house)
    if not found:
        raise Invalid("ticket.no_such_house", house=caller.house)
    if len(found) > 1:
        raise Invalid("ticket.which_house", houses="、".join(one.label for one in found[:_HOUSES]))
    return caller.community_id, found[0].id


async def _bound(house_id: int | None, name: str, phone: str) -> int | None:
    """The person of that house who is meant, so that they hear of it in their WeChat."""
    living = await Binding.filter(house_id=house_id or 0, status=BindingStatus.ACTIVE).order_by("id")
    same = [one for one in living if spelling.same_person((one.name, one.phone), (name, phone))]
    return same[0].person_id if same else None


async def _report(who: _Known, told: Told, source: str) -> Report:
    if who.house_id is None and told.area is Area.HOME:
        raise Invalid("ticket.house_needed")
    if not (told.description.strip() or told.photos or told.pictures):
        raise Invalid("ticket.description_needed")
    if told.start is None and told.end is not None:
        raise Invalid("ticket.start_needed")
    if told.start is not None:
        corrections.check_window(told.start, told.end)
    return Report(
        reporter_id=who.reporter_id,
        community_id=who.community_id,
        category_code=told.category_code,
        house_id=who.house_id,
        area=told.area,
        place=told.place,
        description=told.description,
        contact_name=who.name,
        contact_phone=who.phone,
        appointment_start=told.start,
        appointment_end=told.end,
        urgent=told.urgent,
        source=source,
    )


async def _refuse_known(report: Report) -> None:
    """Whoever opens it should hear first that the water is off there, or that it is reported already."""
    house = await houses.by_id(report.house_id) if report.house_id else None
    building = house.building_id if house else None
    there, category = report.community_id, report.category_code
    off = await known_faults.outages(there, building_id=building, category_code=category)
    if off:
        raise NotAllowed("ticket.known_outage", text=off[0].text)
    own = await reporting.unfinished(report.reporter_id, category)
    if own is not None:
        what = own.description[:_WHAT] or own.place or own.category
        raise NotAllowed("ticket.known_own", number=own.number, what=what)
    if report.area is not Area.PUBLIC:
        return
    same = await known_faults.same_public_fault(
        there, category_code=category, place=report.place, building_id=building
    )
    if same is not None:
        raise NotAllowed("ticket.known_fault", number=same.number, place=same.place)


async def _opened(key: str, actor: Actor) -> Submitted | None:
    """What this page made before, when its answer was lost on the way."""
    if not key:
        return None
    mine = Event.filter(actor_kind=ActorKind.STAFF, actor_id=actor.staff_id or 0)
    for event in await mine.order_by("-id").limit(_RECENT):
        if event.verb == VERB and event.body.get("key") == key:
            return Submitted(event.subject_id, str(event.body["number"]))
    return None


async def _tell(made: Submitted, report: Report) -> None:
    category = await categories.by_code(report.category_code)
    said: dict[str, outbox.Value] = {
        "ticket": made.id,
        "number": made.number,
        "category": category.name,
        "what": report.description[:100],
        "place": report.place,
        "appointment": job_sheet.window(report.appointment_start, report.appointment_end),
    }
    key = f"ticket:{made.id}:opened:{report.reporter_id}"
    await outbox.tell(report.reporter_id, "repair.opened", said, key=key)


async def _occupant(occupant_id: int, scope: Scope) -> Occupant:
    row = await Occupant.filter(id=occupant_id).select_related("house__community").first()
    if row is None or not scope.has(row.house.community_id):
        raise NotFound("person.not_found")
    return row


def _must_reach(scope: Scope, community_id: int) -> None:
    if not scope.has(community_id):
        raise NotFound("person.not_found")
