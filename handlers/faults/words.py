"""What the pages of shared faults say: the acts' answers, and the news of an outage as residents would read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from bot.scripts import texts
from bot.values import Plain
from dialogs import shipped
from services.repairs.outages import Supply


def phrase(key: str, values: Mapping[str, object] | None = None) -> str:
    return shipped.phrases().reply(key, cast("Mapping[str, Plain]", values or {})).text


def kind(supply: str) -> str:
    """停水, 停电, …"""
    return phrase("outage.kind", {"kind": supply})


def kinds() -> list[tuple[str, str]]:
    return [(one.value, kind(one)) for one in Supply]


def spoken(number: str) -> str:
    return texts.spoken(number)


def when(moment: datetime | None) -> str:
    """As residents read it."""
    return texts.when(moment.isoformat()) if moment else ""
