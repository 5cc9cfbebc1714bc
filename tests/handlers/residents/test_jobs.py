"""Imports and exports from the page through the worker and back: what is written, kept back and refused."""

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from openpyxl import load_workbook

from models.community import Occupant
from models.events import Event
from models.jobs import Job, JobFile, JobStatus, JobStep
from models.notices import Notice
from models.people import Role, Staff
from services import actors, clock, jobs
from services.errors import NotAllowed
from services.exports.sheet import Writing
from tests.services.imports import workbooks
from tests.world import desk, offices, places
from tests.world.desk import Browser
from tests.world.offices import Town
from tests.world.units import within
from workers import job_kinds
from workers.jobs import Jobs

FORMULA = '=HYPERLINK("http://evil.example","点我")'


@dataclass(slots=True)
class Office:
    town: Town
    browser: Browser
    folder: Path

    async def posts(self, path: str, body: bytes = b"", **form: str) -> tuple[int, dict[str, str]]:
        headers = {"X-CSRF-Token": await self.browser.token("/desk/account"), "Accept": "application/json"}
        if body:
            cookie = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
            sent = (
                headers
                | self.browser.headers
                | {"Cookie": cookie, "Content-Type": "application/octet-stream"}
            )
            async with self.browser.http.post(path, headers=sent, data=body) as answer:
                return answer.status, orjson.loads(await answer.read())
        answer = await self.browser.ask("POST", path, headers=headers, form={"csrf": "", **form})
        return answer.status, orjson.loads(answer.text)

    async def exports(self, **form: str) -> str:
        """Asked for and worked off; where it stands."""
        status, told = await self.posts("/desk/residents/export", **form)
        assert status == 200, told
        await work_off()
        return told["go"]

    async def imports(self, rows: Sequence[Sequence[workbooks.Written]], name: str = "名单.xlsx") -> str:
        content = workbooks.save(self.folder / "a.xlsx", rows).read_bytes()
        status, told = await self.posts(f"/desk/residents/import?kind=occupants&name={name}", content)
        assert status == 200, told
        await work_off()
        return told["go"]

    async def fetched(self, place: str) -> list[tuple[str, ...]]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        async with self.browser.http.get(
            f"{place}/file", headers=self.browser.headers | {"Cookie": cookie}
        ) as got:
            assert got.status == 200
            sheet = load_workbook(io.BytesIO(await got.read())).active
        return [tuple(str(cell.value or "") for cell in row) for row in sheet.iter_rows()]

    async def signs_in(self, login: str, role: Role, office_id: int | None = None) -> Staff:
        self.browser.cookies.clear()
        someone = await desk.employ(login, role, office_id=office_id)
        await desk.sign_in_wholly(self.browser, login)
        return someone


async def work_off() -> None:
    for claimed in await jobs.claim(9):
        await Jobs().work(claimed)


