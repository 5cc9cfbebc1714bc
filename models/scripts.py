"""Dialog scripts as versions, and what the bot learns from."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.conversations import Message


class ScriptVersion(Model):
    """One immutable version of a dialog script. The newest published version of a name starts new talks."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(48)
    version = fields.IntField()
    source = fields.TextField()  # YAML
    sha256 = fields.CharField(64)
    author = fields.CharField(32, default="")
    published = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "script_version"
        unique_together = (("name", "version"),)


class Example(Model):
    """A sentence and the intent it means, taught by people; the shipped examples are files."""

    id = fields.IntField(primary_key=True)
    text = fields.CharField(500)
    intent = fields.CharField(32)
    author = fields.CharField(32, default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "example"
        unique_together = (("text", "intent"),)


class Misunderstanding(Model):
    """A sentence that the bot did not understand, with where the talk stood, kept for teaching."""

    id = fields.BigIntField(primary_key=True)
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField("models.Message", null=True)
    message_id: int | None
    text = fields.TextField()
    script = fields.CharField(48, default="")
    step = fields.CharField(48, default="")
    ranking: list[Any] = fields.JSONField(default=list)  # [[intent, score], …]
    meant = fields.CharField(32, default="")  # the intent that staff say it was
    note = fields.CharField(300, default="")  # in their own words
    taught_by_id = fields.IntField(null=True)  # a member of staff; null for what the bot itself noted
    handled = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "misunderstanding"
