"""What a company is made of before its first resident writes: offices, communities, categories, people, holidays."""

import re
from collections.abc import Iterable, Mapping

from tortoise.models import Model

from models.calendar import Holiday
from models.community import BindingMode, Community, Danger, DutyPhone, ManagementOffice
from models.people import Role, Staff, Technician
from models.tickets import Category, DispatchMode
from services import spelling
from services.actors import Actor
from services.errors import Invalid
from services.estate import scenes
from services.estate.scenes import SceneKind
from services.imports.cells import choice, choices, day, person, phone, prose, text, whole, words, yes_no
from services.imports.columns import Column, Kind, Record, Refusal, Saved, needed, optional
from services.imports.estate import COMMUNITY

_CODE = re.compile(r"c:[A-Za-z0-9_-]{1,30}")
_MODES = {"先用后审": BindingMode.BLACKLIST, "审核通过才能用": BindingMode.APPROVAL}
_DISPATCH = {"自动": DispatchMode.AUTOMATIC, "抢单": DispatchMode.GRAB, "人工": DispatchMode.MANUAL}
_ROLES = {"客服": Role.SERVICE, "工程主管": Role.SUPERVISOR, "领导": Role.LEADER, "管理员": Role.ADMIN}
_MINUTES = whole(1, 100_000)


def _scene(said: str) -> str:
    if not _CODE.fullmatch(said):
        raise Invalid("import.not_code")
    return said


_DANGERS = {
    "燃气": Danger.GAS,
    "困人": Danger.TRAPPED,
    "火灾": Danger.FIRE,
    "漏电": Danger.LEAK_ELECTRIC,
    "爆管": Danger.BURST,
    "坠物": Danger.FALLING,
    "坍塌": Danger.COLLAPSE,
    "伤人": Danger.PERSON,
}


def _area(said: str) -> str:
    areas = {"入户": "home", "公共区域": "public", "都有": "both"}
    if said not in areas:
        raise Invalid("import.not_one_of", options="、".join(areas))
    return areas[said]


async def _change(row: Model, record: Record, *names: str) -> None:
    """Of a known row only what the file says is changed."""
    said = {name: record.values[name] for name in names if record.values[name] not in (None, "", [])}
    await row.update_from_dict(said).save()


def _saved(fresh: Iterable[bool]) -> Saved:
    made = list(fresh)
    return Saved(sum(made), len(made) - sum(made))


async def _check_communities(records: list[Record]) -> list[Refusal]:
    """Names are unique as well as codes."""
    codes = {row.name: row.code for row in await Community.all()}
    taken = [one for one in records if codes.get(one.text("name"), one.text("code")) != one.text("code")]
    return [(record, "name", Invalid("import.exists")) for record in taken]


async def _save_communities(records: list[Record], actor: Actor) -> Saved:
    return _saved([await _save_community(record) for record in records])


async def _save_community(record: Record) -> bool:
    office, _ = await ManagementOffice.get_or_create(name=record.text("office"))
    said = {"phone": record.text("office_phone"), "hours": record.text("office_hours")}
    await office.update_from_dict({name: value for name, value in said.items() if value}).save()
    row, fresh = await Community.get_or_create(
        {"office": office, "name": record.text("name")}, code=record.text("code")
    )
    row.office_id = office.id
    await _change(row, record, "name", "address", "binding_mode", "intro")
    return fresh


async def _save_phones(records: list[Record], actor: Actor) -> Saved:
    return _saved([await _save_phone(record) for record in records])


async def _save_phone(record: Record) -> bool:
    row, fresh = await DutyPhone.get_or_create(
        {"phone": record.text("phone"), "sort": record.number},
        community_id=record.whole("community_id"),
        name=record.text("name"),
    )
    await _change(row, record, "phone", "emergency", "kinds")
    return fresh


async def _save_categories(records: list[Record], actor: Actor) -> Saved:
    return _saved([await _save_category(record) for record in records])


async def _save_category(record: Record) -> bool:
    row, fresh = await Category.get_or_create(
        {"name": record.text("name"), "sort": record.number}, code=record.text("code")
    )
    minutes = ("accept_minutes", "arrive_minutes", "finish_minutes")
    await _change(row, record, "name", "area", "dispatch", "always", *minutes)
    return fresh


async def _offices() -> dict[str, int]:
    return {spelling.key(row.name): row.id for row in await ManagementOffice.all()}


async def _check_offices(records: list[Record]) -> list[Refusal]:
    known = await _offices()
    return [
        (record, "office", Invalid("import.no_such_office", said=record.text("office")))
        for record in records
        if record.text("office") and spelling.key(record.text("office")) not in known
    ]


async def _check_technicians(records: list[Record]) -> list[Refusal]:
    skills, places = await _skills(), await _communities()
    refused = await _check_offices(records)
    for record in records:
        for name in _unknown(record.words("skills"), skills):
            refused.append((record, "skills", Invalid("import.no_such_category", said=name)))
        for name in _unknown(record.words("communities"), places):
            refused.append((record, "communities", Invalid("import.no_such_community", said=name)))
    return refused


def _unknown(named: list[str], known: Mapping[str, object]) -> list[str]:
    return sorted({name for name in named if spelling.key(name) not in known})


