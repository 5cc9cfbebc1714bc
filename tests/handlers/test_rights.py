"""Every route, for every role, for somebody of another office and for strangers, as docs/rights.md has it."""

import re
from collections.abc import AsyncIterator

import pytest

import settings
from handlers.web import app as pages
from handlers.web import matrix
from handlers.web.routes import OPEN_TO_ALL, SAFE, Declared
from models.people import Role
from services.scope import Field
from tests.world import desk, offices
from tests.world.desk import Browser, Page
from tests.world.offices import Subject, Town

ALL = [one for routes in pages.ROUTES for one in routes.declared]
GUARDED = [one for one in ALL if one.needs.use not in OPEN_TO_ALL]
AREAS = sorted({one.path.split("/")[1] for one in GUARDED if one.path})
NUMBERED = [one for one in ALL if one.needs.field is not None and re.fullmatch(r"[^{]*\{id:[^{]*", one.path)]
# What the number in the path of a route is: how one is made in the community of somebody's office.
SUBJECTS: dict[str, Subject] = {
    "/instructions/": offices.instruction,
    "/complaints/calls/": offices.follow_up,
    "/complaints/requests/": offices.request,
    "/complaints/": offices.complaint,
    "/canned/{id:[0-9]+}/restore": offices.archived_reply,
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
    names = [matrix.field(one) for one in Field]

    assert len(set(names)) == len(names)
    assert not set(names) & {"", *Field}


async def tried(browser: Browser, declared: Declared, number: int = 1) -> Page:
    """As the browser of somebody who has the page open would ask."""
    headers = {"X-CSRF-Token": await browser.token("/desk/account")} if declared.method not in SAFE else {}
    return await browser.ask(
        declared.method, path(declared, number), headers=headers, form={} if headers else None
    )


def within(area: str) -> list[Declared]:
    """The guarded routes of an area; /desk itself belongs to every one."""
    return [one for one in GUARDED if one.path.split("/")[1:2] in ([], [area])]


@pytest.mark.parametrize("area", AREAS)
async def test_a_stranger_is_led_to_signing_in(browser: Browser, area: str) -> None:
    for declared in within(area):
        answer = await browser.ask(declared.method, path(declared))
        assert answer.status in (303, 401), named(declared)
        assert answer.place.startswith("/desk/sign-in"), named(declared)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_what_is_its_work_and_nothing_else(browser: Browser, area: str, role: Role) -> None:
    """Asked for what nobody has, so that one answer changes nothing for the next."""
    await desk.employ("x", role)
    await desk.sign_in_wholly(browser, "x")
    for declared in within(area):
        if declared.needs.field is None:
            continue
        status = (await tried(browser, declared, 999_999)).status
        assert (status == 403) is not matrix.allowed(declared.needs, role), named(declared)
        assert status not in (401, 429, 500), named(declared)


@pytest.mark.parametrize("area", AREAS)
async def test_nobody_who_is_signed_in_by_half_gets_any_further(browser: Browser, area: str) -> None:
    """An admin without an authenticator."""
    await desk.employ("x", Role.ADMIN)
    await browser.sign_in("x")
    for declared in within(area):
        answer = await browser.ask(declared.method, path(declared))
        if "enrol" in declared.needs.stages:
            # A step of signing in; changing something needs its form.
            assert answer.status in (200, 403), named(declared)
        else:
            assert answer.place == "/desk/account/authenticator", named(declared)


@pytest.fixture
async def town(browser: Browser) -> AsyncIterator[Town]:
    yield await offices.build()


def _subject(declared: Declared) -> Subject:
    return next(made for start, made in SUBJECTS.items() if declared.path.startswith(start))


@pytest.mark.parametrize("made", dict.fromkeys(map(_subject, NUMBERED)), ids=lambda one: one.__name__)
async def test_what_belongs_to_another_office_is_not_there(
    browser: Browser, town: Town, made: Subject
) -> None:
    """Nothing of it changes, so one is made for all routes."""
    number = await made(town, 0)
    await desk.employ("far", Role.SERVICE, office_id=town.far.office_id)
    await browser.sign_in("far")
    for declared in (one for one in NUMBERED if _subject(one) is made):
        status = (await tried(browser, declared, number)).status
        assert status == 404 or (status == 422 and declared.method not in SAFE), named(declared)
        assert status == (await tried(browser, declared, 999_999)).status, named(declared)


@pytest.mark.parametrize("declared", NUMBERED, ids=named)
async def test_what_belongs_to_the_own_office_is_there(
    browser: Browser, town: Town, declared: Declared
) -> None:
    number = await _subject(declared)(town, 0)
    await desk.employ("near", Role.SERVICE, office_id=town.place.office.id)
    await browser.sign_in("near")
    assert (await tried(browser, declared, number)).status not in CAME_BACK
