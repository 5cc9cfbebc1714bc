"""批示: what a leader says about one matter, for whose work it is to know."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.indexes import WhereIndex
from models.people import Staff


class Instruction(Model):
    """About a ticket, a complaint, a request or a talk: `subject_kind` is a models.events.SubjectKind.

    `label` names the matter as it is spoken of.
    """

    id = fields.BigIntField(primary_key=True)
    subject_kind = fields.CharField(16)
    subject_id = fields.BigIntField()
    label = fields.CharField(80)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    text = fields.TextField()
    by: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="instructions_given"
    )
    by_id: int
    created_at = fields.DatetimeField()
    acknowledged_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", null=True, related_name="instructions_acknowledged"
    )
    acknowledged_by_id: int | None
    acknowledged_at = fields.DatetimeField(null=True)

    class Meta:
        table = "instruction"
        indexes = (
            Index(fields=("subject_kind", "subject_id", "id")),
            WhereIndex(fields=("id",), name="instruction_open", where="acknowledged_at IS NULL"),
        )
