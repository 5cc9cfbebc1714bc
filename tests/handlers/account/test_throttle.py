"""Guessing is slowed down; nobody can be locked out by it."""

import asyncio
from datetime import timedelta

import pytest

from models.access import SignInTry
from services import clock
from services.company import throttle
from services.company.throttle import LIMITS, Kind
from tests.world import desk
from tests.world.desk import Browser

LIMIT = LIMITS[Kind.PASSWORD]


async def guess(browser: Browser, login: str, times: int) -> list[int]:
    return [(await browser.sign_in(login, f"wrong horse {number}")).status for number in range(times)]


async def test_guessing_at_one_account_from_one_address_ends(browser: Browser) -> None:
    await desk.employ("xu")
    answers = await guess(browser, "xu", LIMIT.account_here + 2)
    assert answers == [422] * LIMIT.account_here + [429] * 2
    assert (await browser.sign_in("xu")).status == 429  # the right one is not found out either


async def test_it_is_the_same_for_a_name_that_nobody_has(browser: Browser) -> None:
    answers = await guess(browser, "nobody", LIMIT.account_here + 1)
    assert answers == [422] * LIMIT.account_here + [429]


async def test_guessing_at_many_accounts_from_one_address_ends(browser: Browser) -> None:
    answers = [(await browser.sign_in(f"n{number}")).status for number in range(LIMIT.address + 1)]
    assert answers == [422] * LIMIT.address + [429]


@pytest.mark.usefixtures("real_passwords")  # the others come while the first is compared
async def test_a_thousand_guesses_at_once_are_a_thousand_tries(browser: Browser) -> None:
    await desk.employ("xu")
    token = await browser.token()
    form = {"csrf": token, "login": "xu", "password": "wrong horse"}
    sent = [browser.ask("POST", "/desk/sign-in", form=form) for _ in range(LIMIT.account_here * 3)]
    answers = [one.status for one in await asyncio.gather(*sent)]
    assert answers.count(422) <= LIMIT.account_here


async def test_a_stranger_does_not_lock_the_owner_out(browser: Browser) -> None:
    """The owner sits at another address, in a browser that was never used here before."""
    await desk.employ("xu")
    await guess(browser, "xu", LIMIT.address + 5)
    assert (await (await desk.another(browser)).sign_in("xu")).status == 303


async def test_nor_does_a_neighbour_behind_the_same_address(browser: Browser) -> None:
    """The owner got in with this browser before, which has a count of its own."""
    await desk.employ("xu")
    await browser.sign_in("xu")
    await browser.post("/desk/sign-out")
    neighbour = Browser(browser.http)
    await guess(neighbour, "xu", LIMIT.address + 5)
    assert (await browser.sign_in("xu")).status == 303


async def test_a_known_browser_guesses_no_more_often_than_others(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    await browser.post("/desk/sign-out")
    answers = await guess(browser, "xu", LIMIT.known_browser + 1)
    assert answers == [422] * LIMIT.known_browser + [429]


async def test_a_browser_is_known_for_its_own_people_alone(browser: Browser) -> None:
    await desk.employ("xu")
    await desk.employ("tang")
    await browser.sign_in("xu")
    await browser.post("/desk/sign-out")
    await guess(browser, "tang", LIMIT.account_here)
    assert (await browser.sign_in("tang")).status == 429


async def test_it_is_over_after_a_quarter_of_an_hour_and_then_forgotten(browser: Browser) -> None:
    await desk.employ("xu")
    await guess(browser, "xu", LIMIT.account_here + 1)
    await SignInTry.all().update(at=clock.now() - timedelta(minutes=16))
    assert (await browser.sign_in("xu")).status == 303
    await SignInTry.all().update(at=clock.now() - timedelta(minutes=31))
    assert await throttle.sweep() == LIMIT.account_here + 1
    assert not await SignInTry.exists()
