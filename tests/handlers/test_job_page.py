"""A technician's page of one job: for that job and that person, ended with it, and nothing more than it needs."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser

from handlers import job_page
from handlers.web.limits import STRANGERS
from models.events import Event, SubjectKind
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.people import Person, Technician
from models.tickets import Ticket, TicketPhoto
from services import actors, clock
from services.actors import OPERATOR
from services.delivery import media
from services.repairs import dispatch, job_links, jobs, merging, reporting
from services.repairs.insertion import Report, Submitted
from settings import Settings
from tests.world import chromium, estate
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@dataclass(frozen=True, slots=True)
class Scene:
    place: Estate
    plumber: Technician
    made: Submitted
    http: ClientSession
    address: str
    folder: Path

    @property
    def path(self) -> str:
        return f"/job/{job_links.token(self.made.id, self.plumber.id)}"

    async def get(self, path: str = "") -> tuple[int, str]:
        async with self.http.get(f"{self.address}{path or self.path}") as answer:
            assert "Set-Cookie" not in answer.headers
            return answer.status, await answer.text(errors="replace")


@pytest.fixture
async def scene(database: str, test_settings: Settings, tmp_path: Path) -> AsyncIterator[Scene]:
    place = await estate.build()
    plumber = await estate.technician(place, "水工", "water")
    made = await estate.given_to(place, plumber)
    app = web.Application()
    job_page.add(app, test_settings, tmp_path)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", test_settings.web.port).start()
    address = f"http://127.0.0.1:{test_settings.web.port}"
    async with ClientSession() as http:
        yield Scene(place, plumber, made, http, address, tmp_path)
    await runner.cleanup()


async def _photo(scene: Scene, ticket_id: int, content: bytes = b"\xff\xd8jpeg") -> int:
    sha256 = media.keep(scene.folder, content)
    kept = await MediaFile.create(
        person=scene.place.resident,
        media_id=sha256[:8],
        sha256=sha256,
        status=MediaStatus.STORED,
        mime="image/jpeg",
    )
    await TicketPhoto.create(ticket_id=ticket_id, media=kept)
    return kept.id


async def test_the_message_of_the_job_carries_the_link(scene: Scene) -> None:
    row = await Outbox.filter(
        person_id=scene.plumber.person_id, payload__contains={"phrase": "job.assigned"}
    ).get()
    assert row.payload["values"]["page"].endswith(scene.path)


async def test_it_shows_what_the_technician_needs_and_records_the_reading(scene: Scene) -> None:
    file = await _photo(scene, scene.made.id)
    await Ticket.filter(id=scene.made.id).update(description="<b>滴水</b>", urgent=True)
    status, page = await scene.get()
    assert status == 200
    for part in (
        "1栋101",
        "青禾一期",
        "厨房",
        "&lt;b&gt;滴水",
        "加急",
        'href="tel:13800000001"',
        "待接单",
        f"/photos/{file}",
    ):
        assert part in page, part
    event = await Event.filter(subject_kind=SubjectKind.PERSON, verb="phone_read").get()
    assert (event.actor_kind, event.actor_id) == ("technician", scene.plumber.id)
    assert (await scene.get(f"{scene.path}/photos/{file}"))[0] == 200


async def test_nobody_is_told_more_than_that(scene: Scene) -> None:
    async with scene.http.get(scene.address + scene.path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers


async def test_what_was_repaired_there_before_is_told_without_anybodys_name(scene: Scene) -> None:
    former = await estate.reported(scene.place)
    done = clock.now() - timedelta(days=90)
    await Ticket.filter(id=former.id).update(
        status="closed", finished_at=done, finish_note="换了三角阀", materials="三角阀1个", description="老王说漏",
        contact_name="前租客", contact_phone="13911112222",
    )  # fmt: skip
    elsewhere = await estate.reported(scene.place)
    await Ticket.filter(id=elsewhere.id).update(
        status="closed", finished_at=done, finish_note="别家的", house_id=scene.place.houses[1].id
    )
    _, page = await scene.get()
    assert "换了三角阀" in page and "三角阀1个" in page
    assert not any(secret in page for secret in ("前租客", "13911112222", "老王", "别家的"))


async def test_photos_of_other_jobs_are_not_there(scene: Scene) -> None:
    other = await estate.reported(scene.place)
    file = await _photo(scene, other.id)
    assert (await scene.get(f"{scene.path}/photos/{file}"))[0] == 404
    assert (await scene.get(f"{scene.path}/photos/99999999999999"))[0] == 404


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "9" + t, lambda t: "x"]
)
async def test_an_address_that_we_never_gave_is_none(scene: Scene, change: object) -> None:
    assert callable(change)
    token = job_links.token(scene.made.id, scene.plumber.id)
    status, page = await scene.get(f"/job/{change(token)}")
    assert (status, "打不开" in page) == (404, True)


async def test_it_ends_with_the_job_for_whoever_had_it(scene: Scene) -> None:
    colleague = await estate.technician(scene.place, "同事", "water")
    await within(dispatch.assign(scene.made.id, technician_id=colleague.id, actor=OPERATOR))
    status, page = await scene.get()
    assert (status, "不在您手里" in page, "13800000001" in page) == (410, True, False)
    assert "13800000001" not in page
    theirs = f"/job/{job_links.token(scene.made.id, colleague.id)}"
    assert (await scene.get(theirs))[0] == 200
    actor = actors.technician(colleague.id)
    await within(jobs.arrive(scene.made.id, actor=actor))
    await within(jobs.finish(scene.made.id, actor=actor))
    assert (await scene.get(theirs))[0] == 410
    await Technician.filter(id=colleague.id).update(active=False)
    await Ticket.filter(id=scene.made.id).update(status="in_progress")
    assert (await scene.get(theirs))[0] == 410


async def test_a_merged_job_leads_to_the_one_that_lives(scene: Scene) -> None:
    main = await _of_neighbour(scene)
    await estate.run_timers()
    await within(merging.merge(scene.made.id, into_id=main.id, actor=OPERATOR))
    status, page = await scene.get()
    assert status == 200
    assert "2户在等" in page and "1栋101" in page and "1栋201" in page
    assert re.sub(r"\s", "", main.number) in re.sub(r"\s", "", page)


async def _of_neighbour(scene: Scene) -> Submitted:
    who = await Person.create(channel_id="o_neighbour", name="邻居")
    house = scene.place.houses[1]
    report = Report(who.id, scene.place.community.id, "water", house_id=house.id, description="没水")
    return await within(reporting.submit(report, actor=actors.person(who.id)))


async def test_nobody_asks_without_end(scene: Scene) -> None:
    answers = [(await scene.get(f"/job/{number}"))[0] for number in range(STRANGERS.burst + 60)]
    assert answers.count(429) > 5


@pytest.mark.browser
@pytest.mark.skipif(chromium.EXECUTABLE is None, reason="there is no Chromium on this machine")
async def test_it_fits_a_phone_and_its_copy_button_works(scene: Scene, chrome: Browser) -> None:
    await _photo(scene, scene.made.id)
    async with chromium.opened(chrome, width=390, height=760) as page:
        await page.goto(scene.address + scene.path)
        assert await chromium.fits(page)
        assert await chromium.barriers(page) == []
        await page.get_by_role("button", name="复制地址").click()
        await page.get_by_role("button", name="复制好了").wait_for()
