"""A desk that is open in real browsers: the real web process, simulated phones, delivered messages."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, expect

from dialogs import shipped
from handlers.app import create_app
from handlers.desk import templates
from models.conversations import Conversation
from models.people import Person
from models.policies import PolicyValue
from services import cache
from services.delivery import claiming
from settings import Settings
from simulator.config import Config, MenuIds, Mode
from tests.world import desk, places
from tests.world.simulated import Simulated, running
from wechat.platform import connect
from workers.delivery import Delivery

SLOW_MS = 30_000
# What a browser writes down of an answer that is no success: crossing a message, a time that is none, is meant to be.
_EXPECTED = re.compile(r"status of (409|422)")


@dataclass(slots=True)
class Scene:
    """A desk that is open, somebody who writes to it, and the browsers of the clerks."""

    address: str
    sim: Simulated
    chrome: Browser
    openid: str = ""
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def browser(self, width: int = 1280, height: int = 800) -> BrowserContext:
        """Somebody's own, with cookies and storage of its own, until the scene ends."""
        made = await self.chrome.new_context(viewport={"width": width, "height": height})
        self.contexts.append(made)
        return made

    async def signed_in(self, login: str, width: int = 1280, height: int = 800, *, at: str = "") -> Page:
        """`at` is the address of another web process."""
        page = await (await self.browser(width, height)).new_page()
        page.set_default_timeout(SLOW_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self._heard(line.type, line.text))
        await page.goto(f"{at or self.address}/desk/sign-in")
        await page.get_by_label("登录名").fill(login)
        await page.get_by_label("密码").fill(desk.PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await expect(page.locator(".rail, .bottom").first).to_be_attached()
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not _EXPECTED.search(text):
            self.faults.append(text)

    async def taps(self, words: str, *, openid: str = "") -> None:
        """The newest option on the phone that has these words in it; it may be on its way."""
        openid = openid or self.openid
        await until(lambda: self._offers(openid, words))
        await self.sim.send(openid, {"type": "option", **(await self._option(openid, words) or {})})

    async def _offers(self, openid: str, words: str) -> bool:
        return await self._option(openid, words) is not None

    async def _option(self, openid: str, words: str) -> dict | None:
        shown = reversed(await self.sim.messages(openid))
        return next((one for message in shown for one in message["options"] if words in one["text"]), None)

    async def phone(self) -> list[str]:
        return [one["text"] for one in await self.sim.messages(self.openid) if one["from"] == "account"]

    async def phone_shows(self, text: str) -> None:
        await until(lambda: self._shows(text))

    async def _shows(self, text: str) -> bool:
        return any(text in one for one in await self.phone())

    async def talk(self) -> Conversation:
        return await Conversation.get(person__channel_id=self.openid)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SLOW_MS / 1000):
        while not await true():  # noqa: ASYNC110 - the phone is another program's
            await asyncio.sleep(0.1)


async def _delivering(settings: Settings, url: str, folder: Path) -> None:
    """As the worker does, in this process."""
    async with connect(settings.wechat, url, None) as platform:
        delivery = Delivery(platform, shipped.phrases(), templates.of_account(settings), folder)
        while True:
            for letter in await claiming.claim(10):
                await delivery.deliver(letter)
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def opened(settings: Settings, folder: Path, chrome: Browser, menu_ids: str) -> AsyncIterator[Scene]:
    """On an empty database: a resident in their house, who follows, and two clerks.

    `menu_ids` is what the platform reports of a tapped option's number.
    """
    await PolicyValue.create(key="office_hours", value=[["00:00", "23:59:59"]])  # whenever the tests run
    cache.forget()
    runner = web.AppRunner(create_app(settings))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.web.port).start()
    address, wechat = f"http://127.0.0.1:{settings.web.port}", settings.wechat
    config = Config(
        callback=f"{address}/wechat", app_id=wechat.app_id, app_secret=wechat.app_secret, token=wechat.token,
        aes_key=wechat.encoding_aes_key, account=wechat.account_id, mode=Mode(wechat.mode),
        menu_ids=MenuIds(menu_ids),
    )  # fmt: skip
    expect.set_options(timeout=SLOW_MS)
    async with running(config) as sim:
        made = Scene(address, sim, chrome)
        made.openid = await sim.follower("刘先生")
        house = await places.house(await places.community(), "5-1-1203")
        person = await Person.get(channel_id=made.openid)
        await Person.filter(id=person.id).update(name="刘建国")
        person.name = "刘建国"
        await places.bind(person, house)
        for login in ("xu", "tang"):
            await desk.employ(login)
        worker = asyncio.create_task(_delivering(settings, sim.url, folder))
        yield made
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
        for context in made.contexts:
            await context.close()
    await runner.cleanup()
    assert made.faults == []
