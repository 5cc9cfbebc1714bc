"""值班电话: whom people call, and for which danger."""

from dataclasses import dataclass

from models.community import Danger, DutyPhone


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    phone: str
    community: str


async def of(community_id: int | None, danger: Danger = Danger.OTHER) -> list[Phone]:
    """Whom to call: who is there for this danger, then who is there for all of them; else whoever there is."""
    rows = DutyPhone.all() if community_id is None else DutyPhone.filter(community_id=community_id)
    found = await rows.order_by("-emergency", "community_id", "sort", "id").select_related("community")
    own = [row for row in found if danger in row.kinds]
    general = [row for row in found if row.emergency and not row.kinds]
    return [Phone(row.name, row.phone, row.community.name) for row in [*own, *general] or found]
