"""What a scanned QR code means. Scenes are c:… for a community, h:… for a house, t:… for a technician's
invite, s:… for an invite of staff; the platform allows 64 characters."""

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from models.community import Community, House
from models.people import Staff, Technician

_FORM = re.compile(r"c:\S{1,30}|[hts]:\S{1,38}")


class SceneKind(StrEnum):
    COMMUNITY = "c"
    HOUSE = "h"
    TECHNICIAN = "t"
    STAFF = "s"


@dataclass(frozen=True, slots=True)
class Scene:
    """`id` is the row's own: of the community, the house, the technician or the member of staff."""

    kind: SceneKind
    id: int
    name: str
    community_id: int | None = None


def well_formed(scene: str) -> bool:
    """Whether it could stand in our tables; a phone may send anything at all."""
    return _FORM.fullmatch(scene) is not None


async def resolve(scene: str) -> Scene | None:
    """None for a code that nobody printed, or not any more."""
    if not well_formed(scene):
        return None
    match scene.partition(":")[0]:
        case SceneKind.COMMUNITY:
            return await _community(scene)
        case SceneKind.HOUSE:
            return await _house(scene)
        case SceneKind.TECHNICIAN:
            technician = await Technician.filter(invite=scene, active=True).first()
            return Scene(SceneKind.TECHNICIAN, technician.id, technician.name) if technician else None
        case SceneKind.STAFF:
            staff = await Staff.filter(invite=scene, active=True).first()
            return Scene(SceneKind.STAFF, staff.id, staff.name) if staff else None
    return None


def fresh(kind: SceneKind) -> str:
    """A scene that cannot be guessed: a house's code is what lets a stranger begin to bind to it."""
    return f"{kind}:{secrets.token_urlsafe(12)}"


async def _community(scene: str) -> Scene | None:
    found = await Community.filter(code=scene).first()
    return Scene(SceneKind.COMMUNITY, found.id, found.name, found.id) if found else None


async def _house(scene: str) -> Scene | None:
    found = await House.filter(code=scene).select_related("community").first()
    if found is None:
        return None
    return Scene(SceneKind.HOUSE, found.id, f"{found.community.name}{found.label}", found.community_id)
