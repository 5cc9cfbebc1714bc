"""What is said of a report that is handed in: at its receipt, out of the blue, and in the list of what it needs."""

import pytest

from models.events import Event
from models.tickets import Category, Ticket
from services import actors, cache, clock
from services.repairs import jobs
from tests.world.estate import Estate
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def resident(town: Town, place: Estate) -> Phone:
    return town.phone(place.resident.channel_id)


async def _reported(resident: Phone, town: Town, what: str = "厨房水龙头漏水") -> Ticket:
    await resident.says(f"{what}，明天下午三点来")
    await town.passes(seconds=5)
    ticket = await Ticket.all().order_by("-id").first()
    assert ticket
    return ticket


async def _settled(resident: Phone, town: Town, what: str = "厨房水龙头漏水") -> Ticket:
    """Reported, looked at, and a quarter of an hour ago."""
    ticket = await _reported(resident, town, what)
    await resident.taps("没问题")
    await town.passes(minutes=15)
    await resident.reads()
    return ticket


async def _remarks(ticket: Ticket) -> list[str]:
    rows = await Event.filter(subject_kind="ticket", subject_id=ticket.id, verb="remark").order_by("id")
    return [one.note for one in rows]


NOTES = ["师傅要是晚了给我打电话 别敲门 孩子睡觉", "到了别按门铃，老人睡得早", "周三上午也行的"]


@pytest.mark.parametrize("said", NOTES)
async def test_a_word_for_the_technician_is_noted_at_the_receipt(
    resident: Phone, town: Town, said: str
) -> None:
    ticket = await _reported(resident, town)
    answer = await resident.says(said)
    assert "师傅" in answer
    assert "哪个电话" not in answer
    appointed = ticket.appointment_start
    await ticket.refresh_from_db()
    assert await _remarks(ticket) == [said]
    assert ticket.appointment_start == appointed


@pytest.mark.parametrize("said", NOTES)
async def test_a_word_for_the_technician_is_noted_out_of_the_blue(
    resident: Phone, town: Town, said: str
) -> None:
    ticket = await _settled(resident, town)
    assert "师傅" in await resident.says(said)
    assert await _remarks(ticket) == [said]


@pytest.mark.parametrize(
    "said", ["我手机快没电了 打我老公的吧13911112222", "改打我老公的电话13911112222", "电话换成13911112222"]
)
async def test_another_number_is_taken_long_after_the_receipt(resident: Phone, town: Town, said: str) -> None:
    ticket = await _settled(resident, town)
    assert "电话改成：13911112222" in await resident.says(said)
    await ticket.refresh_from_db()
    assert ticket.contact_phone == "13911112222"
    assert await Ticket.all().count() == 1


async def test_a_number_is_taken_in_the_list_of_what_the_report_needs(resident: Phone, town: Town) -> None:
    ticket = await _settled(resident, town)
    assert "还要做什么" in await resident.opens("progress")
    assert "电话改成：13911112222" in await resident.says("改打我老公的电话13911112222")
    await ticket.refresh_from_db()
    assert ticket.contact_phone == "13911112222"


async def test_what_has_begun_is_added_to_and_changed_no_more(resident: Phone, town: Town) -> None:
    ticket = await _settled(resident, town)
    await ticket.refresh_from_db()
    with clock.fixed(town.now):
        await within(jobs.arrive(ticket.id, actor=actors.technician(ticket.technician_id or 0)))
    assert "师傅" in await resident.says("改打我老公的电话13911112222")
    await ticket.refresh_from_db()
    assert ticket.contact_phone != "13911112222"
    assert await _remarks(ticket) == ["改打我老公的电话13911112222"]


async def test_of_two_reports_the_one_that_is_named_is_meant_else_the_one_told_of_last(
    resident: Phone, town: Town
) -> None:
    first = await _settled(resident, town, "厨房水龙头漏水")
    second = await _settled(resident, town, "卧室灯不亮")
    await resident.says("师傅到了打电话 别敲门")
    assert (await _remarks(first), await _remarks(second)) == ([], ["师傅到了打电话 别敲门"])
    await resident.says("水龙头那个师傅来了走东门")
    assert await _remarks(first) == ["水龙头那个师傅来了走东门"]


@pytest.mark.parametrize("said", ["能不能早点", "现在能派人吗", "能不能别等那天 早点"])
async def test_sooner_is_as_soon_as_possible(resident: Phone, town: Town, said: str) -> None:
    ticket = await _reported(resident, town)
    assert "尽快" in await resident.says(said)
    await ticket.refresh_from_db()
    assert ticket.appointment_start is None


async def test_a_time_that_is_asked_for_is_the_time(resident: Phone, town: Town) -> None:
    await _reported(resident, town)
    assert "上门：后天 08:00–12:00" in await resident.says("能不能后天上午来")


@pytest.mark.parametrize("said", ["是哪个师傅来 电话给俺", "师傅是谁"])
async def test_who_comes_is_told_at_the_receipt_and_later(resident: Phone, town: Town, said: str) -> None:
    await _reported(resident, town)
    assert "王强师傅" in await resident.says(said)
    await resident.says("没事了")
    assert "王强师傅" in await resident.says(said)


async def test_a_time_said_again_stands(resident: Phone, town: Town) -> None:
    await _reported(resident, town)
    assert "没错，记的就是明天 15:00" in await resident.says("不是八点啊我说的明天下午三点")


async def test_without_a_report_nothing_is_noted(resident: Phone) -> None:
    assert "记到" not in await resident.says("师傅到了打电话 别敲门")
    assert await Ticket.all().count() == 0


async def test_the_floor_that_is_told_behind_a_public_fault_is_its_place(resident: Phone, town: Town) -> None:
    await Category.create(code="public_light", name="public_light", area="public")
    cache.forget()
    await resident.says("楼道灯坏了")
    assert "具体位置改成：2栋1单元11楼楼道" in await resident.says("是11楼 2栋1单元 别写错")
    ticket = await Ticket.all().order_by("-id").first()
    assert ticket
    assert ticket.place == "2栋1单元11楼楼道"


async def test_another_place_and_a_nearer_day_are_taken_out_of_the_blue(resident: Phone, town: Town) -> None:
    ticket = await _settled(resident, town)
    assert "位置：卫生间" in await resident.says("不是厨房 卫生间的")
    await resident.taps("没问题")
    assert "上门：今天" in await resident.says("我家老人八十多了 能不能今天下午来啊")
    await ticket.refresh_from_db()
    assert ticket.place == "卫生间"
    assert await Ticket.all().count() == 1


async def test_who_reaches_nobody_is_not_asked_to_call_off(resident: Phone, town: Town) -> None:
    await _settled(resident, town)
    await resident.opens("progress")
    answer = await resident.says("师傅电话打不通")
    assert "取消" not in answer
    assert "催" in answer


async def test_before_eight_is_no_visit_at_midnight(resident: Phone, town: Town) -> None:
    await _reported(resident, town)
    assert "上门：后天 07:00–08:00" in await resident.says("后天早上八点前行吗")
