"""A repair from a talk to its end, as the desk sees it: every step of the technician's chat appears in open pages."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from models.community import Community, ManagementOffice
from models.media import MediaFile, MediaStatus
from models.people import Person, Technician
from models.tickets import Category, DispatchMode, Ticket
from services import cache
from services.delivery import media
from settings import Settings
from tests.world import chromium, taps
from tests.world.scene import Scene, until

pytestmark = chromium.MARKS


def _picture(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    return content.getvalue()


async def _plumber(scene: Scene) -> str:
    """The openid of a technician who is on duty; whom to send, staff decide."""
    openid = await scene.sim.follower("吴师傅")
    await Category.create(code="water", name="水管水龙头", dispatch=DispatchMode.MANUAL)
    cache.forget()
    await Technician.create(
        name="吴海涛", phone="13900000001", office=await ManagementOffice.get(), invite="t:wu",
        person=await Person.get(channel_id=openid), skills=["water"], communities=[(await Community.get()).id],
        on_duty=True,
    )  # fmt: skip
    return openid


async def _sent_photos(scene: Scene, folder: Path) -> None:
    """Three, which the worker has fetched."""
    for colour in ("red", "green", "blue"):
        picture = base64.b64encode(_picture(colour)).decode()
        await scene.sim.send(scene.openid, {"type": "image", "base64": picture})
    for row in await MediaFile.all():
        sha256 = media.keep(folder, _picture("gray"))
        await MediaFile.filter(id=row.id).update(
            status=MediaStatus.STORED, sha256=sha256, mime="image/jpeg", width=64, height=48
        )


async def _never_loaded_again(page: Page) -> None:
    await page.evaluate("window.stayed = true")


@pytest.mark.taps(taps.NONE)
async def test_a_repair_from_a_talk_to_its_end_in_pages_that_stay_open(
    scene: Scene, test_settings: Settings
) -> None:
    plumber = await _plumber(scene)
    page = await _opened_with_two_photos(scene, test_settings.media.dir)
    board = await scene.signed_in("tang", 390, 844)
    await board.goto(f"{scene.address}/desk/tickets/board")
    card = board.locator(".ticket-card", has_text=(await Ticket.get()).number)
    await expect(board.locator(".column", has=card)).to_contain_text("待受理")
    for one in (page, board):
        await _never_loaded_again(one)
    await _given_away(page)
    await expect(board.locator(".column", has=card)).to_contain_text("待接单")
    await until(lambda: _reads(scene, plumber, "厨房水管漏水"))
    for options, state, step in (
        (("接单", "半小时后"), "已接单", "接单"),
        (("到了",), "维修中", "到场"),
        (("完工", "没有照片", "没用料", "不收费", "确认完工"), "等住户确认", "修完了"),
    ):
        for option in options:
            await scene.taps(option, openid=plumber)
        await expect(page.locator(".timeline")).to_contain_text(step)
        await expect(page.locator("#sheet .tag").first).to_have_text(state)
        await expect(board.locator(".column", has=card)).to_contain_text(state)
    await _photos_added(page)
    for one in (page, board):
        assert await one.evaluate("window.stayed")
        assert await chromium.fits(one)
        assert await chromium.barriers(one) == []
    await board.goto(f"{scene.address}/desk/tickets?group=all")
    await expect(board.locator(".tabs a[aria-current]")).to_be_in_viewport(ratio=1)  # the last of them


async def _opened_with_two_photos(scene: Scene, folder: Path) -> Page:
    """From the talk, with the words and two of the three photos that were sent."""
    await scene.sim.says(scene.openid, "转人工")
    await scene.sim.says(scene.openid, "厨房水管漏水")
    await _sent_photos(scene, folder)
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await page.locator("#open-ticket").click()
    await page.locator(".choice", has_text="厨房水管漏水").click()
    await expect(page.get_by_label("情况")).to_have_value("厨房水管漏水")
    for photo in (0, 1):
        await page.locator(".choice", has=page.locator("img")).nth(photo).click()
    await page.get_by_label("类别").select_option("water")
    await page.get_by_role("button", name="开单", exact=True).click()
    await expect(page.locator("h1")).to_contain_text("BX")
    await expect(page.locator(".photos img")).to_have_count(2)
    await scene.phone_shows("已经帮您登记报修")
    return page


async def _given_away(page: Page) -> None:
    await page.get_by_role("button", name="派单").click()
    await page.locator("#box .choice", has_text="吴海涛").click()
    await page.locator("#box").get_by_role("button", name="派单").click()
    await expect(page.get_by_role("button", name="改派")).to_be_visible()  # which has the focus again
    await expect(page.get_by_role("button", name="派单", exact=True)).to_have_count(0)
    await expect(page.locator(".timeline")).to_contain_text("派给吴海涛")


async def _photos_added(page: Page) -> None:
    """One chosen, one dropped, and one that is no picture, each with a state of its own."""
    await page.get_by_role("button", name="加照片").click()
    parts = page.locator("#box [data-parts] li")
    chosen = [{"name": name, "mimeType": "image/png", "buffer": content} for name, content in (
        ("after.png", _picture("yellow")), ("broken.png", b"no picture"),
    )]  # fmt: skip
    await page.locator("#box [type=file]").set_input_files(chosen)
    await page.evaluate(
        """async (encoded) => {
            const content = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0)), moved = new DataTransfer();
            moved.items.add(new File([content], "dropped.jpg", { type: "image/jpeg" }));
            const field = document.querySelector("#box [data-pictures]");
            field.dispatchEvent(new DragEvent("drop", { dataTransfer: moved, bubbles: true, cancelable: true }));
        }""",
        base64.b64encode(_picture("purple")).decode(),
    )
    await expect(parts).to_have_count(3)
    for number, state in enumerate(("好了", "打不开", "好了")):
        await expect(parts.nth(number)).to_contain_text(state)
    await page.locator("#box").get_by_role("button", name="加上").click()
    await expect(page.locator(".photos figcaption")).to_have_text(["小徐加的"] * 2)
    await expect(page.locator(".timeline")).to_contain_text("加了照片：修之后")


async def _reads(scene: Scene, openid: str, text: str) -> bool:
    return any(text in one["text"] for one in await scene.sim.messages(openid) if one["from"] == "account")
