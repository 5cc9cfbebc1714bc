"""Service requests on the desk: the form as it was filled in, accepted, done, and what only staff know."""

import json
import re

import pytest

from models.community import Community, ManagementOffice
from models.events import Event
from models.outbox import Outbox
from models.people import Person, Staff
from models.requests import RequestStatus, ServiceRequest
from services import actors
from services.cases import request_lists, requests
from services.cases.request_lists import Tab
from tests.world import desk, nasty, places
from tests.world.desk import Browser, Page
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")
_AT = "/desk/complaints/requests"


@pytest.fixture
async def resident(browser: Browser) -> Person:
    await desk.employ("tang")
    await browser.sign_in("tang")
    return await places.resident(await places.house(await places.community()), "刘建国")


async def _ask(person: Person, title: str = "预约看房", answer: str = "周六上午") -> int:
    me = actors.person(person.id)
    await within(requests.submit("viewing", title, [("什么时候？", answer)], actor=me))
    return (await requests.mine(person.id))[0].id


async def _act(browser: Browser, request_id: int, path: str = "act", **given: str | int) -> Page:
    box = (await browser.get(f"{_AT}/{request_id}/act?do=note")).text
    seen = re.search(r'name="seen" value="(\d+)"', box)
    assert seen
    headers = {"X-CSRF-Token": await browser.token("/desk/account"), "Accept": "application/json"}
    form = {"seen": seen[1]} | {name: str(value) for name, value in given.items()}
    return await browser.ask("POST", f"{_AT}/{request_id}/{path}", headers=headers, form=form)


async def test_a_form_is_read_accepted_and_done(browser: Browser, resident: Person) -> None:
    made = await _ask(resident)
    listed = (await browser.get(_AT)).text
    assert "预约看房" in listed and "周六上午" in listed
    assert (await _act(browser, made, do="accept", text="下午联系您")).status == 200
    assert (await _act(browser, made, do="finish")).status == 200
    page = (await browser.get(f"{_AT}/{made}")).text
    assert "什么时候？" in page and "受理：下午联系您" in page and "办好" in page
    told = [one.payload["phrase"] for one in await Outbox.filter(person_id=resident.id).order_by("id")]
    assert told == ["request.accepted", "request.done"]
    assert "预约看房" in (await browser.get(f"{_AT}?tab=ended&title=预约看房")).text


async def test_who_cancelled_meanwhile_is_not_told_that_it_is_accepted(
    browser: Browser, resident: Person
) -> None:
    made = await _ask(resident)
    box = (await browser.get(f"{_AT}/{made}/act?do=accept")).text
    seen = re.search(r'name="seen" value="(\d+)"', box)
    assert seen
    number = (await requests.mine(resident.id))[0].number
    await within(requests.cancel(number, actor=actors.person(resident.id), reason="不看了"))
    stopped = await _act(browser, made, do="accept", seen=seen[1])
    assert stopped.status == 409 and "住户取消：不看了" in json.loads(stopped.text)["text"]
    assert not await Outbox.filter(person_id=resident.id).exists()


async def test_a_note_stays_among_staff(browser: Browser, resident: Person) -> None:
    made = await _ask(resident)
    await _act(browser, made, do="accept", text="好的")
    assert (await _act(browser, made, do="note", text="上次爽约过")).status == 200
    assert "上次爽约过" in (await browser.get(f"{_AT}/{made}")).text
    number = (await requests.mine(resident.id))[0].number
    assert (await requests.get(resident.id, number)).note == "好的"


async def test_refusals_are_told_and_the_number_is_asked_for_by_name(
    browser: Browser, resident: Person
) -> None:
    made = await _ask(resident)
    assert (await _act(browser, made, do="decline", text="")).status == 422
    assert (await _act(browser, made, do="finish")).status == 409
    assert (await _act(browser, made, do="burn")).status == 422
    assert "13800001234" not in (await browser.get(f"{_AT}/{made}")).text
    assert json.loads((await _act(browser, made, "reveal")).text) == {"phone": "13800001234"}
    assert await Event.filter(verb="phone_read").count() == 1


async def test_lists_go_on_page_by_page_and_are_narrowed(browser: Browser, resident: Person) -> None:
    for number in range(31):
        await _ask(resident, "家政预约" if number % 2 else "预约看房", f"第{number}次")
    first = (await browser.get(f"{_AT}?tab=all")).text
    assert "第30次" in first and "第0次" not in first
    after = re.search(r"after=(\d+)", first)
    assert after
    assert "第0次" in (await browser.get(f"{_AT}?tab=all&after={after[1]}")).text
    assert "第30次" not in (await browser.get(f"{_AT}?tab=all&title=家政预约")).text
    for wrong in ("tab=x", "community=x", "after=x"):
        assert (await browser.get(f"{_AT}?{wrong}")).status == 422


async def test_nothing_that_anybody_wrote_runs(browser: Browser, resident: Person) -> None:
    for text in (one.replace("\x00", "") for one in nasty.CORPUS):
        made = await _ask(resident, f"{nasty.MARK}{text}", f"{nasty.MARK}{text}")
        page = (await browser.get(f"{_AT}/{made}")).text
        assert nasty.MARK in page and nasty.harm(page) == [], text
    assert nasty.harm((await browser.get(f"{_AT}?tab=all")).text) == []


async def test_forms_to_choose_from_and_counts_are_of_ones_own_places(
    browser: Browser, resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("预约看房", "家政保洁", "预约看房"):
        await _ask(resident, title)
    office = await ManagementOffice.create(name="第二管理处", phone="0571-88880002")
    elsewhere = await Community.create(office=office, code="c-far", name="别处")
    far = await places.resident(await places.house(elsewhere, "9-9-909"), "远处的人")
    made = await _ask(far, "搬家放行")
    await ServiceRequest.filter(id=made).update(status=RequestStatus.DONE)
    clerk = await Staff.get(login="tang")
    everywhere = await actors.staff(clerk.id)
    assert await request_lists.titles(actor=everywhere) == sorted(["预约看房", "家政保洁", "搬家放行"])
    await Staff.filter(id=clerk.id).update(
        office_id=(await Community.exclude(id=elsewhere.id).get()).office_id
    )
    near = await actors.staff(clerk.id)
    assert await request_lists.titles(actor=near) == sorted(["预约看房", "家政保洁"])
    assert await request_lists.counts(actor=near) == {Tab.NEW: 3, Tab.WORKING: 0, Tab.ENDED: 0, Tab.ALL: 3}
    monkeypatch.setattr(request_lists, "MANY", 2)
    await ServiceRequest.all().update(status=RequestStatus.DONE)
    assert await request_lists.counts(actor=near) == {Tab.NEW: 0, Tab.WORKING: 0, Tab.ENDED: 2, Tab.ALL: 2}
    assert (await browser.get(_AT)).text.count(">1+<") == 2
