"""The demo's estates: two offices, three communities, 600 houses and who lives there by the company's list."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date

from models.community import (
    BindingMode,
    Building,
    Community,
    Danger,
    DutyPhone,
    House,
    ManagementOffice,
    Occupant,
    Relation,
    Unit,
)
from services import ids


@dataclass(frozen=True, slots=True)
class Plan:
    """How a community is built. Without units a house is B-1203, with them 3-2-501."""

    office: int  # 0 or 1
    code: str
    name: str
    address: str
    buildings: str
    units: int
    floors: int
    doors: int  # on each floor
    intro: str
    mode: BindingMode = BindingMode.BLACKLIST


PLANS = (
    Plan(0, "c:qinghe", "青禾花园", "青禾路 88 号", "12345678", 2, 6, 2, "2009 年建成的多层小区，绿化率 42%。"),
    Plan(0, "c:yunqi", "云栖苑", "云栖路 16 号", "123456", 2, 11, 2, "2016 年建成的小高层小区，人车分流。"),
    Plan(
        1, "c:binjiang", "滨江一号", "江滨大道 1 号", "ABC", 0, 12, 4, "2021 年建成的高层小区。", BindingMode.APPROVAL
    ),
)  # fmt: skip

# People of the story: (community code, house label, name, phone, relation). They are on the list as anybody is.
KNOWN = (
    ("c:qinghe", "3-2-501", "王秀兰", "13800010001", Relation.OWNER),
    ("c:qinghe", "3-2-501", "王子涵", "13800010011", Relation.FAMILY),
    ("c:yunqi", "2-1-802", "李建国", "13800010002", Relation.OWNER),
    ("c:binjiang", "B-1203", "陈晓雨", "13800010003", Relation.TENANT),
    ("c:qinghe", "1-1-301", "赵磊", "13800010004", Relation.OWNER),
)

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
_GIVEN_NAMES = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 涛 明 超 秀英 桂兰 建华 志强 玉梅 海燕 建军 晓红 国庆 婷婷 浩然 "
    "子轩 欣怡 梓涵 雨桐 思远 文博 嘉怡 佳宁 俊杰 春梅 淑珍 德福 永康"
)
_GIVEN = _GIVEN_NAMES.split()
_AREAS_CM2 = (763_000, 895_000, 1_102_000, 1_288_000)


async def load() -> dict[str, Community]:
    """The communities by their code."""
    offices = [
        await ManagementOffice.create(
            name="城东管理处", phone="0571-86001101", address="青禾路 90 号", hours="每天 8:30–18:00"
        ),
        await ManagementOffice.create(
            name="城西管理处", phone="0571-86002202", address="江滨大道 3 号", hours="每天 8:30–18:00"
        ),
    ]
    communities: dict[str, Community] = {}
    for plan in PLANS:
        communities[plan.code] = await _community(plan, offices[plan.office])
    return communities


@dataclass(slots=True)
class _Rows:
    """What is to be written for one community, with ids taken beforehand."""

    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)


async def _community(plan: Plan, office: ManagementOffice) -> Community:
    community = await Community.create(
        office=office,
        code=plan.code,
        name=plan.name,
        address=plan.address,
        binding_mode=plan.mode,
        intro=plan.intro,
    )
    rows = await _planned(plan, community)
    await Building.bulk_create(rows.buildings)
    await Unit.bulk_create(rows.units)
    await House.bulk_create(rows.houses)
    await Occupant.bulk_create(_occupants(plan, rows.houses))
    await DutyPhone.bulk_create(_duty_phones(plan, community))
    return community


async def _planned(plan: Plan, community: Community) -> _Rows:
    rows = _Rows()
    for number in plan.buildings:
        [building_id] = await ids.reserve(Building, 1)
        rows.buildings.append(
            Building(id=building_id, community_id=community.id, number=number, name=f"{number}栋")
        )
        unit_ids: list[int | None] = [*await ids.reserve(Unit, plan.units)]
        for unit, unit_id in enumerate(unit_ids or [None], start=1):
            if unit_id is not None:
                rows.units.append(Unit(id=unit_id, building_id=building_id, number=str(unit)))
            prefix = f"{number}-{unit}" if unit_id is not None else number
            rows.houses += await _houses(plan, community, building_id, unit_id, prefix)
    return rows


async def _houses(
    plan: Plan, community: Community, building_id: int, unit_id: int | None, prefix: str
) -> list[House]:
    doors = [(floor, door) for floor in range(1, plan.floors + 1) for door in range(1, plan.doors + 1)]
    taken = await ids.reserve(House, len(doors))
    return [
        House(
            id=house_id,
            community_id=community.id,
            building_id=building_id,
            unit_id=unit_id,
            room=f"{floor}{door:02}",
            label=f"{prefix}-{floor}{door:02}",
            floor=floor,
            area_cm2=_AREAS_CM2[(building_id + door) % len(_AREAS_CM2)],
            code=_house_code(plan.code, f"{prefix}-{floor}{door:02}"),
        )
        for house_id, (floor, door) in zip(taken, doors, strict=True)
    ]


def _house_code(community: str, label: str) -> str:
    """Always the same for a demo house, so that printed codes keep working; real ones are random."""
    return "h:" + hashlib.sha256(f"{community}/{label}".encode()).hexdigest()[:20]


def _occupants(plan: Plan, houses: list[House]) -> list[Occupant]:
    chance = random.Random(plan.code)
    known = {label for code, label, *_ in KNOWN if code == plan.code}
    rows = [
        Occupant(house_id=house.id, name=name, phone=phone, relation=relation)
        for house in houses
        for code, label, name, phone, relation in KNOWN
        if (code, label) == (plan.code, house.label)
    ]
    for house in houses:
        if house.label not in known:
            rows += _household(chance, house)
    return rows


def _household(chance: random.Random, house: House) -> list[Occupant]:
    """An owner; often family of the same name; sometimes tenants instead; one in twenty stands empty."""
    if chance.random() < 0.05:
        return []
    owner = _occupant(chance, house, Relation.OWNER, _name(chance), 0)
    if chance.random() < 0.2:
        return [owner, _occupant(chance, house, Relation.TENANT, _name(chance), 1)]
    family = chance.choice((0, 0, 1, 1, 2))
    names = [owner.name[0] + chance.choice(_GIVEN) for _ in range(family)]
    return [owner, *(_occupant(chance, house, Relation.FAMILY, name, 1 + n) for n, name in enumerate(names))]


def _occupant(chance: random.Random, house: House, relation: Relation, name: str, place: int) -> Occupant:
    born = date(1945 + chance.randrange(60), chance.randrange(1, 13), chance.randrange(1, 29))
    phone = f"1380{house.id + 1:04}{place}{chance.randrange(100):02}"
    return Occupant(house_id=house.id, name=name, phone=phone, relation=relation, birthday=born)


def _name(chance: random.Random) -> str:
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def _duty_phones(plan: Plan, community: Community) -> list[DutyPhone]:
    line = f"0571-8600{11 + plan.office * 11}"
    named: tuple[tuple[str, str, bool, list[str]], ...] = (
        ("24小时值班室", f"{line}10", True, []),
        ("电梯急修", f"{line}20", True, [Danger.TRAPPED]),
        ("燃气抢修", f"{line}50", True, [Danger.GAS]),
        ("水电值班", f"{line}30", False, [Danger.BURST, Danger.LEAK_ELECTRIC]),
        ("客服前台", f"{line}40", False, []),
    )
    return [
        DutyPhone(
            community_id=community.id, name=name, phone=phone, emergency=emergency, kinds=kinds, sort=sort
        )
        for sort, (name, phone, emergency, kinds) in enumerate(named)
    ]
