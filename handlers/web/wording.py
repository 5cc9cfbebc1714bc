"""Sentences and words of all pages. Times: today 14:05, this week 周二 14:05, else 11-27; spans 14分, 2小时."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from bot.scripts.texts import WEEKDAYS
from bot.values import Plain
from dialogs import shipped
from models.people import Role
from services import clock


@lru_cache(maxsize=1024)
def word(key: str, name: str, value: str) -> str:
    """A phrase with one value of few."""
    return phrase(key, {name: value})


def phrase(key: str, values: Mapping[str, object] | None = None) -> str:
    """A phrase as it reads; nothing for one that nobody wrote."""
    phrases = shipped.phrases()
    return phrases.reply(key, cast("Mapping[str, Plain]", values or {})).text if key in phrases else ""


def role(role: Role) -> str:
    return word("page.role", "role", role)


def moment(at: datetime) -> str:
    here, today = clock.local(at), clock.local(clock.now())
    days = (today.date() - here.date()).days
    if days == 0:
        return f"{here:%H:%M}"
    if 0 < days < 7:
        return phrase("page.this_week", {"day": WEEKDAYS[here.weekday()], "time": f"{here:%H:%M}"})
    return f"{here:%m-%d}" if here.year == today.year else f"{here:%Y-%m-%d}"


def since(at: datetime) -> str:
    """How long ago that is, or how long until then."""
    return lasting(abs(clock.now() - at))


def until(at: datetime) -> str:
    """What is left of a window, to the minute: 47小时12分, 12分; in the last one 40秒."""
    seconds = max(int((at - clock.now()).total_seconds()), 0)
    if seconds < 3600:
        return lasting(timedelta(seconds=seconds))
    return phrase("page.hours_minutes", {"hours": seconds // 3600, "minutes": seconds % 3600 // 60})


def lasting(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return phrase("page.seconds", {"count": int(span.total_seconds())})
    if minutes < 60:
        return phrase("page.minutes", {"count": minutes})
    if minutes < 24 * 60:
        return phrase("page.hours", {"count": minutes // 60})
    return phrase("page.days", {"count": minutes // (24 * 60)})
