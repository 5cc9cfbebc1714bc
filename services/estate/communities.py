"""The communities that staff work for."""

from dataclasses import dataclass

from models import rows
from models.community import Community
from services.cache import Cached
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class CommunityView:
    """`code` is the scene of its printed QR code."""

    id: int
    code: str
    name: str


async def within(seen: Scope) -> list[CommunityView]:
    """Those of the scope, oldest first."""
    return [one for one in await everywhere() if seen.has(one.id)]


async def everywhere() -> list[CommunityView]:
    """All that the company serves, oldest first. A new one is known within a second."""
    return await _all.get()


async def _read() -> list[CommunityView]:
    found = await rows.records(Community, "SELECT id, code, name FROM community ORDER BY id")
    return [CommunityView(**one) for one in found]


_all = Cached(_read, seconds=1.0)
