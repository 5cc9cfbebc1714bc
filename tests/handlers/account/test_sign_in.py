"""Signing in with a password, and out again."""

import pytest

from models.access import SignInTry, StaffSession
from models.people import Staff
from services.company import passwords
from settings import Settings
from tests.world import desk
from tests.world.desk import PASSWORD, Browser

pytestmark = pytest.mark.usefixtures("real_passwords")


async def test_who_gives_the_password_is_in(browser: Browser) -> None:
    await desk.employ("xu")
    signed = await browser.sign_in("xu")
    assert (signed.status, signed.place) == (303, "/desk/arrived")
    assert (await browser.get("/desk/arrived")).place == "/desk"
    assert "小徐" in (await browser.get("/desk/account")).text


async def test_the_cookie_is_for_this_host_over_https_and_no_script_reads_it(browser: Browser) -> None:
    await desk.employ("xu")
    signed = await browser.sign_in("xu")
    [line] = [one for one in signed.headers.getall("Set-Cookie") if "__Host-session" in one]  # type: ignore[attr-defined]  # a CIMultiDict
    assert all(part in line for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))
    assert "Domain" not in line


async def test_the_table_holds_no_token(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    row = await StaffSession.get()
    assert browser.session not in (row.token_hash, row.previous_hash, row.form_key)


@pytest.mark.parametrize(("login", "password"), [("xu", "wrong horse"), ("nobody", PASSWORD), ("xu", "")])
async def test_the_answer_does_not_tell_names_from_passwords(
    browser: Browser, login: str, password: str
) -> None:
    await desk.employ("xu")
    refused = await browser.sign_in(login, password)
    assert refused.status == 422
    assert "登录名或密码不对" in refused.text
    assert not browser.session


async def test_a_name_that_nobody_has_costs_a_comparison_too(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    whole = passwords.is_right

    async def counted(password: str, stored: str) -> bool:
        compared.append(stored)
        return await whole(password, stored)

    monkeypatch.setattr(passwords, "is_right", counted)
    await browser.sign_in("nobody")
    assert compared == [""]


async def test_a_row_without_a_password_is_compared_with_one_as_costly() -> None:
    assert not await passwords.is_right("", "")
    mine = await passwords.hashed(PASSWORD)
    assert mine.split("$")[:4] == passwords._NOBODYS.split("$")[:4]


async def test_whoever_is_disabled_does_not_get_in(browser: Browser) -> None:
    await desk.employ("xu")
    await Staff.filter(login="xu").update(active=False)
    assert "登录名或密码不对" in (await browser.sign_in("xu")).text


async def test_the_demos_password_opens_nothing_on_a_real_account(
    browser: Browser, test_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Staff.create(
        login="xu", name="小徐", role="service", password_hash=await passwords.hashed(passwords.DEMO)
    )
    other = await desk.another(browser)
    assert (await other.sign_in("xu", passwords.DEMO)).status == 303
    monkeypatch.setattr(type(test_settings), "real_account", property(lambda _: True))
    assert (await browser.sign_in("xu", passwords.DEMO)).status == 422


async def test_after_signing_out_the_token_is_worth_nothing(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    token = browser.session
    assert (await browser.post("/desk/sign-out")).place == "/desk/sign-in"
    assert not browser.session
    browser.cookies["__Host-session"] = token
    assert (await browser.get("/desk/account")).place.startswith("/desk/sign-in")


async def test_a_token_that_somebody_planted_is_not_taken_over(browser: Browser) -> None:
    await desk.employ("xu")
    browser.cookies["__Host-session"] = "planted"
    await browser.sign_in("xu")
    assert browser.session not in ("", "planted")


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/desk//evil", "/wechat", "/desk/\\x"]
)
async def test_signing_in_leads_to_no_other_site(browser: Browser, place: str) -> None:
    await desk.employ("xu")
    signed = await browser.post(
        "/desk/sign-in", seen="/desk/sign-in", login="xu", password=PASSWORD, next=place
    )
    assert signed.place == "/desk/arrived"
    assert (await browser.get(f"/desk/arrived?next={place}")).place == "/desk"


async def test_signing_in_leads_to_where_one_wanted(browser: Browser) -> None:
    await desk.employ("xu")
    led = await browser.get("/desk/account")
    assert led.place == "/desk/sign-in?next=%2Fdesk%2Faccount"
    assert 'name="next" value="/desk/account"' in (await browser.get(led.place)).text


async def test_a_browser_that_drops_the_cookie_is_told_what_to_do(browser: Browser) -> None:
    answer = await browser.get("/desk/arrived")
    assert answer.status == 409
    assert "没有记住登录" in answer.text


async def test_tries_that_failed_are_kept_without_the_name(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("my secret typed here")
    assert "secret" not in (await SignInTry.get()).login_hash
    await browser.sign_in("xu")
    assert await SignInTry.all().count() == 1


async def test_no_name_password_or_address_stands_in_the_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "handlers")
    caplog.set_level("DEBUG", "services")
    staff = await desk.employ("xu.fang")
    browser.headers["X-Forwarded-For"] = "203.0.113.9"
    await browser.sign_in("xu.fang", "wrong horse")
    await browser.sign_in("xu.fang")
    await browser.get("/desk/account?q=secret")
    lines = [line for line in caplog.messages if "/desk" in line]
    assert any("POST /desk/sign-in 303" in line for line in lines)
    assert any(f"GET /desk/account 200 staff={staff.id}" in line for line in lines)
    for secret in ("xu.fang", "小徐", "horse", "203.0.113.9", "secret", browser.session):
        assert not any(secret in line for line in caplog.messages), secret
