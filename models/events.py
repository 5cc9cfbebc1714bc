"""What happened, to what, by whom: the one append-only table that staff, reports and auditors ask."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class SubjectKind(StrEnum):
    """What an event is about; `subject_id` is the id of that row."""

    TICKET = "ticket"
    COMPLAINT = "complaint"
    REQUEST = "request"
    BILL = "bill"
    PAYMENT = "payment"
    SIGN_UP = "sign_up"
    NOTICE = "notice"
    BINDING = "binding"
    CONVERSATION = "conversation"  # who holds a talk
    ACTIVITY = "activity"
    SURVEY = "survey"
    TASK = "task"  # alerts, too
    POLICY = "policy"
    SCRIPT = "script"
    STAFF = "staff"
    TECHNICIAN = "technician"
    PERSON = "person"  # readings of personal data, consent, contact
    HOUSE = "house"
    COMMUNITY = "community"
    ARTICLE = "article"
    MERCHANT = "merchant"
    IMPORT = "import"
    CANNED_REPLY = "canned_reply"
    FAULT = "fault"  # a proposal that several reports are one
    OUTAGE = "outage"
    JOB = "job"  # an import or an export
    FOLLOW_UP = "follow_up"  # 回访
    INSTRUCTION = "instruction"  # 批示 on a ticket, a complaint, a request or a talk
    PROMISE = "promise"


class Event(Model):
    """One change or one reading of personal data. A trigger refuses UPDATE and DELETE (models/migrations).

    Nothing is checked against other tables: an event outlives what it tells of. `actor_id` is null for the system.
    """

    id = fields.BigIntField(primary_key=True)
    subject_kind = fields.CharField(16)  # SubjectKind; plain, so that a new kind needs no migration
    subject_id = fields.BigIntField()
    community_id = fields.IntField(null=True)
    verb = fields.CharField(32)
    actor_kind = fields.CharField(12)  # services.actors.ActorKind
    actor_id = fields.BigIntField(null=True)
    status_before = fields.CharField(24, default="")
    status_after = fields.CharField(24, default="")
    note = fields.TextField(default="")
    body: dict[str, Any] = fields.JSONField(default=dict)
    source = fields.CharField(120, null=True)  # the address and the device, for what was done on a page
    at = fields.DatetimeField()

    class Meta:
        table = "event"
        indexes = (
            Index(fields=("subject_kind", "subject_id", "id")),
            Index(fields=("actor_kind", "actor_id", "id")),
            Index(fields=("community_id", "at")),
            Index(fields=("verb", "id")),
            Index(fields=("at",)),
        )
