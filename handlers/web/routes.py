"""Declaring routes. Every route of the pages says who may use it, or the process does not start.

    routes = Routes("/talks")

    @routes.get("", sees(Field.TALKS))
    async def page(request: web.Request) -> web.Response: ...

    @routes.post("/{id:[0-9]+}/take", does(Field.TALKS))
    async def take(request: web.Request) -> web.Response: ...

What changes something (POST, PUT, DELETE) runs inside one unit of work. What it raises undoes it, so a redirect is
returned and never raised. `unit=False` is for a handler that opens units of its own.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from services.company.sessions import Stage
from services.scope import Field

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIX = "/desk"  # below which all of this is mounted
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Use(StrEnum):
    """What a route does with its field of work."""

    SEES = "sees"
    DOES = "does"
    OWN = "own"  # of whoever is signed in: their account, what they set for themselves
    ENTERING = "entering"  # of whoever is about to be signed in
    PUBLIC = "public"
    FILE = "file"  # the same for everybody, read from the disk


@dataclass(frozen=True, slots=True)
class Needs:
    """`field` for SEES and DOES; `stages` in which a session may use it.

    With `leading`, whoever leads may try as well: what of it falls to them, the service knows.
    """

    use: Use
    field: Field | None = None
    stages: frozenset[Stage] = frozenset({Stage.OPEN})
    leading: bool = False

    def allow(self, sees: frozenset[Field], does: frozenset[Field]) -> bool:
        """Whether somebody may use it who sees and does these, once signed in."""
        if self.field is None:
            return True
        if self.use is Use.SEES or (self.leading and Field.INSTRUCTIONS in does):
            return self.field in sees
        return self.field in does


def sees(field: Field) -> Needs:
    return Needs(Use.SEES, field)


def does(field: Field, *, leading: bool = False) -> Needs:
    return Needs(Use.DOES, field, leading=leading)


def entering(*stages: Stage) -> Needs:
    return Needs(Use.ENTERING, stages=frozenset(stages))


PUBLIC = Needs(Use.PUBLIC)
FILE = Needs(Use.FILE)
OPEN_TO_ALL = frozenset({Use.PUBLIC, Use.FILE})
OWN = Needs(Use.OWN)


@dataclass(frozen=True, slots=True)
class Declared:
    """One route as it was declared; `path` within the pages' own application."""

    method: str
    path: str
    needs: Needs
    handler: Handler
    unit: bool


@dataclass(slots=True)
class Routes:
    """The routes of one subject, below one prefix."""

    prefix: str = ""
    declared: list[Declared] = field(default_factory=list)

    def get(self, path: str, needs: Needs) -> Callable[[Handler], Handler]:
        return self._add("GET", path, needs, unit=False)

    def post(self, path: str, needs: Needs, *, unit: bool = True) -> Callable[[Handler], Handler]:
        return self._add("POST", path, needs, unit=unit)

    def put(self, path: str, needs: Needs, *, unit: bool = True) -> Callable[[Handler], Handler]:
        return self._add("PUT", path, needs, unit=unit)

    def delete(self, path: str, needs: Needs, *, unit: bool = True) -> Callable[[Handler], Handler]:
        return self._add("DELETE", path, needs, unit=unit)

    def _add(self, method: str, path: str, needs: Needs, *, unit: bool) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            self.declared.append(Declared(method, f"{self.prefix}{path}", needs, handler, unit))
            return handler

        return declare


DECLARED: web.AppKey[Mapping[tuple[str, str], Declared]] = web.AppKey("declared", Mapping)


class UndeclaredRouteError(RuntimeError):
    """A route does not say who may use it."""


def mount(app: web.Application, all_routes: Iterable[Routes]) -> None:
    """Add what was declared. GET answers HEAD as well."""
    known: dict[tuple[str, str], Declared] = {}
    for one in (one for routes in all_routes for one in routes.declared):
        added = app.router.add_route(one.method, one.path, one.handler)
        path = added.resource.canonical if added.resource else ""
        if (one.method, path) in known:
            raise UndeclaredRouteError(f"{one.method} {path} is declared twice")
        known[one.method, path] = one
        if one.method == "GET":
            app.router.add_route("HEAD", one.path, one.handler)
            known["HEAD", path] = one
    app[DECLARED] = known


def must_be_declared(app: web.Application) -> None:
    """Raise UndeclaredRouteError for a route that was added to the router in another way."""
    for route in app.router.routes():
        path = (route.resource.canonical if route.resource else "").removeprefix(PREFIX)
        if (route.method, path) not in app[DECLARED]:
            raise UndeclaredRouteError(f"{route.method} {path} does not say who may use it")


def is_file(request: web.Request) -> bool:
    """Whether the answer is a file: nobody is looked for, nothing counted."""
    declared = of(request)
    return declared is not None and declared.needs.use is Use.FILE


def of(request: web.Request) -> Declared | None:
    """What was declared for the route of this request; None where there is no such page."""
    resource = request.match_info.route.resource
    if resource is None:
        return None
    return request.config_dict[DECLARED].get((request.method, resource.canonical.removeprefix(PREFIX)))
