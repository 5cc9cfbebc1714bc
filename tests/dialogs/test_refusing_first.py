"""Actions without a savepoint (`refuses_first`) refuse before they change anything, on real rows."""

import pytest

from bot.turn import Heard, Turn, Who
from bot.values import Kind, Plain
from dialogs.registry import registry
from services import clock, work
from services.errors import DomainError
from tests.world import estate, places
from tests.world.estate import Estate

pytestmark = pytest.mark.usefixtures("monday")

REPORT: dict[str, Plain] = {
    "area": "home", "house": "", "place": "厨房", "description": "漏水", "time": None, "phone": "", "urgent": False,
}  # fmt: skip
NEVER = {"binding.consent"}  # nothing of it can be refused


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await places.bind(built.resident, built.house)
    return built


async def _refused(who: Who, action: str, **given: Plain) -> bool:
    """Whether it was refused, and nothing was changed."""
    turn = Turn(who, Heard(Kind.TEXT), clock.now())
    async with work.unit():
        before = work.changes()
        with pytest.raises(DomainError):
            await registry.actions[action].run(turn, **given)
        return work.changes() == before


async def test_what_refuses_first_has_changed_nothing_by_then(place: Estate) -> None:
    plumber = await estate.technician(place, "水工", "water")
    other = await estate.technician(place, "李工", "water")
    begun = await estate.arrived(place, plumber)
    resident, stranger = Who(id=place.resident.id), Who(id=other.person_id or 0)
    holder = Who(id=plumber.person_id or 0, technician_id=plumber.id)
    colleague = Who(id=other.person_id or 0, technician_id=other.id)
    mine, theirs = str(begun.id), str((await estate.reported(place)).id)
    await estate.run_timers()
    soon: Plain = {"start": "2030-01-01T09:00:00+08:00", "end": "2030-01-01T10:00:00+08:00"}
    refusals: list[tuple[Who, str, dict[str, Plain]]] = [
        (resident, "repair.submit", {**REPORT, "category": "no_such", "photos": []}),
        (stranger, "repair.submit", {**REPORT, "category": "water", "photos": []}),
        (colleague, "jobs.accept", {"ticket": mine, "eta": soon}),
        (holder, "jobs.accept", {"ticket": mine, "eta": soon}),
        (colleague, "jobs.arrive", {"ticket": mine}),
        (holder, "jobs.arrive", {"ticket": mine}),
        (colleague, "jobs.hold", {"ticket": mine, "reason": "缺料", "until": None}),
        (holder, "jobs.hold", {"ticket": mine, "reason": "缺料", "until": "2020-01-01T09:00:00+08:00"}),
        (colleague, "jobs.resume", {"ticket": mine}),
        (holder, "jobs.resume", {"ticket": mine}),
        (colleague, "jobs.note", {"ticket": mine, "text": "阀门也旧了"}),
        (stranger, "repair.urge", {"ticket": mine}),
        (stranger, "repair.reschedule", {"ticket": theirs, "time": soon}),
        (resident, "repair.reschedule", {"ticket": mine, "time": soon}),
        (resident, "repair.reschedule", {"ticket": theirs, "time": {"start": "2020-01-01T09:00:00+08:00"}}),
        (stranger, "repair.correct", {"ticket": theirs, "place": "阳台"}),
        (resident, "repair.correct", {"ticket": mine, "place": "阳台"}),
        (resident, "repair.correct", {"ticket": theirs, "category": "no_such"}),
    ]
    assert {name for name, one in registry.actions.items() if one.refuses_first} == NEVER | {
        name for _, name, _ in refusals
    }
    assert [name for who, name, given in refusals if not await _refused(who, name, **given)] == []
