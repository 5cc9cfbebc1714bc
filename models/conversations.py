"""The talk with one person: its state, every message, and every effect that still has to happen outside."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person, Staff

Json = dict[str, Any]


class Hold(StrEnum):
    """Who speaks for the account: the bot, or people."""

    BOT = "bot"
    QUEUED = "queued"  # waits for staff; the bot is silent
    STAFF = "staff"


class Conversation(Model):
    """One per person. `state` is the engine's own: the running dialog, parked dialogs, the last options.

    The turn reads and writes this row in two statements of its own (bot/store.py); change both together.
    `window_until` and `sends_left` are the ledger of the platform's customer-message window.
    """

    id = fields.IntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="conversation"
    )
    person_id: int
    state: Json = fields.JSONField(default=dict)
    hold = fields.CharEnumField(Hold, default=Hold.BOT)
    held_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    held_by_id: int | None
    held_since = fields.DatetimeField(null=True)
    window_until = fields.DatetimeField(null=True)
    sends_left = fields.IntField(default=0)
    last_inbound_at = fields.DatetimeField(null=True)
    nudge_at = fields.DatetimeField(null=True)  # when to remind; not indexed, swept by minute
    turns = fields.IntField(default=0)

    class Meta:
        table = "conversation"
        indexes = (Index(fields=("hold", "held_since")),)  # the queue; a turn changes neither


class Message(Model):
    """One message, either way. Inbound has an `external_id`; a passive answer points to what it answers.

    Two a turn are written, with their conversation locked: the database is spared checking that it exists.
    """

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", db_constraint=False
    )
    conversation_id: int
    external_id = fields.CharField(128, null=True, unique=True)
    answers: fields.OneToOneNullableRelation["Message"] = fields.OneToOneField(
        "models.Message", null=True, related_name="answer", db_constraint=False
    )
    answers_id: int | None
    kind = fields.CharField(16)
    text = fields.TextField(default="")
    body: Json = fields.JSONField(default=dict)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "message"
        indexes = (Index(fields=("conversation_id", "id")),)


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # claimed by a worker; one that stays here ends as UNKNOWN
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
    rung = fields.CharField(16, default="custom")  # custom, template
    attempts = fields.IntField(default=0)
    not_before = fields.DatetimeField(auto_now_add=False)
    claimed_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    platform_id = fields.CharField(64, default="")
    errcode = fields.IntField(null=True)
    error = fields.CharField(300, default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "outbox"
        indexes = (
            Index(fields=("status", "not_before")),
            Index(fields=("person_id", "id")),
            Index(fields=("platform_id",)),  # by which the platform reports what became of it
        )


class Timer(Model):
    """Something to look at later. `key` is unique: setting it again moves it. Done timers are deleted."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(160, unique=True)
    kind = fields.CharField(32)  # names the function in workers/schedules that runs it
    subject_id = fields.BigIntField()
    due_at = fields.DatetimeField(db_index=True)
    note: Json = fields.JSONField(default=dict)
    attempts = fields.IntField(default=0)

    class Meta:
        table = "timer"


class MediaStatus(StrEnum):
    PENDING = "pending"
    FETCHING = "fetching"
    STORED = "stored"
    FAILED = "failed"


class MediaFile(Model):
    """A photo, voice or video somebody sent; fetched by the worker, kept by the hash of what we stored."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    kind = fields.CharField(16, default="image")
    media_id = fields.CharField(128, unique=True)
    status = fields.CharEnumField(MediaStatus, default=MediaStatus.PENDING)
    sha256 = fields.CharField(64, default="", db_index=True)
    mime = fields.CharField(32, default="")
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    size = fields.BigIntField(default=0)
    attempts = fields.IntField(default=0)
    next_try_at = fields.DatetimeField(null=True)
    claimed_at = fields.DatetimeField(null=True)
    error = fields.CharField(200, default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "media_file"
        indexes = (Index(fields=("status", "next_try_at")),)
