"""Where people live: offices, communities, buildings, houses and who is on the company's list for each."""

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from models.found_by import FOUND_BY, Findable


class Relation(StrEnum):
    OWNER = "owner"
    FAMILY = "family"
    TENANT = "tenant"


class ManagementOffice(Model):
    """管理处: the unit of data scope for staff."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    phone = fields.CharField(32, default="")
    address = fields.CharField(128, default="")
    hours = fields.CharField(128, default="")  # as told to residents, for example "每天 8:30–18:00"

    class Meta:
        table = "management_office"


class BindingMode(StrEnum):
    BLACKLIST = "blacklist"  # usable at once, staff review later
    APPROVAL = "approval"  # usable after staff approve


class Community(Model):
    """小区. `code` is the scene that its printed QR code carries."""

    id = fields.IntField(primary_key=True)
    office: fields.ForeignKeyRelation[ManagementOffice] = fields.ForeignKeyField("models.ManagementOffice")
    office_id: int
    code = fields.CharField(32, unique=True)
    name = fields.CharField(64, unique=True)
    address = fields.CharField(128, default="")
    binding_mode = fields.CharEnumField(BindingMode, default=BindingMode.BLACKLIST)
    intro = fields.TextField(default="")

    class Meta:
        table = "community"


class Building(Model):
    """楼栋. `number` is its short name in house labels: "3", "B"."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    number = fields.CharField(16)
    name = fields.CharField(32)

    class Meta:
        table = "building"
        unique_together = (("community", "number"),)


class Unit(Model):
    """单元."""

    id = fields.IntField(primary_key=True)
    building: fields.ForeignKeyRelation[Building] = fields.ForeignKeyField("models.Building")
    building_id: int
    number = fields.CharField(16)

    class Meta:
        table = "unit"
        unique_together = (("building", "number"),)


class House(Model):
    """房屋. `label` is "3-2-501" (building, unit, room) or "B-1203" where a building has no units."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    building: fields.ForeignKeyRelation[Building] = fields.ForeignKeyField("models.Building")
    building_id: int
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField("models.Unit", null=True)
    unit_id: int | None
    room = fields.CharField(16)
    label = fields.CharField(32)
    floor = fields.IntField(default=0)
    area_cm2 = fields.BigIntField(default=0)  # built-up area 建筑面积 in square centimetres
    code = fields.CharField(40, unique=True)  # the scene of this house's QR code

    class Meta:
        table = "house"
        unique_together = (("community", "label"),)
        indexes = (
            Index(fields=("building_id", "unit_id")),
            Index(fields=("community_id", "building_id", "id")),
            Index(fields=("label",)),
        )


class Occupant(Findable):
    """One line of the company's own list: who lives in or owns a house. Binding checks against it."""

    id = fields.IntField(primary_key=True)
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House", related_name="occupants")
    house_id: int
    name = fields.CharField(32)
    phone = fields.CharField(20, default="", db_index=True)
    relation = fields.CharEnumField(Relation, default=Relation.OWNER)
    birthday = fields.DateField(null=True)
    left_at = fields.DatetimeField(null=True)  # moved away or sold: the line stays, and confirms nobody

    class Meta:
        table = "occupant"
        indexes = (Index(fields=("house_id", "id")), FOUND_BY)


class Danger(StrEnum):
    """Kinds of danger, as understanding tells them apart."""

    GAS = "gas"
    TRAPPED = "trapped"
    FIRE = "fire"
    LEAK_ELECTRIC = "leak_electric"
    BURST = "burst"
    FALLING = "falling"
    COLLAPSE = "collapse"
    PERSON = "person"  # somebody lies on the ground, is hurt
    OTHER = "other"


class DutyPhone(Model):
    """值班电话: shown when someone is in danger, and for 电话报修."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    name = fields.CharField(32)  # 值班室, 水电工
    phone = fields.CharField(32)
    emergency = fields.BooleanField(default=False)
    kinds: list[str] = ArrayField(
        element_type="text", default=list
    )  # of Danger; without any it is for all of them
    sort = fields.IntField(default=0)

    class Meta:
        table = "duty_phone"
