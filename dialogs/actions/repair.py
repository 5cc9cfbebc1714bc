"""报修: what a sentence tells about a fault, what is known of it already, and handing the report in."""

import re
from datetime import datetime

from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.understanding.entities import find_fault
from bot.understanding.likeness import things_of
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions.arguments import home_needed, moment, resident, table, whole, wholes, words
from dialogs.actions.registry import registry
from models.tickets import Area
from services.estate import houses
from services.estate.homes import Home
from services.repairs import categories, known_faults, outage_news, ratings, reporting
from services.repairs import outages as outage_verbs
from services.repairs.insertion import Report
from services.repairs.views import RepairView

_AGAIN = re.compile(r"又|还是|还在|没修好|没弄好|没好")
_SURE = 7  # categories before 其他: whoever cannot tell finds it on the first page


@registry.source("repair.categories")
async def category_list(turn: Turn) -> Listed:
    both = [*await categories.of_area(Area.HOME), *await categories.of_area(Area.PUBLIC)]
    found = {one.code: one.name for one in both}
    unsure = [("other", found.pop("other"))] if "other" in found else []
    listed = list(found.items())
    return [*listed[:_SURE], *unsure, *listed[_SURE:]]


@registry.action(
    "repair.mended", gives=("known_id", "known_number", "known_text"), outcomes=("mended",), reads=True
)
async def mended(turn: Turn, *, said: Plain, category: Plain) -> Outcome:
    """A repair just finished that may be meant: of the same kind, or "又漏了" without saying what."""
    code = words(category)
    again = not code and _AGAIN.search(words(said))
    there = find_fault(normal(words(said)), mending=True).place
    for one in await ratings.unrated(turn.person.id) if await _has_open(turn) else ():
        if there and one.place and there not in one.place and one.place not in there:
            continue  # the window of the balcony is not the lock of the door
        if again or one.category_code == code:
            return _told("mended", one.id, one.number, one.created_at, f"{one.place}{one.category}")
    return Outcome()


@registry.action(
    "repair.known",
    gives=("known_id", "known_number", "known_text", "known_when", "known_ids"),
    outcomes=("outage", "mine", "neighbours"),
    reads=True,
)
async def known(
    turn: Turn, *, category: Plain, area: Plain, house: Plain, place: Plain, said: Plain = ""
) -> Outcome:
    """An announced outage, an unfinished report of one's own, or a neighbour's of the same public fault."""
    home = await home_needed(turn)
    elsewhere = words(house) != home.house_label
    building = (await _building(home.community_id, words(house)) if elsewhere else None) or home.building_id
    code = words(category)
    known_outages = await known_faults.outages(home.community_id, building_id=building, category_code=code)
    if known_outages and outage_news.explains(words(said)):
        return Outcome(
            "outage",
            {
                "known_ids": [str(one.id) for one in known_outages],
                "known_text": "\n".join(one.text for one in known_outages),
            },
        )
    return await _mine(turn, code, words(said)) or await _neighbours(
        home.community_id, code, area, place, building
    )


async def _has_open(turn: Turn) -> bool:
    """Most have no repair that is not over, and need not be asked about any."""
    return await turn.once("an open repair", lambda: reporting.has_open(turn.person.id))


async def _building(community_id: int, label: str) -> int | None:
    house = await houses.find(community_id, label) if label else None
    return house.building_id if house else None


async def _mine(turn: Turn, code: str, said: str) -> Outcome | None:
    same = await reporting.unfinished(turn.person.id, code) if await _has_open(turn) else None
    if same and ((_fails(said) and not _fails(same.description)) or _elsewhere(said, same)):
        return None  # the whole supply is no cistern, and the socket of a bedroom no lamp of the kitchen
    return _told("mine", same.id, same.number, same.created_at, same.description) if same else None


def _elsewhere(said: str, same: RepairView) -> bool:
    """Whether another place is named, or things that the other report has not."""
    there = find_fault(normal(said), mending=True).place
    if there and same.place and there not in same.place and same.place not in there:
        return True
    named, known = things_of(said).keys(), things_of(f"{same.place} {same.description}").keys()
    return bool(named and known) and named.isdisjoint(known)


def _fails(text: str) -> bool:
    """Whether the supply of the whole home fails."""
    return bool(_NO_SUPPLY.search(text))


_NO_SUPPLY = re.compile(
    r"(?:全家|整个?[屋家]|家里|屋里|一滴|都)[^，,。]{0,4}(?:没|停|断)(?:有|了)?[水电气]|(?:停|断)[水电气]了|一滴水"
)


async def _neighbours(community_id: int, code: str, area: Plain, place: Plain, building: int) -> Outcome:
    if area != Area.PUBLIC or not words(place):
        return Outcome()
    found = await known_faults.same_public_fault(
        community_id, category_code=code, place=words(place), building_id=building
    )
    if found is None:
        return Outcome()
    return _told("neighbours", found.ticket_id, found.number, found.reported_at, found.place)


def _told(outcome: str, ticket_id: int, number: str, at: datetime, text: str) -> Outcome:
    return Outcome(
        outcome,
        {
            "known_id": str(ticket_id),
            "known_number": spoken(number),
            "known_when": at.isoformat(),
            "known_text": text,
        },
    )


@registry.action("repair.hear_outage")
async def hear_outage(turn: Turn, *, outages: Plain) -> Outcome:
    """Whoever is content with a known outage hears when it is over."""
    await outage_verbs.hear(wholes(outages), actor=resident(turn))
    return Outcome()


@registry.action("repair.follow")
async def follow(turn: Turn, *, ticket: Plain) -> Outcome:
    await known_faults.follow(whole(ticket), actor=resident(turn))
    return Outcome()


@registry.action("repair.submit", gives=("spoken", "ticket_id"), refuses_first=True)
async def submit(
    turn: Turn,
    *,
    category: Plain,
    area: Plain,
    house: Plain,
    place: Plain,
    description: Plain,
    time: Plain,
    phone: Plain,
    urgent: Plain,
    photos: Plain,
) -> Outcome:
    told = await report(
        await home_needed(turn),
        category=category,
        area=area,
        house=house,
        place=place,
        description=description,
        time=time,
        phone=phone,
        urgent=urgent is True,
    )
    submitted = await reporting.submit(told, photos=wholes(photos), actor=resident(turn))
    return Outcome(values={"spoken": spoken(submitted.number), "ticket_id": str(submitted.id)})


async def report(
    home: Home,
    *,
    category: Plain,
    area: Plain,
    house: Plain,
    place: Plain,
    description: Plain,
    time: Plain,
    phone: Plain,
    urgent: bool,
) -> Report:
    """What was told in a talk, as the report of whoever lives in `home`."""
    window = table(time)
    elsewhere = house and words(house) != home.house_label
    chosen = await houses.find(home.community_id, words(house)) if elsewhere else None
    return Report(
        home.person_id,
        home.community_id,
        words(category),
        house_id=chosen.id if chosen else home.house_id,
        area=Area(words(area)),
        place=words(place),
        description=words(description),
        contact_name=home.name,
        contact_phone=words(phone),
        appointment_start=moment(window.get("start")),
        appointment_end=moment(window.get("end")),
        urgent=urgent,
    )


@registry.source("rooms.resolve")
async def rooms(turn: Turn, *, text: Plain, community: Plain) -> Listed:
    """Real houses that the words may mean, best first."""
    where = whole(community) or turn.person.around
    return [(one.label, one.shown) for one in await houses.resolve(where, words(text))] if where else []
