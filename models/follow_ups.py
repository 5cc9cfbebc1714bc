"""回访: whom to call after something was done, and what came of each call."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.indexes import WhereIndex
from models.people import Person, Staff


class FollowUpReason(StrEnum):
    LOW_RATING = "low_rating"
    SILENCE = "silence"  # it was done, and nothing was said about it
    SAMPLE = "sample"  # 抽查


class CallOutcome(StrEnum):
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class FollowUp(Model):
    """One call to make about a ticket, a complaint or a request; `key` keeps each round of it from making two.

    `label` names the matter as it is spoken of, `said` is what its resident said about it. `outcome` is that of
    the last call, "" without one.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(48, unique=True)
    subject_kind = fields.CharField(16)
    subject_id = fields.BigIntField()
    label = fields.CharField(80)
    said = fields.CharField(400, default="")
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    reason = fields.CharEnumField(FollowUpReason)
    finished_at = fields.DatetimeField()
    calls = fields.IntField(default=0)
    outcome = fields.CharField(16, default="")
    done_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "follow_up"
        indexes = (
            WhereIndex(fields=("finished_at", "id"), name="follow_up_open", where="done_at IS NULL"),
            Index(fields=("subject_kind", "subject_id")),
        )


class FollowUpCall(Model):
    id = fields.BigIntField(primary_key=True)
    follow_up: fields.ForeignKeyRelation[FollowUp] = fields.ForeignKeyField(
        "models.FollowUp", related_name="made"
    )
    follow_up_id: int
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    outcome = fields.CharEnumField(CallOutcome)
    note = fields.TextField(default="")
    at = fields.DatetimeField()

    class Meta:
        table = "follow_up_call"
        indexes = (Index(fields=("at",)), Index(fields=("follow_up_id", "id")))