@pytest.fixture
async def office(browser: Browser, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(await offices.build(), browser, tmp_path)
    await made.signs_in("xu", Role.SERVICE, made.town.place.office.id)
    yield made


async def test_an_export_holds_the_own_office_masked_and_no_cell_is_a_formula(office: Office) -> None:
    place = office.town.place
    await Occupant.create(house=place.houses[1], name=FORMULA[:32], phone="13711112222")
    await Occupant.create(house=await places.house(office.town.far, "9-901"), name="远处的人")
    rows = await office.fetched(await office.exports())
    assert rows[0][:5] == ("小区", "房屋", "姓名", "身份", "电话")
    assert [row[1:6] for row in rows[1:]] == [
        ("1-101", "王芳", "业主", "138****0001", "已认证"),
        ("1-201", FORMULA[:32], "业主", "137****2222", "只在名册上"),
    ]
    verbs = await Event.filter(subject_kind="job").order_by("id").values_list("verb", flat=True)
    assert verbs == ["asked", "exported", "downloaded"]


async def test_what_left_is_recorded_by_its_lines_and_not_by_its_houses(office: Office) -> None:
    house = office.town.place.houses[0]
    for number in range(4):
        await Occupant.create(house=house, name=f"家人{number}", phone=f"1371111000{number}")
    rows = await office.fetched(await office.exports())
    told = await Event.get(verb="exported")
    assert told.body["rows"] == len(rows) - 1 == 5


async def test_whole_phones_leave_only_by_whoever_decides(office: Office) -> None:
    assert (await office.posts("/desk/residents/export", phones="1"))[0] == 403
    await office.signs_in("root", Role.ADMIN)
    [_, row] = await office.fetched(await office.exports(phones="1"))
    assert row[4] == "13800000001"


async def test_the_audit_is_exported_as_it_is_shown_and_that_is_recorded(office: Office) -> None:
    await office.exports()
    assert (await office.posts("/desk/audit/export?verb=asked"))[0] == 403
    await office.signs_in("root", Role.ADMIN)
    status, told = await office.posts("/desk/audit/export?verb=asked&kind=job")
    assert status == 200
    await work_off()
    rows = await office.fetched(told["go"])
    assert [row[4] for row in rows] == ["做了什么", "要求后台做", "要求后台做"]
    assert rows[1][1] == "员工 小徐" and "127.0.0.1" in rows[1][2]
    assert (await office.posts("/desk/audit/export?since=soon"))[0] == 422


async def test_a_file_is_for_whom_it_was_made_and_for_a_day(office: Office) -> None:
    place = await office.exports()
    assert (await office.browser.get(f"{place}/file")).status == 200
    with clock.fixed(clock.now() + jobs.KEPT + timedelta(minutes=1)):
        assert await jobs.sweep() == 1 and not await JobFile.exists()
    assert (await office.browser.get(f"{place}/file")).status == 404
    await office.signs_in("tang", Role.SERVICE, office.town.place.office.id)
    for path in ("", "/state", "/file"):
        assert (await office.browser.get(f"{place}{path}")).status == 404
    assert (await office.posts(f"{place}/cancel"))[0] == 404


HEAD = ("小区", "房屋", "姓名", "电话", "身份")


async def test_every_bad_cell_is_named_and_nothing_is_written_until_all_are_mended(office: Office) -> None:
    bad = [HEAD, *[("青禾一期", "1-101", f"住户{at}", "不是电话", "房东") for at in range(15)]]
    shown = (await office.browser.get(await office.imports(bad))).text
    assert (
        "工作表「名单」，共 15 行，30 处有问题" in shown
        and "D2" in shown
        and "E16" in shown
        and "不像电话号码" in shown
    )
    assert "只能是：业主、家人、租客" in shown
    assert await Occupant.all().count() == 1
    rows = [("青禾一期", "1-101", f"住户{at}", f"1391111{at:04}", "家人", at) for at in range(15)]
    good = [(*HEAD, "序号"), *rows]
    for made in (15, 0):
        place = await office.imports(good)
        assert (
            "工作表「名单」，没有用到「序号」列，共 15 行，没有问题" in (await office.browser.get(place)).text
        )
        assert (await office.posts(f"{place}/take"))[0] == 200
        await work_off()
        assert (
            f"工作表「名单」，没有用到「序号」列，共 15 行，新增 {made}，更新 {15 - made}"
            in (await office.browser.get(place)).text
        )
        assert await Occupant.all().count() == 16
        assert (await office.posts(f"{place}/take"))[0] == 422
    assert await Event.filter(verb="imported").count() == 2


async def test_notices_of_the_same_file_are_not_made_twice(office: Office) -> None:
    await office.signs_in("root", Role.ADMIN)
    content = "类型,标题,内容\n一般,停水,明早停水\n".encode()
    for status in (200, 422):
        _, told = await office.posts("/desk/residents/import?kind=notices&name=a.csv", content)
        await work_off()
        assert ("已经写入过一次" in (await office.browser.get(told["go"])).text) == (status == 422)
        assert (await office.posts(f"{told['go']}/take"))[0] == status
        await work_off()
    assert await Notice.all().count() == 1


async def test_the_places_of_another_office_are_not_there(office: Office) -> None:
    await places.house(office.town.far, "9-901")
    shown = (
        await office.browser.get(await office.imports([HEAD, ("远处", "9-901", "王五", "", "业主")]))
    ).text
    assert "没有叫「远处」的小区" in shown
    status, _ = await office.posts("/desk/residents/import?kind=staff&name=a.xlsx", b"x")
    assert status == 403


async def test_an_empty_table_to_fill_in_is_of_a_kind_that_is_theirs(office: Office) -> None:
    answer = await office.browser.get("/desk/residents/template?kind=occupants")
    assert answer.status == 200 and "attachment" in answer.headers["Content-Disposition"]
    assert (await office.browser.get("/desk/residents/template?kind=staff")).status == 403
    assert (await office.browser.get("/desk/residents/template?kind=cats")).status == 422
    text = (await office.browser.get("/desk/residents/jobs")).text
    assert text.index("住户名单") < text.index("房屋</option>") and "员工" not in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "设了打开密码",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "不是表格"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(64), "不是表格"),
        (b"\0\0\0\x18ftypheic" + bytes(64), "不是表格"),
        ("小区,房屋,姓名,身份\n青禾一期,1-101,周兰,家人\n".encode("utf-16"), "没有问题"),
        (b"%PDF-1.7 x", "不是表格"),
        (b"<html><table></table></html>", "不是表格"),
        (b"PK\x03\x04 nothing of a workbook", "打不开「名单.xlsx」"),
        ("小区,房屋,姓名,身份\n青禾一期,1-101,周兰,家人\n".encode("gb18030"), "没有问题"),
    ],
)
async def test_a_file_is_what_it_holds_whatever_it_is_called(
    office: Office, content: bytes, said: str
) -> None:
    status, told = await office.posts("/desk/residents/import?kind=occupants&name=名单.xlsx", content)
    assert status == 200
    await work_off()
    assert said in (await office.browser.get(told["go"])).text


