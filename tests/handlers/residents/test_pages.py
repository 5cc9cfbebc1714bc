"""The pages of houses and people: what they show, what they keep back, and what putting right does."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from models.community import Occupant, Relation
from models.events import Event
from models.people import Binding, BindingStatus, Role
from tests.world import desk, estate, offices, places
from tests.world.desk import Browser
from tests.world.offices import Town

pytestmark = pytest.mark.usefixtures("monday")
PHONE = "13800000001"


@dataclass(slots=True)
class Office:
    town: Town
    browser: Browser
    binding: int

    async def page(self, path: str) -> str:
        answer = await self.browser.get(f"/desk/residents{path}")
        assert answer.status == 200, (path, answer.status)
        return answer.text

    async def does(self, path: str, **form: str) -> tuple[int, str]:
        answer = await self.browser.ask(
            "POST",
            f"/desk/residents{path}",
            headers={"X-CSRF-Token": await self.browser.token("/desk/account"), "Accept": "application/json"},
            form={"csrf": "", **form},
        )
        return answer.status, answer.text


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    town = await offices.build()
    await desk.employ("xu", Role.SERVICE, office_id=town.place.office.id)
    await browser.sign_in("xu")
    yield Office(town, browser, (await Binding.get()).id)


async def _told(office: Office) -> list[str]:
    return await estate.told(office.town.place.resident.id)


async def test_a_house_shows_who_lives_there_and_no_whole_phone(office: Office) -> None:
    await offices.ticket(office.town, 0)
    house = office.town.place.house.id
    for path in ("", "?q=wf", f"/{house}", f"/people/{office.town.place.resident.id}"):
        text = await office.page(path)
        assert "王芳" in text and PHONE not in text, path
    assert "水龙头" not in await office.page("?q=9999")
    assert "没有找到" in await office.page("?q=9999")


async def test_a_phone_is_shown_by_name_and_who_looked_stands_on_the_page(office: Office) -> None:
    status, text = await office.does(f"/bindings/{office.binding}/phone")
    assert (status, PHONE in text) == (200, True)
    [line] = await Event.filter(verb="phone_read")
    assert line.source and "浏览器" in line.source
    shown = await office.page(f"/{office.town.place.house.id}")
    assert "查看电话" in shown and "员工 小徐" in shown and "127.0.0.1" in shown


@pytest.mark.parametrize("path", ["reject", "disable"])
async def test_a_reason_is_asked_for_and_told(office: Office, path: str) -> None:
    status, text = await office.does(f"/bindings/{office.binding}/{path}", reason="  ")
    assert (status, "原因" in text) == (422, True)
    assert (await Binding.get()).status is BindingStatus.ACTIVE
    assert (await office.does(f"/bindings/{office.binding}/{path}", reason="名册上没有"))[0] == 200
    assert (await _told(office))[-1] == f"binding.{path}ed" if path == "reject" else "binding.disabled"
    assert (await office.does(f"/bindings/{office.binding}/{path}", reason="再来"))[0] == 409


async def test_what_waits_is_approved_and_told(office: Office) -> None:
    await Binding.all().update(status=BindingStatus.PENDING)
    assert "待审核" in await office.page(f"/{office.town.place.house.id}")
    assert (await office.does(f"/bindings/{office.binding}/approve"))[0] == 200
    assert (await Binding.get()).status is BindingStatus.ACTIVE
    assert await _told(office) == ["binding.approved"]


async def test_a_correction_reaches_the_list_the_person_and_the_record(office: Office) -> None:
    path = f"/bindings/{office.binding}/correct"
    status, text = await office.does(path, name="王 芳芳", phone="", relation="family")
    assert status == 200, text
    row, line = await Binding.get().select_related("person"), await Occupant.get()
    assert (row.name, row.phone, row.relation) == ("王芳芳", PHONE, Relation.FAMILY)
    assert (line.name, row.person.name, row.matched) == ("王芳芳", "王芳芳", True)
    assert await _told(office) == ["binding.corrected"]
    event = await Event.get(verb="corrected")
    assert event.body["changes"] == {"name": ["王芳", "王芳芳"], "relation": ["owner", "family"]}
    assert "王芳 → 王芳芳" in await office.page(f"/{row.house_id}")
    assert "没有改动" in (await office.does(path, name="王芳芳", phone=PHONE, relation="family"))[1]
    wrong_phones = (
        {"name": "王芳", "relation": "owner", "phone": one} for one in ("123", "1391111222", "没有")
    )
    for wrong in ({"name": "", "relation": "owner"}, {"name": "王芳", "relation": "king"}, *wrong_phones):
        assert (await office.does(path, **wrong))[0] == 422
    assert "姓名不能空着" in (await office.does(path, name="", phone="", relation="owner"))[1]


async def test_a_tenancy_ends_on_its_day_and_the_line_of_the_list_with_it(office: Office) -> None:
    path = f"/bindings/{office.binding}/end"
    assert (await office.does(path, day="soon"))[0] == 422
    assert (await office.does(path, day="2026-11-30", reason="租约到期"))[0] == 200
    assert (await Binding.get()).status is BindingStatus.ACTIVE
    assert await _told(office) == ["binding.will_end"]
    await estate.run_timers(timedelta(days=7, hours=12))
    assert (await Binding.get()).status is BindingStatus.ACTIVE
    await estate.run_timers(timedelta(days=7, hours=15))
    row = await Binding.get()
    assert (row.status, row.note) == (BindingStatus.ENDED, "租约到期")
    assert (await Occupant.get()).left_at is not None
    assert await _told(office) == ["binding.will_end", "binding.ended"]
    assert "以前的住户" in await office.page(f"/{row.house_id}")


async def test_a_house_is_sold_and_nothing_of_those_before_is_lost(office: Office) -> None:
    town = office.town
    house = town.place.house
    await offices.bill(town, 0)
    lodger = await places.resident(house, "李强", Relation.TENANT)
    assert "还欠" in await office.page(f"/{house.id}/owner")
    assert (await office.does(f"/{house.id}/owner", name="赵新", phone="139111122223"))[0] == 422
    status, text = await office.does(f"/{house.id}/owner", name="赵 新", phone="13911112222")
    assert (status, "2 个绑定" in text) == (200, True)
    assert await Binding.filter(status=BindingStatus.ENDED).count() == 2
    living = await Occupant.filter(left_at=None)
    assert [(one.name, one.relation) for one in living] == [("赵新", Relation.OWNER)]
    assert await Occupant.all().count() == 2
    assert await estate.told(lodger.id) == ["binding.ended"]
    assert "王芳" in await office.page(f"/{house.id}")


async def test_a_tenant_who_buys_the_house_stays_bound(office: Office) -> None:
    house = office.town.place.house
    await places.resident(house, "李强", Relation.TENANT)
    await office.does(f"/{house.id}/owner", name="李强", phone="138 0000 1234")
    [row] = await Binding.filter(status=BindingStatus.ACTIVE)
    assert (row.name, row.relation, row.matched) == ("李强", Relation.OWNER, True)


async def test_the_list_is_added_to_corrected_and_left(office: Office) -> None:
    house = office.town.place.house
    someone = {"name": "周兰", "phone": "13700001111", "relation": "family"}
    assert (await office.does(f"/{house.id}/add", **{**someone, "phone": "1370000"}))[0] == 422
    assert (await office.does(f"/{house.id}/add", **someone))[0] == 200
    assert (await office.does(f"/{house.id}/add", **someone))[0] == 422
    line = await Occupant.get(name="周兰")
    assert (await office.does(f"/listed/{line.id}/phone"))[1] == '{"phone":"13700001111"}'
    assert (await office.does(f"/listed/{line.id}/correct", name="周兰兰", relation="family"))[0] == 200
    assert (await Occupant.get(id=line.id)).phone == "13700001111"
    assert (await office.does(f"/listed/{line.id}/leave"))[0] == 200
    assert (await Occupant.get(id=line.id)).left_at is not None
    assert (await office.does(f"/listed/{line.id}/leave"))[0] == 404
    assert "标成已离开" not in await office.page(f"/{house.id}")


async def test_a_leader_sees_and_puts_nothing_right(office: Office) -> None:
    await desk.employ("li", Role.LEADER)
    office.browser.cookies.clear()
    await office.browser.sign_in("li")
    text = await office.page(f"/{office.town.place.house.id}")
    assert "王芳" in text and "data-box" not in text
    assert (await office.does(f"/bindings/{office.binding}/approve"))[0] == 403


async def test_who_waits_is_shown_to_the_last_page_by_page(office: Office) -> None:
    place = office.town.place
    await Binding.bulk_create(
        Binding(
            person_id=place.resident.id, house=place.house, community=place.community, name=f"待{at:03}",
            phone="13900000000", relation=Relation.FAMILY, status=BindingStatus.PENDING,
        )
        for at in range(120)
    )  # fmt: skip
    seen: list[str] = []
    path = "/waiting"
    while path:
        text = await office.page(path)
        assert "99+" in text
        seen += re.findall(r">(待\d{3})</a>", text)
        found = re.search(r'href="/desk/residents(/waiting\?after=[^"]+)"', text)
        path = found[1] if found else ""
    assert seen == [f"待{at:03}" for at in range(120)]
    assert (await office.browser.get("/desk/residents/waiting?after=x")).status == 422
    await Binding.filter(name__gt="待002").delete()
    assert '<span class="number">3</span>' in await office.page("")
