"""A repair from the first photo to the stars and back, on the shipped scripts and a real database."""

import pytest

from models.people import Binding, Consent, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import PhotoStage, Ticket, TicketPhoto, TicketStatus
from tests.world import estate
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Estate:
    built = await estate.build()
    await estate.technician(built, "王强", "water", "electric")
    return built


@pytest.fixture
async def resident(town: Town) -> Phone:
    """王芳 of 1栋101, bound by her house's QR code."""
    phone = town.phone("o_resident")
    assert "姓名" in await _agrees(phone, "h:1-1-101")
    assert "您是这套房的" in await phone.says("王芳")
    assert "1栋101" in await phone.taps("业主")
    assert "青禾一期 1栋101" in await phone.taps("提交")
    return phone


async def _agrees(phone: Phone, scene: str) -> str:
    assert "同意吗" in await phone.scans(scene)
    return await phone.taps("同意")


@pytest.fixture
def technician(town: Town) -> Phone:
    return town.phone("o_王强")


async def _reported(resident: Phone, town: Town) -> Ticket:
    await resident.says("1栋101厨房水龙头漏水，明天下午三点来，电话13800000001")
    await town.passes(seconds=5)
    return await Ticket.all().order_by("-id").first().select_related("technician")  # type: ignore[return-value]  # there is one


async def test_binding_records_house_consent_and_match(resident: Phone, place: Estate) -> None:
    binding = await Binding.get(person=await resident.person())
    assert (binding.house_id, binding.matched) == (place.house.id, True)
    assert await Consent.filter(person_id=binding.person_id).count() == 1


async def test_one_sentence_is_a_ticket_at_once(resident: Phone) -> None:
    receipt = await resident.says("1栋101厨房水龙头漏水，明天下午三点来，电话13800001234")
    assert all(part in receipt for part in ("单号 BX", "1栋101", "厨房", "明天 15:00", "13800001234"))
    ticket = await Ticket.get()
    assert (ticket.place, ticket.contact_phone, ticket.appointment_end) == ("厨房", "13800001234", None)


async def test_story_with_photos_first_to_stars(resident: Phone, technician: Phone, town: Town) -> None:
    assert "收到2张照片" in await resident.sends_photos(2)
    assert "哪里坏了" in await resident.taps("报修")
    assert "什么时候方便" in await resident.says("厨房水龙头一直漏水")
    assert "照片：2张" in await resident.taps("尽快")
    assert "单号 BX" in await resident.taps("提交")
    await town.passes(seconds=5)

    assert "王强师傅" in await resident.reads()
    job = await technician.reads()
    assert all(part in job for part in ("1栋101", "厨房", "照片：2张", "13800000001", "接单"))
    assert "什么时候到" in await technician.taps("接单")
    assert "已经" in await technician.taps("半小时后")
    assert "王强师傅接单了" in await resident.reads()

    assert "王强师傅接单了" in await resident.says("师傅什么时候来")
    await resident.taps("没事了")

    assert "完工" in await technician.says("到了")
    assert "到了" in await resident.reads()
    assert "照片" in await technician.says("完工")
    assert "收到1张照片" in await technician.sends_photos(1)
    assert "用了什么料" in await technician.taps("就这些")
    assert "收费" in await technician.says("三角阀1个")
    assert "35元" in await technician.says("35块")
    assert "辛苦" in await technician.taps("确认完工")

    done = await resident.reads()
    assert all(part in done for part in ("修完了", "三角阀1个", "35.00元", "没修好"))
    assert "及时吗" in await resident.taps("去评价")
    assert "修得好吗" in await resident.taps("★★★★★")
    assert "还有想说的" in await resident.taps("★★★★★")
    assert "谢谢" in await resident.taps("没有了")

    ticket = await Ticket.get()
    assert (ticket.status, ticket.rating_speed, ticket.cost_fen) == (TicketStatus.CLOSED, 5, 3500)
    assert await TicketPhoto.filter(ticket=ticket, stage=PhotoStage.BEFORE).count() == 2
    assert await TicketPhoto.filter(ticket=ticket, stage=PhotoStage.AFTER).count() == 1


async def _finished(resident: Phone, technician: Phone, town: Town) -> None:
    await _reported(resident, town)
    await technician.reads()
    await technician.taps("接单")
    await technician.taps("按预约到")
    await technician.says("到了")
    await technician.says("完工")
    await technician.taps("没有照片")
    await technician.taps("没用料")
    await technician.taps("不收费")
    await technician.taps("确认完工")
    await resident.reads()


async def test_not_fixed_reopens_and_the_technician_hears(
    resident: Phone, technician: Phone, town: Town
) -> None:
    await _finished(resident, technician, town)
    assert "什么情况" in await resident.taps("没修好")
    assert "王强" in await resident.says("还是一直滴水")
    again = await technician.reads()
    assert all(part in again for part in ("没修好", "还是一直滴水", "13800000001"))
    ticket = await Ticket.get()
    assert (ticket.status, ticket.reopened_count) == (TicketStatus.IN_PROGRESS, 1)


