"""公告, whom each is meant for, and who has read it."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.people import Person


class NoticeKind(StrEnum):
    GENERAL = "general"  # 一般
    URGENT = "urgent"  # 紧急: needs a tap on 收到
    FESTIVAL = "festival"  # 节日贺词
    TIP = "tip"  # 温馨提示


class NoticeStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Notice(Model):
    """`community` is whose notice it is (none: the company's); who may see it stands in its targets.

    `push` also sends it to everyone it is meant for. `head_count` is how many that were when sent.
    """

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    kind = fields.CharEnumField(NoticeKind, default=NoticeKind.GENERAL)
    title = fields.CharField(64)
    text = fields.TextField()
    picture = fields.CharField(64, default="")
    push = fields.BooleanField(default=False)
    status = fields.CharEnumField(NoticeStatus, default=NoticeStatus.DRAFT)
    published_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    head_count = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "notice"
        indexes = (Index(fields=("status", "published_at")),)


class Level(StrEnum):
    ALL = "all"
    COMMUNITY = "community"
    BUILDING = "building"
    UNIT = "unit"
    HOUSE = "house"
    PERSON = "person"


class NoticeTarget(Model):
    """Everyone of one community, building, unit or house, or one person; `subject_id` is 0 for ALL."""

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="targets"
    )
    notice_id: int
    level = fields.CharEnumField(Level)
    subject_id = fields.BigIntField(default=0)

    class Meta:
        table = "notice_target"
        unique_together = (("notice", "level", "subject_id"),)
        indexes = (Index(fields=("level", "subject_id")),)


class NoticeRead(Model):
    """A person has seen a notice; `receipt_at` is when they tapped 收到."""

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField("models.Notice", related_name="reads")
    notice_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    read_at = fields.DatetimeField()
    receipt_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice_read"
        unique_together = (("notice", "person"),)
