"""Photos, voices and videos that people sent."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Person


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
