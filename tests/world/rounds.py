"""The jobs of one technician, each in the state that a story begins with."""

from datetime import timedelta

from models.people import Technician
from models.tickets import Category, Ticket
from services import actors, cache, clock
from services.repairs import jobs, reporting
from services.repairs.insertion import Report
from tests.world import estate
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

KNOWN = {  # code, category, place, description, contact
    "tap": ("water", "水管水龙头", "厨房", "厨房水龙头一直滴水", "王芳"),
    "lamp": ("electric", "电路灯具", "客厅", "客厅的灯不亮了", "李敏"),
    "lock": ("door_window", "门窗门锁", "入户门", "门锁打不开", "陈强"),
}


async def place() -> Estate:
    """An estate whose categories are named as the jobs of a round are."""
    built = await estate.build()
    for code, name, *_ in KNOWN.values():
        await Category.update_or_create({"name": name}, code=code)
    cache.forget()
    return built


class Round:
    """The jobs of one technician in states of the test’s choice.

    d sent, c promised for one o’clock, p begun; c25 is promised for eleven of tomorrow.
    """

    def __init__(self, town: Town, place: Estate, man: Technician) -> None:
        self.town, self.place, self.man = town, place, man
        self.tickets: dict[str, int] = {}

    async def given(self, states: str) -> Phone:
        with clock.fixed(self.town.now):
            for number, one in enumerate(states.split()):
                name, state = one.split(":")
                self.tickets[name] = await self._job(name, state, number)
        phone = self.town.phone(f"o_{self.man.name}")
        await phone.reads()
        return phone

    async def _job(self, name: str, state: str, number: int) -> int:
        code, _, where, what, who = KNOWN[name]
        report = Report(
            self.place.resident.id,
            self.place.community.id,
            code,
            house_id=self.place.houses[number].id,
            place=where,
            description=what,
            contact_name=who,
            contact_phone=f"1380000010{number}",
        )
        made = await within(reporting.submit(report, actor=actors.person(self.place.resident.id)))
        await estate.run_timers()
        actor = actors.technician(self.man.id)
        if state[0] in "cp":
            at = clock.now() + timedelta(hours=float(state[1:] or 3))
            await within(jobs.confirm(made.id, actor=actor, eta=at))
        if state[0] == "p":
            await within(jobs.arrive(made.id, actor=actor))
        return made.id

    async def stands(self, name: str) -> str:
        ticket = await Ticket.get(id=self.tickets[name])
        status = {"dispatched": "d", "confirmed": "c", "in_progress": "p", "on_hold": "h"}
        if ticket.technician_id != self.man.id:
            return "gone"
        eta = f" {clock.local(ticket.eta):%H:%M}" if ticket.eta and ticket.status == "confirmed" else ""
        return status.get(ticket.status, str(ticket.status)) + eta
