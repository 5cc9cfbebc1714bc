"""快捷回复 as whoever keeps them sees them: their own, the shared ones where they work, and what was archived."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.community import Community
from models.desk import CannedReply
from services import paging
from services.actors import Actor
from services.desk import canned
from services.errors import NotFound
from services.paging import Page
from services.scope import Field


class Whose(StrEnum):
    MINE = "mine"
    SHARED = "shared"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Kept:
    """`place` is the community that it is for, "" for all; `may_change`: whether it is this person's to change."""

    id: int
    title: str
    text: str
    images: tuple[str, ...]
    mine: bool
    place: str
    uses: int
    archived: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """With whom somebody may share: communities by id, and perhaps the whole company."""

    places: Mapping[int, str]
    everybody: bool


async def page(
    whose: Whose, *, actor: Actor, search: str = "", after: str = "", limit: int = paging.LIMIT
) -> Page[Kept]:
    """Newest first."""
    found = CannedReply.filter(canned.theirs(actor), archived_at__isnull=whose is not Whose.ARCHIVED)
    if whose is Whose.MINE:
        found = found.filter(owner_id=actor.staff_id or 0)
    elif whose is Whose.SHARED:
        found = found.filter(owner_id__isnull=True)
    for word in search.lower().split()[:5]:
        found = found.filter(canned.matches(word))
    if key := paging.read(after):
        found = found.filter(id__lt=key[0])
    rows = await found.order_by("-id").limit(limit + 1).select_related("community")
    shown = paging.page(rows, limit, key=lambda row: (row.id,))
    return Page([_kept(one, actor) for one in shown.rows], shown.after)


async def one(reply_id: int, *, actor: Actor) -> Kept:
    """Raises NotFound for somebody else's, and outside of their scope."""
    found = CannedReply.filter(canned.theirs(actor), id=reply_id).select_related("community")
    row = await found.first()
    if row is None:
        raise NotFound("canned.not_found")
    return _kept(row, actor)


async def reach(*, actor: Actor) -> Reach:
    if actor.scope is None or Field.CONTENT not in actor.scope.does:
        return Reach({}, everybody=False)
    own = actor.doing(Field.CONTENT)
    found = Community.all() if own.communities is None else Community.filter(id__in=sorted(own.communities))
    places = {one.id: one.name for one in await found.order_by("name").only("id", "name")}
    return Reach(places, everybody=own.communities is None)


def _kept(row: CannedReply, actor: Actor) -> Kept:
    mine = row.owner_id is not None and row.owner_id == actor.staff_id
    return Kept(
        id=row.id,
        title=row.title,
        text=row.text,
        images=tuple(row.images),
        mine=mine,
        place=row.community.name if row.community else "",
        uses=row.uses,
        archived=row.archived_at is not None,
        may_change=mine or _may_change(row, actor),
    )


def _may_change(row: CannedReply, actor: Actor) -> bool:
    if row.owner_id is not None or actor.scope is None or Field.CONTENT not in actor.scope.does:
        return False
    if row.community_id is None:
        return actor.scope.communities is None
    return actor.scope.has(row.community_id)
