"""Signing in, in the system's Chromium, at a desk and on a phone."""

import re
from collections.abc import AsyncIterator

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from handlers.account import scanning
from models.outbox import Outbox
from models.people import Person, Role, Staff
from settings import Settings
from tests.world import chromium, desk
from tests.world.scene import Scene
from wechat.platform import connect

pytestmark = chromium.MARKS


@pytest.fixture
async def address(database: str, test_settings: Settings) -> AsyncIterator[str]:
    async with desk.serving(test_settings) as found:
        yield found


async def looked_at(page: Page) -> None:
    """Whatever is shown: nothing sticks out, and nobody is kept out."""
    assert await chromium.fits(page)
    assert await chromium.barriers(page) == []


async def sign_in(page: Page, login: str) -> None:
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(desk.PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def opens_own_page(page: Page) -> None:
    """From the inbox, where everybody begins, to the page about oneself."""
    await page.get_by_role("link", name="我", exact=True).click()
    await expect(page.get_by_role("heading", name="小徐")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
async def test_in_out_and_how_it_looks(address: str, chrome: Browser, width: int) -> None:
    await desk.employ("xu")
    async with chromium.opened(chrome, width=width) as page:
        await page.goto(f"{address}/desk")
        await looked_at(page)
        await sign_in(page, "xu")
        await expect(page).to_have_url(re.compile("/desk/talks"))
        await opens_own_page(page)
        await looked_at(page)
        await page.get_by_label("字号").select_option("large")
        await page.get_by_label("颜色").select_option("dark")
        await page.get_by_role("button", name="保存").click()
        await expect(page.locator("html[data-theme=dark][data-size=large]")).to_be_attached()
        assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "17.5px"
        await looked_at(page)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        await page.get_by_role("button", name="退出登录").click()
        await page.go_back()
        await page.reload()
        await expect(page.get_by_role("heading", name="客服台")).to_be_visible()


async def test_an_admin_sets_the_authenticator_up_and_gives_its_code_next_time(
    address: str, chrome: Browser
) -> None:
    await desk.employ("boss", Role.ADMIN)
    async with chromium.opened(chrome, width=390) as page:
        await page.goto(f"{address}/desk")
        await sign_in(page, "boss")
        await expect(page.get_by_role("heading", name="设动态码")).to_be_visible()
        assert await page.get_by_role("img").evaluate("one => one.naturalWidth > 0")  # the code is drawn
        await looked_at(page)
        secret = await page.locator(".secret").inner_text()
        await page.get_by_label("6 位动态码").fill(pyotp.TOTP(secret).now())
        await page.get_by_role("button", name="确认").click()
        codes = await page.locator(".codes li").all_inner_texts()
        assert len(codes) == 10
        await looked_at(page)
        await page.get_by_role("link", name="抄好了").click()
        await page.get_by_role("link", name="我", exact=True).click()
        await page.get_by_role("button", name="退出登录").click()
        await sign_in(page, "boss")
        await looked_at(page)
        await page.get_by_label("动态码").fill(codes[0])
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="我", exact=True).click()
        await expect(page.get_by_text("备用码还剩 9 个")).to_be_visible()


async def test_a_code_in_wechat_lets_in(address: str, chrome: Browser) -> None:
    staff = await desk.employ("xu")
    person = await Person.create(channel_id="o_xu")
    await Staff.filter(id=staff.id).update(person_id=person.id)
    async with chromium.opened(chrome) as page:
        await page.goto(f"{address}/desk/sign-in")
        await page.get_by_role("link", name="用微信验证码登录").click()
        await page.get_by_label("登录名").fill("xu")
        await page.get_by_role("button", name="发验证码到微信").click()
        await expect(page.get_by_role("status")).to_contain_text("验证码已经发出")
        await looked_at(page)
        code = (await Outbox.get()).payload["values"]["code"]
        await page.get_by_label("6 位验证码").fill(code)
        await page.get_by_role("button", name="登录").click()
        await expect(page).to_have_url(re.compile("/desk/talks"))


async def test_a_form_is_sent_once_however_often_it_is_pressed(address: str, chrome: Browser) -> None:
    await desk.employ("xu")
    async with chromium.opened(chrome) as page:
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
        await page.goto(f"{address}/desk/sign-in")
        await page.get_by_label("登录名").fill("xu")
        await page.get_by_label("密码").fill(desk.PASSWORD)
        await page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('button.main').click()")
        await expect(page).to_have_url(re.compile("/desk/talks"))
        assert sum("sign-in" in one for one in sent) == 1


async def test_a_scan_with_ones_own_wechat_joins_and_then_brings_the_code(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "connect", lambda account, _, redis: connect(account, scene.sim.url, redis))
    await _joins(scene)
    page = await (await scene.browser(390, 664)).new_page()
    await page.goto(f"{scene.address}/desk/sign-in/wechat")
    await looked_at(page)
    await page.get_by_role("button", name="显示二维码").click()
    await expect(page.get_by_role("img", name="登录二维码")).to_be_visible()
    await looked_at(page)
    await _scans(scene)
    await scene.phone_shows("登录验证码")
    said = next(one for one in await scene.phone() if "登录验证码" in one)
    await page.get_by_label("6 位验证码").fill(re.search(r"\d{6}", said)[0])  # type: ignore[index]  # it is there
    await page.get_by_role("button", name="登录").click()
    await expect(page).to_have_url(re.compile("/desk/talks"))


async def _joins(scene: Scene) -> None:
    """From one's own page, whose code nobody had to print."""
    page = await scene.signed_in("xu", 390, 664)
    await page.goto(f"{scene.address}/desk/account")
    joining = page.get_by_role("region", name="用自己的微信加入")
    await joining.get_by_label("现在的密码").fill(desk.PASSWORD)
    await joining.get_by_role("button", name="显示二维码").click()
    await expect(page.get_by_role("img", name="加入的二维码")).to_be_visible()
    await looked_at(page)
    await _scans(scene)
    await page.goto(f"{scene.address}/desk/account")
    await expect(page.get_by_text("可以用微信验证码登录")).to_be_visible()
    await expect(joining).to_have_count(0)
    person = await Person.get(channel_id=scene.openid)
    assert (await Staff.get(login="xu")).person_id == person.id


async def _scans(scene: Scene) -> None:
    """What was shown last."""
    code = (await scene.sim.get("/sim/qrcodes"))["qrcodes"][-1]
    await scene.sim.post(f"/sim/users/{scene.openid}/scan", scene=code["scene"])
