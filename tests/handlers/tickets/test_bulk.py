"""Several rows at once with one undo, and lists that somebody keeps, over HTTP."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from models.people import Person, Technician
from models.tickets import Ticket
from services.repairs.insertion import Submitted
from tests.world import desk, estate
from tests.world.desk import Browser, Page

pytestmark = pytest.mark.usefixtures("monday")


@dataclass(frozen=True, slots=True)
class Office:
    browser: Browser
    made: list[Submitted]
    plumber: Technician

    @property
    def ids(self) -> str:
        return ",".join(str(one.id) for one in self.made)

    async def post(self, path: str, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        return await self.browser.ask(
            "POST", path, form={"csrf": token, **form}, headers={"Accept": "application/json"}
        )

    async def states(self) -> list[str]:
        return [(await Ticket.get(id=one.id)).status for one in self.made]


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    place = await estate.build()
    plumber = await estate.technician(place, "吴师傅", "water")
    made = [await estate.reported(place) for _ in range(3)]
    await desk.employ("xu", office_id=place.office.id)
    await browser.sign_in("xu")
    yield Office(browser, made, plumber)


async def test_several_are_dispatched_and_taken_back_with_one_press(office: Office) -> None:
    box = await office.browser.get(f"/desk/tickets/bulk/dispatch?ids={office.ids}")
    assert "3 单派给谁" in box.text
    answer = await office.post(
        "/desk/tickets/bulk/dispatch", ids=office.ids, technician=str(office.plumber.id)
    )
    told = json.loads(answer.text)
    assert told["text"] == "派了3单。"
    assert await office.states() == ["dispatched"] * 3
    answer = await office.post(told["undo"])
    assert answer.status == 200
    assert await office.states() == ["submitted"] * 3
    assert (await office.post(told["undo"])).status == 409


async def test_whom_it_does_not_suit_or_reach_is_said_before_and_after(office: Office) -> None:
    await Technician.filter(id=office.plumber.id).update(skills=["electric"], communities=[], on_duty=False)
    await Person.filter(id=office.plumber.person_id or 0).update(following=False)
    box = (await office.browser.get(f"/desk/tickets/bulk/dispatch?ids={office.ids}")).text
    one = (await office.browser.get(f"/desk/tickets/{office.made[0].id}/dispatch")).text
    for shown in (box, one):
        for tag in ("不在岗", "不会修这类", "不管这个小区", "没关注公众号，收不到单"):
            assert tag in shown
    given = {"technician": str(office.plumber.id)}
    several = await office.post("/desk/tickets/bulk/dispatch", ids=office.ids, **given)
    await office.post(json.loads(several.text)["undo"])
    single = await office.post(f"/desk/tickets/{office.made[0].id}/dispatch", **given)
    for answer in (several, single):
        assert json.loads(answer.text)["text"].endswith(
            f"。师傅没关注公众号，收不到单，请打电话告诉他：{office.plumber.phone}"
        )


async def test_what_does_not_allow_it_is_said(office: Office) -> None:
    await office.post(f"/desk/tickets/{office.made[0].id}/decline", reason="重复")
    told = json.loads((await office.post("/desk/tickets/bulk/accept", ids=office.ids)).text)
    assert told["text"].startswith("受理了2单。 有1单没办：")
    told = json.loads((await office.post("/desk/tickets/bulk/close", ids=office.ids)).text)
    assert "undo" not in told
    assert (await office.post("/desk/tickets/bulk/accept", ids="")).status == 422
    assert (await office.post("/desk/tickets/bulk/dispatch", ids=office.ids)).status == 422


async def test_a_list_that_was_narrowed_down_is_kept_for_whoever_kept_it(office: Office) -> None:
    kept = "group=working&urgent=1&x=1"
    box = await office.browser.get(f"/desk/tickets/views/new?{kept}")
    assert "group=working&amp;urgent=1" in box.text
    assert "x=1" not in box.text
    for name in ("加急的", "加急的", "<b>别的</b>"):
        assert (await office.post("/desk/tickets/views", name=name, query=kept)).status == 200
    page = (await office.browser.get("/desk/tickets")).text
    assert page.count('href="/desk/tickets?group=working&amp;urgent=1"') == 2
    assert "&lt;b&gt;别的&lt;/b&gt;" in page
    await desk.employ("tang")
    other = await desk.another(office.browser)
    await other.sign_in("tang")
    assert "加急的" not in (await other.get("/desk/tickets")).text
    await office.post("/desk/tickets/views/remove", name="加急的")
    assert "加急的" not in (await office.browser.get("/desk/tickets")).text
    assert (await office.post("/desk/tickets/views", name=" ", query=kept)).status == 422
