"""A complaint about a clerk, from the chat to the paper: that clerk never meets it, a colleague answers it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from models.complaints import Complaint, ComplaintKind
from models.people import Person, Staff
from services import actors
from services.cases import complaints
from tests.world import chromium, taps
from tests.world.scene import Scene
from tests.world.units import within

pytestmark = chromium.MARKS


@pytest.fixture(name="scene")
async def _scene(scene: Scene) -> Scene:
    await Staff.filter(login="tang").update(name="小唐")
    return scene


async def _complained(scene: Scene) -> Complaint:
    me = actors.person((await Person.get(channel_id=scene.openid)).id)
    story = "我要投诉小徐，昨天打电话说话很难听"
    made = await within(complaints.submit(ComplaintKind.COMPLAINT, "员工态度", story, actor=me))
    return await Complaint.get(id=made.id)


@pytest.mark.taps(taps.ZERO)
async def test_a_complaint_about_a_clerk_is_answered_by_another_rated_opened_anew_and_printed(
    scene: Scene, tmp_path: Path
) -> None:
    accused, page = await scene.signed_in("xu", 390, 844), await scene.signed_in("tang")
    for one in (accused, page):
        await one.goto(f"{scene.address}/desk/complaints")
        await expect(one.locator(".empty")).to_be_visible()
    made = await _complained(scene)
    await expect(page.locator("tbody tr")).to_contain_text("员工态度")  # by itself
    assert await chromium.fits(page) and await chromium.barriers(page) == []
    await page.get_by_role("link", name=made.number).click()
    await expect(page.locator("#sheet")).to_contain_text("小徐")
    await page.get_by_role("button", name="接手").click()
    await scene.phone_shows("有人接手了，是小唐")
    await page.get_by_role("button", name="答复住户").click()
    box = page.locator("#box")
    await box.get_by_label("写给住户").fill("我向您道歉，已经")
    number = made.number
    me = actors.person((await Person.get(channel_id=scene.openid)).id)
    await within(complaints.remark(number, "有录音", actor=me))
    await box.get_by_role("button", name="发给住户").click()
    await expect(box.get_by_role("alert")).to_contain_text("住户补充：有录音")
    await expect(box.get_by_label("写给住户")).to_have_value("我向您道歉，已经")
    await box.get_by_label("写给住户").fill("我们听了录音，向您道歉。")
    assert await chromium.barriers(page) == []
    await box.get_by_role("button", name="发给住户").click()
    await scene.phone_shows("我们听了录音，向您道歉。")
    await expect(page.locator(".timeline")).to_contain_text("已发给住户")

    await scene.sim.says(scene.openid, "打分")
    await scene.taps("很不满意")
    await scene.sim.says(scene.openid, "只道歉没处理")
    await expect(page.locator("#sheet")).to_contain_text("1 星")
    await scene.taps("没解决，接着办")
    await scene.sim.says(scene.openid, "要一个说法")
    await expect(page.locator(".timeline")).to_contain_text("要一个说法")
    await expect(page.locator("#sheet .clocks")).to_contain_text("重办 1 次")
    await expect(page.get_by_role("button", name="答复住户")).to_be_visible()

    await page.goto(f"{scene.address}/desk/complaints/{made.id}/dossier")
    await expect(page.locator(".course")).to_contain_text("我们听了录音")
    assert await chromium.barriers(page) == []
    paper = await page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF") and len(paper) > 10_000
    (tmp_path / "dossier.pdf").write_bytes(paper)

    await accused.goto(f"{scene.address}/desk/complaints?tab=all")
    await expect(accused.locator(".empty")).to_be_visible()
    assert "员工态度" not in await accused.content()
    answer = await accused.goto(f"{scene.address}/desk/complaints/{made.id}")
    assert answer is not None and answer.status == 404
    scene.faults[:] = [one for one in scene.faults if "status of 404" not in one]  # meant to be
