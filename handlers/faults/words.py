"""What the pages of shared faults say: the acts' answers, and the news of an outage as residents would read them."""

from datetime import datetime

from bot.scripts import texts
from handlers.web.wording import phrase
from services.repairs.outages import Supply


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
