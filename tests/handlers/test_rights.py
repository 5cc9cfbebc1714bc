"""Every route, for every role, for somebody of another office and for strangers, as docs/rights.md has it."""

import re
from collections.abc import AsyncIterator

import pytest

import settings
from handlers.web import app as pages
from handlers.web import matrix
from handlers.web.routes import OPEN_TO_ALL, SAFE, Declared
from models.people import Role
from tests.world import desk, offices
from tests.world.desk import Browser, Page
from tests.world.offices import Subject, Town

ALL = [one for routes in pages.ROUTES for one in routes.declared]
GUARDED = [one for one in ALL if one.needs.use not in OPEN_TO_ALL]
NUMBERED = [one for one in ALL if one.needs.field is not None and re.fullmatch(r"[^{]*\{id:[^{]*", one.path)]
# What the number in the path of a route is: how one is made in the community of somebody's office.
SUBJECTS: dict[str, Subject] = {
    "/instructions/": offices.instruction,
    "/complaints/calls/": offices.follow_up,
    "/complaints/requests/": offices.request,
    "/complaints/": offices.complaint,
    "/talks/canned/": offices.canned_reply,
    "/canned/": offices.canned_reply,
    "/talks/alarms/": offices.danger,
    "/talks/": offices.talk,
    "/tickets/": offices.ticket,
    "/faults/proposals/": offices.same_fault,
    "/faults/outages/": offices.outage,
    "/faults/tickets/": offices.merged_ticket,
    "/today/tasks/{id:[0-9]+}/calls": offices.unreached,
    "/today/tasks/": offices.call,
    "/today/promises/": offices.promise,
    "/residents/bindings/": offices.any_binding,
    "/residents/listed/": offices.occupant,
    "/residents/people/": offices.person,
    "/residents/": offices.house,
}
CAME_BACK = {401, 403, 404, 500}


def named(declared: Declared) -> str:
    return f"{declared.method} {declared.path}"


def path(declared: Declared, number: int = 1) -> str:
    found = declared.path.replace("{sha256:[0-9a-f]{64}}", "a" * 64)
    return "/desk" + re.sub(r"\{[a-z]+:\[0-9\]\+\}", str(number), found)


def test_the_page_says_what_the_routes_say() -> None:
    written = (settings.root() / "docs" / "rights.md").read_text("utf-8")
    assert written == matrix.document(pages.ROUTES), "run.py rights --write brings it up to date"


def test_every_field_of_work_has_its_name() -> None:
    assert set(matrix.FIELDS) == set(matrix.Field)


async def tried(browser: Browser, declared: Declared, number: int = 1) -> Page:
    """As the browser of somebody who has the page open would ask."""
    headers = {"X-CSRF-Token": await browser.token("/desk/account")} if declared.method not in SAFE else {}
    return await browser.ask(
        declared.method, path(declared, number), headers=headers, form={} if headers else None
    )


@pytest.mark.parametrize("declared", GUARDED, ids=named)
async def test_a_stranger_is_led_to_signing_in(browser: Browser, declared: Declared) -> None:
    answer = await browser.ask(declared.method, path(declared))
    assert answer.status in (303, 401)
    assert answer.place.startswith("/desk/sign-in")


@pytest.mark.parametrize("declared", [one for one in ALL if one.needs.field], ids=named)
@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_what_is_its_work_and_nothing_else(
    browser: Browser, declared: Declared, role: Role
) -> None:
    await desk.employ("x", role)
    await desk.sign_in_wholly(browser, "x")
    status = (await tried(browser, declared, 999_999)).status
    assert (status == 403) is not matrix.allowed(declared.needs, role)
    assert status not in (401, 500)


@pytest.mark.parametrize("declared", GUARDED, ids=named)
async def test_nobody_who_is_signed_in_by_half_gets_any_further(browser: Browser, declared: Declared) -> None:
    """An admin without an authenticator."""
    await desk.employ("x", Role.ADMIN)
    await browser.sign_in("x")
    answer = await browser.ask(declared.method, path(declared))
    if "enrol" in declared.needs.stages:
        assert answer.status in (200, 403)  # a step of signing in; changing something needs its form
    else:
        assert answer.place == "/desk/account/authenticator"


@pytest.fixture
async def town(browser: Browser) -> AsyncIterator[Town]:
    yield await offices.build()


def _subject(declared: Declared) -> Subject:
    return next(made for start, made in SUBJECTS.items() if declared.path.startswith(start))


@pytest.mark.parametrize("declared", NUMBERED, ids=named)
async def test_what_belongs_to_another_office_is_not_there(
    browser: Browser, town: Town, declared: Declared
) -> None:
    number = await _subject(declared)(town, 0)
    await desk.employ("far", Role.SERVICE, office_id=town.far.office_id)
    await browser.sign_in("far")
    status = (await tried(browser, declared, number)).status
    assert status == 404 or (status == 422 and declared.method not in SAFE)
    assert status == (await tried(browser, declared, 999_999)).status


@pytest.mark.parametrize("declared", NUMBERED, ids=named)
async def test_what_belongs_to_the_own_office_is_there(
    browser: Browser, town: Town, declared: Declared
) -> None:
    number = await _subject(declared)(town, 0)
    await desk.employ("near", Role.SERVICE, office_id=town.place.office.id)
    await browser.sign_in("near")
    assert (await tried(browser, declared, number)).status not in CAME_BACK
