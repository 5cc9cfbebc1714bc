"""Five households report one fault: proposed, merged by one tap, repaired once, and all are told once."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from models.community import Community, ManagementOffice
from models.people import Person, Technician
from models.policies import PolicyValue
from models.tickets import Category, Ticket
from services import actors, cache, clock
from services.repairs import jobs, reporting
from services.repairs.insertion import Report
from tests.world import chromium, places, taps
from tests.world.scene import Scene, until
from tests.world.units import within
from workers import schedules

pytestmark = chromium.MARKS


@pytest.fixture(name="scene")
async def _scene(scene: Scene) -> Scene:
    await PolicyValue.create(key="settle_seconds", value=0)
    cache.forget()
    return scene


async def _plumber() -> Technician:
    await Category.create(code="water", name="水管水龙头", always=True)
    cache.forget()
    return await Technician.create(
        name="吴海涛", phone="13900000001", office=await ManagementOffice.get(), invite="t:wu", skills=["water"],
        communities=[(await Community.get()).id], on_duty=True,
        person=await Person.create(channel_id="o_wu", name="吴海涛"),
    )  # fmt: skip


async def _reports(scene: Scene) -> dict[str, str]:
    """Five households of building 5 tell that there is no water: the number of the report by the phone's owner."""
    community, numbers = await Community.get(), {}
    for floor in range(3, 8):
        openid = await scene.sim.follower(f"住户{floor}")
        await scene.sim.says(openid, "你好")  # so that we may write to them
        person = await Person.get(channel_id=openid)
        house = await places.house(community, f"5-1-{floor}01")
        told = Report(person.id, community.id, "water", house_id=house.id, description=f"{floor}楼停水了")
        made = await within(reporting.submit(told, actor=actors.person(person.id)))
        numbers[openid] = made.number
        await schedules.run_due()
    return numbers


async def _told(scene: Scene, openid: str, words: str) -> int:
    return sum(words in one["text"] for one in await scene.sim.messages(openid) if one["from"] == "account")


async def _looked_at(page: Page) -> None:
    assert await chromium.fits(page)
    assert await chromium.barriers(page) == []


@pytest.mark.taps(taps.FULL)
async def test_five_reports_of_one_fault_are_one_and_all_are_told_once(scene: Scene) -> None:
    plumber = await _plumber()
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/faults")
    numbers = await _reports(scene)
    proposal = page.locator("#proposals article")  # it came without a reload
    await expect(proposal).to_contain_text("5户")
    await _looked_at(page)
    await page.set_viewport_size({"width": 390, "height": 844})
    await _looked_at(page)
    await proposal.get_by_role("button", name="合并成一个").click()
    await expect(page.locator("#flash")).to_contain_text("合成一单了")
    await expect(page.locator("#shared article")).to_contain_text("5户在等")
    await expect(proposal).to_have_count(0)

    main = await Ticket.get(duplicate_of=None)
    actor = actors.technician(plumber.id)
    await within(jobs.confirm(main.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await within(jobs.arrive(main.id, actor=actor))
    await expect(page.locator("#shared article")).to_contain_text("维修中")
    await within(jobs.finish(main.id, actor=actor))
    await expect(page.locator("#shared article")).to_contain_text("等住户确认")
    for openid, number in numbers.items():

        async def heard(openid: str = openid, spoken: str = f"{number[:2]} {number[2:]}") -> bool:
            return await _told(scene, openid, f"修完了（{spoken}）") == 1

        await until(heard)
    await scene.taps("没修好", openid=next(reversed(numbers)))
    for openid in numbers:
        assert await _told(scene, openid, "修完了") == 1
