"""How long a session lasts, what ends it, and what gives it another token."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from handlers.web import app as pages
from handlers.web import watch
from handlers.web.routes import OWN, Routes
from models.access import StaffSession
from models.community import ManagementOffice
from models.events import Event
from models.people import Role, Staff
from services import actors, clock
from services.actors import OPERATOR
from services.company import accounts, sessions
from settings import Settings
from tests.world import desk
from tests.world.desk import Browser
from tests.world.units import within


async def signed_in(browser: Browser, login: str = "xu") -> Staff:
    staff = await desk.employ(login)
    await browser.sign_in(login)
    return staff


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/desk/account")).status == 200


async def test_whoever_asks_nothing_for_long_is_signed_out(browser: Browser, test_settings: Settings) -> None:
    await signed_in(browser)
    idle = timedelta(minutes=test_settings.desk.idle_minutes)
    await StaffSession.all().update(seen_at=clock.now() - idle + timedelta(minutes=1))
    assert await is_in(browser)
    assert clock.now() - (await StaffSession.get()).seen_at < timedelta(minutes=1)  # it was seen just now
    await StaffSession.all().update(seen_at=clock.now() - idle)
    assert not await is_in(browser)


async def test_everybody_is_signed_out_at_last(browser: Browser, test_settings: Settings) -> None:
    await signed_in(browser)
    row = await StaffSession.get()
    assert row.ends_at - row.opened_at == timedelta(hours=test_settings.desk.session_hours)
    await StaffSession.all().update(ends_at=clock.now())
    assert not await is_in(browser)


async def test_a_disabled_person_is_out_with_the_next_request(browser: Browser) -> None:
    staff = await signed_in(browser)
    await within(accounts.disable(staff.id, actor=OPERATOR))
    assert not await is_in(browser)
    await within(accounts.enable(staff.id, actor=OPERATOR))
    assert not await is_in(browser)  # enabled again, they sign in again


async def test_other_rights_mean_another_token(browser: Browser) -> None:
    staff = await signed_in(browser)
    before = browser.session
    await within(accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR))
    assert await is_in(browser)
    assert browser.session != before
    after, browser.cookies["__Host-session"] = browser.session, before
    assert await is_in(browser)  # a request that was under way
    await StaffSession.all().update(previous_until=clock.now())
    assert not await is_in(browser)
    browser.cookies["__Host-session"] = after
    assert await is_in(browser)


async def test_another_office_means_another_token_too(browser: Browser) -> None:
    staff = await signed_in(browser)
    before = browser.session
    office = await ManagementOffice.create(name="城西")
    await Staff.filter(id=staff.id).update(office_id=office.id)
    await is_in(browser)
    assert browser.session != before


async def test_of_many_requests_at_once_one_gets_the_new_token(browser: Browser) -> None:
    staff = await signed_in(browser)
    token = browser.session
    await within(accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR))
    found = await asyncio.gather(*(sessions.find(token) for _ in range(8)))
    assert len([one for one in found if one and one.token]) == 1
    assert None not in found


async def test_a_form_that_was_open_goes_through_after_a_new_token(browser: Browser) -> None:
    staff = await signed_in(browser)
    form = {"csrf": await browser.token("/desk/account"), "size": "large", "theme": "dark"}
    await within(accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR))
    await browser.get("/desk/account")
    assert (await browser.ask("POST", "/desk/account/look", form=form)).status == 303


async def test_one_sees_and_ends_ones_own_sessions_alone(browser: Browser) -> None:
    await signed_in(browser)
    other, stranger = await desk.another(browser), await desk.another(browser)
    other.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/109 Safari Edg/109"
    await other.sign_in("xu")
    await signed_in(stranger, "tang")
    page = (await browser.get("/desk/account")).text
    assert "Edge · Windows" in page
    assert "203.0.113.9" in page
    mine, theirs = (
        await StaffSession.all().order_by("id").values_list("id", flat=True),
        "/desk/account/sessions",
    )
    assert (await browser.post(f"{theirs}/{mine[2]}/end")).status == 404
    assert await is_in(stranger)
    assert (await browser.post(f"{theirs}/{mine[1]}/end")).status == 303
    assert not await is_in(other)
    assert await is_in(browser)


async def test_all_others_end_at_once(browser: Browser) -> None:
    await signed_in(browser)
    others = [await desk.another(browser) for _ in range(2)]
    for one in others:
        await one.sign_in("xu")
    await browser.post("/desk/account/sessions/end-others")
    assert [await is_in(one) for one in others] == [False, False]
    assert await is_in(browser)


@pytest.mark.parametrize(
    "ends",
    [
        lambda staff: accounts.disable(staff.id, actor=OPERATOR),
        lambda staff: accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR),
        lambda staff: sessions.end_all(staff.id, actor=OPERATOR),
    ],
    ids=["disabled", "other rights", "signed out"],
)
async def test_an_open_stream_ends_with_its_session(
    database: str, test_settings: Settings, ends: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "EVERY_S", 0.02)
    streams = Routes("/streams")

    @streams.get("", OWN)  # as a page that shows what happens
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with watch.over(request) as ended:
            await response.prepare(request)
            await response.write(b"open\n")
            await ended.wait()
        return response

    async with (
        desk.serving(test_settings, [*pages.ROUTES, streams]) as address,
        desk.browsing(address) as mine,
    ):
        staff = await signed_in(mine)
        other = await desk.another(mine)
        await signed_in(other, "tang")
        cookie = {"Cookie": f"__Host-session={mine.session}", "X-Forwarded-Proto": "https"}
        kept = {"Cookie": f"__Host-session={other.session}", "X-Forwarded-Proto": "https"}
        async with (
            mine.http.get("/desk/streams", headers=cookie) as answer,
            mine.http.get("/desk/streams", headers=kept) as going_on,
        ):
            assert await answer.content.readline() == b"open\n"
            assert await going_on.content.readline() == b"open\n"
            await within(ends(staff))  # type: ignore[operator]  # one of the three above
            async with asyncio.timeout(10):
                assert await answer.content.read() == b""
            assert not going_on.content.is_eof()


async def test_what_became_of_a_session_is_recorded(browser: Browser) -> None:
    staff = await signed_in(browser)
    await browser.post("/desk/sign-out")
    me = await actors.staff(staff.id)
    rows = await Event.filter(subject_kind="staff", subject_id=staff.id).order_by("id")
    assert [(row.verb, row.actor_id) for row in rows] == [("signed_in", me.id), ("signed_out", me.id)]


async def test_a_stream_carries_our_headers_and_a_new_token(database: str, test_settings: Settings) -> None:
    streams = Routes("/streams")

    @streams.get("", OWN)
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        return response

    async with (
        desk.serving(test_settings, [*pages.ROUTES, streams]) as address,
        desk.browsing(address) as mine,
    ):
        staff = await signed_in(mine)
        before = mine.session
        await within(accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR))
        answer = await mine.get("/desk/streams")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert mine.session not in ("", before)
        await StaffSession.all().update(previous_until=clock.now())
        assert await is_in(mine)


async def test_the_token_of_a_second_step_is_not_lost_to_one_for_other_rights(browser: Browser) -> None:
    staff = await signed_in(browser)
    form = {"csrf": await browser.token("/desk/account/password"), "old": desk.PASSWORD}
    await within(accounts.change_role(staff.id, Role.SUPERVISOR, actor=OPERATOR))
    new = {"new": "another horse altogether", "again": "another horse altogether"}
    assert (await browser.ask("POST", "/desk/account/password", form=form | new)).status == 303
    assert await is_in(browser)
    await StaffSession.all().update(previous_until=clock.now())
    assert await is_in(browser)
