"""What staff keep beside the talks: drafts, notes, canned replies, what they read, what waits for a word."""

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community
from models.conversations import Conversation
from models.people import Person, Staff
from models.values import Json


class Note(Model):
    """内部备注: colleagues read it, the resident never does. `mentions` are the staff who are told."""

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField("models.Conversation")
    conversation_id: int
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    key = fields.CharField(64, unique=True)  # the page's own, so that noting twice notes once
    text = fields.TextField()
    mentions: list[int] = ArrayField(element_type="int", default=list)
    created_at = fields.DatetimeField()

    class Meta:
        table = "note"
        indexes = (Index(fields=("conversation_id", "id")),)


class Draft(Model):
    """What somebody was writing in a talk. `key` is that of the message that it will become."""

    id = fields.BigIntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField("models.Conversation")
    conversation_id: int
    mode = fields.CharField(8, default="reply")  # reply, note
    text = fields.TextField(default="")
    key = fields.CharField(64)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "draft"
        unique_together = (("staff", "conversation"),)


class TalkRead(Model):
    """Up to which message of a talk somebody of the staff read."""

    id = fields.BigIntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField("models.Conversation")
    conversation_id: int
    message_id = fields.BigIntField()

    class Meta:
        table = "talk_read"
        unique_together = (("staff", "conversation"),)


class CannedReply(Model):
    """快捷回复. Of one person (`owner`), of a community, or of all. `initials` are of every reading of the title."""

    id = fields.IntField(primary_key=True)
    owner: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    owner_id: int | None
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    title = fields.CharField(40)
    text = fields.TextField()
    images: list[str] = ArrayField(element_type="text", default=list)  # hashes under settings.media.dir
    initials = fields.TextField(default="")  # one a line
    uses = fields.IntField(default=0)
    archived_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "canned_reply"


class HeldStatus(StrEnum):
    WAITING = "waiting"
    RELEASED = "released"  # the resident wrote, it went into the outbox
    CANCELLED = "cancelled"  # a colleague answered, or its writer took it back
    EXPIRED = "expired"


class HeldReply(Model):
    """等住户下次说话就发: written while the platform lets nothing through, sent as soon as it does."""

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField("models.Conversation")
    conversation_id: int
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    key = fields.CharField(64, unique=True)
    reply: Json = fields.JSONField()
    status = fields.CharEnumField(HeldStatus, default=HeldStatus.WAITING)
    until = fields.DatetimeField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "held_reply"
        indexes = (Index(fields=("conversation_id", "status")),)


class TalkRating(Model):
    """评价这次对话. Whom it rates is kept when it is asked, whoever holds the talk when it is answered."""

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField("models.Conversation")
    conversation_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    stars = fields.IntField(null=True)
    asked_at = fields.DatetimeField()
    rated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "talk_rating"
        indexes = (Index(fields=("staff_id", "asked_at")),)


class DeskSetting(Model):
    """How somebody of the staff likes their desk: order and filter of the list, keys, sounds."""

    id = fields.IntField(primary_key=True)
    staff: fields.OneToOneRelation[Staff] = fields.OneToOneField("models.Staff")
    staff_id: int
    values: Json = fields.JSONField(default=dict)

    class Meta:
        table = "desk_setting"
