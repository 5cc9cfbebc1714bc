"""Who talks with us: people known by their channel id, what they are bound to, and the staff."""

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House, ManagementOffice, Relation
from models.found_by import FOUND_BY, Findable
from models.indexes import WhereIndex
from models.values import Json


class Person(Model):
    """One follower of the account. `channel_id` is the openid."""

    id = fields.IntField(primary_key=True)
    channel = fields.CharField(16, default="wechat")
    channel_id = fields.CharField(64)
    following = fields.BooleanField(default=True)
    name = fields.CharField(32, default="")
    phone = fields.CharField(20, default="", db_index=True)
    blocked = fields.BooleanField(default=False)  # 黑名单
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "person"
        unique_together = (("channel", "channel_id"),)


class BindingStatus(StrEnum):
    PENDING = "pending"  # waits for staff (approval mode, or the list did not match)
    ACTIVE = "active"
    REJECTED = "rejected"
    DISABLED = "disabled"  # shut off by staff (blacklist)
    ENDED = "ended"  # unbound or moved to another house


class Binding(Findable):
    """认证绑定 of a person to a house. At most one is active or pending at a time."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="bindings"
    )
    person_id: int
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House", related_name="bindings")
    house_id: int
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    relation = fields.CharEnumField(Relation)
    status = fields.CharEnumField(BindingStatus)
    name = fields.CharField(32)
    phone = fields.CharField(20)
    matched = fields.BooleanField(
        default=False
    )  # name and phone agree with the company's list, or staff said so
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "binding"
        indexes = (
            Index(fields=("person_id", "status")),
            Index(fields=("house_id", "status")),
            FOUND_BY,
            # The few that staff should look at, among all that there are.
            WhereIndex(
                fields=("status", "id"),
                name="binding_to_review",
                where="status = 'pending' OR (status = 'active' AND NOT matched)",
            ),
        )


class Consent(Model):
    """Agreement to one version of the privacy notice (个人信息保护法 Art. 13–17)."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    notice_version = fields.CharField(32)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "consent"
        unique_together = (("person", "notice_version"),)


class Role(StrEnum):
    ADMIN = "admin"
    LEADER = "leader"
    SERVICE = "service"  # 客服
    SUPERVISOR = "supervisor"  # 工程主管


class Duty(StrEnum):
    """Set by people themselves; whether somebody looks at a page only informs."""

    ON = "on"  # 在岗
    AWAY = "away"  # 离开: keeps the talks, gets no new ones
    OFF = "off"  # 下班


class Staff(Model):
    """Somebody of the company. `person` is their own WeChat, where alerts reach them, once they joined."""

    id = fields.IntField(primary_key=True)
    login = fields.CharField(32, unique=True)
    password_hash = fields.CharField(200, default="")
    first_password = fields.BooleanField(default=False)  # chosen by somebody else: to be changed at once
    name = fields.CharField(32)
    phone = fields.CharField(20, default="")
    role = fields.CharEnumField(Role)
    office: fields.ForeignKeyNullableRelation[ManagementOffice] = fields.ForeignKeyField(
        "models.ManagementOffice", null=True
    )
    office_id: int | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField("models.Person", null=True)
    person_id: int | None
    invite = fields.CharField(40, null=True, unique=True)  # the scene of the QR code by which they join
    on_duty = fields.BooleanField(default=True)  # hears of what residents wait for: `duty` is on
    duty = fields.CharEnumField(Duty, default=Duty.ON)
    duty_until = fields.DatetimeField(null=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "staff"


class Technician(Model):
    """维修工. `invite` is the scene of the QR code by which they join; `person` is set once they did."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(32)
    phone = fields.CharField(20)
    office: fields.ForeignKeyRelation[ManagementOffice] = fields.ForeignKeyField("models.ManagementOffice")
    office_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", null=True, related_name="technicians"
    )
    person_id: int | None
    invite = fields.CharField(40, unique=True)
    skills: list[str] = ArrayField(element_type="text", default=list)  # category codes
    communities: list[int] = ArrayField(element_type="int", default=list)  # community ids
    on_duty = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "technician"


class PersonMerge(Model):
    """Two persons that were found to be one: what was moved from `absorbed` to `survivor`, so that it can go back."""

    id = fields.IntField(primary_key=True)
    survivor: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="merges"
    )
    survivor_id: int
    absorbed: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="merged_into"
    )
    absorbed_id: int
    moved: Json = fields.JSONField(default=dict)  # ids by kind; `ended` is the binding that it ended
    at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "person_merge"
