"""A small estate for tests: one community with two buildings, categories, technicians and residents."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.community import Community, House, ManagementOffice, Occupant, Relation
from models.outbox import Outbox
from models.people import Person, Role, Staff, Technician
from models.policies import PolicyValue
from models.tickets import Category, DispatchMode, Ticket
from models.timers import Timer
from services import actors, cache, clock
from services.repairs import jobs, reporting
from services.repairs.insertion import Report, Submitted
from tests.world import places
from tests.world.units import within
from workers import schedules

MONDAY_10 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a working Monday, ten o'clock here


@dataclass(frozen=True, slots=True)
class Estate:
    office: ManagementOffice
    community: Community
    houses: list[House]
    resident: Person
    supervisor: Person

    @property
    def house(self) -> House:
        return self.houses[0]


async def build() -> Estate:
    """This company sends somebody as soon as a report is in: nothing waits until it has settled."""
    await PolicyValue.create(key="settle_seconds", value=0)
    cache.forget()
    office = await ManagementOffice.create(name="东区管理处", phone="0571-1")
    community = await Community.create(office=office, code="c:one", name="青禾一期")
    houses = [await places.house(community, label) for label in ("1-101", "1-201", "2-101", "2-201")]
    for category in ("water", "electric", "elevator"):
        await Category.create(code=category, name=category, always=category == "elevator")
    boss = await Person.create(channel_id="o_boss", name="主管")
    await Staff.create(login="boss", name="主管", role=Role.SUPERVISOR, office=office, person=boss)
    resident = await Person.create(channel_id="o_resident", name="王芳", phone="13800000001")
    await Occupant.create(house=houses[0], name="王芳", phone="13800000001", relation=Relation.OWNER)
    return Estate(office, community, houses, resident, boss)


async def technician(estate: Estate, name: str, *skills: str, on_duty: bool = True) -> Technician:
    who = await Person.create(channel_id=f"o_{name}", name=name)
    return await Technician.create(
        name=name,
        phone=f"139{who.id:08d}",
        office=estate.office,
        person=who,
        invite=f"t:{name}",
        skills=list(skills or ("water", "electric")),
        communities=[estate.community.id],
        on_duty=on_duty,
    )


async def mode(code: str, dispatch: DispatchMode) -> None:
    await Category.filter(code=code).update(dispatch=dispatch)
    cache.forget()


async def reported(estate: Estate, code: str = "water") -> Submitted:
    report = Report(
        estate.resident.id,
        estate.community.id,
        code,
        house_id=estate.house.id,
        place="厨房",
        description="水龙头漏水",
        contact_name="王芳",
        contact_phone="13800000001",
    )
    return await within(reporting.submit(report, actor=actors.person(estate.resident.id)))


async def ticket(made: Submitted) -> Ticket:
    return await Ticket.get(id=made.id)


async def newest() -> Ticket:
    """The ticket that was made last, with its category."""
    found = await Ticket.all().order_by("-id").first().select_related("category")
    assert found
    return found


async def kinds(*codes: str) -> None:
    """More categories to report in, known at once."""
    for code in codes:
        await Category.create(code=code, name=code)
    cache.forget()


async def told(person_id: int) -> list[str]:
    """The phrases queued for a person, in order."""
    rows = await Outbox.filter(person_id=person_id, status="pending").order_by("id")
    return [row.payload["phrase"] for row in rows]


async def due(made: Submitted, kind: str = "sla") -> datetime | None:
    """When the ticket's timer of that kind rings; None when it has none."""
    timer = await Timer.filter(key=f"{kind}:{made.id}").first()
    return timer.due_at if timer else None


async def run_timers(after: timedelta = timedelta(0)) -> None:
    """Run what is due at that time after now, as the worker would."""
    with clock.fixed(clock.now() + after):
        await schedules.run_due()


async def given_to(estate: Estate, who: Technician) -> Submitted:
    """A ticket that this technician has been sent."""
    made = await reported(estate)
    await run_timers()
    assert (await ticket(made)).technician_id == who.id
    return made


async def arrived(estate: Estate, who: Technician) -> Submitted:
    made = await given_to(estate, who)
    actor = actors.technician(who.id)
    await within(jobs.confirm(made.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await within(jobs.arrive(made.id, actor=actor))
    return made


async def finished(estate: Estate, who: Technician) -> Submitted:
    made = await arrived(estate, who)
    actor = actors.technician(who.id)
    await within(jobs.finish(made.id, actor=actor, materials="水龙头一只", cost_fen=3500))
    return made
