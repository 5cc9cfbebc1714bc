"""Somebody imports a list with bad cells, mends it, repeats it, and takes all residents out again: in Chromium."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser, Page, expect

from models.community import Occupant
from models.people import Binding, Role
from services import jobs
from settings import Settings
from tests.services.imports import workbooks
from tests.world import chromium, desk, offices
from workers.jobs import Jobs

pytestmark = chromium.MARKS

HEAD = ("小区", "房屋", "姓名", "电话", "身份")
SLOW_MS = 30_000


@dataclass(slots=True)
class Scene:
    page: Page
    address: str
    folder: Path
    gate: asyncio.Event

    async def uploads(self, name: str, *, bad: bool) -> None:
        """Fifteen people; each of them with a phone and a relation that are none, when they are `bad`."""
        ways = ("不是电话", "房东") if bad else ("", "家人")
        rows = [("青禾一期", "1-101", f"住户{at}", ways[0] or f"1391111{at:04}", ways[1]) for at in range(15)]
        path = workbooks.save(self.folder / name, [HEAD, *rows])
        await self.page.goto(f"{self.address}/desk/residents/jobs")
        await self.page.get_by_label("是什么表").select_option("occupants")
        await self.page.locator("input[type=file]").set_input_files(path)
        await self.page.get_by_role("button", name="上传并检查").click()


async def _working(gate: asyncio.Event) -> None:
    """As the worker does, once it is let."""
    while True:
        await gate.wait()
        for claimed in await jobs.claim(1):
            await Jobs().work(claimed)
        await asyncio.sleep(0.05)


@pytest.fixture
async def scene(
    database: str, test_settings: Settings, tmp_path: Path, chrome: Browser
) -> AsyncIterator[Scene]:
    town = await offices.build()
    await desk.employ("xu", Role.SERVICE, office_id=town.place.office.id)
    gate = asyncio.Event()
    gate.set()
    worker = asyncio.create_task(_working(gate))
    expect.set_options(timeout=SLOW_MS)
    async with desk.serving(test_settings) as address, chromium.opened(chrome) as page:
        await page.goto(f"{address}/desk/sign-in")
        await page.get_by_label("登录名").fill("xu")
        await page.get_by_label("密码").fill(desk.PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await expect(page.locator(".rail")).to_be_visible()
        yield Scene(page, address, tmp_path, gate)
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker


async def test_thirty_bad_cells_are_mended_repeated_and_nothing_is_doubled(scene: Scene) -> None:
    page = scene.page
    await page.goto(f"{scene.address}/desk/residents/jobs")
    large = scene.folder / "整个集团.csv"
    with large.open("wb") as file:
        file.truncate(200 << 20)
    await page.locator("input[type=file]").set_input_files(large)
    await page.get_by_role("button", name="上传并检查").click()
    await expect(page.locator("#import").get_by_role("alert")).to_have_text("文件太大，最多 20 MB。")
    await scene.uploads("名单.xlsx", bad=True)
    await expect(page.locator("#job")).to_contain_text("30 处有问题")
    await expect(page.get_by_role("row", name="D2")).to_contain_text("不像电话号码")
    await expect(page.locator("#job tbody tr")).to_have_count(30)
    for created in (15, 0):
        await scene.uploads("改好的名单.xlsx", bad=False)
        await expect(page.get_by_text("没有问题")).to_be_visible()
        await page.get_by_role("button", name="写入").click()
        await expect(page.get_by_text(f"新增 {created}，更新 {15 - created}")).to_be_visible()
        assert await Occupant.all().count() == 16
    assert await chromium.barriers(page) == [] and await chromium.fits(page)

    scene.gate.clear()  # the worker has something else to do at first
    await page.goto(f"{scene.address}/desk/residents")
    await page.get_by_role("button", name="导出").click()
    await page.get_by_role("button", name="开始导出").click()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    scene.gate.set()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="下载").click()
    content = await asyncio.to_thread(Path(await (await waiting.value).path()).read_bytes)
    assert len(list(load_workbook(io.BytesIO(content)).active.iter_rows())) == 17


async def test_somebody_is_found_shown_and_corrected_on_a_phone(scene: Scene) -> None:
    page = scene.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{scene.address}/desk/residents?q=wf")
    await page.get_by_role("link", name="王芳").click()
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_text("13800000001").first).to_be_visible()
    await expect(page.locator("#readings")).to_contain_text("查看电话")
    await page.get_by_role("button", name="更正").click()
    await page.get_by_label("姓名").fill("王芳芳")
    await page.get_by_role("button", name="更正，告诉住户").click()
    await expect(page.locator("#homes")).to_contain_text("王芳芳")
    await expect(page.get_by_text("13800000001").first).to_be_visible()
    assert (await Binding.get()).name == "王芳芳"
    assert await chromium.barriers(page) == [] and await chromium.fits(page)
