"""Versions of dialog scripts. The shipped ones are version 1 on first start; after that the database rules."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tortoise.functions import Count, Max

from models.events import SubjectKind
from models.people import Staff
from models.scripts import ScriptVersion
from services import events, work
from services.actors import Actor
from services.events import Subject
from services.scope import Field

SHIPPED = "shipped"
_OPERATOR = "operator"
_LONGEST_AUTHOR = 32
Mark: TypeAlias = tuple[int, int]
NOTHING: Mark = (0, 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version without its text. `author` is a login, or "shipped" and who set it back."""

    name: str
    version: int
    author: str
    created_at: datetime
    sha256: str

    @property
    def came_with_a_release(self) -> bool:
        """Whether nobody here wrote that version."""
        return self.author.partition("/")[0] == SHIPPED

    def has(self, source: str) -> bool:
        """Whether that version has this text."""
        return self.sha256 == _sha256(source)


async def ensure_shipped(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Store each (name, YAML) of which there is no version yet; the names that were new."""
    have = {row.name for row in await ScriptVersion.all().only("name")}
    new = [(name, source) for name, source in sources if name not in have]
    await ScriptVersion.bulk_create(
        [_row(name, 1, source, SHIPPED) for name, source in new],
        ignore_conflicts=True,
    )
    return [name for name, _ in new]


async def publish(name: str, source: str, *, actor: Actor, shipped: bool = False) -> int:
    """Store a checked script as the newest version and return its number; the same text again changes nothing.

    A text that an earlier version had is a roll-back. `shipped` is one that a release brought and `actor` set back.
    """
    actor.doing(Field.SCRIPTS)
    newest = await work.lock(ScriptVersion.filter(name=name).order_by("-version"))
    if newest and newest.sha256 == _sha256(source):
        return newest.version
    earlier = await ScriptVersion.filter(name=name, sha256=_sha256(source)).order_by("-version").first()
    login = await _login(actor)
    author = f"{SHIPPED}/{login}"[:_LONGEST_AUTHOR] if shipped else login  # no login has a slash
    row = _row(name, newest.version + 1 if newest else 1, source, author)
    await row.save()
    await events.record(
        Subject(SubjectKind.SCRIPT, row.id),
        "rolled_back" if earlier else "published",
        actor=actor,
        note=name,
        body={"version": row.version, "as": earlier.version if earlier else None},
    )
    return row.version


async def _login(actor: Actor) -> str:
    staff = await Staff.filter(id=actor.staff_id).first() if actor.staff_id else None
    return staff.login if staff else _OPERATOR


async def published() -> list[tuple[str, int, str]]:
    """(name, version, YAML) of every published version: running talks stay on theirs."""
    rows = await ScriptVersion.filter(published=True).order_by("name", "version")
    return [(row.name, row.version, row.source) for row in rows]


async def mark() -> Mark:
    """Changes whenever a version is published or erased, and is cheap to ask for."""
    found = ScriptVersion.filter(published=True).annotate(rows=Count("id"), newest=Max("id"))
    rows, newest = await found.first().values_list("rows", "newest")
    return int(rows), int(newest or 0)


async def versions(name: str | None = None) -> list[Edition]:
    """Every published version of one script or of all, the newest of each first."""
    rows = ScriptVersion.filter(published=True, **({"name": name} if name else {}))
    found = rows.order_by("name", "-version").only("name", "version", "author", "sha256", "created_at")
    return [Edition(one.name, one.version, one.author, one.created_at, one.sha256) for one in await found]


async def source(name: str, version: int | None = None) -> str | None:
    """The YAML of the newest version or of the given one; None when there is none."""
    rows = ScriptVersion.filter(published=True, name=name, **({"version": version} if version else {}))
    found = await rows.order_by("-version").first()
    return found.source if found else None


def _row(name: str, version: int, source: str, author: str) -> ScriptVersion:
    return ScriptVersion(
        name=name, version=version, source=source, sha256=_sha256(source), author=author, published=True
    )


def _sha256(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
