"""Technicians of the bench, each with a job that waits for their word."""

from models.community import House
from models.people import Person, Technician
from models.tickets import Ticket
from services import actors, work
from services.repairs import dispatch, reporting
from services.repairs.insertion import Report
from tests.bench import people, pushes


async def engage(count: int) -> None:
    """Make so many technicians, and a repair for each that is given to them."""
    like = await Technician.all().order_by("id").first()
    houses = await House.all().order_by("id").limit(count)
    assert like, "the demo has technicians"
    for number in range(count):
        name = pushes.openid(people.TECHNICIANS + number)
        person = await Person.create(channel_id=name, name=f"师傅{number}", phone=f"137{number:08d}")
        technician = await Technician.create(
            name=person.name, phone=person.phone, office_id=like.office_id, person=person, invite=f"bench-{number}",
            skills=like.skills, communities=like.communities, on_duty=True,
        )  # fmt: skip
        await _give(technician, houses[number % len(houses)], number)


async def _give(technician: Technician, house: House, number: int) -> None:
    reporter = await Person.create(
        channel_id=f"o_bench_reporter_{number}", name=f"报修{number}", phone="13800001234"
    )
    report = Report(
        reporter_id=reporter.id,
        community_id=house.community_id,
        category_code="water",
        house_id=house.id,
        place="厨房",
        description="一直滴水",
        contact_name=reporter.name,
        contact_phone=reporter.phone,
    )
    async with work.unit():
        await reporting.submit(report, actor=actors.person(reporter.id))
        ticket = await Ticket.get(reporter=reporter)
        await dispatch.give(ticket, technician, actor=actors.SYSTEM)
