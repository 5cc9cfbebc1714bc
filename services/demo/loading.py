"""Demo data for an empty database: what a visitor finds after `make run`."""

from datetime import timedelta
from typing import NotRequired, TypedDict

from models.community import Building, Community, ManagementOffice
from models.people import Person, Staff
from models.tickets import Outage
from services import cache, clock, holidays, work
from services.demo import canned, content, crew, estate, neighbours

# openid, name; bound already when they stand in demo_estate.KNOWN and here with True
_RESIDENTS = (
    ("o_demo_wang", "王秀兰", True),
    ("o_demo_li", "李建国", True),
    ("o_demo_chen", "陈晓雨", True),
    ("o_demo_zhao", "赵磊", False),
    ("o_demo_sun", "孙婷", False),
)


class DemoPerson(TypedDict):
    """As `python -m simulator --people` reads it. They follow by the code `scene`, and say then what `says` has."""

    openid: str
    nickname: str
    role: str
    follow: bool
    scene: str
    says: NotRequired[list[str]]


async def load() -> bool:
    """Fill an empty database; False when it is not empty."""
    async with work.unit():
        if await _in_use():
            await crew.let_in()
            return False
        await _fill()
    await holidays.seed(since=clock.local(clock.now()).year)  # a unit of work of its own
    cache.forget()
    return True


async def _in_use() -> bool:
    """Whether anything was entered here, or anybody wrote: that is somebody's, and no demo."""
    return any([await one.exists() for one in (ManagementOffice, Community, Person, Staff)])


async def _fill() -> None:
    communities = await estate.load()
    await crew.load(communities)
    await _outage(communities["c:yunqi"])
    for openid, name, bound in _RESIDENTS:
        if bound:
            await _resident(openid, name)
    await content.load()
    await canned.load()


def demo_people() -> list[DemoPerson]:
    """Everybody with a phone in the demo: residents, some bound already, then technicians and staff."""
    residents = [
        DemoPerson(openid=openid, nickname=name, role="住户", follow=bound, scene=_code(name, bound=bound))
        for openid, name, bound in _RESIDENTS
    ]
    workers = [
        DemoPerson(openid=openid, nickname=name, role=role, follow=openid != crew.NEWCOMER, scene=scene)
        for openid, name, role, scene in crew.joined()
    ]
    return residents + workers


async def neighbours_with_phones() -> list[DemoPerson]:
    """Of the day that has begun, where it has."""
    return [
        DemoPerson(
            openid=one["openid"],
            nickname=one["name"],
            role="住户",
            follow=True,
            scene="",
            says=one.get("says", []),
        )
        for one in await neighbours.present()
    ]


def _code(name: str, *, bound: bool) -> str:
    """The code by which somebody follows; who is bound already comes back without one."""
    codes = {known: code for code, _, known, *_ in estate.KNOWN}
    return "" if bound else codes.get(name, "c:yunqi")


async def _resident(openid: str, name: str) -> None:
    code, label, *_ = next(known for known in estate.KNOWN if known[2] == name)
    await neighbours.move_in(openid, name, community=code, label=label)


async def _outage(community: Community) -> None:
    await Outage.create(
        community=community,
        building=await Building.get(community=community, number="4"),
        category_code="water",
        text="云栖苑4栋二次供水泵房检修，4栋暂时停水，预计后天恢复。给您带来不便，敬请谅解。",
        starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now() + timedelta(days=2),
    )
