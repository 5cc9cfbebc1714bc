"""What staff still have to do by hand."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.people import Person, Staff
from models.tickets import Ticket
from models.values import Json


class TaskKind(StrEnum):
    ALERT = "alert"  # somebody may be in danger
    PHONE = "phone"  # a message could not be delivered: call this person
    HANDOVER = "handover"  # 转人工
    DISPATCH = "dispatch"  # nobody could be assigned, or the category is dispatched by hand
    ESCALATION = "escalation"
    REVIEW = "review"  # a binding to review
    LEFT_MESSAGE = "left_message"
    CALENDAR = "calendar"  # the holidays of a year are missing
    FOLLOW_UP = "follow_up"  # 回访: a bad rating to call about
    PROMISE = "promise"  # what somebody of the staff promised is due


class StaffTask(Model):
    """Something that only people can do now. The desk lists them; `key` keeps one cause from making two."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(160, unique=True)
    kind = fields.CharEnumField(TaskKind)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField("models.Person", null=True)
    person_id: int | None
    ticket: fields.ForeignKeyNullableRelation[Ticket] = fields.ForeignKeyField("models.Ticket", null=True)
    ticket_id: int | None
    reason = fields.CharField(32, default="")  # a code; dialogs/phrases/task.yaml has its words
    values: Json = fields.JSONField(default=dict)  # what those words name
    field = fields.CharField(16, default="")  # services.scope.Field: whose work it is
    taken_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", null=True, related_name="tasks_taken"
    )
    taken_by_id: int | None
    taken_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    done_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", null=True, related_name="tasks_done"
    )
    done_by_id: int | None
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "staff_task"
        indexes = (
            Index(fields=("kind", "done_at", "id")),
            Index(fields=("field", "done_at", "id")),
            Index(fields=("person_id", "kind")),
        )
