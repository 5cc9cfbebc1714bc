"""What changed lately on the desk: a short list that triggers keep, for the pages that staff have open."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ChangeKind(StrEnum):
    TALK = "talk"  # of `conversation_id`, or of the one that `person_id` has
    ALARM = "alarm"  # 险情 in `community_id`
    LIST = "list"  # a talk may have left somebody's list: nothing of it is named
    WORK = "work"  # an event about `subject_kind` in `community_id` and about no talk
    PRUNED = "pruned"  # what is as old as this row, or older, is not here any more


class Change(Model):
    """Written by the triggers of models/migrations in the transaction that makes the change, and soon pruned.

    `transaction_id` is that transaction's: a snapshot of PostgreSQL tells which of them it has seen, whenever they
    committed; an id or a time could not. It is a whole number so that it can be indexed, compared and backed up.
    """

    id = fields.BigIntField(primary_key=True)
    transaction_id = fields.BigIntField()
    kind = fields.CharField(8)  # ChangeKind
    conversation_id = fields.IntField(null=True)
    person_id = fields.IntField(null=True)
    community_id = fields.IntField(null=True)
    subject_kind = fields.CharField(16, null=True)  # SubjectKind of the event, where one was recorded
    subject_id = fields.BigIntField(null=True)  # of a complaint, which whom it is about hears nothing of
    at = fields.DatetimeField()

    class Meta:
        table = "desk_change"
        indexes = (Index(fields=("transaction_id",)),)
