"""What a company decided for itself, beside the defaults of settings.toml."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class PolicyValue(Model):
    """One decision; `key` is a field of services.policy.Policy."""

    key = fields.CharField(48, primary_key=True)
    value: Any = fields.JSONField()
    changed_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "policy"
