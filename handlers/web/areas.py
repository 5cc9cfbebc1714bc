"""The areas of the desk: what the rail and the phone's bottom bar lead to, for whoever may see it."""

from dataclasses import dataclass

from aiohttp import web

from handlers.web import routes
from services.actors import Actor
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Area:
    """`icon` is one of static/icons; parts/areas.html has its name. It is shown once a page answers at its path."""

    path: str
    icon: str
    field: Field
    admins: bool = False  # not on the phone's bottom bar
    wide: bool = False  # nor is this; the pages there lead to it


AREAS = (
    Area("/talks", "messages-square", Field.TALKS),
    Area("/tickets", "wrench", Field.REPAIRS),
    Area("/complaints", "megaphone", Field.COMPLAINTS),
    Area("/residents", "users", Field.RESIDENTS),
    Area("/today", "calendar-check", Field.ALERTS),
    Area("/search", "search", Field.ALERTS, wide=True),
    Area("/scripts", "workflow", Field.SCRIPTS, admins=True),
    Area("/data", "database", Field.POLICY, admins=True),
    Area("/settings", "settings", Field.POLICY, admins=True),
    Area("/audit", "history", Field.POLICY, admins=True),
)


def of(request: web.Request, actor: Actor | None) -> list[Area]:
    """In the order of the rail; none for somebody who is not signed in."""
    if actor is None or actor.scope is None:
        return []
    declared, seen, does = request.config_dict[routes.DECLARED], actor.scope.sees, actor.scope.does
    return [
        one for one in AREAS if ("GET", one.path) in declared and one.field in (does if one.admins else seen)
    ]