async def test_what_was_checked_is_written_within_its_day_or_uploaded_again(office: Office) -> None:
    place = await office.imports([HEAD, ("青禾一期", "1-101", "周兰", "", "家人")])
    with clock.fixed(clock.now() + jobs.KEPT + timedelta(minutes=1)):
        await jobs.sweep()
    await Job.all().update(ends_at=clock.now())
    shown = (await office.browser.get(place)).text
    assert "请再上传一次" in shown and "/take" not in shown
    status, told = await office.posts(f"{place}/take")
    assert (status, (await Job.get()).status) == (409, JobStatus.DONE), told


async def test_what_waits_to_be_written_keeps_its_file_past_the_day(office: Office) -> None:
    place = await office.imports([HEAD, ("青禾一期", "1-101", "周兰", "", "家人")])
    assert (await office.posts(f"{place}/take"))[0] == 200
    with clock.fixed(clock.now() + jobs.KEPT + timedelta(minutes=1)):
        assert await jobs.sweep() == 0
        await work_off()
    assert await Occupant.filter(name="周兰").count() == 1


async def test_a_cancelled_import_leaves_nothing_and_its_file_goes(office: Office) -> None:
    """Somebody presses 取消 after a worker has taken it."""
    place = await office.imports([HEAD, ("青禾一期", "1-101", "周兰", "", "家人")])
    await office.posts(f"{place}/take")
    [claimed] = await jobs.claim(1)
    assert (await office.posts(f"{place}/cancel"))[0] == 200
    await Jobs().work(claimed)
    assert (await Job.get()).status is JobStatus.CANCELLED
    assert await Occupant.filter(name="周兰").count() == 0 and not await JobFile.exists()
    assert "取消了" in (await office.browser.get(place)).text


def test_what_is_cancelled_stops_at_its_next_step() -> None:
    progress = job_kinds.Progress()
    progress.at(1, 2)
    progress.cancelled = True
    with pytest.raises(job_kinds.CancelledError):
        progress.at(2, 2)
    assert (progress.done, progress.total) == (1, 2)


async def test_every_step_of_an_import_tells_how_far_it_is(office: Office) -> None:
    place = await office.imports([HEAD, ("青禾一期", "1-101", "周兰", "", "家人")])
    for step, said in (
        (JobStep.READING, "正在读"),
        (JobStep.CHECKING, "正在检查"),
        (JobStep.WRITING, "正在写入"),
    ):
        await Job.all().update(status=JobStatus.RUNNING)
        assert await jobs.beat((await Job.get()).id, step=step, done=0, total=0)
        assert f"{said}</label>" in (await office.browser.get(f"{place}/state")).text
        assert await jobs.beat((await Job.get()).id, step=step, done=12_000, total=50_000)
        assert f"{said} 12,000 / 50,000 行" in (await office.browser.get(f"{place}/state")).text


async def test_whose_rights_went_meanwhile_gets_nothing(office: Office) -> None:
    _, told = await office.posts("/desk/residents/export")
    await Staff.filter(login="xu").update(role=Role.SUPERVISOR)
    await work_off()
    row = await Job.get()
    assert (row.status, row.error) == (JobStatus.FAILED, "may_not.residents")
    assert not await JobFile.exists() and told


async def test_a_job_of_a_worker_that_died_is_done_again_but_not_for_ever(office: Office) -> None:
    await office.posts("/desk/residents/export")
    for _ in range(3):
        assert len(await jobs.claim(1)) == 1
        assert await jobs.release_stuck(timedelta(seconds=-5)) == 1
    assert await jobs.claim(1) == []
    assert (await Job.get()).error == "jobs.failed"


async def test_nobody_fills_the_queue_alone(office: Office) -> None:
    mine = await actors.staff((await Staff.get(login="xu")).id)
    for _ in range(3):
        await within(jobs.start("export_residents", {}, name="a", actor=mine))
    with pytest.raises(NotAllowed, match="too_many"):
        await within(jobs.start("export_residents", {}, name="a", actor=mine))


def test_a_text_of_any_length_is_written(tmp_path: Path) -> None:
    writing = Writing(tmp_path / "a.xlsx", "表", ["甲"])
    writing.add([["长" * 40_000], ["=1+1"], ["http://a.example"]])
    writing.close()
    cells = [cell for [cell] in load_workbook(tmp_path / "a.xlsx").active.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert len(cells[1].value) == 32_767
    assert cells[2].value == "=1+1" and cells[3].hyperlink is None
