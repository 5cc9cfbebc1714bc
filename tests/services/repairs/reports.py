"""One fault that five households report, and by which numbers they hear of it."""

from models.outbox import Outbox
from models.people import Person
from models.tickets import Area
from services import actors
from services.repairs import reporting
from services.repairs.insertion import Report, Submitted
from tests.world.estate import Estate
from tests.world.units import within


async def _people(count: int) -> list[Person]:
    return [await Person.create(channel_id=f"o_many_{one}", name=f"住户{one}") for one in range(count)]


async def report(place: Estate, who: Person) -> Submitted:
    told = Report(
        who.id,
        place.community.id,
        "water",
        house_id=place.house.id,
        area=Area.PUBLIC,
        place="1栋",
        description="停水了",
        contact_name=who.name,
        contact_phone=f"139{who.id:08d}",
    )
    return await within(reporting.submit(told, actor=actors.person(who.id)))


async def five(place: Estate) -> tuple[list[Person], list[Submitted]]:
    people = await _people(5)
    return people, [await report(place, one) for one in people]


async def numbers_said(person: Person, phrase: str) -> list[object]:
    rows = await Outbox.filter(person_id=person.id, status="pending").order_by("id")
    return [row.payload["values"]["number"] for row in rows if row.payload["phrase"] == phrase]
