"""What staff promised: until when, to whom, and what came of it."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.indexes import WhereIndex
from models.people import Person, Staff


class PromiseStatus(StrEnum):
    OPEN = "open"
    KEPT = "kept"  # 办到了
    GIVEN_UP = "given_up"  # 做不到, with a reason


class Promise(Model):
    """`subject_kind` and `subject_id` are what it was made in, as events name it; `entry` the message in a talk.

    `field` is whose work it is: colleagues of that field see to it when its maker is not there.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(64, unique=True)  # the page's own, so that promising twice promises once
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff", related_name="promises")
    staff_id: int
    subject_kind = fields.CharField(16)
    subject_id = fields.BigIntField()
    entry = fields.CharField(24, default="")
    number = fields.CharField(16, default="")  # of the matter, as people say it
    field = fields.CharField(16)  # services.scope.Field
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField("models.Person", null=True)
    person_id: int | None
    text = fields.CharField(200)
    due_at = fields.DatetimeField()
    status = fields.CharEnumField(PromiseStatus, default=PromiseStatus.OPEN)
    reason = fields.CharField(200, default="")
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "promise"
        indexes = (
            Index(fields=("subject_kind", "subject_id")),
            WhereIndex(fields=("staff_id", "due_at"), name="promise_open", where="status = 'open'"),
        )
