"""The pages of complaints, as a browser without scripts gets them and as our own scripts post to them."""

import json
import re

import pytest

from models.complaints import Complaint, ComplaintKind, ComplaintPhoto
from models.events import Event
from models.media import MediaFile, MediaStatus
from models.people import Person, Role
from services import actors
from services.cases import complaint_course, complaint_desk, complaints
from tests.world import desk, nasty, places
from tests.world.desk import Browser, Page
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def resident(browser: Browser) -> Person:
    return await places.resident(await places.house(await places.community()), "刘建国")


async def _complain(person: Person, story: str = "楼上半夜装修", *, topic: str = "噪音扰民") -> int:
    me = actors.person(person.id)
    return (await within(complaints.submit(ComplaintKind.COMPLAINT, topic, story, actor=me))).id


async def _act(browser: Browser, path: str, **given: str | int) -> Page:
    """As the dialog sends it."""
    headers = {"X-CSRF-Token": await browser.token("/desk/account"), "Accept": "application/json"}
    return await browser.ask("POST", path, headers=headers, form={k: str(v) for k, v in given.items()})


async def _seen(browser: Browser, complaint_id: int) -> int:
    box = (await browser.get(f"/desk/complaints/{complaint_id}/act?do=answer")).text
    found = re.search(r'name="seen" value="(\d+)"', box)
    assert found
    return int(found[1])


async def test_a_complaint_is_taken_answered_and_what_happened_stands_there(
    browser: Browser, resident: Person
) -> None:
    made = await _complain(resident)
    await desk.employ("tang")
    await browser.sign_in("tang")
    assert "噪音扰民" in (await browser.get("/desk/complaints")).text
    page = f"/desk/complaints/{made}"
    told = await _act(browser, f"{page}/act", do="accept", seen=await _seen(browser, made))
    assert told.status == 200 and "已经告诉住户" in json.loads(told.text)["text"]
    told = await _act(browser, f"{page}/act", do="answer", text="已约谈", seen=await _seen(browser, made))
    assert told.status == 200
    shown = (await browser.get(page)).text
    assert "答复住户：已约谈" in shown and "小徐 · 待发" in shown
    assert "没有符合的" in (await browser.get("/desk/complaints")).text
    assert "T" in (await browser.get("/desk/complaints?tab=answered")).text


async def test_a_leader_works_on_what_no_clerk_may_have_and_on_nothing_else(
    browser: Browser, resident: Person
) -> None:
    await places.staff("客服小徐")
    other = await _complain(resident)
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    await desk.employ("boss", Role.LEADER)
    await browser.sign_in("boss")
    assert "接手" in (await browser.get("/desk/today")).text
    assert 'data-box="/desk/complaints/' not in (await browser.get(f"/desk/complaints/{other}")).text
    assert (await browser.get(f"/desk/complaints/{other}/act?do=answer")).status == 403
    assert (await _act(browser, f"/desk/complaints/{other}/act", do="accept", seen=9_999)).status == 403
    told = await _act(browser, f"/desk/complaints/{made}/act", do="accept", seen=await _seen(browser, made))
    assert told.status == 200
    assert "答复住户" in (await browser.get(f"/desk/complaints/{made}")).text


async def test_an_answer_that_crosses_what_the_resident_added_is_stopped_and_goes_on_from_there(
    browser: Browser, resident: Person
) -> None:
    made = await _complain(resident)
    await desk.employ("tang")
    await browser.sign_in("tang")
    seen, number = await _seen(browser, made), (await Complaint.get(id=made)).number
    await within(complaints.remark(number, "昨晚又吵到三点", actor=actors.person(resident.id)))
    page = f"/desk/complaints/{made}/act"
    stopped = await _act(browser, page, do="answer", text="已约谈", seen=seen)
    news = json.loads(stopped.text)
    assert stopped.status == 409 and "住户补充：昨晚又吵到三点" in news["text"]
    assert (await _act(browser, page, do="answer", text="已约谈", seen=news["seen"])).status == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"do": "answer", "text": " "}, 422),
        ({"do": "extend", "text": "等配件", "until": "明天"}, 422),
        ({"do": "close", "text": ""}, 422),
        ({"do": "burn"}, 422),
        ({"do": "reopen", "text": "没解决"}, 409),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    browser: Browser, resident: Person, given: dict[str, str], status: int
) -> None:
    made = await _complain(resident)
    await desk.employ("tang")
    await browser.sign_in("tang")
    told = await _act(browser, f"/desk/complaints/{made}/act", **given, seen=await _seen(browser, made))
    assert told.status == status and json.loads(told.text)["text"]


