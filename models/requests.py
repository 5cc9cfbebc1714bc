"""服务工单: what a form-like script collected for staff to handle — a viewing, a cleaner, a rented car."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House
from models.people import Person, Staff


class RequestStatus(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class ServiceRequest(Model):
    """`kind` names the script that made it; `answers` are [{"question", "answer"}] as read."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(16, unique=True)
    kind = fields.CharField(48)
    title = fields.CharField(64)  # 预约看房, as staff and residents read it
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    house: fields.ForeignKeyNullableRelation[House] = fields.ForeignKeyField("models.House", null=True)
    house_id: int | None
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    contact_phone = fields.CharField(20, default="")
    wanted_at = fields.DatetimeField(null=True)
    answers: list[dict[str, str]] = fields.JSONField(default=list)
    status = fields.CharEnumField(RequestStatus, default=RequestStatus.SUBMITTED)
    handler: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    handler_id: int | None
    created_at = fields.DatetimeField(auto_now_add=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "service_request"
        indexes = (
            Index(fields=("person_id", "id")),
            Index(fields=("community_id", "status", "id")),
            Index(fields=("status", "id")),
            Index(fields=("title", "community_id")),
        )
