"""The areas of the desk: what the rail and the phone's bottom bar lead to, for whoever may see it."""

from dataclasses import dataclass

from aiohttp import web

from handlers.web import routes
from services.actors import Actor
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Area:
    """`icon` is one of static/icons. An area is shown once a page answers at its path."""

    path: str
    name: str
    icon: str
    field: Field
    admins: bool = False  # not on the phone's bottom bar
    wide: bool = False  # nor is this; the pages there lead to it


AREAS = (
    Area("/talks", "会话", "messages-square", Field.TALKS),
    Area("/tickets", "工单", "wrench", Field.REPAIRS),
    Area("/complaints", "投诉", "megaphone", Field.COMPLAINTS),
    Area("/residents", "住户", "users", Field.RESIDENTS),
    Area("/today", "今日", "calendar-check", Field.ALERTS),
    Area("/search", "搜索", "search", Field.ALERTS, wide=True),
    Area("/scripts", "脚本", "workflow", Field.SCRIPTS, admins=True),
    Area("/data", "资料", "database", Field.POLICY, admins=True),
    Area("/settings", "设置", "settings", Field.POLICY, admins=True),
    Area("/audit", "审计", "history", Field.POLICY, admins=True),
)


def of(request: web.Request, actor: Actor | None) -> list[Area]:
    """In the order of the rail; none for somebody who is not signed in."""
    if actor is None or actor.scope is None:
        return []
    declared, seen, does = request.config_dict[routes.DECLARED], actor.scope.sees, actor.scope.does
    return [
        one for one in AREAS if ("GET", one.path) in declared and one.field in (does if one.admins else seen)
    ]