@pytest.mark.parametrize(
    "query", ["tab=x", "kind=x", "whose=x", "stars=x", "community=x", "after=x", "after=1_9_9"]
)
async def test_an_address_that_nobody_made_here_is_refused(browser: Browser, query: str) -> None:
    await desk.employ("tang")
    await browser.sign_in("tang")
    assert (await browser.get(f"/desk/complaints?{query}")).status == 422


async def test_the_number_is_masked_until_it_is_asked_for_by_name(browser: Browser, resident: Person) -> None:
    made = await _complain(resident)
    await desk.employ("tang")
    await browser.sign_in("tang")
    assert "13800001234" not in (await browser.get(f"/desk/complaints/{made}")).text
    assert not await Event.filter(verb="phone_read").exists()
    told = await _act(browser, f"/desk/complaints/{made}/reveal")
    assert json.loads(told.text) == {"phone": "13800001234"}
    assert await Event.filter(verb="phone_read", subject_kind="person").count() == 1


async def test_the_dossier_says_what_was_asked_and_answered_when_and_nothing_among_staff(
    browser: Browser, resident: Person
) -> None:
    made, clerk = await _complain(resident), await places.clerk()
    await desk.employ("tang")
    await browser.sign_in("tang")
    await _act(browser, f"/desk/complaints/{made}/act", do="note", text="难缠", seen=0)
    await within(complaint_desk.answer(made, "已约谈楼上业主", actor=clerk))
    paper = (await browser.get(f"/desk/complaints/{made}/dossier")).text
    for words in ("楼上半夜装修", "答复期限", "期限内", "答复住户：已约谈楼上业主", "李静", "小徐打印"):
        assert words in paper, words
    assert "难缠" not in paper
    assert await Event.filter(verb="printed", subject_kind="complaint", subject_id=made).count() == 1


async def test_leaders_read_and_leave_the_work_to_whose_it_is(browser: Browser, resident: Person) -> None:
    made = await _complain(resident)
    await desk.employ("boss", Role.LEADER)
    await browser.sign_in("boss")
    page = await browser.get(f"/desk/complaints/{made}")
    assert page.status == 200 and "data-box" not in page.text.split('id="sheet"')[1].split("经过")[0]


async def test_whom_it_is_about_meets_it_on_no_page(browser: Browser, resident: Person) -> None:
    await desk.employ("xu")  # 小徐
    made = await _complain(resident, "我要投诉小徐，说话很难听", topic="员工态度")
    await browser.sign_in("xu")
    for path in ("", "?tab=all", "?tab=all&q=小徐"):
        page = (await browser.get(f"/desk/complaints{path}")).text
        assert "员工态度" not in page and '<span class="number">1</span>' not in page
    for path in ("", "/dossier", "/act?do=answer", "/photos/1"):
        assert (await browser.get(f"/desk/complaints/{made}{path}")).status == 404
    for path in ("reveal", "act"):
        assert (
            await _act(browser, f"/desk/complaints/{made}/{path}", do="note", text="x", seen=0)
        ).status == 404


@pytest.mark.parametrize("path", ["complaints/999", "complaints/requests/999", "tickets/999"])
async def test_what_is_not_there_reads_as_a_page_and_not_as_the_bot_says_it(
    browser: Browser, path: str
) -> None:
    await desk.employ("tang")
    await browser.sign_in("tang")
    answer = await browser.get(f"/desk/{path}")
    assert answer.status == 404
    assert "没有找到这一页，或者它不归您管。" in answer.text
    assert "说「" not in answer.text and "您报的" not in answer.text


async def test_nothing_that_anybody_wrote_runs(browser: Browser, resident: Person) -> None:
    await desk.employ("tang")
    await browser.sign_in("tang")
    me = actors.person(resident.id)
    for number, text in enumerate(one.replace("\x00", "") for one in nasty.CORPUS):
        marked = f"{nasty.MARK}{text}"
        file = await MediaFile.create(
            person=resident, media_id=f"m{number}", status=MediaStatus.FAILED, error=marked[:200]
        )
        made = await within(
            complaints.submit(ComplaintKind.COMPLAINT, marked, marked, actor=me, place=marked)
        )
        await ComplaintPhoto.create(complaint_id=made.id, media=file)
        await Complaint.filter(id=made.id).update(rating=1, rating_remark=marked[:300])
        clerk = await places.clerk(marked[:32])
        await within(complaint_desk.answer(made.id, marked, actor=clerk))
        await within(complaint_course.note(made.id, marked, actor=clerk))
        for path in (f"/{made.id}", f"/{made.id}/dossier", f"/{made.id}/act?do=pass"):
            page = await browser.get(f"/desk/complaints{path}")
            assert page.status == 200 and nasty.MARK in page.text, path
            assert nasty.harm(page.text) == [], (path, text)
    listed = (await browser.get("/desk/complaints?tab=all")).text
    assert nasty.MARK in listed and nasty.harm(listed) == []
