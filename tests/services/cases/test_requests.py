"""Service requests, merchants and contacts: what is one's own, and what serves one's community."""

import pytest

from models.community import DutyPhone
from models.events import SubjectKind
from models.merchants import Merchant, MerchantTag
from models.outbox import Outbox
from models.requests import RequestStatus, ServiceRequest
from services import actors, events
from services.cases import request_desk, requests
from services.community import merchants
from services.errors import NotAllowed, NotFound
from services.estate import contacts
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")

FORM = [("想看哪个项目？", "湖景一号"), ("几点方便？", "周六上午"), ("几位？", "2位")]


async def test_a_stranger_books_a_viewing_and_hears_of_it() -> None:
    stranger, clerk = await places.person(), await actors.staff((await places.staff()).id)
    me = actors.person(stranger.id)
    number = await within(requests.submit("viewing", "预约看房", FORM, actor=me, contact_phone="13900000001"))
    made = await requests.get(stranger.id, number.lower())
    await within(request_desk.accept(made.id, actor=clerk, note="周六10点售楼处见"))
    told = await Outbox.get(person_id=stranger.id)
    assert told.payload["phrase"] == "request.accepted"
    found = await requests.get(stranger.id, number)
    assert (found.answers, found.note) == (FORM, "周六10点售楼处见")
    await within(request_desk.finish(made.id, actor=clerk))
    with pytest.raises(NotAllowed, match=r"request\.cannot"):
        await within(requests.cancel(number, actor=me))
    happened = await events.of(SubjectKind.REQUEST, made.id)
    assert [one.verb for one in happened] == ["submitted", "accepted", "done"]
    assert [one.actor_id for one in happened] == [stranger.id, clerk.id, clerk.id]


async def test_a_request_is_only_its_persons() -> None:
    resident = await places.resident(await places.house(await places.community()))
    other = await places.person()
    me = actors.person(resident.id)
    number = await within(requests.submit("cleaning", "家政预约", FORM, actor=me))
    made = await ServiceRequest.get()
    assert made.house_id and made.contact_phone == "13800001234"
    with pytest.raises(NotFound):
        await within(requests.cancel(number, actor=actors.person(other.id)))
    await within(requests.cancel(number, actor=me))
    assert (await requests.get(resident.id, number)).status is RequestStatus.CANCELLED
    assert await requests.mine(other.id) == []


async def test_staff_on_duty_hear_what_is_wanted_and_read_whom_to_call() -> None:
    clerk = await places.staff("小徐")
    clerk.person = await places.person("小徐")
    await clerk.save()
    resident = await places.resident(await places.house(await places.community()))
    me = actors.person(resident.id)
    number = await within(requests.submit("cleaning", "家政预约", FORM, actor=me))
    told = await Outbox.get(person_id=clerk.person_id)
    assert told.payload["phrase"] == "staff.request"
    assert "几点方便？ 周六上午" in told.payload["values"]["text"]
    actor = await actors.staff(clerk.id)
    [line] = await request_desk.listed(actor=actor)
    assert (line.number, line.name, line.house) == (number, "王芳", "1-1-101")
    whole = await within(request_desk.shown(f"f {number[1:]}", actor=actor))
    assert (whole.phone, whole.answers) == ("13800001234", FORM)
    [read] = await events.of(SubjectKind.PERSON, resident.id)
    assert (read.verb, read.actor_id) == ("phone_read", clerk.id)


async def _shop(
    name: str, tags: list[str], communities: list[int] | None = None, *, intro: str = "", active: bool = True
) -> Merchant:
    shop = Merchant(name=name, contact="老张", address="东门", tags=tags, intro=intro, active=active)
    shop.communities = communities or []
    await shop.save()
    return shop


async def test_merchants_are_found_by_tag_and_words_where_they_serve() -> None:
    here, there = await places.community(), await places.community("阳光家园")
    for sort, name in enumerate(("送水", "家政", "餐饮")):
        await MerchantTag.create(name=name, sort=sort)
    await _shop("清泉送水", ["送水"])
    await _shop("邻里家政", ["家政", "送水"], [here.id])
    await _shop("阳光餐厅", ["餐饮"], [there.id], intro="家常菜")
    await _shop("停业", ["餐饮"], active=False)
    counted = [(tag.name, tag.merchants) for tag in await merchants.tags(here.id)]
    assert counted == [("送水", 2), ("家政", 1)]
    assert [shop.name for shop in await merchants.by_tag(there.id, "送水")] == ["清泉送水"]
    assert [shop.name for shop in await merchants.search(there.id, "家常")] == ["阳光餐厅"]
    assert await merchants.search(None, "家常") == []
    [elsewhere] = await merchants.search(there.id, "餐饮")
    with pytest.raises(NotFound):
        await merchants.card(here.id, elsewhere.id)


async def test_contacts_tell_the_office_and_the_duty_phones() -> None:
    here = await places.community()
    await DutyPhone.create(community=here, name="值班室", phone="0571-88881111", emergency=True)
    contact = await contacts.of_community(here.id)
    assert (contact.office, contact.office_phone) == ("第一管理处", "0571-88880001")
    assert [phone.phone for phone in contact.phones] == ["0571-88881111"]
    assert await contacts.everywhere() == [contact]


async def test_a_form_of_any_length_is_taken() -> None:
    stranger, long = await places.person(), "很长" * 500
    me = actors.person(stranger.id)
    await within(requests.submit("viewing", long, [("想看哪个项目？", long)], actor=me, contact_phone=long))
    made = await ServiceRequest.get()
    assert made.title == long[:64]
    assert made.answers[0]["answer"] == long
