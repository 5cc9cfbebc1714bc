"""A technician tells of two jobs in one message: both are seen to, in the order they were told."""

import pytest

from models.people import Technician
from models.tickets import Category, Ticket, TicketStatus
from tests.world import estate
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    return await estate.build()


@pytest.fixture
async def man(place: Estate) -> Technician:
    return await estate.technician(place, "王强", "water", "electric")


@pytest.fixture
async def jobs(place: Estate, man: Technician) -> list[int]:
    """A tap in 1栋101 and a lamp in 2栋201, both begun."""
    made = [await estate.arrived(place, man) for _ in range(2)]
    light = (await Category.get(code="electric")).id
    await Ticket.filter(id=made[1].id).update(
        house_id=place.houses[1].id, category_id=light, place="客厅", description="客厅的灯不亮"
    )
    return [one.id for one in made]


async def statuses(jobs: list[int]) -> list[TicketStatus]:
    return [(await Ticket.get(id=one)).status for one in jobs]


async def finish(phone: Phone) -> str:
    for option in ("没有照片", "没用料", "不收费"):
        await phone.taps(option)
    return await phone.taps("确认完工")


@pytest.mark.parametrize(
    "said",
    [
        "101的修好了，201那个要换件",
        "101那家弄完了。201的缺料先停",
        "厨房那单完工，灯那单等配件",
        "第一单好了，第二单缺料",
        "水龙头修好了 灯缺个整流器",
    ],
)
async def test_one_is_done_and_the_other_held(town: Town, jobs: list[int], said: str) -> None:
    phone = town.phone("o_王强")
    answer = await phone.says(said)
    assert "一件一件来" in answer
    assert "照片" in answer
    after = await finish(phone)
    assert "完工了" in after or "等住户评价" in after
    assert (await statuses(jobs))[0] is TicketStatus.AWAITING_RESIDENT
    for _ in range(3):
        if (await statuses(jobs))[1] is TicketStatus.ON_HOLD:
            break
        asked = phone.shown
        await phone.says("201" if "哪一单" in asked else "要等配件" if "为什么" in asked else "明天上午")
    assert (await statuses(jobs))[1] is TicketStatus.ON_HOLD


async def test_what_is_unclear_of_the_other_opens_that_job(town: Town, jobs: list[int]) -> None:
    phone = town.phone("o_王强")
    await phone.says("101的修好了，201那家说不修了")
    assert "1栋201" in await finish(phone)


async def test_both_done(town: Town, jobs: list[int]) -> None:
    phone = town.phone("o_王强")
    await phone.says("101的修好了，201的也修好了")
    assert "照片" in await finish(phone)
    await finish(phone)
    assert set(await statuses(jobs)) == {TicketStatus.AWAITING_RESIDENT}


@pytest.mark.parametrize("said", ["101的修好了，换了个三角阀，收了35", "修好了，下午去201"])
async def test_more_about_one_job_is_one_job(town: Town, jobs: list[int], said: str) -> None:
    assert "一件一件来" not in await town.phone("o_王强").says(said)
