"""开工单 over HTTP: for somebody who calls, and from what was chosen in a talk."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from models.community import ManagementOffice, Occupant
from models.conversations import Conversation, Message
from models.media import MediaFile, MediaStatus
from models.people import Role
from models.tickets import Ticket, TicketPhoto
from tests.world import desk, estate, places
from tests.world.desk import Browser, Page
from tests.world.estate import Estate

pytestmark = pytest.mark.usefixtures("monday")

LEAK = {"category": "water", "area": "home", "place": "厨房", "description": "水龙头漏水"}


@dataclass(frozen=True, slots=True)
class Office:
    browser: Browser
    place: Estate
    talk: int

    async def open(self, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        return await self.browser.ask(
            "POST", "/desk/tickets/new", form={"csrf": token, **form}, headers={"Accept": "application/json"}
        )


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    place = await estate.build()
    await places.bind(place.resident, place.house)
    talk = await Conversation.create(person=place.resident)
    await desk.employ("xu", office_id=place.office.id)
    await browser.sign_in("xu")
    yield Office(browser, place, talk.id)


async def test_a_caller_is_found_and_gets_a_ticket(office: Office) -> None:
    await Occupant.create(house=office.place.houses[1], name="孙大爷", phone="057188880001")
    for search in ("王芳", "wf", "0001", "1-101"):
        page = await office.browser.ask("GET", "/desk/tickets/new/find", query={"q": search})
        assert f"person={office.place.resident.id}" in page.text, search
        assert "13800000001" not in page.text
    page = await office.browser.get(f"/desk/tickets/new?person={office.place.resident.id}")
    assert "138****0001" in page.text
    answer = await office.open(person=str(office.place.resident.id), key="k", **LEAK)
    assert answer.status == 200
    made = await Ticket.get()
    assert json.loads(answer.text)["go"] == f"/desk/tickets/{made.id}"
    assert (made.source, made.description) == ("phone", "水龙头漏水")


async def test_one_talk_becomes_two_tickets_each_with_what_was_chosen(office: Office) -> None:
    words = [
        await Message.create(conversation_id=office.talk, kind="text", text=text)
        for text in ("<b>厨房</b>漏水", "灯也不亮")
    ]
    photo = await MediaFile.create(
        person=office.place.resident, media_id="m1", status=MediaStatus.STORED, sha256="a" * 64
    )
    shown = await Message.create(conversation_id=office.talk, kind="image", body={"media_id": "m1"})
    page = await office.browser.get(f"/desk/tickets/new?talk={office.talk}&messages={words[0].id}")
    assert "&lt;b&gt;厨房&lt;/b&gt;漏水" in page.text
    assert f'value="{words[0].id}" checked' in page.text
    asked = {"category": "water", "area": "home", "talk": str(office.talk)}
    answer = await office.open(
        **asked, key="one", message=str(words[0].id), another="1", description=words[0].text
    )
    assert json.loads(answer.text)["go"] == f"/desk/tickets/new?talk={office.talk}"
    first = await Ticket.get()
    assert (first.source, first.description) == ("desk", "<b>厨房</b>漏水")
    page = await office.browser.get(f"/desk/tickets/new?talk={office.talk}")
    assert page.text.count(f"开过 {first.number}") == 1
    answer = await office.open(**asked, key="two", message=str(shown.id))
    assert json.loads(answer.text)["error"] == "ticket.known_own"
    await office.open(**asked, key="two", message=str(shown.id), anyway="1")
    second = await Ticket.get(id__not=first.id)
    assert [one.media_id for one in await TicketPhoto.filter(ticket_id=second.id)] == [photo.id]
    talk = await office.browser.get(f"/desk/talks/{office.talk}")
    assert "小徐代住户开单" in talk.text
    assert f"/desk/tickets/new?talk={office.talk}" in talk.text


async def test_what_is_missing_is_said_and_nothing_is_opened(office: Office) -> None:
    for form, words in (
        ({**LEAK}, "小区"),
        (
            {**LEAK, "community": str(office.place.community.id), "name": "王", "phone": "13900000009"},
            "房号",
        ),
        ({**LEAK, "community": str(office.place.community.id), "house": "1-101"}, "电话"),
    ):
        answer = await office.open(**form)
        assert answer.status == 422
        assert words in json.loads(answer.text)["text"]
    assert not await Ticket.exists()


async def test_a_supervisor_opens_one_by_house_without_seeing_the_list_of_residents(office: Office) -> None:
    await desk.employ("gao", Role.SUPERVISOR, office_id=office.place.office.id)
    office.browser.cookies.clear()
    await office.browser.sign_in("gao")
    page = await office.browser.get("/desk/tickets/new")
    assert page.status == 200
    assert "data-find" not in page.text
    assert (await office.browser.get("/desk/tickets/new/find?q=王")).status == 403
    where = {"community": str(office.place.community.id), "house": "1-101"}
    answer = await office.open(**LEAK, **where, name="王芳", phone="13800000001", key="k")
    assert answer.status == 200
    assert (await Ticket.get()).reporter_id == office.place.resident.id


async def test_the_talk_of_another_office_is_not_there(office: Office) -> None:
    await desk.employ("far", office_id=(await ManagementOffice.create(name="西区管理处")).id)
    office.browser.cookies.clear()
    await office.browser.sign_in("far")
    assert (await office.browser.get(f"/desk/tickets/new?talk={office.talk}")).status == 404
    assert (await office.open(**LEAK, talk=str(office.talk))).status == 404
    assert not re.search("王芳", (await office.browser.get("/desk/tickets/new/find?q=王芳")).text)