async def _skills() -> dict[str, str]:
    return {spelling.key(row.name): row.code for row in await Category.all()}


async def _communities() -> dict[str, int]:
    return {spelling.key(name): row.id for row in await Community.all() for name in (row.name, row.code)}


async def _save_technicians(records: list[Record], actor: Actor) -> Saved:
    """A technician is known by the phone, however an older list wrote it."""
    skills, places, offices = await _skills(), await _communities(), await _offices()
    known = {spelling.phone_key(row.phone): row for row in await Technician.all().order_by("-id")}
    made = []
    for record in records:
        row = known.get(spelling.phone_key(record.text("phone")))
        made.append(row is None)
        row = row or Technician(invite=scenes.fresh(SceneKind.TECHNICIAN))
        row.name, row.phone = record.text("name"), record.text("phone")
        row.office_id = offices[spelling.key(record.text("office"))]
        row.skills = sorted(skills[spelling.key(name)] for name in record.words("skills"))
        row.communities = sorted({places[spelling.key(name)] for name in record.words("communities")})
        await row.save()
    return _saved(made)


async def _save_staff(records: list[Record], actor: Actor) -> Saved:
    offices = await _offices()
    made = []
    for record in records:
        invite = {"invite": scenes.fresh(SceneKind.STAFF), "name": record.text("name"), "role": Role.SERVICE}
        row, fresh = await Staff.get_or_create(invite, login=record.text("login"))
        row.invite = row.invite or invite["invite"]
        row.office_id = offices[spelling.key(record.text("office"))] if record.text("office") else None
        await _change(row, record, "name", "phone", "role")
        made.append(fresh)
    return _saved(made)


async def _save_holidays(records: list[Record], actor: Actor) -> Saved:
    made = []
    for record in records:
        said = {"working": bool(record.values["working"]), "name": record.text("name"), "announced": False}
        _, fresh = await Holiday.update_or_create(said, day=record.day("day"))
        made.append(fresh)
    return _saved(made)


COMMUNITIES = Kind(
    "小区",
    (
        needed("office", "管理处", text(64), "没有的会新建"),
        optional("office_phone", "管理处电话", phone),
        optional("office_hours", "管理处时间", prose(128), "告诉住户的，例如 每天 8:30–18:00"),
        needed("code", "编码", _scene, "二维码里用，例如 c:qinghe，印出去以后不能改"),
        needed("name", "小区", text(64)),
        optional("address", "地址", text(128)),
        Column("binding_mode", "绑定方式", choice(_MODES), False, "先用后审（不填就是）、审核通过才能用"),
        optional("intro", "介绍", prose(2000)),
    ),
    _save_communities,
    unique=("code",),
    check=_check_communities,
)

DUTY_PHONES = Kind(
    "值班电话",
    (
        COMMUNITY,
        needed("name", "名称", text(32), "例如 值班室、水电工"),
        needed("phone", "电话", phone),
        Column("emergency", "紧急", yes_no, False, "险情时先给住户看的填 是"),
        Column(
            "kinds",
            "险情",
            choices(_DANGERS),
            False,
            "只管这些险情的写上：燃气、困人、火灾、漏电、爆管、坠物、坍塌、伤人",
        ),
    ),
    _save_phones,
    unique=("community_id", "name"),
)

CATEGORIES = Kind(
    "报修类别",
    (
        needed("code", "代号", text(32), "听懂报修时用的：water drain electric hvac appliance door_window "
               "wall_roof access_control public_light elevator network other"),
        needed("name", "名称", text(32)),
        Column("area", "位置", _area, False, "入户、公共区域、都有（不填就是）"),
        Column("dispatch", "派单方式", choice(_DISPATCH), False, "自动（不填就是）、抢单、人工"),
        Column("accept_minutes", "接单时限", _MINUTES, False, "分钟，只算工作时间"),
        Column("arrive_minutes", "到场时限", _MINUTES, False, "分钟"),
        Column("finish_minutes", "完工时限", _MINUTES, False, "分钟"),
        Column("always", "全天候", yes_no, False, "时限不分昼夜的填 是，例如电梯"),
    ),
    _save_categories,
    unique=("code",),
)  # fmt: skip

TECHNICIANS = Kind(
    "维修师傅",
    (
        needed("name", "姓名", person(32)),
        needed("phone", "电话", phone),
        needed("office", "管理处", text(64)),
        needed("skills", "会修", words, "报修类别的名称，用顿号隔开"),
        needed("communities", "负责小区", words, "小区的名称或编码，用顿号隔开"),
    ),
    _save_technicians,
    unique=("phone",),
    check=_check_technicians,
)

STAFF = Kind(
    "员工",
    (
        needed("login", "登录名", text(32)),
        needed("name", "姓名", person(32)),
        optional("phone", "电话", phone),
        needed("role", "角色", choice(_ROLES), "、".join(_ROLES)),
        optional("office", "管理处", text(64), "不填就是全公司"),
    ),
    _save_staff,
    unique=("login",),
    check=_check_offices,
)

HOLIDAYS = Kind(
    "节假日",
    (
        needed("day", "日期", day),
        needed("working", "上班", yes_no, "放假填 否，周末补班填 是"),
        optional("name", "名称", text(32)),
    ),
    _save_holidays,
    unique=("day",),
)
