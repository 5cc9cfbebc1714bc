"""Versions of dialog scripts. The shipped ones are version 1 on first start; after that the database rules."""

import hashlib
from collections.abc import Iterable
from typing import TypeAlias

from tortoise.functions import Count, Max

from models.scripts import ScriptVersion

SHIPPED = "shipped"
_LONGEST_AUTHOR = 32
Mark: TypeAlias = tuple[int, int]
NOTHING: Mark = (0, 0)


async def ensure_shipped(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Store each (name, YAML) of which there is no version yet; the names that were new."""
    have = {row.name for row in await ScriptVersion.all().only("name")}
    new = [(name, source) for name, source in sources if name not in have]
    await ScriptVersion.bulk_create(
        [_row(name, 1, source, SHIPPED) for name, source in new],
        ignore_conflicts=True,
    )
    return [name for name, _ in new]


async def publish(name: str, source: str, *, author: str) -> int:
    """Store a checked script as the newest version and return its number; the same text again changes nothing."""
    newest = await ScriptVersion.filter(name=name).order_by("-version").select_for_update().first()
    if newest and newest.sha256 == _sha256(source):
        return newest.version
    row = _row(name, newest.version + 1 if newest else 1, source, author)
    await row.save()
    return row.version


async def published() -> list[tuple[str, int, str]]:
    """(name, version, YAML) of every published version: running talks stay on theirs."""
    rows = await ScriptVersion.filter(published=True).order_by("name", "version")
    return [(row.name, row.version, row.source) for row in rows]


async def mark() -> Mark:
    """Changes whenever a version is published or erased, and is cheap to ask for."""
    found = ScriptVersion.filter(published=True).annotate(rows=Count("id"), newest=Max("id"))
    rows, newest = await found.first().values_list("rows", "newest")
    return int(rows), int(newest or 0)


def set_back_by(login: str) -> str:
    """The author of a shipped text that a member of staff put in place again; no login has a slash."""
    return f"{SHIPPED}/{login}"[:_LONGEST_AUTHOR]


def came_with_a_release(row: ScriptVersion) -> bool:
    """Whether nobody here wrote that version."""
    return row.author.partition("/")[0] == SHIPPED


def same(row: ScriptVersion, source: str) -> bool:
    """Whether that version has this text."""
    return row.sha256 == _sha256(source)


async def versions(name: str | None = None) -> list[ScriptVersion]:
    """Every published version of one script or of all, the newest of each first; without their texts."""
    rows = ScriptVersion.filter(published=True, **({"name": name} if name else {}))
    return await rows.order_by("name", "-version").only("name", "version", "author", "sha256", "created_at")


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
