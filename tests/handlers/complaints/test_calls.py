"""Follow-up calls on the page: the number, what came of a call, opening the matter anew from there."""

import json

import pytest

from models.events import Event
from models.follow_ups import FollowUp
from models.tickets import Ticket, TicketStatus
from services import clock
from tests.world import desk, nasty, offices
from tests.world.desk import Browser, Page
from tests.world.offices import Town

pytestmark = pytest.mark.usefixtures("monday")
_AT = "/desk/complaints/calls"


@pytest.fixture
async def town(browser: Browser) -> Town:
    found = await offices.build()
    await desk.employ("tang", office_id=found.place.office.id)
    await browser.sign_in("tang")
    return found


async def _post(browser: Browser, path: str, **given: str) -> Page:
    headers = {"X-CSRF-Token": await browser.token("/desk/account"), "Accept": "application/json"}
    return await browser.ask("POST", f"{_AT}{path}", headers=headers, form=given)


async def test_a_call_from_the_list_to_opening_the_repair_anew(browser: Browser, town: Town) -> None:
    made = await offices.follow_up(town, 0)
    ticket = await Ticket.get()
    await Ticket.filter(id=ticket.id).update(status=TicketStatus.CLOSED, closed_at=clock.now())
    page = (await browser.get(_AT)).text
    assert "1001 水" in page and "138****0001" in page and "13800000001" not in page
    assert json.loads((await _post(browser, f"/{made}/reveal")).text) == {"phone": "13800000001"}
    assert await Event.filter(verb="phone_read").count() == 1
    assert "重新办理" in (await browser.get(f"{_AT}/{made}/act")).text
    assert (await _post(browser, f"/{made}/act", outcome="x")).status == 422
    assert (await _post(browser, f"/{made}/act", outcome="dissatisfied")).status == 422
    assert (await _post(browser, f"/{made}/act", outcome="no_answer")).status == 200
    given = {"outcome": "dissatisfied", "note": "还在漏", "reopen": "1"}
    assert (await _post(browser, f"/{made}/act", **given)).status == 200
    assert (await Ticket.get(id=ticket.id)).status is TicketStatus.IN_PROGRESS
    done = (await browser.get(f"{_AT}?done=1")).text
    assert "不满意" in done and "还在漏" in done and "没接" in done


async def test_what_cannot_be_opened_anew_is_not_called_done_either(browser: Browser, town: Town) -> None:
    made = await offices.follow_up(town, 0)
    given = {"outcome": "dissatisfied", "note": "还在漏", "reopen": "1"}
    assert (await _post(browser, f"/{made}/act", **given)).status == 409
    assert (await FollowUp.get(id=made)).done_at is None


async def test_odd_addresses_and_words_do_no_harm(browser: Browser, town: Town) -> None:
    for wrong in ("reason=x", "kind=x", "after=x"):
        assert (await browser.get(f"{_AT}?{wrong}")).status == 422
    made = await offices.follow_up(town, 0)
    for text in (one.replace("\x00", "") for one in nasty.CORPUS):
        await FollowUp.filter(id=made).update(label=f"{nasty.MARK}{text}"[:80], said=f"{nasty.MARK}{text}")
        for path in ("", f"/{made}/act"):
            page = (await browser.get(f"{_AT}{path}")).text
            assert nasty.MARK in page and nasty.harm(page) == [], text
