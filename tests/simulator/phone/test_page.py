"""The phone in the browser, in the system's Chromium."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from simulator.jsonio import JsonObject
from tests.simulator.conftest import Account, Phone
from tests.world import chromium

QUESTION = '哪里？\n1. <a href="weixin://bizmsgmenu?msgmenucontent=厨房&msgmenuid=k">厨房</a>'
RETURNED = {"full": "k", "numbered": "101", "zero": "0", "none": None}
pytestmark = chromium.MARKS


@pytest.fixture(params=[1280, 390])
async def page(request: pytest.FixtureRequest, chrome: Browser) -> AsyncIterator[Page]:
    async with chromium.opened(chrome, width=request.param, height=844) as page:
        yield page


async def opened(page: Page, phone: Phone, nickname: str) -> None:
    await page.goto(str(phone.http._base_url))
    await page.get_by_role("button", name=re.compile(nickname)).click()


async def test_a_talk_with_text_option_photo_and_cards(
    page: Page, phone: Phone, account: Account, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    way = request.config.getoption("--taps") or "numbered"
    await phone.post("/sim/mode", {"menu_ids": way})
    openid = await phone.follower("o1", "张阿姨")
    await phone.log_in()
    account.says(QUESTION)
    await opened(page, phone, "张阿姨")
    await page.get_by_label("输入消息").fill("水管漏了")
    await page.keyboard.press("Enter")
    option = page.get_by_role("button", name="厨房")
    await expect(option).to_be_visible()
    account.says("好的")
    await option.click()
    await expect(page.locator(".messages .own").last).to_contain_text("厨房")
    await expect(page.locator(".messages li").last).to_contain_text("好的")
    assert account.pushes[-1].get("bizmsgmenuid") == RETURNED[way]

    Image.new("RGB", (400, 300), "teal").save(tmp_path / "leak.jpg")
    await page.locator("#photos").set_input_files(tmp_path / "leak.jpg")
    await page.get_by_role("button", name="查看图片").click()
    await expect(page.locator("#large")).to_be_visible()
    await page.keyboard.press("Escape")

    sent: JsonObject = {"touser": openid, "template_id": "T1", "data": {"thing1": {"value": "已接单"}}}
    await phone.call("message/template/send", sent)
    await expect(page.locator(".messages .card")).to_contain_text("已接单")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_following_by_a_code_and_the_menu(page: Page, phone: Phone, account: Account) -> None:
    await phone.log_in()
    below: JsonObject = {"name": "我要报修", "type": "click", "key": "REPAIR"}
    await phone.call("menu/create", {"button": [{"name": "报修", "sub_button": [below]}]})
    scene: JsonObject = {"scene": {"scene_str": "house_1"}}
    await phone.call("qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    await phone.post("/sim/users", {"openid": "o1", "nickname": "李明"})
    account.says("欢迎")
    await opened(page, phone, "李明")
    await page.get_by_role("button", name="扫二维码关注").click()
    await page.get_by_label("二维码内容或场景值").fill("house_1")
    await page.keyboard.press("Enter")
    await expect(page.locator(".messages li").last).to_contain_text("欢迎")
    assert account.pushes[-1]["EventKey"] == "qrscene_house_1"
    account.says("请说哪里坏了")
    await page.get_by_role("button", name="报修", exact=True).click()
    await page.get_by_role("button", name="我要报修").click()
    await expect(page.locator(".messages li").last).to_contain_text("请说哪里坏了")


async def test_words_from_outside_never_become_markup(page: Page, phone: Phone, account: Account) -> None:
    await phone.follower("o1", "<b>王</b>")
    account.says('<img src="x" onerror="document.title=1"><b>粗</b>')
    await opened(page, phone, "王")
    await page.get_by_label("输入消息").fill("<i>你好</i>")
    await page.get_by_role("button", name="发送", exact=True).click()
    await expect(page.locator(".messages li").last).to_contain_text("<b>粗</b>")
    await expect(page.locator(".messages .own")).to_contain_text("<i>你好</i>")
    assert await page.locator(".messages :is(img, b, i)").count() == 0


async def test_unread_messages_of_others_are_counted(page: Page, phone: Phone) -> None:
    await phone.follower("o1", "张阿姨")
    await phone.follower("o2", "王师傅")
    await phone.log_in()
    await page.goto(str(phone.http._base_url))
    await phone.custom("o2", "新工单")
    row = page.get_by_role("button", name=re.compile("王师傅"))
    await expect(row.locator(".badge")).to_have_text("1")
    await row.click()
    await expect(page.locator(".messages li").last).to_contain_text("新工单")
    await expect(page.locator(".badge")).to_have_count(0)
