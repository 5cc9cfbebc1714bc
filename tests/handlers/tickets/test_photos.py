"""Photos that staff add over HTTP: on the sheet and while a ticket is opened; by content only."""

import io
import json
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from models.tickets import Ticket
from services.repairs import pictures
from tests.world import desk, estate, places
from tests.world.desk import Browser, Page
from tests.world.estate import Estate

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(browser: Browser) -> AsyncIterator[Estate]:
    found = await estate.build()
    await places.bind(found.resident, found.house)
    await desk.employ("xu", office_id=found.office.id)
    await browser.sign_in("xu")
    yield found


async def _uploaded(browser: Browser, colour: str) -> str:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "PNG")
    answer = await browser.upload("/desk/tickets/photos", content.getvalue())
    assert answer.status == 200
    return str(json.loads(answer.text)["sha256"])


async def _post(browser: Browser, path: str, **form: str) -> Page:
    token = await browser.token("/desk/account")
    headers = {"Accept": "application/json"}
    return await browser.ask("POST", f"/desk/tickets/{path}", form={"csrf": token, **form}, headers=headers)


async def test_on_the_sheet_they_stand_among_before_and_after_with_who_added_them(
    place: Estate, browser: Browser
) -> None:
    made = await estate.reported(place)
    assert "加照片" in (await browser.get(f"/desk/tickets/{made.id}")).text
    assert (
        'data-pictures="/desk/tickets/photos"' in (await browser.get(f"/desk/tickets/{made.id}/attach")).text
    )
    red, blue = [await _uploaded(browser, one) for one in ("red", "blue")]
    answer = await _post(browser, f"{made.id}/attach", stage="after", images=f"{red},{blue}")
    assert json.loads(answer.text)["text"] == "加好了2张照片。"
    page = (await browser.get(f"/desk/tickets/{made.id}")).text
    assert page.count("小徐加的") == 2
    assert page.count("加了照片：修之后") == 2
    assert "修之后</h3>" in page and "修之前</h3>" not in page
    [first, _] = await pictures.of(made.id)
    photo = await browser.get(f"/desk/tickets/{made.id}/photos/{first.media_id}")
    assert (photo.status, photo.headers["Content-Type"]) == (200, "image/jpeg")


async def test_a_ticket_that_is_opened_for_a_caller_has_them_from_the_beginning(
    place: Estate, browser: Browser
) -> None:
    asked = {"person": str(place.resident.id), "category": "water", "area": "home", "key": "k"}
    assert (await _post(browser, "new", **asked)).status == 422  # nothing is said and nothing shown
    answer = await _post(browser, "new", **asked, images=await _uploaded(browser, "red"))
    assert answer.status == 200
    made = await Ticket.get()
    assert [(one.stage, one.staff) for one in await pictures.of(made.id)] == [("before", "小徐")]


async def test_what_is_no_picture_or_not_there_is_refused(place: Estate, browser: Browser) -> None:
    made = await estate.reported(place)
    answer = await browser.upload("/desk/tickets/photos", b"<svg onload=alert(1)>")
    assert (answer.status, json.loads(answer.text)["error"]) == (422, "page.bad_picture")
    for form, error in (
        ({"images": "0" * 64}, "ticket.photo_gone"),
        ({"images": "../../etc/passwd"}, "page.unreadable"),
        ({"images": ""}, "ticket.photos_needed"),
        ({"images": "", "stage": "x"}, "page.unreadable"),
    ):
        answer = await _post(browser, f"{made.id}/attach", **{"stage": "before", **form})
        assert (answer.status, json.loads(answer.text)["error"]) == (422, error), form
    assert await pictures.of(made.id) == []
