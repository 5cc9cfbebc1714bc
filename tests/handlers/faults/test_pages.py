"""同一处 and 停水停电 over HTTP: proposals, merging by hand, taking apart, outages from preview to end."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from models.events import Event, SubjectKind
from models.faults import FaultProposal
from models.people import Role
from models.tickets import Outage, Ticket
from services import clock
from services.repairs import known_faults
from services.repairs.insertion import Submitted
from tests.world import desk, estate, offices
from tests.world.desk import Browser, Page
from tests.world.estate import Estate, told
from tests.world.offices import Town

pytestmark = pytest.mark.usefixtures("monday")
JSON = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Office:
    browser: Browser
    place: Estate
    main: Submitted
    other: Submitted

    async def post(self, path: str, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        return await self.browser.ask("POST", path, form={"csrf": token, **form}, headers=JSON)

    async def get(self, path: str) -> str:
        page = await self.browser.get(path)
        assert page.status == 200, page.text
        return page.text


@pytest.fixture
async def office(browser: Browser) -> AsyncIterator[Office]:
    place = await estate.build()
    main, other = await estate.reported(place), await estate.reported(place)
    await Ticket.filter(id=other.id).update(description="<script>alert(1)</script>没水")
    await desk.employ("xu", office_id=place.office.id)
    await browser.sign_in("xu")
    yield Office(browser, place, main, other)


async def _status(made: Submitted) -> str:
    return (await estate.ticket(made)).status


async def test_one_tap_merges_what_was_proposed_and_one_takes_it_back(office: Office) -> None:
    number = await offices.same_fault(Town(office.place, office.place.community), 0)
    tickets = (await FaultProposal.get(id=number)).tickets
    assert "像是同一处" in await office.get("/desk/faults")
    merged = json.loads((await office.post(f"/desk/faults/proposals/{number}/merge")).text)
    assert "合成一单" in merged["text"]
    assert await Ticket.filter(id__in=tickets, status="duplicate").count() == 1
    again = await office.post(f"/desk/faults/proposals/{number}/merge")
    assert (again.status, json.loads(again.text)["error"]) == (409, "fault.decided")
    await office.post(merged["undo"])
    assert await Ticket.filter(id__in=tickets, status="duplicate").count() == 0
    await office.post(f"/desk/faults/proposals/{number}/refuse")
    assert f"/proposals/{number}/merge" not in await office.get("/desk/faults")


async def test_merging_by_hand_and_taking_apart(office: Office) -> None:
    box = await office.get(f"/desk/faults/merge?ids={office.main.id},{office.other.id}")
    assert office.main.number in box and "&lt;script&gt;" in box and "<script>alert" not in box
    both = f"{office.main.id},{office.other.id}"
    assert (await office.post("/desk/faults/merge", ids=both)).status == 422  # nobody said which one lives
    done = await office.post("/desk/faults/merge", ids=both, into=str(office.main.id))
    assert "BX" in json.loads(done.text)["text"]
    assert await _status(office.other) == "duplicate"
    shown = await office.get("/desk/faults")
    assert office.other.number in shown and "1户在等" in shown  # one person reported it twice
    assert "并到了这一单" in await office.get(f"/desk/tickets/{office.other.id}")
    assert "并进来的 1 单" in await office.get(f"/desk/tickets/{office.main.id}")
    await office.post(f"/desk/faults/tickets/{office.other.id}/unmerge")
    assert await _status(office.other) == "submitted"


async def test_of_one_ticket_the_other_is_found_or_named(office: Office) -> None:
    assert office.main.number in await office.get(f"/desk/faults/merge?ids={office.other.id}")
    wrong = await office.post("/desk/faults/merge", ids=str(office.other.id), number="BX99999")
    assert json.loads(wrong.text)["error"] == "fault.no_such_number"
    done = await office.post(
        "/desk/faults/merge", ids=str(office.other.id), number=office.main.number.lower()
    )
    assert await _status(office.other) == "duplicate"
    await office.post(json.loads(done.text)["undo"])
    assert await _status(office.other) == "submitted"


def _fields(office: Office, **more: str) -> dict[str, str]:
    now = clock.local(clock.now())
    return {
        "supply": "water",
        "where": f"building:{office.place.house.building_id}",
        "text": "水泵房检修，1栋停水。",
        "starts": f"{now:%Y-%m-%dT%H:%M}",
        "ends": f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        **more,
    }


async def _new(office: Office, **more: str) -> str:
    fields = {**_fields(office, **more), "preview": "1"}
    return await office.get(
        "/desk/faults/outages/new?" + "&".join(f"{one}={value}" for one, value in fields.items())
    )


async def test_an_outage_is_seen_before_it_is_told_changed_and_ended(office: Office) -> None:
    await Ticket.filter(id=office.other.id).update(description="家里没水了")
    await Ticket.filter(id=office.main.id).update(description="水龙头漏水")
    shown = await _new(office)
    assert all(
        part in shown
        for part in ("已经报过的 1 位住户", "水泵房检修", "今天 13:00", "青禾一期1栋停水恢复了", "发布")
    )
    assert not await Outage.exists()
    made = await office.post("/desk/faults/outages", **_fields(office))
    assert made.status == 303
    resident, row = office.place.resident.id, await Outage.get()
    assert "outage.known" in await told(resident)
    known = await known_faults.outages(
        office.place.community.id, building_id=office.place.house.building_id, category_code="water"
    )
    assert [one.text for one in known] == ["水泵房检修，1栋停水。"]
    assert "正在停" in await office.get("/desk/faults/outages")
    at = f"/desk/faults/outages/{row.id}"
    assert "水泵房检修" in await office.get(f"{at}/change")
    await office.post(f"{at}/change", **_fields(office, ends=""))
    ended = json.loads((await office.post(f"{at}/end")).text)
    assert "1位" in ended["text"]
    assert "恢复了" in await office.get("/desk/faults/outages?when=past")
    await office.post(ended["undo"])
    assert (await Outage.get()).ended_at is None
    verbs = await Event.filter(subject_kind=SubjectKind.OUTAGE).order_by("id").values_list("verb", flat=True)
    assert verbs == ["made", "changed", "ended", "undone"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("where", "", "哪个小区"),
        ("where", "community:99999", "没找到"),
        ("where", "x:1", "哪个小区"),
        ("supply", "beer", "停的是什么"),
        ("text", "", "一句"),
        ("starts", "", "选好日期"),
        ("ends", "2020-01-01T00:00", "预计恢复"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    office: Office, field: str, value: str, said: str
) -> None:
    shown = await _new(office, **{field: value})
    assert said in shown and "发布" not in shown
    if field not in ("text", "where"):
        assert "水泵房检修" in shown
    answer = await office.post("/desk/faults/outages", **_fields(office, **{field: value}))
    assert answer.status in (200, 404)
    assert not await Outage.exists()


async def test_a_leader_looks_and_changes_nothing(browser: Browser) -> None:
    place = await estate.build()
    await offices.outage(Town(place, place.community), 0)
    await desk.employ("head", Role.LEADER)
    await desk.sign_in_wholly(browser, "head")
    shown = (await browser.get("/desk/faults/outages")).text
    assert "停水" in shown and "data-act" not in shown
    assert (await browser.get("/desk/faults/outages/new")).status == 403
