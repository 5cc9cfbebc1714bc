"""Houses, and the company's list of who lives in them."""

from collections.abc import Mapping

from tortoise.models import Model

from models.community import Building, House, Occupant, Relation, Unit
from services import spelling
from services.actors import Actor
from services.errors import Invalid
from services.estate import scenes
from services.estate.scenes import SceneKind
from services.imports import rooms
from services.imports.cells import Value, area_cm2, birthday, choice, person, phone, text, whole
from services.imports.columns import Column, Kind, Record, Refusal, Saved
from services.scope import Field

COMMUNITY = Column("community_id", "小区", text(64), True, "小区的名称或编码")
HOUSE = Column("house_id", "房屋", text(32), True, "房号，例如 3-2-501 或 3栋2单元501")

_RELATIONS = {"业主": Relation.OWNER, "家人": Relation.FAMILY, "租客": Relation.TENANT}


async def _check_houses(records: list[Record]) -> list[Refusal]:
    """0501 may be 501 or another door: the list is asked, unless it writes as the house is written already."""
    rows = await House.filter(community_id__in={record.whole("community_id") for record in records})
    labels = [(row.community_id, row.label) for row in rows]
    labels += [(record.whole("community_id"), _label(record)) for record in records]
    alike: dict[tuple[int, str], set[str]] = {}
    for community, label in labels:
        alike.setdefault((community, rooms.bare(label)), set()).add(label)
    refused: list[Refusal] = []
    for record in records:
        others = alike[record.whole("community_id"), rooms.bare(_label(record))] - {_label(record)}
        if others:
            refused.append((record, "room", Invalid("import.alike", known="、".join(sorted(others)))))
    return refused


def _label(record: Record) -> str:
    return "-".join(part for name in ("building", "unit", "room") if (part := record.text(name)))


async def _save_houses(records: list[Record], actor: Actor) -> Saved:
    created = 0
    for record in records:
        created += await _save_house(record)
    return Saved(created, len(records) - created)


async def _save_house(record: Record) -> bool:
    """True when the house is new; of a known one only what the row says is changed."""
    community, number = record.whole("community_id"), record.text("building")
    building, _ = await Building.get_or_create({"name": f"{number}栋"}, community_id=community, number=number)
    house, fresh = await House.get_or_create(
        {
            "building_id": building.id,
            "unit_id": await _unit(building, record.text("unit")),
            "room": record.text("room"),
            "code": scenes.fresh(SceneKind.HOUSE),
        },
        community_id=community,
        label=_label(record),
    )
    await _update(house, {name: record.values[name] for name in ("area_cm2", "floor")})
    return fresh


async def _update(row: Model, said: Mapping[str, Value]) -> None:
    """Change what the file says; an empty cell says nothing."""
    await row.update_from_dict({name: value for name, value in said.items() if value is not None}).save()


async def _unit(building: Building, number: str) -> int | None:
    if not number:
        return None
    unit, _ = await Unit.get_or_create(building_id=building.id, number=number)
    return unit.id


async def _save_occupants(records: list[Record], actor: Actor) -> Saved:
    """Somebody of a house is known by the name, however an older list wrote it."""
    houses = {record.whole("house_id") for record in records}
    known = {
        (row.house_id, spelling.name_key(row.name)): row for row in await Occupant.filter(house_id__in=houses)
    }
    fresh: list[Occupant] = []
    for record in records:
        row = known.get((record.whole("house_id"), spelling.name_key(record.text("name"))))
        if row is None:
            fresh.append(_said(Occupant(house_id=record.whole("house_id")), record))
        else:
            await _said(row, record).save()
    await Occupant.bulk_create(fresh)
    return Saved(len(fresh), len(records) - len(fresh))


def _said(row: Occupant, record: Record) -> Occupant:
    """With what the file says; an empty cell says nothing. Whom the list names again lives there again."""
    row.name, row.left_at = record.text("name"), None
    said = {name: record.values[name] for name in ("relation", "phone", "birthday")}
    return row.update_from_dict({name: value for name, value in said.items() if value is not None})


HOUSES = Kind(
    "房屋",
    (
        COMMUNITY,
        Column("building", "楼栋", rooms.building(16), True, "只写号：3 或 B"),
        Column("unit", "单元", rooms.unit(16), False, "只写号；没有单元就空着", ""),
        Column("room", "房号", rooms.room(16), True, "例如 501"),
        Column("area_cm2", "建筑面积", area_cm2, False, "平方米，例如 89.5"),
        Column("floor", "楼层", whole(-5, 200), False, "数字"),
    ),
    _save_houses,
    unique=("community_id", "building", "unit", "room"),
    check=_check_houses,
    apart=True,
    field=Field.RESIDENTS,
)

OCCUPANTS = Kind(
    "住户名单",
    (
        COMMUNITY,
        HOUSE,
        Column("name", "姓名", person(32), True),
        Column("phone", "电话", phone, False, "绑定时核对用"),
        Column("relation", "身份", choice(_RELATIONS), True, "业主、家人、租客之一"),
        Column("birthday", "生日", birthday, False, "例如 1960-05-01"),
    ),
    _save_occupants,
    unique=("house_id", "name"),
    apart=True,
    field=Field.RESIDENTS,
)
