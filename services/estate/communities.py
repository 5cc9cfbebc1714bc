"""The communities that staff work for."""

from dataclasses import dataclass

from models.community import Community
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class CommunityView:
    """`code` is the scene of its printed QR code."""

    id: int
    code: str
    name: str


async def within(seen: Scope) -> list[CommunityView]:
    """Those of the scope, oldest first."""
    rows = await Community.all().order_by("id")
    return [CommunityView(one.id, one.code, one.name) for one in rows if seen.has(one.id)]
