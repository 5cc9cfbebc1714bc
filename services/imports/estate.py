"""Houses, and the company's list of who lives in them."""

from collections.abc import Mapping

from tortoise.models import Model

from models import rows
from models.community import Building, House, Occupant, Relation, Unit
from services import spelling
from services.actors import Actor
from services.errors import Invalid
from services.estate import scenes
from services.estate.scenes import SceneKind
from services.imports import rooms
from services.imports.cells import Value, area_cm2, birthday, choice, own_phone, person, text, whole
from services.imports.columns import Column, Kind, Record, Refusal, Saved
from services.scope import Field

COMMUNITY = Column("community_id", "小区", text(64), True, "小区的名称或编码")
HOUSE = Column("house_id", "房屋", text(32), True, "房号，例如 3-2-501 或 3栋2单元501")

# A list of labels in a condition would be gone through for every house of the community.
_KNOWN_HOUSES = """
SELECT house.* FROM unnest($1::int[], $2::text[]) AS said (community_id, label)
JOIN house USING (community_id, label)
"""
_RELATIONS = {"业主": Relation.OWNER, "家人": Relation.FAMILY, "租客": Relation.TENANT}


async def _check_houses(records: list[Record]) -> list[Refusal]:
    """0501 may be 501 or another door: the list is asked, unless it writes as the house is written already."""
    there = House.filter(community_id__in={record.whole("community_id") for record in records})
    labels = [(row["community_id"], row["label"]) for row in await there.values("community_id", "label")]
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
    """New ones all at once; of a known one only what the row says is changed."""
    labels = [_label(record) for record in records]
    communities = [record.whole("community_id") for record in records]
    found = await rows.read(House, _KNOWN_HOUSES, communities, labels)
    known = {(row.community_id, row.label): row for row, _ in found}
    places = _Places()
    fresh: list[House] = []
    for record, community, label in zip(records, communities, labels, strict=True):
        row = known.get((community, label))
        said = _said(record, "area_cm2", "floor")
        if row is None:
            fresh.append((await _fresh_house(record, label, places)).update_from_dict(said))
        else:
            await _change(row, said)
    await House.bulk_create(fresh)
    return Saved(len(fresh), len(records) - len(fresh))


async def _fresh_house(record: Record, label: str, places: "_Places") -> House:
    community = record.whole("community_id")
    building_id = await places.building(community, record.text("building"))
    return House(
        community_id=community,
        building_id=building_id,
        unit_id=await places.unit(building_id, record.text("unit")),
        room=record.text("room"),
        label=label,
        code=scenes.fresh(SceneKind.HOUSE),
    )


class _Places:
    """Buildings and units by what houses call them, each asked for once and made when it is not there."""

    def __init__(self) -> None:
        self._buildings: dict[tuple[int, str], int] = {}
        self._units: dict[tuple[int, str], int] = {}

    async def building(self, community: int, number: str) -> int:
        if (community, number) not in self._buildings:
            named = {"name": f"{number}栋"}
            row, _ = await Building.get_or_create(named, community_id=community, number=number)
            self._buildings[community, number] = row.id
        return self._buildings[community, number]

    async def unit(self, building: int, number: str) -> int | None:
        """None where there are no units."""
        if number and (building, number) not in self._units:
            row, _ = await Unit.get_or_create(building_id=building, number=number)
            self._units[building, number] = row.id
        return self._units.get((building, number))


def _said(record: Record, *names: str) -> dict[str, Value]:
    """What the file says; an empty cell says nothing."""
    return {name: value for name in names if (value := record.values[name]) is not None}


async def _change(row: Model, said: Mapping[str, object]) -> None:
    """Lists are sent again and again: what they say as before is not written again."""
    if any(getattr(row, name) != value for name, value in said.items()):
        await row.update_from_dict(dict(said)).save(update_fields=list(said))


async def _save_occupants(records: list[Record], actor: Actor) -> Saved:
    """Somebody of a house is known by the name, however an older list wrote it."""
    houses = {record.whole("house_id") for record in records}
    known = {
        (row.house_id, spelling.name_key(row.name)): row for row in await Occupant.filter(house_id__in=houses)
    }
    fresh: list[Occupant] = []
    for record in records:
        house, name = record.whole("house_id"), record.text("name")
        row = known.get((house, spelling.name_key(name)))
        # Whom the list names again lives there again.
        said = {"name": name, "left_at": None, **_said(record, "relation", "phone", "birthday")}
        if row is None:
            fresh.append(Occupant(house_id=house).update_from_dict(said))
        else:
            await _change(row, said)
    await Occupant.bulk_create(fresh)
    return Saved(len(fresh), len(records) - len(fresh))


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
        Column("phone", "电话", own_phone, False, "绑定时核对用"),
        Column("relation", "身份", choice(_RELATIONS), True, "业主、家人、租客之一"),
        Column("birthday", "生日", birthday, False, "例如 1960-05-01"),
    ),
    _save_occupants,
    unique=("house_id", "name"),
    apart=True,
    field=Field.RESIDENTS,
)
