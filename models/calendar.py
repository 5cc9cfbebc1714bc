"""Days that differ from their weekday."""

from tortoise import fields
from tortoise.models import Model


class Holiday(Model):
    """One day that differs from its weekday: a public holiday, or a working weekend day 调休."""

    id = fields.IntField(primary_key=True)
    day = fields.DateField(unique=True)
    working = fields.BooleanField()
    name = fields.CharField(32, default="")
    announced = fields.BooleanField(default=False)  # by the State Council; else entered by hand

    class Meta:
        table = "holiday"
