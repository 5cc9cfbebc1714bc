"""The page of 快捷回复: whose they are, their pictures, and who may change which."""

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from PIL import Image

from models.community import Community, ManagementOffice
from models.desk import CannedReply
from models.events import Event, SubjectKind
from models.people import Role
from tests.world import desk, places
from tests.world.desk import Browser, Page


@dataclass(frozen=True, slots=True)
class Keeper:
    browser: Browser
    community: Community

    async def act(self, path: str, **form: str) -> Page:
        token = await self.browser.token("/desk/account")
        headers = {"Accept": "application/json"}
        return await self.browser.ask(
            "POST", f"/desk/canned{path}", form={"csrf": token, **form}, headers=headers
        )

    async def shows(self, whose: str = "mine", q: str = "") -> list[str]:
        page = await self.browser.ask("GET", "/desk/canned", query={"whose": whose, "q": q})
        assert page.status == 200
        return re.findall(r"<td>(?:<a [^>]*>|<b>)([^<]*)", page.text)


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Keeper]:
    community = await places.community()
    await desk.employ("xu", office_id=community.office_id)
    await browser.sign_in("xu")
    yield Keeper(browser, community)


async def _uploaded(page: Keeper) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    answer = await page.browser.upload("/desk/canned/pictures", picture.getvalue())
    assert answer.status == 200
    return str(json.loads(answer.text)["sha256"])


async def test_one_with_a_picture_is_written_changed_archived_and_brought_back(page: Keeper) -> None:
    sha256 = await _uploaded(page)
    assert (await page.act("", title="停车指引", text="看图", images=sha256)).status == 200
    assert await page.shows() == ["停车指引"]
    assert await page.shows(q="tczy") == ["停车指引"]
    assert await page.shows(q="没有的") == []
    made = await CannedReply.get()
    shown = await page.browser.get(f"/desk/canned/{made.id}/pictures/{sha256}")
    assert (shown.status, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert (await page.browser.get(f"/desk/canned/{made.id}/pictures/{'0' * 64}")).status == 404
    assert sha256 in (await page.browser.get(f"/desk/canned/{made.id}/edit")).text
    await page.act(f"/{made.id}/change", title="停车", text="看这里", images="")
    assert (await CannedReply.get()).images == []
    gone = json.loads((await page.act(f"/{made.id}/archive")).text)
    assert (await page.shows(), await page.shows("archived")) == ([], ["停车"])
    assert (await page.act(gone["undo"].removeprefix("/desk/canned"))).status == 200
    assert await page.shows() == ["停车"]
    told = (
        await Event.filter(subject_kind=SubjectKind.CANNED_REPLY)
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert told == ["added", "changed", "archived", "restored"]


async def test_a_clerk_shares_where_they_work_and_nowhere_else(page: Keeper) -> None:
    far = await Community.create(office=await ManagementOffice.create(name="西区"), code="c:far", name="远处")
    assert (await page.act("", title="本小区", text="您好", whose=str(page.community.id))).status == 200
    assert (await page.act("", title="全公司", text="您好", whose="all")).status == 409
    assert (await page.act("", title="别处", text="您好", whose=str(far.id))).status == 404
    assert await page.shows("shared") == ["本小区"]
    form = (await page.browser.get("/desk/canned/new")).text
    assert page.community.name in form
    assert "远处" not in form
    assert "全公司" not in form


async def test_what_others_keep_for_themselves_is_not_there_and_what_is_for_all_is_not_theirs(
    page: Keeper,
) -> None:
    await page.act("", title="我的", text="您好")
    mine = await CannedReply.get()
    for_all = await CannedReply.create(title="公司的", text="您好", created_at=mine.created_at)
    await desk.employ("tang", office_id=page.community.office_id)
    other = Keeper(await desk.another(page.browser), page.community)
    await other.browser.sign_in("tang")
    assert (await other.browser.get(f"/desk/canned/{mine.id}/edit")).status == 404
    assert (await other.act(f"/{mine.id}/archive")).status == 404
    assert await other.shows("shared") == ["公司的"]
    assert (await other.act(f"/{for_all.id}/archive")).status == 409
    await desk.employ("boss", Role.LEADER)
    boss = Keeper(await desk.another(page.browser), page.community)
    await boss.browser.sign_in("boss")
    assert await boss.shows("shared") == ["公司的"]
    assert (await boss.browser.get("/desk/canned/new")).status == 403
