"""Whole stories of the inbox: keyboard alone, photos, voices, tabs, a cut, somebody who goes, two processes."""

import asyncio
import base64
import contextlib
import importlib.util
import io
import re
from collections.abc import AsyncIterator

from PIL import Image
from playwright.async_api import Request, expect

from models.people import Staff
from services import actors
from services.actors import Actor
from services.delivery import media
from services.delivery.pictures import Pictures
from services.desk import taking
from settings import Settings
from tests.world import chromium
from tests.world.scene import Scene
from tests.world.units import within
from wechat.platform import connect
from workers.media import Fetching

pytestmark = chromium.MARKS
SILENCE = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50  # a second
# The pages ask every three seconds where there is no stream: without that clock, only the stream can tell them.
NO_CLOCK = """
    const every = window.setInterval;
    window.setInterval = (does, after) => after === 3000 ? 0 : every(does, after);
"""


async def _clerk(login: str) -> Actor:
    return await actors.staff((await Staff.get(login=login)).id)


async def test_a_clerk_works_by_keyboard_alone_and_chooses_which_key_sends(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks?box=waiting")
    await expect(page.locator(".line", has_text="刘建国")).to_be_visible()
    await page.keyboard.press("j")
    await expect(page.locator("[data-open]").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#flow")).to_be_focused()
    await page.keyboard.press("t")
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("您好，马上来。")
    await page.keyboard.press("Enter")
    await scene.phone_shows("您好，马上来。")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.keyboard.type("他家水表在门外")
    await page.keyboard.press("Enter")
    await expect(page.locator(".msg.note")).to_contain_text("他家水表在门外")
    await page.get_by_role("button", name="设置").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Ctrl+Enter 发送").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.locator("#send-key")).to_have_text("Ctrl+Enter")
    await page.keyboard.press("r")
    await page.keyboard.type("第一行")
    await page.keyboard.press("Enter")
    await page.keyboard.type("第二行")
    await expect(page.locator("#text")).to_have_value("第一行\n第二行")
    await page.keyboard.press("Control+Enter")
    await scene.phone_shows("第一行\n第二行")
    ends = page.locator("#head").get_by_role("button", name="办结")
    await ends.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(ends).to_be_focused()
    await scene.sim.says(scene.openid, "好的")
    await expect(page.locator("#head")).to_contain_text("等了")  # drawn anew round the button they are on
    await expect(ends).to_be_focused()
    await page.keyboard.press("Alt+e")
    await page.keyboard.press("Control+Enter")  # in the box it is no key of ours
    await page.get_by_role("button", name="办结").last.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk .empty")).to_be_visible()
    assert (await scene.talk()).hold == "bot"


async def _sends(scene: Scene, kind: str, content: bytes) -> None:
    await scene.sim.send(scene.openid, {"type": kind, "base64": base64.b64encode(content).decode()})


def _photo(colour: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(picture, "JPEG")
    return picture.getvalue()


@contextlib.asynccontextmanager
async def _fetching(scene: Scene, settings: Settings) -> AsyncIterator[None]:
    """As the worker does, in this process."""
    pictures = Pictures(settings.media.max_megapixels)
    async with connect(settings.wechat, scene.sim.url, None) as platform:
        fetching = Fetching(platform, pictures, settings.media.dir)

        async def work() -> None:
            while True:
                for wanted in await media.claim(4):
                    await fetching.fetch(wanted)
                await asyncio.sleep(0.1)

        running = asyncio.create_task(work())
        try:
            yield
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await pictures.close()


async def test_photos_are_turned_over_and_a_voice_is_heard(scene: Scene, test_settings: Settings) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    async with _fetching(scene, test_settings):
        await _sends(scene, "image", _photo("teal"))
        await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
        await expect(page.locator("[data-photo]")).to_have_count(1)
        await _sends(scene, "image", _photo("brown"))
        await expect(page.locator("[data-photo]")).to_have_count(2)
        await expect(page.locator(".msg:has([data-photo])")).to_have_count(1)  # which they share from then on
        await _sends(scene, "voice", SILENCE)
        heard = "audio" if importlib.util.find_spec("av") else "a[href*='download=1']"
        await expect(page.locator(f"#flow {heard}")).to_be_visible()
    await page.locator("[data-photo]").first.click()
    await expect(page.locator(".pswp__counter")).to_have_text("1 / 2")
    assert await chromium.barriers(page) == []
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".pswp__counter")).to_have_text("2 / 2")
    await page.keyboard.press("r")
    await expect(page.locator(".pswp__img[data-turned='90']")).to_be_visible()
    await expect(page.get_by_title("在新的一页看原图")).to_have_attribute("href", re.compile(r"/files/\d+$"))
    await page.keyboard.press("Escape")
    await expect(page.locator(".pswp")).to_have_count(0)
    await expect(page.locator("#flow")).to_be_visible()


async def test_eight_tabs_of_one_browser_hear_by_one_stream(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    first = await scene.signed_in("xu")
    streams: list[str] = []

    def asked(one: Request) -> None:
        if one.url.endswith("/desk/stream") and one.frame.url.endswith("box=all"):
            streams.append(one.frame.url)

    tabs = [first, *[await first.context.new_page() for _ in range(7)]]
    for tab in tabs:
        tab.on("request", asked)
        await tab.add_init_script(NO_CLOCK)
        await tab.goto(f"{scene.address}/desk/talks?box=all")
        await expect(tab.locator(".line", has_text="刘建国")).to_be_visible()
    await within(taking.take((await scene.talk()).id, actor=await _clerk("tang")))
    await scene.sim.says(scene.openid, "第八页也看得到")
    for tab in tabs:
        await expect(tab.locator(".line", has_text="第八页也看得到")).to_be_visible()
    assert len(streams) == 1


async def test_after_half_a_minute_without_network_the_page_has_what_it_missed(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.clock.install()
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}?box=all")
    await scene.sim.says(scene.openid, "水还在漏")
    await expect(page.locator(".msg", has_text="水还在漏")).to_be_visible()
    faults = list(scene.faults)
    await page.context.set_offline(True)
    await scene.sim.says(scene.openid, "断网时说的")
    await page.clock.fast_forward(30_000)
    await page.context.set_offline(False)
    await expect(page.locator(".msg", has_text="断网时说的")).to_be_visible()
    await expect(page.locator(".line", has_text="断网时说的")).to_be_visible()
    await scene.sim.says(scene.openid, "又有网了")
    await expect(page.locator(".msg", has_text="又有网了")).to_be_visible()
    scene.faults[:] = faults  # a browser writes down each request that the cut took with it


async def test_who_leaves_leaves_no_talk_behind_and_the_others_hear_of_it(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    one, other = await scene.signed_in("xu"), await scene.signed_in("tang")
    await other.goto(f"{scene.address}/desk/talks?box=waiting")
    await expect(other).to_have_title(re.compile(r"^\(1\) "))
    await one.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await one.get_by_role("button", name="接入").click()
    await expect(one.get_by_role("button", name="办结")).to_be_visible()
    await expect(other.locator(".line", has_text="刘建国")).to_have_count(0)
    await expect(other).to_have_title(re.compile(r"^会话"))
    await scene.sim.says(scene.openid, "还在吗")
    await one.locator("#duty").click()
    await one.get_by_role("button", name=re.compile("^下班")).click()
    await expect(one.locator("#box")).to_contain_text("在等您回")
    await one.locator("#box").get_by_role("button", name="下班").click()
    await expect(one.locator("#duty")).to_have_text("下班")
    await expect(other.locator(".line", has_text="刘建国")).to_be_visible()
    await expect(other).to_have_title(re.compile(r"^\(1\) "))
    assert "icon_dot" in await other.evaluate("document.querySelector('link[rel=icon]').href")
