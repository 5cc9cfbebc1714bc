"""Setting a company up from spreadsheets alone, from nothing to a repair that finds its technician."""

from datetime import date

import pytest

from models.calendar import Holiday
from models.community import BindingMode, Community, DutyPhone, House, ManagementOffice
from models.people import Role, Staff, Technician
from models.tickets import Category, DispatchMode
from services.estate import scenes
from services.repairs import categories, technicians
from tests.services.imports.sheets import found, load

pytestmark = pytest.mark.usefixtures("database")

COMMUNITIES = """
管理处 | 管理处电话 | 编码 | 小区 | 绑定方式
城东管理处 | 0571-88880001 | c:cuihu | 翠湖花园 | 审核通过才能用
"""
CATEGORIES = """
代号 | 名称 | 派单方式 | 接单时限 | 全天候
water | 水管水龙头 | 自动 | 20 | 否
elevator | 电梯 | 抢单 | | 是
"""
TECHNICIANS = """
姓名 | 电话 | 管理处 | 会修 | 负责小区
马国强 | 13900020001 | 城东管理处 | 水管水龙头、电梯 | 翠湖花园
"""


@pytest.fixture
async def company() -> Community:
    for kind, text in (
        ("communities", COMMUNITIES),
        ("categories", CATEGORIES),
        ("technicians", TECHNICIANS),
    ):
        assert (await load(kind, text)).saved, kind
    return await Community.get(code="c:cuihu")


async def test_a_community_stands_with_its_office_and_can_be_scanned(company: Community) -> None:
    assert company.binding_mode is BindingMode.APPROVAL
    assert (await ManagementOffice.get(id=company.office_id)).phone == "0571-88880001"
    scene = await scenes.resolve("c:cuihu")
    assert scene is not None and scene.community_id == company.id
    assert (await load("houses", "小区 | 楼栋 | 房号\n翠湖花园 | 3 | 501")).saved
    assert await House.filter(community=company, label="3-501").exists()


async def test_a_technician_joins_by_the_invite_and_can_take_what_they_know(company: Community) -> None:
    row = await Technician.get(phone="13900020001")
    assert row.skills == ["elevator", "water"] and row.communities == [company.id]
    scene = await scenes.resolve(row.invite)
    assert scene is not None and scene.id == row.id
    able = await technicians.candidates(await categories.by_code("water"), company.id)
    assert able == []  # nobody joined yet, so nobody is on duty


async def test_categories_take_their_limits_and_keep_what_a_later_file_leaves_out(company: Community) -> None:
    water = await Category.get(code="water")
    assert (water.accept_minutes, water.always, water.dispatch) == (20, False, DispatchMode.AUTOMATIC)
    assert (await Category.get(code="elevator")).always
    again = await load("categories", "代号 | 名称\nwater | 水路")
    assert (again.created, again.updated) == (0, 1)
    await water.refresh_from_db()
    assert (water.name, water.accept_minutes) == ("水路", 20)


async def test_an_invite_survives_a_second_import(company: Community) -> None:
    before = (await Technician.get(phone="13900020001")).invite
    again = await load("technicians", TECHNICIANS.replace("水管水龙头、电梯", "电梯"))
    after = await Technician.get(phone="13900020001")
    assert (again.updated, after.invite, after.skills) == (1, before, ["elevator"])


@pytest.mark.parametrize("number", ["139-0002-0001", "139 0002 0001", "+86 13900020001", "１３９00020001"])
async def test_a_technician_is_known_by_the_phone_in_any_spelling(company: Community, number: str) -> None:
    again = await load(
        "technicians", TECHNICIANS.replace("13900020001", number).replace("马国强", "马　国强")
    )
    assert (again.created, again.updated) == (0, 1)
    row = await Technician.get()
    assert (row.name, row.phone) == ("马国强", "13900020001")
    await Technician.filter(id=row.id).update(phone=number)  # as an older list left it
    assert (await load("technicians", TECHNICIANS)).updated == 1 and await Technician.all().count() == 1


async def test_phones_staff_and_holidays(company: Community) -> None:
    assert (
        await load(
            "duty-phones",
            "小区 | 名称 | 电话 | 紧急 | 险情\n翠湖花园 | 抢修 | 0571-88889999 | 是 | 燃气、困人",
        )
    ).saved
    row = await DutyPhone.get(community=company)
    assert (row.emergency, row.kinds) == (True, ["gas", "trapped"])
    wrong = "小区 | 名称 | 电话 | 险情\n翠湖花园 | 值班室 | 0571-88889999 | 燃气、洪水"
    assert found(await load("duty-phones", wrong)) == [("D2", "not_one_of")]
    assert (await load("staff", "登录名 | 姓名 | 角色 | 管理处\ngao | 高主管 | 工程主管 | 城东管理处")).saved
    staff = await Staff.get(login="gao")
    assert staff.role is Role.SUPERVISOR and staff.office_id == company.office_id
    scene = await scenes.resolve(staff.invite or "")
    assert scene is not None and scene.id == staff.id
    assert (await load("holidays", "日期 | 上班 | 名称\n2027-02-17 | 否 | 春节")).saved
    assert not (await Holiday.get(day=date(2027, 2, 17))).working


async def test_what_does_not_exist_is_named_by_its_cell(company: Community) -> None:
    wrong = """
    姓名 | 电话 | 管理处 | 会修 | 负责小区
    周志明 | 13900020002 | 城西管理处 | 木工 | 无名小区
    """
    assert sorted(found(await load("technicians", wrong))) == [
        ("C2", "no_such_office"), ("D2", "no_such_category"), ("E2", "no_such_community")
    ]  # fmt: skip
    assert found(await load("communities", "管理处 | 编码 | 小区\n城东管理处 | 翠湖 | 翠湖")) == [
        ("B2", "not_code")
    ]
    assert found(await load("communities", "管理处 | 编码 | 小区\n城东管理处 | c:new | 翠湖花园")) == [
        ("C2", "exists")
    ]
