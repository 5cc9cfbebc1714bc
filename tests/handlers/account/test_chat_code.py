"""A code in one's own WeChat as the second way in."""

import pytest

from models.access import ChatCode
from models.outbox import Outbox
from models.people import Person, Staff
from services import actors, clock
from services.company import chat_codes
from services.company.sessions import Browser as From
from services.errors import NotAllowed, TooOften
from tests.world import desk
from tests.world.desk import Browser, Page
from tests.world.units import within

PHONE = From("203.0.113.7", "", "")


async def joined(login: str = "xu") -> Staff:
    staff = await desk.employ(login)
    person = await Person.create(channel_id=f"o_{login}")
    await Staff.filter(id=staff.id).update(person_id=person.id)
    return staff


async def asked(browser: Browser, login: str = "xu") -> Page:
    page = "/desk/sign-in/wechat"
    return await browser.post(page, seen=page, login=login)


async def given(browser: Browser, code: str) -> Page:
    page = "/desk/sign-in/wechat"
    return await browser.post(f"{page}/code", seen=page, login="xu", code=code)


async def sent(phrase: str = "staff.sign_in_code") -> str:
    row = await Outbox.all().order_by("-id").first()
    assert row
    assert row.key.startswith("private:")
    assert row.payload["phrase"] == phrase
    return str(row.payload["values"]["code"])


async def test_the_code_that_was_sent_lets_in(browser: Browser) -> None:
    staff = await joined()
    assert "验证码已经发出" in (await asked(browser)).text
    row = await Outbox.get()
    assert row.person_id == (await Staff.get(id=staff.id)).person_id
    assert row.key.startswith("private:")
    assert (await given(browser, await sent())).place == "/desk/arrived"
    assert "小徐" in (await browser.get("/desk/account")).text


async def test_it_counts_once(browser: Browser) -> None:
    await joined()
    await asked(browser)
    code = await sent()
    await given(browser, code)
    await browser.post("/desk/sign-out")
    assert (await given(browser, code)).status == 422


async def test_it_is_good_only_in_the_browser_that_asked(browser: Browser) -> None:
    await joined()
    await asked(browser)
    other = await desk.another(browser)
    assert (await given(other, await sent())).status == 422
    assert await sent() not in (await ChatCode.get()).code_hash


async def test_it_ends_after_some_minutes_and_some_tries(browser: Browser) -> None:
    await joined()
    await asked(browser)
    code = await sent()
    wrong = "000000" if code != "000000" else "111111"
    assert [(await given(browser, wrong)).status for _ in range(5)] == [422] * 5
    assert (await given(browser, code)).status == 422
    await asked(browser)
    await ChatCode.all().update(made_at=clock.now().replace(year=2020))
    assert (await given(browser, await sent())).status == 422


@pytest.mark.parametrize("login", ["nobody", "tang"])
async def test_the_answer_does_not_tell_who_is_of_the_staff(browser: Browser, login: str) -> None:
    await joined("xu")
    await desk.employ("tang")  # who has not joined
    known, unknown = await asked(browser, "xu"), await asked(await desk.another(browser), login)
    assert unknown.status == known.status == 200
    assert "验证码已经发出" in unknown.text
    assert await Outbox.all().count() == 1


async def test_nobody_is_flooded_with_codes(browser: Browser) -> None:
    await joined()
    answers = [(await asked(browser)).status for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert await Outbox.all().count() == 3


async def test_whoever_was_disabled_meanwhile_does_not_get_in(browser: Browser) -> None:
    await joined()
    await asked(browser)
    await Staff.filter(login="xu").update(active=False)
    assert (await given(browser, await sent())).status == 422


async def scanned(openid: str, browser: Browser) -> None:
    """As the script does when the code that this browser shows was scanned."""
    who = Person.get(channel_id=openid)
    scene = await chat_codes.scene(visit=await visit(browser), browser=PHONE)
    await within(chat_codes.scanned(scene, actor=actors.person((await who).id)))


async def visit(browser: Browser) -> str:
    await browser.get("/desk/sign-in/wechat")
    return browser.cookies["__Host-visit"]


async def test_whoever_scans_what_a_browser_shows_gets_in_there_with_the_code(browser: Browser) -> None:
    await joined()
    await scanned("o_xu", browser)
    code = await sent("staff.scan_code")
    other = await desk.another(browser)
    assert (await given(other, code)).status == 422
    assert (await given(browser, code)).place == "/desk/arrived"
    assert "小徐" in (await browser.get("/desk/account")).text
    await browser.post("/desk/sign-out")
    assert (await given(browser, code)).status == 422


async def test_what_a_screen_shows_does_not_tell_what_ties_a_browser(browser: Browser) -> None:
    scene = await chat_codes.scene(visit=await visit(browser), browser=PHONE)
    assert await visit(browser) not in scene
    assert len(scene) <= 64


async def test_a_scan_by_somebody_else_lets_nobody_in(browser: Browser) -> None:
    await joined()
    await Person.create(channel_id="o_resident")
    with pytest.raises(NotAllowed, match="scan_for_staff"):
        await scanned("o_resident", browser)
    await Staff.filter(login="xu").update(active=False)
    with pytest.raises(NotAllowed, match="scan_for_staff"):
        await scanned("o_xu", browser)
    assert not await ChatCode.exists()


async def test_codes_to_scan_are_not_made_without_end(browser: Browser) -> None:
    mine = await visit(browser)
    for _ in range(20):
        await chat_codes.scene(visit=mine, browser=PHONE)
    with pytest.raises(TooOften):
        await chat_codes.scene(visit=mine, browser=PHONE)
