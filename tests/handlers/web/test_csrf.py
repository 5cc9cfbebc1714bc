"""No other page changes anything in somebody's name: every unsafe route is tried."""

import pytest

from handlers.web import app as pages
from handlers.web.routes import SAFE, Declared
from models.people import Role
from tests.world import desk
from tests.world.desk import Browser, Page

UNSAFE = [one for routes in pages.ROUTES for one in routes.declared if one.method not in SAFE]
AREAS = sorted({one.path.split("/")[1] for one in UNSAFE})


def within(area: str) -> list[Declared]:
    return [one for one in UNSAFE if one.path.split("/")[1] == area]


def path(declared: Declared) -> str:
    return f"/desk{declared.path}".replace("{id:[0-9]+}", "1")


def refused(answer: Page, declared: Declared) -> None:
    over = answer.status == 303 and answer.place == "/desk"  # a step of signing in, for somebody who is in
    foreign = answer.status == 403 and "不是从本页发出的" in answer.text
    assert over or foreign, f"{declared.method} {declared.path}"


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("form", [{}, {"csrf": ""}, {"csrf": "x" * 43}], ids=["none", "empty", "wrong"])
async def test_without_its_token_nothing_is_done(browser: Browser, area: str, form: dict[str, str]) -> None:
    await desk.employ("boss", Role.ADMIN)  # who may do everything else
    await desk.sign_in_wholly(browser, "boss")
    for declared in within(area):
        refused(await browser.ask(declared.method, path(declared), form=form), declared)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=["cross-site", "same-site", "origin"],
)
async def test_from_another_page_nothing_is_done_even_with_the_token(
    browser: Browser, area: str, headers: dict[str, str]
) -> None:
    await desk.employ("boss", Role.ADMIN)
    await desk.sign_in_wholly(browser, "boss")
    form = {"csrf": await browser.token("/desk/account")}
    for declared in within(area):
        refused(await browser.ask(declared.method, path(declared), form=form, headers=headers), declared)


async def test_the_token_of_another_session_is_worth_nothing(browser: Browser) -> None:
    await desk.employ("xu")
    await desk.employ("tang")
    other = await desk.another(browser)
    await other.sign_in("tang")
    await browser.sign_in("xu")
    form = {"csrf": await other.token("/desk/account"), "size": "large", "theme": "dark"}
    assert (await browser.ask("POST", "/desk/account/look", form=form)).status == 403
    form["csrf"] = await browser.token("/desk/account")
    assert (await browser.ask("POST", "/desk/account/look", form=form)).status == 303


async def test_nobody_is_signed_in_as_somebody_else_by_another_page(browser: Browser) -> None:
    await desk.employ("xu")
    form = {"login": "xu", "password": desk.PASSWORD}
    assert (await browser.ask("POST", "/desk/sign-in", form=form)).status == 403


async def test_a_script_names_the_token_in_a_header(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    headers = {"X-CSRF-Token": await browser.token("/desk/account"), "Sec-Fetch-Site": "same-origin"}
    form = {"size": "large", "theme": "dark"}
    assert (await browser.ask("POST", "/desk/account/look", form=form, headers=headers)).status == 303
