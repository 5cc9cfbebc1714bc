"""The code of one's own page with which one joins: for who knows the password, and once."""

from models.events import SubjectKind
from models.people import Person, Staff
from services import events
from tests.world import desk
from tests.world.desk import PASSWORD, Browser, Page


async def asked(browser: Browser, password: str = PASSWORD) -> Page:
    return await browser.post("/desk/account/join", password=password)


async def test_who_does_not_know_the_password_sees_no_code(browser: Browser) -> None:
    staff = await desk.employ("xu")
    await browser.sign_in("xu")
    answer = await asked(browser, "wrong horse battery")
    assert (answer.status, "密码不对" in answer.text) == (422, True)
    assert (await Staff.get(id=staff.id)).invite is None
    assert "invited" not in [one.verb for one in await events.of(SubjectKind.STAFF, staff.id)]


async def test_who_has_joined_gets_no_code_for_another(browser: Browser) -> None:
    staff = await desk.employ("xu")
    person = await Person.create(channel_id="o_xu")
    await Staff.filter(id=staff.id).update(person_id=person.id)
    await browser.sign_in("xu")
    answer = await asked(browser)
    assert (answer.status, "已经用微信加入了" in answer.text) == (422, True)


async def test_a_code_is_made_once_and_who_asked_for_it_is_recorded(browser: Browser) -> None:
    """Also while the platform does not answer: the next asking shows the same."""
    staff = await desk.employ("xu")
    await browser.sign_in("xu")
    assert "二维码没有取到" in (await asked(browser)).text
    scene = (await Staff.get(id=staff.id)).invite
    assert scene
    assert scene.startswith("s:")
    await asked(browser)
    assert (await Staff.get(id=staff.id)).invite == scene
    told = [one for one in await events.of(SubjectKind.STAFF, staff.id) if one.verb == "invited"]
    assert [one.actor_id for one in told] == [staff.id, staff.id]
