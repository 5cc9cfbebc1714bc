"""A small world for tests of services: two communities, houses, bound people, a member of staff."""

from datetime import date

from models.community import Building, Community, House, ManagementOffice, Relation, Unit
from models.people import Binding, BindingStatus, Person, Role, Staff
from services import actors
from services.actors import Actor


async def community(name: str = "翠湖花园") -> Community:
    office, _ = await ManagementOffice.get_or_create(name="第一管理处", defaults={"phone": "0571-88880001"})
    return await Community.create(office=office, code=f"c-{name}", name=name)


async def house(where: Community, label: str = "1-1-101", *, area_cm2: int = 895_000) -> House:
    """Makes building and unit as the label needs them; 1-101 stands in a building without units."""
    number, *units, room = label.split("-")
    building, _ = await Building.get_or_create(
        community=where, number=number, defaults={"name": f"{number}栋"}
    )
    unit = (await Unit.get_or_create(building=building, number=units[0]))[0] if units else None
    return await House.create(
        community=where,
        building=building,
        unit=unit,
        room=room,
        label=label,
        area_cm2=area_cm2,
        code=f"h:{where.id}-{label}",
    )


async def person(name: str = "王芳") -> Person:
    count = await Person.all().count()
    return await Person.create(channel_id=f"o-{count}", name=name)


async def resident(where: House, name: str = "王芳", relation: Relation = Relation.OWNER) -> Person:
    """Somebody bound to the house."""
    someone = await person(name)
    await bind(someone, where, relation)
    return someone


async def bind(
    someone: Person, where: House, relation: Relation = Relation.OWNER, *, matched: bool = True
) -> Binding:
    """As the company's list confirms it; not `matched`, as only the person says it."""
    return await Binding.create(
        person=someone,
        house=where,
        community_id=where.community_id,
        relation=relation,
        status=BindingStatus.ACTIVE,
        name=someone.name,
        phone=someone.phone or "13800001234",
        matched=matched,
    )


async def staff(name: str = "李静") -> Staff:
    return await Staff.create(login=f"s{await Staff.all().count()}", name=name, role=Role.SERVICE)


async def clerk(name: str = "李静") -> Actor:
    """A member of staff who acts."""
    return await actors.staff((await staff(name)).id)


def month(number: int, year: int = 2026) -> date:
    return date(year, number, 1)
