"""The table of rights as it is printed in docs/rights.md: who sees and does what, page by page."""

import re
from collections.abc import Iterator, Sequence

from handlers.web.routes import PREFIX, Declared, Needs, Routes, Use
from handlers.web.wording import phrase, role, word
from models.people import Role
from services.scope import DOES, SEES, Field

_PATTERN = re.compile(r":(?:[^{}]|\{\d+\})*\}")  # of a number or a name in a path


def allowed(needs: Needs, who: Role) -> bool:
    """Whether this role may use such a route, once signed in."""
    return needs.allow(SEES[who], DOES[who])


def document(all_routes: Sequence[Routes]) -> str:
    head = [f"# {phrase('rights.title')}", "", phrase("rights.written"), "", phrase("rights.explained"), ""]
    roles = [f"## {phrase('rights.roles')}", *_table(_fields())]
    routes = [f"## {phrase('rights.pages')}", *_table(_pages(all_routes))]
    return "\n".join([*head, *roles, "", *routes]) + "\n"


def field(field: Field) -> str:
    return word("rights.field", "field", field)


def _fields() -> Iterator[list[str]]:
    yield [_named("field"), *(role(one) for one in Role)]
    for one in Field:
        yield [field(one), *(_may(who, one) for who in Role)]


def _may(who: Role, field: Field) -> str:
    what = Use.DOES if field in DOES[who] else Use.SEES if field in SEES[who] else "nothing"
    return word("rights.may", "what", what)


def _pages(all_routes: Sequence[Routes]) -> Iterator[list[str]]:
    yield [_named("path"), _named("field"), *(role(one) for one in Role)]
    for one in sorted((one for routes in all_routes for one in routes.declared), key=lambda one: one.path):
        path = _PATTERN.sub("}", one.path)
        yield [f"`{one.method} {PREFIX}{path}`", _needed(one.needs), *_marks(one)]


def _named(column: str) -> str:
    return word("rights.column", "name", column)


def _needed(needs: Needs) -> str:
    needed = phrase("rights.use", {"use": needs.use, "field": field(needs.field) if needs.field else ""})
    return phrase("rights.leading", {"needs": needed}) if needs.leading else needed


def _marks(one: Declared) -> list[str]:
    return ["✓" if allowed(one.needs, who) else "–" for who in Role]


def _table(rows: Iterator[list[str]]) -> Iterator[str]:
    head = next(rows)
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
