"""The inbox over HTTP: pages, what they refuse, and that nothing of another office leaves by any of them."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from handlers.desk import acts, beside, canned, files, flows, lists, saying
from models.community import ManagementOffice
from models.conversations import Conversation, Hold, Message
from models.events import Event
from models.outbox import Outbox
from models.people import Person, Role, Staff
from services import clock
from tests.world import desk, places
from tests.world.asked import statements
from tests.world.desk import Browser, Page

pytestmark = pytest.mark.usefixtures("monday")

KEY = "page-key-0001"


@dataclass(frozen=True, slots=True)
class Office:
    """A clerk at a browser, and a resident who waits."""

    browser: Browser
    clerk: Staff
    resident: Person
    talk: int

    async def act(self, path: str, **form: str) -> Page:
        headers = {"Accept": "application/json"}
        token = await self.browser.token("/desk/account")
        return await self.browser.ask(
            "POST", f"/desk/talks/{path}", form={"csrf": token, **form}, headers=headers
        )

    async def seen(self) -> str:
        page = await self.browser.get(f"/desk/talks/{self.talk}")
        found = re.search(r'data-seen="([0-9.]+)"', page.text)
        assert found
        return found.group(1)


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    community = await places.community()
    resident = await places.resident(await places.house(community, "5-1-1203"), "刘建国")
    now = clock.now()
    talk = await Conversation.create(
        person=resident, hold=Hold.QUEUED, held_since=now, waiting_since=now, last_inbound_at=now,
        window_until=now + timedelta(hours=48), sends_left=5,
    )  # fmt: skip
    await Message.create(conversation=talk, kind="text", text="<script>alert(1)</script>几点来")
    clerk = await desk.employ("xu", office_id=community.office_id)
    await browser.sign_in("xu")
    yield Office(browser, clerk, resident, talk.id)


async def test_who_waits_stands_in_the_list_with_house_and_words(office: Office) -> None:
    page = await office.browser.get("/desk/talks?box=waiting")
    assert page.status == 200
    assert "刘建国" in page.text
    assert "5-1-1203" in page.text
    assert "待接入 1" in page.text


async def test_any_talk_is_found_from_any_list_which_stays_as_it_was(office: Office) -> None:
    await Conversation.filter(id=office.talk).update(hold=Hold.BOT)
    assert "刘建国" not in (await office.browser.get("/desk/talks/list?box=mine")).text
    assert "刘建国" in (await office.browser.get("/desk/talks/list?q=ljg&find=1")).text
    assert "刘建国" not in (await office.browser.get("/desk/talks/list")).text


async def test_what_residents_write_is_never_markup(office: Office) -> None:
    for path in ("", f"/{office.talk}", f"/{office.talk}/open", "/list?box=all"):
        page = await office.browser.get(f"/desk/talks{path}")
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


async def test_taken_answered_crossed_and_taken_back(office: Office) -> None:
    assert (await office.act(f"{office.talk}/take")).status == 200
    seen = await office.seen()
    said = await office.act(f"{office.talk}/say", text="您好", key=KEY, seen=seen)
    assert (said.status, json.loads(said.text)["fresh"]) == (200, True)
    again = await office.act(f"{office.talk}/say", text="您好", key=KEY, seen=seen)
    assert json.loads(again.text)["ids"] == json.loads(said.text)["ids"]
    await Message.create(conversation_id=office.talk, kind="text", text="等等")
    crossed = await office.act(f"{office.talk}/say", text="好的", key="page-key-0002", seen=seen)
    assert crossed.status == 409
    assert json.loads(crossed.text)["error"] == "human.crossed"
    news = await office.browser.get(f"/desk/talks/{office.talk}/news?after={seen}")
    assert "等等" in json.loads(news.text)["entries"][-1]["html"] or "等等" in news.text
    undone = await office.act(f"{office.talk}/undo", key=KEY)
    assert json.loads(undone.text)["text"] == "您好"


async def test_a_long_talk_without_notes_is_read_to_its_beginning(office: Office) -> None:
    await Message.bulk_create(
        [Message(conversation_id=office.talk, kind="text", text=f"第{number}句") for number in range(120)]
    )
    page = (await office.browser.get(f"/desk/talks/{office.talk}/open")).text
    marker = re.search(r'data-older="([^"]+)"', page)
    assert marker
    older = marker[1]
    shown = re.findall(r"第(\d+)句", page)
    while older:
        answer = await office.browser.get(f"/desk/talks/{office.talk}/older?before={older}")
        assert answer.status == 200
        shown = re.findall(r"第(\d+)句", answer.text) + shown
        older = answer.headers["X-Older"]
    assert shown == [str(number) for number in range(120)]


async def test_a_talk_is_given_back_to_the_bot_from_where_it_is_given_on(office: Office) -> None:
    await office.act(f"{office.talk}/take")
    assert 'value="bot"' in (await office.browser.get(f"/desk/talks/{office.talk}/takers")).text
    assert (await office.act(f"{office.talk}/transfer", to="bot")).status == 200
    assert (await Conversation.get(id=office.talk)).hold is Hold.BOT


async def test_a_draft_waits_on_every_device(office: Office) -> None:
    await office.act(f"{office.talk}/draft", text="写到一半 ", key=KEY, mode="note")
    other = await desk.another(office.browser)
    await other.sign_in("xu")
    page = await other.get(f"/desk/talks/{office.talk}")
    assert "写到一半 </textarea>" in page.text
    assert f'data-key="{KEY}" data-as="note"' in page.text


async def test_a_whole_phone_number_leaves_only_when_asked_for_and_is_written_down(office: Office) -> None:
    for path in (f"/{office.talk}", f"/{office.talk}/beside", "/list?box=all", f"/{office.talk}/open"):
        assert "13800001234" not in (await office.browser.get(f"/desk/talks{path}")).text
    told = await office.act(f"{office.talk}/reveal")
    assert json.loads(told.text) == {"phone": "13800001234"}
    event = await Event.get(verb="phone_read")
    assert (event.subject_id, event.actor_id) == (office.resident.id, office.clerk.id)
    assert (await office.browser.get(f"/desk/talks/{office.talk}/reveal")).status == 405


async def test_the_closed_window_offers_every_way_on(office: Office) -> None:
    await office.act(f"{office.talk}/take")
    await Outbox.all().delete()
    await Conversation.all().update(sends_left=0)
    page = await office.browser.get(f"/desk/talks/{office.talk}")
    assert 'data-mode="closed"' in page.text
    for act in ("template", "later", "call"):
        assert f'data-act="{act}"' in page.text
    refused = await office.act(f"{office.talk}/say", text="您好", key=KEY, seen=await office.seen())
    assert (refused.status, json.loads(refused.text)["error"]) == (409, "human.window_closed")
    later = await office.act(f"{office.talk}/later", text="改好了", key=KEY, seen=await office.seen())
    assert later.status == 200
    assert "等住户说话就发" in (await office.browser.get(f"/desk/talks/{office.talk}")).text


async def test_long_texts_cost_what_delivery_makes_of_them(office: Office) -> None:
    for text, cost in (("短", 1), ("长" * 1000, 2)):
        told = await office.act(f"{office.talk}/cost", text=text)
        assert json.loads(told.text) == {"cost": cost}


async def test_beside_the_talk_stands_in_words_what_the_bot_understood(office: Office) -> None:
    at = {"script": "human", "version": 1, "step": "words"}
    why = {"rule": "own_words", "after": at, "ranking": [["complaint", 0.97]]}
    asked = await Message.create(conversation_id=office.talk, kind="text", text="门口太吵")
    answer = {"conversation_id": office.talk, "kind": "reply", "text": "记下了", "answers_id": asked.id}
    await Message.create(**answer, body={"why": why})
    page = (await office.browser.get(f"/desk/talks/{office.talk}/beside")).text
    shown = re.sub(r"<option.*?</option>|<[^>]*>", "", page)
    assert "门口太吵" in shown
    assert "投诉（0.97）" in shown
    assert "words" not in shown


@pytest.mark.parametrize(("part", "most"), [("news", 20), ("beside", 22)])
async def test_what_is_read_at_every_change_is_read_in_few_questions(
    office: Office, part: str, most: int
) -> None:
    await office.act(f"{office.talk}/take")
    seen = await office.seen()
    await Message.create(conversation_id=office.talk, kind="text", text="还在吗")
    path = f"/desk/talks/{office.talk}/{part}?after={seen}"
    await office.browser.get(path)  # what the process keeps it knows by now
    with statements() as heard:
        assert "还在吗" in (await office.browser.get(path)).text or part == "beside"
    own = [one for one in heard if "desk_change" not in one]
    assert len(own) <= most, own


def _paths() -> list[tuple[str, str]]:
    found = []
    for routes in (acts, beside, canned, files, flows, lists, saying):
        for one in routes.routes.declared:
            if "{id" in one.path and "alarms" not in one.path and "canned" not in one.path:
                found.append((one.method, one.path))
    return found


@pytest.mark.parametrize(("method", "path"), _paths())
async def test_a_talk_of_another_office_is_404_by_every_route(office: Office, method: str, path: str) -> None:
    far = await ManagementOffice.create(name="远处管理处")
    await desk.employ("far", office_id=far.id)
    other = await desk.another(office.browser)
    await other.sign_in("far")
    place = re.sub(r"\{id:[^}]*\}", str(office.talk), path)
    place = re.sub(r"\{sha256:[^}]*\}+", "a" * 64, re.sub(r"\{(file|held|sent):[^}]*\}", "1", place))
    place = place.replace("a" * 64 + "}", "a" * 64)
    query = "?before=1.1.1.1&after=1.1.1.1" if method == "GET" else ""
    form = {
        "csrf": await other.token("/desk/account"), "seen": "1.1.1.1", "text": "字", "key": KEY, "to": "queue",
        "until": "1h", "reason": "x", "phrase": "human.please_write", "message": "1",
    }  # fmt: skip
    headers = {"Accept": "application/json"}
    given = {"form": form} if method == "POST" else {}
    page = await other.ask(method, f"/desk{place}{query}", headers=headers, **given)  # type: ignore[arg-type]
    assert page.status == 404, page.text
    assert "刘建国" not in page.text


@pytest.mark.parametrize("role", [Role.LEADER])
async def test_leaders_read_and_do_not_write(office: Office, role: Role) -> None:
    await desk.employ("boss", role)
    other = await desk.another(office.browser)
    await other.sign_in("boss")
    page = await other.get(f"/desk/talks/{office.talk}")
    assert page.status == 200
    assert 'data-act="take"' not in page.text
    token = await other.token("/desk/account")
    assert (await other.ask("POST", f"/desk/talks/{office.talk}/take", form={"csrf": token})).status == 403


async def test_a_picture_is_what_it_holds_not_what_it_says(office: Office) -> None:
    token = await office.browser.token("/desk/account")
    headers = {
        "X-CSRF-Token": token,
        "Accept": "application/json",
        "Content-Type": "application/octet-stream",
    }
    path = f"/desk/talks/{office.talk}/pictures"
    answer = await office.browser.ask("POST", path, headers=headers, form=None)
    assert answer.status == 422
    cookie = "; ".join(f"{name}={value}" for name, value in office.browser.cookies.items())
    sent = office.browser.headers | headers | {"Cookie": cookie}
    async with office.browser.http.post(path, data=b"<svg onload=alert(1)>", headers=sent) as refused:
        assert (refused.status, (await refused.json())["error"]) == (422, "page.bad_picture")


async def test_what_somebody_likes_holds_on_pages_without_talks_too(browser: Browser) -> None:
    await desk.employ("chief", Role.SUPERVISOR)
    await browser.sign_in("chief")
    headers = {"X-CSRF-Token": await browser.token("/desk/account")}
    assert '"letters":"on"' in (await browser.get("/desk/talks/liking")).text
    form = {"name": "letters", "value": "off"}
    assert (await browser.ask("POST", "/desk/talks/liking", headers=headers, form=form)).status == 200
    assert '"letters":"off"' in (await browser.get("/desk/talks/liking")).text
