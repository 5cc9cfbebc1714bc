"""今日 over HTTP: what stands there for whom, calls, tasks and promises."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from models.complaints import Complaint
from models.conversations import Conversation, Hold
from models.events import Event
from models.people import Role, Staff
from models.promises import Promise
from models.tasks import StaffTask, TaskKind
from models.tickets import Ticket
from models.timers import Timer
from services import clock, staff_tasks
from services.scope import Field
from tests.world import desk, estate, offices
from tests.world.desk import Browser, Page
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@dataclass(frozen=True, slots=True)
class Morning:
    """A clerk of the office at a browser, with work on the list."""

    browser: Browser
    town: Town
    clerk: Staff

    async def post(self, path: str, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        headers = {"Accept": "application/json"}
        return await self.browser.ask(
            "POST", f"/desk/today/{path}", form={"csrf": token, **form}, headers=headers
        )

    async def section(self, name: str) -> str:
        page = await self.browser.get("/desk/today")
        assert page.status == 200
        found = re.search(rf'<section class="card" id="{name}".*?</section>', page.text, re.S)
        return found.group(0) if found else ""


@pytest.fixture
async def morning(browser: Browser) -> AsyncIterator[Morning]:
    town = await offices.build()
    clerk = await desk.employ("near", office_id=town.place.office.id)
    await browser.sign_in("near")
    yield Morning(browser, town, clerk)


async def test_an_empty_day_says_what_comes_here(morning: Morning) -> None:
    for name in ("ringing", "late", "promised", "waiting", "calls", "sheets"):
        section = await morning.section(name)
        assert 'class="empty"' in section
        assert ">0</span>" in section


async def test_each_section_holds_its_own(morning: Morning) -> None:
    await offices.danger(morning.town, 0)
    ticket = await offices.ticket(morning.town, 0)
    assert ">0</span>" in await morning.section("late")  # a new one has its time
    await Ticket.filter(id=ticket).update(respond_by=clock.now() - timedelta(hours=3))
    complaint = await offices.complaint(morning.town, 0)
    await Complaint.filter(id=complaint).update(deadline_at=clock.now() - timedelta(hours=2))
    await offices.call(morning.town, 0)
    late = await morning.section("late")
    assert ">2</span>" in late
    assert "晚了2小时" in late
    assert "没有按时响应" in late
    assert "漏气" in await morning.section("ringing")
    assert "师傅到了" in await morning.section("calls")


async def test_a_complaint_that_is_late_is_not_shown_to_whom_it_is_about(morning: Morning) -> None:
    complaint = await offices.complaint(morning.town, 0)
    past = clock.now() - timedelta(hours=2)
    await Complaint.filter(id=complaint).update(deadline_at=past, about_staff_id=morning.clerk.id)
    assert ">0</span>" in await morning.section("late")


async def test_a_supervisor_sees_the_own_fields_alone(browser: Browser) -> None:
    town = await offices.build()
    await offices.task(TaskKind.ESCALATION)(town, 0)
    await offices.talk(town, 0)
    await desk.employ("gao", Role.SUPERVISOR, office_id=town.place.office.id)
    await browser.sign_in("gao")
    text = (await browser.get("/desk/today")).text
    assert ('id="ringing"' in text, 'id="late"' in text) == (True, True)
    assert [name for name in ("waiting", "calls", "sheets") if f'id="{name}"' in text] == []


async def test_whoever_leads_is_offered_what_is_theirs_to_do_alone(morning: Morning) -> None:
    town = morning.town
    dispatch = await offices.task(TaskKind.DISPATCH)(town, 0)
    await offices.call(town, 0)
    await offices.task(TaskKind.LEFT_MESSAGE)(town, 0)
    complaint = await Complaint.get(id=await offices.complaint(town, 0))
    await Complaint.filter(id=complaint.id).update(about_staff_id=morning.clerk.id)
    values = {"number": complaint.number, "topic": "员工", "id": complaint.id}
    leading = await within(staff_tasks.add(
        TaskKind.ESCALATION, "complaint_leading", key="l", values=values, field=Field.COMPLAINTS,
        community_id=complaint.community_id,
    ))  # fmt: skip
    await desk.employ("boss2", Role.LEADER)
    leader = replace(morning, browser=await desk.another(morning.browser))
    await leader.browser.sign_in("boss2")
    offered = set(re.findall(r'data-act="(/desk/[^"]+)"', (await leader.browser.get("/desk/today")).text))
    assert offered == {f"/desk/today/tasks/{leading}/{act}" for act in ("take", "done")}
    assert (await leader.post(f"tasks/{dispatch}/take")).status == 403
    assert (await leader.post(f"tasks/{leading}/take")).status == 200


async def test_a_number_is_masked_until_it_is_asked_for_by_name(morning: Morning) -> None:
    made = await offices.call(morning.town, 0)
    assert "13800000001" not in await morning.section("calls")
    answer = await morning.post(f"tasks/{made}/phone")
    assert "13800000001" in answer.text
    assert await Event.filter(verb="phone_read", actor_id=morning.clerk.id).count() == 1


async def test_what_came_of_a_call_is_kept(morning: Morning) -> None:
    made = await offices.call(morning.town, 0)
    assert (await morning.post(f"tasks/{made}/called", outcome="asleep")).status == 422
    assert (await morning.post(f"tasks/{made}/called", outcome="no_answer")).status == 200
    assert "打过 1 次没接" in await morning.section("calls")
    assert (await morning.post(f"tasks/{made}/called", outcome="reached")).status == 200
    assert ">0</span>" in await morning.section("calls")
    assert (await morning.post(f"tasks/{made}/called", outcome="reached")).status == 404


async def test_a_task_is_taken_and_done(morning: Morning) -> None:
    made = await offices.task(TaskKind.DISPATCH)(morning.town, 0)
    assert (await morning.post(f"tasks/{made}/take")).status == 200
    assert "我在办" in await morning.section("ringing")
    assert (await morning.post(f"tasks/{made}/done")).status == 200
    assert not await StaffTask.filter(done_at=None).exists()


async def test_a_promise_is_made_moved_given_up(morning: Morning) -> None:
    talk = await offices.talk(morning.town, 0)
    box = await morning.browser.get(f"/desk/today/promise?about=conversation:{talk}&entry=m3")
    assert "今天下班前" in box.text
    about = {"about": f"conversation:{talk}", "entry": "m3", "key": "page-key-1"}
    wrong = await morning.post("promises", **about, text="回电话", when="other", at="昨天")
    assert (wrong.status, "没有看懂时间" in wrong.text) == (422, True)
    answer = await morning.post("promises", **about, text="回电话<b>", when="closing")
    assert (answer.status, "17:30" in answer.text) == (200, True)
    section, made = await morning.section("promised"), await Promise.get()
    assert "回电话&lt;b&gt;" in section
    assert f"/desk/talks/{talk}?at=m3" in section
    moved = await morning.post(f"promises/{made.id}/move", when="other", at="2026-11-24T15:00")
    assert "15:00" in moved.text
    assert "为什么" in (await morning.browser.get(f"/desk/today/promises/{made.id}/ending?how=give-up")).text
    assert (await morning.post(f"promises/{made.id}/give-up", reason="")).status == 422
    assert (await morning.post(f"promises/{made.id}/give-up", reason="配件停产")).status == 200
    assert ">0</span>" in await morning.section("promised")


async def test_a_sheet_shows_what_was_promised_in_it_to_whom_may_see_it(morning: Morning) -> None:
    ticket = await offices.ticket(morning.town, 0)
    assert (
        f"/desk/today/promised?about=ticket:{ticket}"
        in (await morning.browser.get(f"/desk/tickets/{ticket}")).text
    )
    about = {"about": f"ticket:{ticket}", "key": "page-key-1"}
    assert (await morning.post("promises", **about, text="周五换新阀", when="morning")).status == 200
    part = await morning.browser.get(f"/desk/today/promised?about=ticket:{ticket}")
    assert "小徐答应明天 11:00前：周五换新阀" in part.text
    assert "做不到" in part.text
    far = await desk.another(morning.browser)
    await desk.employ("far", office_id=morning.town.far.office_id)
    await far.sign_in("far")
    assert "阀" not in (await far.get(f"/desk/today/promised?about=ticket:{ticket}")).text


async def test_the_rail_counts_what_is_due_and_taken_by_nobody(morning: Morning) -> None:
    async def due() -> int:
        return int(json.loads((await morning.browser.get("/desk/today/due")).text)["due"])

    assert await due() == 0
    await offices.danger(morning.town, 0)
    task = await offices.task(TaskKind.DISPATCH)(morning.town, 0)
    await offices.call(morning.town, 0)
    about = {"about": f"conversation:{await offices.talk(morning.town, 0)}", "key": "page-key-1"}
    await morning.post("promises", **about, text="回电话", when="closing")
    assert await due() == 2
    await Promise.all().update(due_at=clock.now() - timedelta(minutes=1))
    await morning.post(f"tasks/{task}/take")
    assert await due() == 2


async def test_the_rail_counts_who_waits_in_the_queue_and_in_ones_own_talks(morning: Morning) -> None:
    async def waiting() -> int:
        return int(json.loads((await morning.browser.get("/desk/today/due")).text)["waiting"])

    talk = await offices.talk(morning.town, 0)
    me = morning.clerk.id
    standing = Conversation.filter(id=talk)
    for hold, holder, since, shown in (
        (Hold.BOT, None, None, 0),
        (Hold.QUEUED, None, clock.now(), 1),
        (Hold.STAFF, me, clock.now(), 1),
        (Hold.STAFF, me, None, 0),
    ):
        await standing.update(hold=hold, held_by_id=holder, waiting_since=since)
        assert await waiting() == shown
    other = await Staff.create(login="other", name="别人", role=Role.SERVICE)
    await standing.update(held_by_id=other.id, waiting_since=clock.now())
    assert await waiting() == 0


async def test_a_repair_that_stands_still_is_listed_though_it_is_not_late(morning: Morning) -> None:
    with clock.fixed(clock.now() - timedelta(days=20)):
        ticket = await offices.ticket(morning.town, 0)
    later = clock.now() + timedelta(days=9)
    await Ticket.filter(id=ticket).update(respond_by=later, arrive_by=later)
    late = await morning.section("late")
    assert ">停滞<" in late
    assert re.search(r"晚了\d", late) is None


async def test_a_promise_that_rings_is_shown_once_to_its_maker_and_to_colleagues(morning: Morning) -> None:
    talk = await offices.talk(morning.town, 0)
    about = {"about": f"conversation:{talk}", "entry": "", "key": "page-key-1"}
    await morning.post("promises", **about, text="回电话", when="closing")
    for model in (Promise, Timer):
        await model.all().update(due_at=clock.now() - timedelta(minutes=1))
    await estate.run_timers()
    assert "到时间了" in await morning.section("promised")
    assert "回电话" not in await morning.section("ringing")
    other = await desk.another(morning.browser)
    await desk.employ("colleague", office_id=morning.town.place.office.id)
    await other.sign_in("colleague")
    assert "小徐答应的事到时间了：回电话" in (await other.get("/desk/today")).text


@pytest.mark.parametrize(
    "about", ["", "conversation", "conversation:x", "house:1", "conversation:9999999999", "ticket:77"]
)
async def test_nothing_is_promised_about_what_is_not_there(morning: Morning, about: str) -> None:
    assert (await morning.browser.get(f"/desk/today/promise?about={about}")).status in (404, 422)
