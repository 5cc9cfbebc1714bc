"""Somebody lives by tapping: bound, listened to and understood, on the simulated phone in Chromium."""

import contextlib
import re
from collections.abc import AsyncIterator

from playwright.async_api import Page, expect

from models.complaints import Complaint
from models.people import Binding
from tests.world import chromium
from tests.world.scene import SLOW_MS, Scene
from tests.world.taps import WAYS

pytestmark = chromium.MARKS


async def test_everything_offered_can_be_tapped_whatever_comes_back_of_it(scene: Scene) -> None:
    page = await (await scene.browser()).new_page()
    page.set_default_timeout(SLOW_MS)
    page.on("pageerror", lambda error: scene.faults.append(str(error)))
    for way in WAYS:
        await scene.sim.post("/sim/mode", menu_ids=way)
        await _lives(page, scene, f"住户{way}")


async def _lives(page: Page, scene: Scene, name: str) -> None:
    openid = await scene.sim.follower(name)
    await page.goto(scene.sim.url)
    await page.get_by_role("button", name=re.compile(name)).click()
    await _taps(page, "绑定房屋", "同意", "翠湖花园")
    await _says(page, "5-1-1203", "林小雨", "13955556666")
    await _taps(page, "家人", "提交")
    await _shows(page, "绑定")
    assert await Binding.filter(person__channel_id=openid, relation="family").exists()
    await _says(page, "菜单")
    await _taps(page, "投诉建议")
    await _says(page, "楼上天天半夜装修，说了没人管")
    await _taps(
        page, "先看看菜单", "投诉建议"
    )  # the first of the oldest message, in the middle of the complaint
    await _taps(page, "说不上来", "没有照片", "匿名", "提交")
    filed = await Complaint.get(person__channel_id=openid)
    assert (filed.anonymous, filed.story) == (True, "楼上天天半夜装修，说了没人管")


async def _says(page: Page, *texts: str) -> None:
    for text in texts:
        async with _answered(page):
            await page.get_by_label("输入消息").fill(text)
            await page.keyboard.press("Enter")


async def _taps(page: Page, *options: str) -> None:
    for option in options:
        button = page.locator(".messages").get_by_role("button", name=option, exact=True).last
        await expect(button).to_be_visible()  # the messages that were there before are drawn
        async with _answered(page):
            await button.click()


@contextlib.asynccontextmanager
async def _answered(page: Page) -> AsyncIterator[None]:
    """One's own message and the one that answers it appear."""
    shown = page.locator(".messages > li")
    before = await shown.count()
    yield
    await expect(shown).to_have_count(before + 2)


async def _shows(page: Page, text: str) -> None:
    await expect(page.locator(".messages li").last).to_contain_text(text)
