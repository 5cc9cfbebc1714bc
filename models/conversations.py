"""The talk with one person: its state and every message."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import ManagementOffice
from models.indexes import WhereIndex
from models.people import Person, Staff
from models.values import Json


class Hold(StrEnum):
    """Who speaks for the account: the bot, or people."""

    BOT = "bot"
    QUEUED = "queued"  # waits for staff; the bot is silent
    STAFF = "staff"


class Conversation(Model):
    """One per person. `state` is the engine's own: the running dialog, parked dialogs, the last options.

    Of `state` only services/desk looks at anything: whether `parked` holds a draft, and what was answered.
    The turn reads and writes this row in two statements of its own (bot/store.py); change both together.
    `window_until` and `sends_left` are the ledger of the window that a message opens for customer messages,
    `minute_until` and `minute_left` of the short one that a click, a follow, a scan or a tap opens.
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
    # The first word of the resident since people last spoke, or the moment of 转人工; null when nobody waits.
    # The bot's words end it only while the talk is the bot's. Kept by the turn and by services/desk.
    waiting_since = fields.DatetimeField(null=True)
    pressing = fields.BooleanField(default=False)  # its holder was silent for too long: it goes first
    queue_office: fields.ForeignKeyNullableRelation[ManagementOffice] = fields.ForeignKeyField(
        "models.ManagementOffice", null=True
    )  # whose queue it was given to
    queue_office_id: int | None
    snoozed = fields.BooleanField(default=False)  # until `snoozed_until`, or until the resident writes
    snoozed_until = fields.DatetimeField(null=True)
    replies_held = fields.BooleanField(default=False)  # models.desk.HeldReply waits for the next word
    window_until = fields.DatetimeField(null=True)
    sends_left = fields.IntField(default=0)
    minute_until = fields.DatetimeField(null=True)
    minute_left = fields.IntField(default=0)
    subscriptions_left = fields.IntField(
        default=0
    )  # one-time subscription messages that the person agreed to
    last_inbound_at = fields.DatetimeField(null=True)
    nudge_at = fields.DatetimeField(null=True)  # when to remind; not indexed, swept every half minute
    turns = fields.IntField(default=0)
    # How many options were numbered for this person, from where the platform's own 101, 102 … cannot be meant.
    options_shown = fields.IntField(default=1000)

    class Meta:
        table = "conversation"
        indexes = (
            Index(fields=("hold", "held_since")),  # a turn changes neither
            # The lists of the desk look here, not at every talk that ever was.
            WhereIndex(fields=("hold", "held_by_id"), name="conversation_of_people", where="hold <> 'bot'"),
            WhereIndex(fields=("snoozed",), name="conversation_snoozed", where="snoozed"),
        )


class Message(Model):
    """One message, either way. Inbound has an `external_id`; a passive answer points to what it answers.

    Each turn writes two, with their conversation locked: the database is spared checking that it exists.
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
