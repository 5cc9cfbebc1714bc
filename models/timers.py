"""Things to look at later."""

from tortoise import fields
from tortoise.models import Model

from models.values import Json


class Timer(Model):
    """Something to look at later. `key` is unique: setting it again moves it. Done timers are deleted."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(160, unique=True)
    kind = fields.CharField(32)  # workers/kinds names the function that runs it
    subject_id = fields.BigIntField()
    due_at = fields.DatetimeField(db_index=True)
    note: Json = fields.JSONField(default=dict)
    attempts = fields.IntField(default=0)

    class Meta:
        table = "timer"
