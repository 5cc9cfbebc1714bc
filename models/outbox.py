"""Every effect that still has to happen outside: messages that leave by the platform's API."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.indexes import WhereIndex
from models.people import Person
from models.values import Json


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # claimed by a worker; one that stays here ends as UNKNOWN
    MASS = "mass"  # waits for the other letters of its notice, to go out as one mass message
    REVIEW = "review"  # the platform looks at it first and delivers it itself; its report settles it
    SENT = "sent"
    UNKNOWN = "unknown"  # may or may not have arrived; never repeated, shown to staff
    FAILED = "failed"  # refused on every rung of the ladder; a staff task exists
    CANCELLED = "cancelled"


class Outbox(Model):
    """A message that leaves by the platform's API. `key` makes writing it twice write it once.

    `payload` holds what to say: {"phrase": key, "values": {...}} (dialogs/phrases turns it into words on
    sending) or {"reply": {"text", "options": [{"text", "id"}], "image"}}. The delivery worker adds "reply"
    when it rendered a phrase, so that a typed number can be matched to the options a person saw.
    `rung` is the step of the delivery ladder it is on.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(160, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    payload: Json = fields.JSONField()
    status = fields.CharEnumField(OutboxStatus, default=OutboxStatus.PENDING)
    rung = fields.CharField(16, default="custom")  # custom, subscription, template, mass
    attempts = fields.IntField(default=0)
    not_before = fields.DatetimeField(auto_now_add=False)
    claimed_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    arrived_at = fields.DatetimeField(null=True)  # the platform reported it; of template messages alone
    platform_id = fields.CharField(64, default="")
    errcode = fields.IntField(null=True)
    error = fields.CharField(300, default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "outbox"
        indexes = (
            Index(fields=("status", "not_before")),
            Index(fields=("person_id", "id")),
            # What a person still has to be sent: the claim looks here, not into all that was ever sent.
            WhereIndex(
                fields=("person_id", "id"),
                name="outbox_open",
                where="status = 'pending' OR status = 'sending'",
            ),
            Index(fields=("platform_id",)),  # by which the platform reports what became of it
        )
