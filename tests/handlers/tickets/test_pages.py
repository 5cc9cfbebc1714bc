"""The pages of repairs over HTTP: the table, the board, one sheet, and what staff decide there."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from models.events import Event, SubjectKind
from models.people import Role, Technician
from models.tickets import Ticket
from services import actors, clock, work
from services.repairs import jobs
from services.repairs.insertion import Submitted
from tests.world import desk, estate
from tests.world.desk import Browser, Page
from tests.world.estate import Estate, told

pytestmark = pytest.mark.usefixtures("monday")


@dataclass(frozen=True, slots=True)
class Office:
    """A clerk at a browser, and a repair that was reported."""

    browser: Browser
    place: Estate
    made: Submitted
    plumber: Technician

    @property
    def at(self) -> str:
        return f"/desk/tickets/{self.made.id}"

    async def act(self, act: str, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        return await self.browser.ask(
            "POST", f"{self.at}/{act}", form={"csrf": token, **form}, headers={"Accept": "application/json"}
        )

    async def seen(self) -> str:
        found = re.search(r'"seen": "([a-z_]+:\d+)"', (await self.browser.get(self.at)).text)
        assert found
        return found.group(1)

    async def status(self) -> str:
        return (await Ticket.get(id=self.made.id)).status


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    place = await estate.build()
    plumber = await estate.technician(place, "吴师傅", "water")
    made = await estate.reported(place)
    await Ticket.filter(id=made.id).update(description="<script>alert(1)</script>漏水")
    await desk.employ("xu", office_id=place.office.id)
    await browser.sign_in("xu")
    yield Office(browser, place, made, plumber)


async def test_what_was_reported_stands_in_the_table_on_the_board_and_on_its_sheet(office: Office) -> None:
    for path in ("/desk/tickets", "/desk/tickets/board", "/desk/tickets?q=1-101", office.at):
        page = await office.browser.get(path)
        assert page.status == 200, path
        assert office.made.number in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;漏水" in page.text
        assert "<script>alert" not in page.text
    assert "13800000001" not in page.text
    assert "138****0001" in page.text


NARROWED = (
    ("group=new", True),
    ("group=working", False),
    ("group=all", True),
    ("group=all&technician=none", True),
    ("group=all&urgent=1", False),
    ("group=all&overdue=1", False),
    ("group=all&q=王芳", True),
    ("group=all&q=李", False),
    ("group=all&q=0001", True),
    ("group=all&q=0002", False),
    ("group=all&q=1-201", False),
    ("group=all&q=%25", False),
    ("group=all&status=submitted", True),
    ("group=all&status=closed", False),
    ("group=all&community=999999999999", False),
)


async def test_the_address_narrows_the_table_down(office: Office) -> None:
    for query, there in NARROWED:
        page = await office.browser.get(f"/desk/tickets?{query}")
        assert (f'id="t{office.made.id}"' in page.text) is there, query


async def test_an_address_that_no_page_of_ours_made_is_refused(office: Office) -> None:
    for query in ("group=x", "status=x", "order=x", "after=x", "community=x", "technician=x"):
        assert (await office.browser.get(f"/desk/tickets?{query}")).status == 422, query


async def test_the_number_to_call_is_read_by_a_press_that_leaves_an_event(office: Office) -> None:
    answer = await office.act("reveal")
    assert json.loads(answer.text) == {"phone": "13800000001"}
    [event] = await Event.filter(subject_kind=SubjectKind.PERSON, verb="phone_read")
    assert (event.actor_kind, event.note) == ("staff", office.made.number)


async def test_the_paper_has_the_number_and_reading_it_is_recorded(office: Office) -> None:
    assert "13800000001" in (await office.browser.get(f"{office.at}/paper")).text
    assert await Event.filter(verb="phone_read", note=office.made.number).count() == 1


async def test_on_paper_every_time_has_its_date_and_what_happened_stands_there(office: Office) -> None:
    appointed = [datetime(2026, 11, 24, hour, tzinfo=clock.LOCAL) for hour in (9, 11)]
    there = Ticket.filter(id=office.made.id)
    await there.update(appointment_start=appointed[0], appointment_end=appointed[1])
    paper = (await office.browser.get(f"{office.at}/paper")).text
    assert "<td>2026-11-24 09:00–11:00</td>" in paper
    assert "<th>到场时间</th><td></td><th>完工时间</th><td></td>" in paper
    await office.act("dispatch", technician=str(office.plumber.id))
    await office.act("arrived")
    await office.act("finish", materials="三角阀1个", cost="35.5", note="换了新的")
    await there.update(rating_speed=4, rating_quality=5)
    paper = (await office.browser.get(f"{office.at}/paper")).text
    assert "<th>到场时间</th><td>2026-11-23 10:00</td><th>完工时间</th><td>2026-11-23 10:00</td>" in paper
    assert "及时4星，质量5星" in paper
    assert not re.search("今天|明天|后天|昨天", paper)


async def test_accepted_dispatched_and_told(office: Office) -> None:
    assert (await office.act("accept", seen=await office.seen())).status == 200
    box = await office.browser.get(f"{office.at}/dispatch")
    assert "吴师傅" in box.text
    assert "手上0单" in box.text
    answer = await office.act("dispatch", seen=await office.seen(), technician=str(office.plumber.id))
    assert answer.status == 200
    assert "吴师傅" in json.loads(answer.text)["text"]
    assert await office.status() == "dispatched"
    assert "job.assigned" in await told(office.plumber.person_id)
    assert "派给吴师傅" in (await office.browser.get(office.at)).text


async def test_an_act_on_what_changed_meanwhile_says_what_it_is_now(office: Office) -> None:
    seen = await office.seen()
    await office.act("dispatch", technician=str(office.plumber.id))
    answer = await office.act("decline", seen=seen, reason="重复")
    assert answer.status == 409
    words = json.loads(answer.text)["text"]
    assert "等师傅接单" in words
    assert "吴师傅" in words
    assert await office.status() == "dispatched"


async def test_only_what_may_be_done_now_is_offered(office: Office) -> None:
    page = (await office.browser.get(office.at)).text
    offered = set(re.findall(rf'data-(?:act|box)="{office.at}/([a-z]+)"', page))
    assert offered == {
        "accept", "dispatch", "appoint", "urgent", "correct", "remark", "attach", "cancel", "decline",
    }  # fmt: skip
    await office.act("decline", reason="不归物业")
    page = (await office.browser.get(office.at)).text
    assert set(re.findall(rf'data-(?:act|box)="{office.at}/([a-z]+)"', page)) == set()


MISSING: tuple[tuple[str, dict[str, str]], ...] = (
    ("decline", {"reason": " "}),
    ("dispatch", {}),
    ("dispatch", {"technician": "x"}),
    ("appoint", {}),
    ("appoint", {"start": "2020-01-01T10:00"}),
    ("appoint", {"start": "x"}),
    ("remark", {"text": ""}),
)


async def test_what_is_missing_is_refused_in_words(office: Office) -> None:
    for act, form in MISSING:
        answer = await office.act(act, **form)
        assert answer.status == 422, (act, form)
        assert json.loads(answer.text)["text"]
    assert await office.status() == "submitted"


async def test_another_time_was_agreed_by_phone(office: Office) -> None:
    await office.act("appoint", start="2026-11-24T14:00", end="2026-11-24T16:00")
    assert "明天 14:00" in (await office.browser.get(office.at)).text
    assert "repair.appointment_moved" in await told(office.place.resident.id)


async def test_what_the_technician_says_on_the_phone_is_written_down_and_told(office: Office) -> None:
    await office.act("dispatch", technician=str(office.plumber.id))
    assert (await office.act("confirm", eta="2020-01-01T10:00")).status == 422
    await office.act("confirm", eta="2026-11-23T14:00")
    await office.act("arrived")
    assert (await office.act("finish", cost="x")).status == 422
    await office.act("finish", materials="三角阀1个", cost="35.5", note="换了新的")
    ticket = await Ticket.get(id=office.made.id)
    assert (ticket.status, ticket.materials, ticket.cost_fen) == ("awaiting_resident", "三角阀1个", 3550)
    said = await told(office.place.resident.id)
    assert said[-3:] == ["repair.confirmed", "repair.arrived", "repair.finished"]
    page = (await office.browser.get(office.at)).text
    assert "¥ 35.50" in page
    assert "<dt>师傅说到</dt><dd>" in page  # what was promised stays to be seen
    assert "<dt>预约上门</dt><dd>尽快</dd>" in page
    for did in ("接单，定了到的时间", "到场", "修完了：换了新的"):
        assert f"客服代记：{did}" in page


async def test_that_it_took_nothing_is_said_once_it_is_done(office: Office) -> None:
    await office.act("dispatch", technician=str(office.plumber.id))
    technician = actors.technician(office.plumber.id)
    async with work.unit():
        await jobs.arrive(office.made.id, actor=technician)
    nothing = ("没用料", "不收费")
    page = (await office.browser.get(office.at)).text
    assert not any(words in page for words in nothing)
    async with work.unit():
        await jobs.finish(office.made.id, actor=technician)
    for path in (office.at, f"{office.at}/paper"):
        page = (await office.browser.get(path)).text
        assert all(words in page for words in nothing), path
    assert "客服代记" not in (await office.browser.get(office.at)).text


async def test_what_was_told_wrong_is_put_right_and_the_number_stays(office: Office) -> None:
    assert "13800000001" not in (await office.browser.get(f"{office.at}/correct")).text
    right = {"category": "electric", "area": "home", "place": "客厅", "description": "灯不亮", "name": "王芳"}
    assert (await office.act("correct", **right, phone="")).status == 200
    ticket = await Ticket.get(id=office.made.id).select_related("category")
    assert (ticket.category.code, ticket.place, ticket.contact_phone) == ("electric", "客厅", "13800000001")
    assert (await office.act("correct", **{**right, "category": "x"})).status == 422
    assert (await office.act("correct", **{**right, "area": "x"})).status == 422


async def test_a_leader_looks_and_decides_nothing(office: Office) -> None:
    await desk.employ("lead", Role.LEADER)
    office.browser.cookies.clear()
    await office.browser.sign_in("lead")
    page = await office.browser.get(office.at)
    assert page.status == 200
    assert "data-act=" not in page.text.partition('id="sheet"')[2]
    assert f"{office.at}/paper" not in page.text
    assert (await office.act("accept")).status == 403
