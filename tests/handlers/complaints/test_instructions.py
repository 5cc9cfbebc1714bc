"""批示 on the pages: written on the sheet of a matter, seen there, acknowledged, listed with who did."""

import json

import pytest

from models.events import SubjectKind
from models.people import Role
from services import actors
from services.cases import instructions
from tests.world import desk, nasty, offices
from tests.world.desk import Browser, Page
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


async def _post(browser: Browser, path: str, **given: str) -> Page:
    headers = {"X-CSRF-Token": await browser.token("/desk/account"), "Accept": "application/json"}
    return await browser.ask("POST", f"/desk/instructions{path}", headers=headers, form=given)


async def test_from_the_leader_to_whose_work_it_is_and_back(browser: Browser) -> None:
    town = await offices.build()
    complaint = await offices.complaint(town, 0)
    await desk.employ("boss_of_all", Role.LEADER)
    await desk.employ("tang", office_id=town.place.office.id)
    theirs = await desk.another(browser)
    await browser.sign_in("boss_of_all")
    await theirs.sign_in("tang")
    sheet = f"/desk/complaints/{complaint}"
    assert "写批示" in (await browser.get(sheet)).text and "写批示" not in (await theirs.get(sheet)).text
    box = await browser.get(f"/desk/instructions/new?kind=complaint&id={complaint}")
    assert box.status == 200 and "噪音" in box.text
    for wrong in ("kind=complaint&id=999999", "kind=bill&id=1"):
        assert (await browser.get(f"/desk/instructions/new?{wrong}")).status == 404
    assert (await browser.get("/desk/instructions/new?kind=x&id=1")).status == 422
    told = await _post(browser, "", kind="complaint", id=str(complaint), text="今天给答复")
    assert told.status == 200 and json.loads(told.text)["text"]
    page = (await theirs.get(sheet)).text
    assert "今天给答复" in page and "知道了" in page
    today = (await theirs.get("/desk/today")).text
    assert "今天给答复" in today and f'href="{sheet}"' in today
    [line] = await instructions.of(
        SubjectKind.COMPLAINT, complaint, actor=await actors.staff((await town.staff()).id)
    )
    assert (await _post(theirs, f"/{line.id}/acknowledge")).status == 200
    assert (await _post(theirs, f"/{line.id}/acknowledge")).status == 409
    assert "今天给答复" not in (await browser.get("/desk/instructions")).text
    assert "今天给答复" in (await browser.get("/desk/instructions?tab=seen")).text


async def test_nothing_that_a_leader_wrote_runs(browser: Browser) -> None:
    town = await offices.build()
    request = await offices.request(town, 0)
    leader = await actors.staff((await town.staff(Role.LEADER)).id)
    for text in (one.replace("\x00", "") for one in nasty.CORPUS):
        await within(instructions.instruct(SubjectKind.REQUEST, request, f"{nasty.MARK}{text}", actor=leader))
    await desk.employ("tang", office_id=town.place.office.id)
    await browser.sign_in("tang")
    for path in (f"/complaints/requests/{request}", "/instructions"):
        page = (await browser.get(f"/desk{path}")).text
        assert nasty.MARK in page and nasty.harm(page) == []