async def test_low_stars_make_a_follow_up(resident: Phone, technician: Phone, town: Town) -> None:
    await _finished(resident, technician, town)
    assert "快慢" in await resident.says("我来评价，等了太久了")  # as the template asked them to
    await resident.says("一星")
    assert "哪里没做好" in await resident.says("两星")
    await resident.says("1 3")
    assert "客服" in await resident.says("叫了三次才来")
    ticket = await Ticket.get()
    assert ticket.rating_reasons == ["来得慢", "态度不好"]
    assert await StaffTask.filter(kind=TaskKind.FOLLOW_UP, ticket=ticket).count() == 1


async def test_refused_job_goes_to_a_colleague(
    resident: Phone, technician: Phone, town: Town, place: Estate
) -> None:
    await _reported(resident, town)
    await estate.technician(place, "张伟", "water")
    colleague = town.phone("o_张伟")
    await technician.reads()
    await technician.taps("拒单")
    assert "今天的活" in await technician.taps("离得太远")
    await town.passes(seconds=5)
    assert "派给您一单" in await colleague.reads()
    assert "张伟" in await resident.reads()


async def test_hold_for_parts_and_go_on(resident: Phone, technician: Phone, town: Town) -> None:
    await _reported(resident, town)
    await technician.reads()
    await technician.says("接单 半小时后到")
    await technician.says("到了")
    assert "为什么" in await technician.says("缺料")
    await technician.taps("缺料")
    assert "住户" in await technician.taps("明天上午")
    heard = await resident.reads()
    assert "缺料，要等配件" in heard and "预计继续：明天 08:00" in heard
    assert "完工" in await technician.says("接着修")
    assert "接着修了" in await resident.reads()


async def test_two_jobs_are_told_apart_by_room(resident: Phone, technician: Phone, town: Town) -> None:
    await _reported(resident, town)
    neighbour = town.phone("o_neighbour")
    await _agrees(neighbour, "h:1-2-201")
    await neighbour.says("李雷")
    await neighbour.says("13900000002")
    await neighbour.taps("租客")
    await neighbour.taps("提交")
    await neighbour.says("卫生间水管漏水，后天上午来")
    await town.passes(seconds=5)
    await technician.reads()
    assert "接哪一单" in await technician.says("接单")
    await technician.taps("2栋201")
    assert "今天 11:00" in await technician.says("一小时后到")
    await technician.taps("就这个时间，住户同意了")
    assert "住户约的是" in await technician.says("接单 一小时后到")
    await technician.taps("就这个时间，住户同意了")
    assert "BX" in await technician.says("2栋201的到了")  # though the other is the one that is due
    states = {row.contact_phone: row.status for row in await Ticket.all()}
    assert states["13900000002"] is TicketStatus.IN_PROGRESS
    assert states["13800000001"] is TicketStatus.CONFIRMED


async def test_urge_once_then_wait_then_cancel(resident: Phone, technician: Phone, town: Town) -> None:
    await _reported(resident, town)
    await technician.reads()
    assert "催" in await resident.says("催单")
    assert "在催" in await technician.reads()
    assert "分钟后可以再催" in await resident.says("催单")
    assert "确定取消" in await resident.says("不用修了，已经好了")
    await resident.taps("确定取消")  # the reason was told already
    assert (await Ticket.get()).status is TicketStatus.CANCELLED
    assert "住户取消了" in await technician.reads()


async def test_photo_and_remark_are_added_later(resident: Phone, technician: Phone, town: Town) -> None:
    await _reported(resident, town)
    await technician.reads()
    assert "照片：1张" in await resident.sends_photos(1)
    assert "师傅" in await resident.says("麻烦带一个三角阀来")
    assert "麻烦带一个三角阀来" in await technician.reads()
    assert await TicketPhoto.all().count() == 1


async def test_same_report_twice_is_noticed(resident: Phone, town: Town) -> None:
    await _reported(resident, town)
    await town.passes(minutes=11)
    again = await resident.says("1栋101厨房水管漏水，明天上午来")
    assert "报过一件一样的" in again
    await resident.taps("看进度")
    assert await Ticket.all().count() == 1


async def test_silent_technician_is_replaced(
    resident: Phone, technician: Phone, town: Town, place: Estate
) -> None:
    await _reported(resident, town)
    await estate.technician(place, "张伟", "water")
    await town.passes(minutes=20)
    assert "还没接单" in await technician.reads()
    await town.passes(minutes=20)
    assert "派给您一单" in await town.phone("o_张伟").reads()
    assert "改派" in await technician.reads()


async def test_technician_joins_by_invite(town: Town, place: Estate) -> None:
    await Technician.create(
        name="刘洋",
        phone="13700000000",
        office=place.office,
        invite="t:new",
        communities=[place.community.id],
    )
    phone = town.phone("o_new_man")
    assert "刘洋师傅" in await phone.follows("t:new")
    assert "下班" in await phone.says("下班")
    assert not (await Technician.get(name="刘洋")).on_duty
