"""The stream of open desks: who hears what, what happens at breaks, and when it ends."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse

from models.changes import Change
from models.community import Community, ManagementOffice
from models.conversations import Conversation
from models.events import Event
from models.people import Role, Staff
from services import clock
from services.company import sessions
from services.desk import changes
from settings import Settings
from tests.world import desk, places
from tests.world.desk import Browser

_PATIENCE_S = 20  # of a test on a busy machine, for what must come


@dataclass(frozen=True, slots=True)
class Heard:
    kind: str
    cursor: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """An open stream, read event by event."""

    answer: ClientResponse

    async def next(self) -> Heard:
        fields: dict[str, str] = {}
        while True:
            raw = await self.answer.content.readline()
            if not raw:
                raise EOFError
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                return Heard(fields["event"], fields["id"], json.loads(fields["data"]))

    async def naming(self, talk_id: int) -> set[int]:
        """The talks that are named until this one is."""
        named: set[int] = set()
        async with asyncio.timeout(_PATIENCE_S):
            while talk_id not in named:
                named.update((await self.next()).values.get("talks", []))
        return named

    async def to_its_end(self) -> None:
        with contextlib.suppress(EOFError):
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    await self.next()


@contextlib.asynccontextmanager
async def listening(browser: Browser, after: str = "", **headers: str) -> AsyncIterator[Line]:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    sent = browser.headers | {"Cookie": cookie} | headers
    query = {"after": after} if after else {}
    async with browser.http.get("/desk/stream", params=query, headers=sent, timeout=None) as answer:
        assert answer.status == 200
        yield Line(answer)


@pytest.fixture
async def talk(browser: Browser) -> Conversation:
    """A resident's talk, in the office whose clerk sits at the browser."""
    community = await places.community()
    resident = await places.resident(await places.house(community, "5-1-1203"), "刘建国")
    await desk.employ("xu", office_id=community.office_id)
    await browser.sign_in("xu")
    return await Conversation.create(person=resident)


async def test_an_open_desk_hears_which_talk_changed(browser: Browser, talk: Conversation) -> None:
    async with listening(browser) as line:
        assert line.answer.content_type == "text/event-stream"
        assert line.answer.headers["X-Accel-Buffering"] == "no"
        assert line.answer.headers["Cache-Control"] == "no-store"
        first = await line.next()
        assert first.kind == "ping"
        await desk.touch(talk.id)
        async with asyncio.timeout(_PATIENCE_S):
            while (news := await line.next()).kind != "changed" or not news.values["talks"]:
                pass
        [row] = news.values.pop("rows")
        assert (row["id"], row["boxes"], row["turns"]) == (talk.id, ["all"], 1)
        assert "刘建国" in row["html"]
        assert [news.values.pop(one) for one in ("waiting", "snoozed", "mine")] == [0, 0, 0]
        assert news.values | {"work": []} == {"talks": [talk.id], "list": True, "alarms": False, "work": []}
        assert news.cursor != first.cursor


async def test_of_another_offices_talk_nothing_is_heard(browser: Browser, talk: Conversation) -> None:
    far = await ManagementOffice.create(name="远处管理处")
    await desk.employ("far", office_id=far.id)
    other = await desk.another(browser)
    await other.sign_in("far")
    async with listening(browser) as near_line, listening(other) as far_line:
        await near_line.next()
        await far_line.next()
        await desk.touch(talk.id)
        assert talk.id in await near_line.naming(talk.id)
        stranger = await Conversation.create(
            person=await places.person("陌生人")
        )  # everybody's, and the last
        assert await far_line.naming(stranger.id) == {stranger.id}


async def test_who_comes_again_catches_up_by_the_cursor(browser: Browser, talk: Conversation) -> None:
    async with listening(browser) as line:
        cursor = (await line.next()).cursor
    await desk.touch(talk.id)
    async with listening(browser, after=cursor) as line:
        missed = await line.next()
        assert (missed.kind, missed.values["talks"]) == ("changed", [talk.id])
    async with listening(browser, **{"Last-Event-ID": cursor}) as line:
        assert (await line.next()).values["talks"] == [talk.id]
    async with listening(browser, after=missed.cursor) as line:
        assert (await line.next()).kind == "ping"


@pytest.mark.parametrize("old", ["pruned", "nonsense"])
async def test_too_old_a_cursor_has_everything_read_anew(
    browser: Browser, talk: Conversation, old: str
) -> None:
    cursor = await changes.now() if old == "pruned" else "nonsense"
    for _ in range(2):
        await desk.touch(talk.id)
    await Change.all().update(at=clock.now() - 2 * changes.KEPT)
    await changes.prune()
    async with listening(browser, after=cursor) as line:
        heard = await line.next()
        assert (heard.kind, heard.values) == ("reload", {})
    async with listening(browser, after=heard.cursor) as line:
        assert (await line.next()).kind == "ping"


async def test_a_disabled_persons_stream_ends(browser: Browser, talk: Conversation) -> None:
    async with listening(browser) as line:
        await line.next()
        await Staff.filter(login="xu").update(active=False)
        await line.to_its_end()
    assert (await browser.get("/desk/stream", Accept="text/event-stream")).status == 401


async def test_a_stream_ends_with_its_session(browser: Browser, talk: Conversation) -> None:
    async with listening(browser) as line:
        await line.next()
        found = await sessions.find(browser.session)
        assert found
        await browser.post("/desk/sign-out")
        await line.to_its_end()


async def test_a_process_that_ends_waits_for_no_stream(database: str, test_settings: Settings) -> None:
    await desk.employ("xu")
    async with contextlib.AsyncExitStack() as server:
        address = await server.enter_async_context(desk.serving(test_settings))
        async with desk.browsing(address) as browser:
            await browser.sign_in("xu")
            async with listening(browser) as line:
                await line.next()
                async with asyncio.timeout(_PATIENCE_S):
                    await server.aclose()
                await line.to_its_end()


async def test_a_head_of_the_stream_is_answered_at_once(browser: Browser, talk: Conversation) -> None:
    answer = await browser.ask("HEAD", "/desk/stream")
    assert (answer.status, answer.headers["X-Accel-Buffering"]) == (200, "no")


async def test_whoever_has_no_talks_hears_of_the_own_work_alone(browser: Browser, talk: Conversation) -> None:
    community = await places.community("别处小区")
    await desk.employ("gao", role=Role.SUPERVISOR, office_id=community.office_id)
    other = await desk.another(browser)
    await other.sign_in("gao")
    far = await Community.create(
        office=await ManagementOffice.create(name="远处管理处"), code="far", name="远处小区"
    )
    async with listening(other) as line:
        await line.next()
        await desk.touch(talk.id)
        for kind, place in (("complaint", community), ("ticket", far), ("task", community)):
            await Event.create(
                subject_kind=kind,
                subject_id=0,
                community_id=place.id,
                verb="x",
                actor_kind="system",
                at=clock.now(),
            )
        heard: set[str] = set()
        async with asyncio.timeout(_PATIENCE_S):
            while "task" not in heard:
                news = (await line.next()).values
                assert news.get("talks", []) == []
                heard |= set(news.get("work", []))
        assert heard - {"staff"} == {"task"}
