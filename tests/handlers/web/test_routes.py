"""Every route says who may use it, or nothing starts."""

import pytest
from aiohttp import web

from handlers.web import app as pages
from handlers.web import routes
from handlers.web.routes import PUBLIC, Routes, UndeclaredRouteError, does, sees
from models.people import Role
from services.errors import Invalid, NotAllowed, NotFound
from services.scope import Field
from settings import Settings
from tests.world import desk


async def answer(request: web.Request) -> web.Response:
    return web.Response(text="done")


def test_a_route_beside_the_declared_ones_keeps_the_process_from_starting(test_settings: Settings) -> None:
    app = pages.create(test_settings)
    app.router.add_get("/secret", answer)
    with pytest.raises(UndeclaredRouteError, match="/secret"):
        routes.must_be_declared(app)


def test_a_route_is_declared_once(test_settings: Settings) -> None:
    twice = Routes("/x")
    twice.get("/{id:[0-9]+}", PUBLIC)(answer)
    twice.get("/{id:[a-z]+}", sees(Field.TALKS))(answer)
    with pytest.raises(UndeclaredRouteError, match="twice"):
        pages.create(test_settings, [twice])


TRIED = Routes("/tried")
TRIED.get("/sees", sees(Field.COMPLAINTS))(answer)
TRIED.post("/does", does(Field.COMPLAINTS))(answer)


@TRIED.get("/raises/{what}", PUBLIC)
async def raises(request: web.Request) -> web.Response:
    found: dict[str, Exception] = {
        "foreign": NotFound("community.not_found"),
        "state": NotAllowed("account.password_wrong"),
        "value": Invalid("account.password_same"),
        "bug": RuntimeError("a phone number 13800001234"),
    }
    raise found[request.match_info["what"]]


@pytest.mark.parametrize(
    ("role", "seen", "done"),
    [(Role.SERVICE, 200, 200), (Role.LEADER, 200, 403), (Role.SUPERVISOR, 403, 403)],
)
async def test_a_field_is_seen_and_done_by_whose_work_it_is(
    database: str, test_settings: Settings, role: Role, seen: int, done: int
) -> None:
    async with (
        desk.serving(test_settings, [*pages.ROUTES, TRIED]) as address,
        desk.browsing(address) as browser,
    ):
        await desk.employ("x", role)
        assert (await browser.get("/desk/tried/sees")).place.startswith("/desk/sign-in")
        await browser.sign_in("x")
        assert (await browser.get("/desk/tried/sees")).status == seen
        assert (await browser.post("/desk/tried/does")).status == done


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("foreign", 404, "没有这个小区"),
        ("state", 409, "原密码不对"),
        ("value", 422, "换一个"),
        ("bug", 500, "没有做成"),
    ],
)
async def test_an_error_is_a_status_and_a_sentence(
    database: str,
    test_settings: Settings,
    what: str,
    status: int,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    path = f"/desk/tried/raises/{what}"
    async with (
        desk.serving(test_settings, [*pages.ROUTES, TRIED]) as address,
        desk.browsing(address) as browser,
    ):
        page = await browser.get(path)
        assert page.status == status
        assert words in page.text
        told = await browser.get(path, Accept="application/json")
        assert words in told.text
        assert told.headers["Content-Type"].startswith("application/json")
        part = await browser.get(path, **{"HX-Request": "true"})
        assert part.headers["HX-Retarget"] == "#flash"
        assert "<html" not in part.text
    assert "13800001234" not in page.text + told.text + part.text
    assert not any(
        path in line for line in caplog.messages
    )  # the log names the route, not what was asked for


async def test_a_script_and_a_stream_are_told_by_401_that_one_is_signed_out(
    database: str, test_settings: Settings
) -> None:
    async with (
        desk.serving(test_settings, [*pages.ROUTES, TRIED]) as address,
        desk.browsing(address) as browser,
    ):
        assert (await browser.get("/desk/tried/sees", Accept="text/event-stream")).status == 401
        part = await browser.get("/desk/tried/sees", **{"HX-Request": "true"})
        assert (part.status, part.headers["HX-Redirect"]) == (401, "/desk/sign-in")


async def test_a_compressed_body_is_refused_unread(database: str, test_settings: Settings) -> None:
    async with desk.serving(test_settings) as address, desk.browsing(address) as browser:
        answer = await browser.ask(
            "POST", "/desk/sign-in", headers={"Content-Encoding": "gzip"}, form={"a": "b"}
        )
        assert answer.status == 415


async def test_a_page_answers_head_but_no_unknown_method(database: str, test_settings: Settings) -> None:
    async with desk.serving(test_settings) as address, desk.browsing(address) as browser:
        token = {"X-CSRF-Token": await browser.token()}
        assert (await browser.ask("PUT", "/desk/sign-in", headers=token)).status == 405
        assert (await browser.ask("HEAD", "/desk/sign-in")).status == 200


async def test_a_form_that_is_sent_after_the_session_ended_leads_to_signing_in(
    database: str, test_settings: Settings
) -> None:
    async with (
        desk.serving(test_settings, [*pages.ROUTES, TRIED]) as address,
        desk.browsing(address) as browser,
    ):
        sent = await browser.ask(
            "POST", "/desk/tried/does", headers={"Sec-Fetch-Dest": "document"}, form={"a": "b"}
        )
        assert (sent.status, sent.place) == (303, "/desk/sign-in")
        by_script = await browser.ask("POST", "/desk/tried/does", headers={"Accept": "application/json"})
        assert by_script.status == 401
