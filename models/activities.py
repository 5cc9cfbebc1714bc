"""小区活动 and who takes part."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House
from models.people import Person


class ActivityStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CANCELLED = "cancelled"


class Activity(Model):
    """Without a community it is for all of them. `seats_taken` counts confirmed, offered and attended
    seats and is changed only under this row's lock; without a quota there is no limit.

    `questions` are asked at sign-up: [{"key", "text", "options": [...], "required"}].
    `picture` is the content hash of a stored picture, or "".
    """

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    title = fields.CharField(64)
    summary = fields.CharField(200, default="")
    text = fields.TextField(default="")
    picture = fields.CharField(64, default="")
    place = fields.CharField(100, default="")
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)
    deadline_at = fields.DatetimeField()
    quota = fields.IntField(null=True)
    seats_taken = fields.IntField(default=0)
    max_party = fields.IntField(default=1)
    questions: list[dict[str, Any]] = fields.JSONField(default=list)
    offer_minutes = fields.IntField(default=120)  # how long a freed seat is kept for the next in the queue
    status = fields.CharEnumField(ActivityStatus, default=ActivityStatus.OPEN)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "activity"
        indexes = (Index(fields=("community_id", "status", "starts_at")),)


class SignUpStatus(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"  # 候补
    OFFERED = "offered"  # a seat is kept until `offered_until`
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"


class SignUp(Model):
    """One person's place, for `party_size` people. One row a person: signing up again revives it.

    `queued_at` orders the waitlist. `code` is the check-in code 签到码, unique within the activity.
    """

    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField(
        "models.Activity", related_name="signups"
    )
    activity_id: int
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyNullableRelation[House] = fields.ForeignKeyField("models.House", null=True)
    house_id: int | None
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    party_size = fields.IntField(default=1)
    answers: dict[str, str] = fields.JSONField(default=dict)
    status = fields.CharEnumField(SignUpStatus)
    code = fields.CharField(8)
    queued_at = fields.DatetimeField()
    offered_until = fields.DatetimeField(null=True)
    attended_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "sign_up"
        unique_together = (("activity", "person"), ("activity", "code"))
        indexes = (Index(fields=("activity_id", "status", "queued_at")), Index(fields=("person_id", "id")))
