"""周边商家 and the tags they are found by."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.models import Model


class MerchantTag(Model):
    """The list that a merchant's tags are chosen from."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(16, unique=True)
    sort = fields.IntField(default=0)

    class Meta:
        table = "merchant_tag"


class Merchant(Model):
    """A shop or service near by; names may repeat. Without communities it serves all of them."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64)
    picture = fields.CharField(64, default="")
    contact = fields.CharField(32)
    mobile = fields.CharField(20, default="")
    phone = fields.CharField(32, default="")
    qq = fields.CharField(16, default="")
    address = fields.CharField(128)
    tags: list[str] = ArrayField(element_type="text", default=list)
    intro = fields.TextField(default="")
    recommended = fields.CharField(200, default="")  # what to order here
    special_services = fields.CharField(200, default="")
    opening_hours = fields.CharField(100, default="")
    communities: list[int] = ArrayField(element_type="int", default=list)
    sort = fields.IntField(default=0)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "merchant"
        indexes = (GinIndex(fields=("tags",)),)
