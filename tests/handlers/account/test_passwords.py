"""Changing a password: the first one at once, any other when one likes."""

import pytest

from models.events import SubjectKind
from models.people import Role, Staff
from services import events, work
from services.actors import OPERATOR
from services.company import accounts, passwords
from tests.world import desk
from tests.world.desk import PASSWORD, Browser, Page

pytestmark = pytest.mark.usefixtures("real_passwords")
NEW = "another horse altogether"


async def changed(browser: Browser, old: str = PASSWORD, new: str = NEW, again: str = "") -> Page:
    page = "/desk/account/password"
    return await browser.post(page, seen=page, old=old, new=new, again=again or new)


async def test_a_first_password_is_changed_before_anything_else(browser: Browser) -> None:
    async with work.unit():
        await accounts.open_account(
            "xu", name="小徐", role=Role.SERVICE, password=PASSWORD, first=True, actor=OPERATOR
        )
    await browser.sign_in("xu")
    assert (await browser.get("/desk/arrived")).place == "/desk/account/password"
    assert (await browser.get("/desk/account")).place == "/desk/account/password"
    before = browser.session
    assert (await changed(browser)).place == "/desk/arrived"
    assert browser.session != before
    assert (await browser.get("/desk/account")).status == 200
    assert await passwords.is_right(NEW, (await Staff.get()).password_hash)


async def test_it_ends_every_other_session_and_is_recorded(browser: Browser) -> None:
    staff = await desk.employ("xu")
    other = await desk.another(browser)
    await other.sign_in("xu")
    await browser.sign_in("xu")
    await changed(browser)
    assert (await other.get("/desk/account")).place.startswith("/desk/sign-in")
    assert (await browser.get("/desk/account")).status == 200
    told = await events.of(SubjectKind.STAFF, staff.id)
    assert "password_changed" in [one.verb for one in told]
    assert not any(NEW in str(one) for one in told)


async def test_what_cannot_be_a_password_is_told(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    for form, words in (
        ({"old": "wrong horse"}, "原密码不对"),
        ({"new": "short"}, "至少要 10 个字符"),
        ({"new": "x" * 129}, "最多 128 个字符"),
        ({"new": PASSWORD}, "一样"),
        ({"again": "something else"}, "两次"),
    ):
        answer = await changed(browser, **form)
        assert answer.status == 422
        assert words in answer.text
    assert await passwords.is_right(PASSWORD, (await Staff.get()).password_hash)


async def test_a_password_may_hold_any_character(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    odd = " 密码\u200b & <b>'\" 123 "
    assert (await changed(browser, new=odd)).status == 303
    assert (await (await desk.another(browser)).sign_in("xu", odd)).status == 303


async def test_the_password_of_an_earlier_release_is_stored_anew(browser: Browser) -> None:
    old = (
        "scrypt$00112233445566778899aabbccddeeff$"
        + __import__("hashlib")
        .scrypt(
            PASSWORD.encode(),
            salt=bytes.fromhex("00112233445566778899aabbccddeeff"),
            n=2**15,
            r=8,
            p=1,
            maxmem=2**27,
        )
        .hex()
    )
    await Staff.create(login="xu", name="小徐", role=Role.SERVICE, password_hash=old)
    assert (await browser.sign_in("xu", "wrong horse")).status == 422
    assert (await browser.sign_in("xu")).status == 303
    assert (await Staff.get()).password_hash.startswith("$argon2id$")
