"""Small words of every page. Times: today 14:05, this week 周二 14:05, else 11-27; durations 14分, 2小时."""

from datetime import datetime, timedelta

from bot.scripts.texts import WEEKDAYS
from models.people import Role
from services import clock

_ROLES = {Role.ADMIN: "管理员", Role.LEADER: "领导", Role.SERVICE: "客服", Role.SUPERVISOR: "工程主管"}


def role(role: Role) -> str:
    return _ROLES[role]


def moment(at: datetime) -> str:
    here, today = clock.local(at), clock.local(clock.now())
    days = (today.date() - here.date()).days
    if days == 0:
        return f"{here:%H:%M}"
    if 0 < days < 7:
        return f"周{WEEKDAYS[here.weekday()]} {here:%H:%M}"
    return f"{here:%m-%d}" if here.year == today.year else f"{here:%Y-%m-%d}"


def since(at: datetime) -> str:
    """How long ago that is, or how long until then."""
    return lasting(abs(clock.now() - at))


def lasting(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return f"{int(span.total_seconds())}秒"
    if minutes < 60:
        return f"{minutes}分"
    if minutes < 24 * 60:
        return f"{minutes // 60}小时"
    return f"{minutes // (24 * 60)}天"
