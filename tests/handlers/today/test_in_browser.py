"""A day on 今日: a promise made in a talk rings on a colleague's phone, a call is kept, and a word is found again."""

import re
from datetime import timedelta

from playwright.async_api import Page, expect

from models.people import Person
from models.promises import Promise
from models.tasks import TaskKind
from models.timers import Timer
from services import clock, staff_tasks
from services.desk import search_index
from tests.world import chromium
from tests.world.estate import run_timers
from tests.world.scene import Scene
from tests.world.units import within

pytestmark = chromium.MARKS


async def _promised(page: Page, words: str) -> None:
    """At the message, with a time that is refused at first: nothing typed is lost."""
    message = page.locator(".msg", has_text="厨房水管漏水")
    await message.hover()
    await message.get_by_role("button", name="答应").click()
    box = page.locator("#box")
    await box.get_by_label("答应了什么").fill(words)
    await box.get_by_label("别的时间").first.check()
    await box.get_by_role("button", name="记下").click()
    await expect(box.get_by_role("alert")).to_contain_text("没有看懂时间")
    await expect(box.get_by_label("答应了什么")).to_have_value(words)
    await box.get_by_label("明天上午").check()
    await box.get_by_role("button", name="记下").click()
    await expect(box).to_be_hidden()
    await expect(page.locator(".sys", has_text=words)).to_be_visible()


async def _rings() -> None:
    for model in (Promise, Timer):
        await model.all().update(due_at=clock.now() - timedelta(minutes=1))
    await run_timers()


async def test_a_promise_rings_elsewhere_a_call_is_kept_and_a_word_is_found(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    await scene.sim.says(scene.openid, "厨房水管漏水")
    talk = await scene.talk()
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{talk.id}")
    await page.get_by_role("button", name="接入").click()
    await _promised(page, "下午回电话")
    await page.goto(f"{scene.address}/desk/today")
    await expect(page.locator("#promised")).to_contain_text("下午回电话")

    phone = await scene.signed_in("tang", 390, 844)
    await phone.goto(f"{scene.address}/desk/today")
    for one in (page, phone):
        await one.evaluate("window.stayed = true")
    await _rings()
    await expect(page.locator("#promised")).to_contain_text("到时间了")
    await expect(phone.locator("#ringing")).to_contain_text("下午回电话")
    resident = await Person.get(channel_id=scene.openid)
    await within(staff_tasks.add(TaskKind.PHONE, "undelivered", key="p", person_id=resident.id))
    calls = phone.locator("#calls")
    await calls.get_by_role("button", name="打电话").click()
    await expect(calls).to_contain_text("13800001234")
    await calls.get_by_role("button", name="没接").click()
    await expect(calls).to_contain_text("打过 1 次没接")
    await phone.locator("#ringing").get_by_role("button", name="办到了").click()
    await expect(page.locator("#promised .empty")).to_be_visible()
    for one in (page, phone):
        assert await one.evaluate("window.stayed")
        assert await chromium.fits(one)
        assert await chromium.barriers(one) == []
    await _found_again(page, talk.id)


async def _found_again(page: Page, talk_id: int) -> None:
    while await search_index.fill():
        pass
    await page.keyboard.press("Control+k")
    await page.get_by_role("searchbox").fill("漏水")
    await page.keyboard.press("Enter")
    await expect(page.locator("mark").first).to_have_text("漏水")
    assert await chromium.barriers(page) == []
    await page.locator(".hits a", has_text="刘建国").first.click()
    await expect(page).to_have_url(re.compile(rf"/desk/talks/{talk_id}\?at=m\d+$"))
    await expect(page.locator(".msg.hit")).to_contain_text("厨房水管漏水")
