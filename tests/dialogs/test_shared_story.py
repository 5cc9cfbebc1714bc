"""What is said to a report that was merged into another reaches the one that lives, in the chat as well."""

from datetime import datetime

import pytest

from bot.understanding import Understander
from models.events import Event, SubjectKind
from models.people import Binding, Technician
from models.tickets import Area, Ticket, TicketPhoto
from services import actors, clock
from services.actors import OPERATOR
from services.repairs import jobs, merging, pictures, reporting
from services.repairs.insertion import Report
from tests.world.phone import Phone, Town
from tests.world.units import within


@pytest.fixture
async def town(understander: Understander, demo_morning: datetime) -> Town:
    return Town(understander, now=demo_morning)


async def _reported(town: Town, phone: Phone) -> Ticket:
    """The lamp of 王秀兰's lobby."""
    person = await phone.person()
    binding = await Binding.get(person__channel_id="o_demo_wang").select_related("house")
    told = Report(
        person.id,
        binding.house.community_id,
        "electric",
        house_id=binding.house_id,
        area=Area.PUBLIC,
        place="3栋一层大堂",
        description="灯不亮",
        contact_name=person.name,
        contact_phone=person.phone,
    )
    with clock.fixed(town.now):
        made = await within(reporting.submit(told, actor=actors.person(person.id)))
    return await Ticket.get(id=made.id)


@pytest.fixture
async def wang(town: Town) -> Phone:
    return town.phone("o_demo_wang")


@pytest.fixture
async def li(town: Town) -> Phone:
    return town.phone("o_demo_li")


@pytest.fixture
async def both(town: Town, wang: Phone, li: Phone) -> tuple[Ticket, Ticket]:
    """The one that lives and the one that was merged into it, with a technician on the way."""
    main, other = await _reported(town, wang), await _reported(town, li)
    with clock.fixed(town.now):
        await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await town.passes(minutes=5)
    for phone in (wang, li):
        await phone.reads()
    return main, other


async def _technician(ticket: Ticket) -> Technician:
    return await Technician.get(id=(await Ticket.get(id=ticket.id)).technician_id or 0)


async def test_progress_urging_and_adding(town: Town, both: tuple[Ticket, Ticket], li: Phone) -> None:
    main, other = both
    who = await _technician(main)
    shown = await li.says("报修进度")
    assert who.name in shown and "并在一起修" in shown
    assert who.name in await li.taps("催一下")
    assert (await Ticket.get(id=main.id)).urged_count == 1
    await li.opens(f"s:add_to_ticket?ticket={other.id}")
    await li.sends_photos(1)
    await li.says("二楼的也不亮")
    await town.passes(minutes=2)
    with clock.fixed(town.now):
        seen = await pictures.of(main.id)
    assert [one.media_id for one in seen] == [(await TicketPhoto.get(ticket_id=other.id)).media_id]
    told = town.phone((await who.person).channel_id)  # type: ignore[union-attr]  # he has joined
    heard = await told.reads()
    assert all(part in heard for part in ("在催", "二楼的也不亮", "补了照片"))


async def test_taking_it_back_takes_it_from_nobody_else(
    town: Town, both: tuple[Ticket, Ticket], wang: Phone, li: Phone
) -> None:
    main, other = both
    await wang.says("报修进度")
    assert "邻居" in await wang.taps("取消这次报修")
    await wang.taps("撤回我的")
    assert "撤回" in await wang.says("不说了")
    assert (await Ticket.get(id=main.id)).status == "dispatched"
    assert (await Ticket.get(id=other.id)).status == "duplicate"


async def test_the_end_is_rated_by_each(
    town: Town, both: tuple[Ticket, Ticket], wang: Phone, li: Phone
) -> None:
    main, other = both
    actor = actors.technician((await _technician(main)).id)
    with clock.fixed(town.now):
        await within(jobs.arrive(main.id, actor=actor))
        await within(jobs.finish(main.id, actor=actor))
    for phone, stars in ((wang, "★★★★★"), (li, "★★★★")):
        assert "修完了" in await phone.reads()
        await phone.taps("去评价")
        await phone.taps(stars)
        await phone.taps(stars)
        assert "谢谢" in await phone.taps("没有了")
    kept = [(await Ticket.get(id=one.id)).rating_speed for one in (main, other)]
    assert kept == [5, 4]


async def test_words_at_the_receipt_of_what_was_merged_meanwhile_go_to_the_one_that_lives(
    town: Town, wang: Phone, li: Phone
) -> None:
    main = await _reported(town, li)
    assert "单号" in await wang.says("厨房水龙头漏水，明天上午来")
    own = await Ticket.get(reporter__channel_id="o_demo_wang")
    with clock.fixed(town.now):
        await within(merging.merge(own.id, into_id=main.id, actor=OPERATOR))
    assert "原话" in await wang.says("补充一下，灯罩也掉了")
    said = await Event.filter(subject_kind=SubjectKind.TICKET, subject_id=main.id, verb="remark")
    assert [one.note for one in said] == ["补充一下，灯罩也掉了"]
