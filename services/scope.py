"""数据范围 and rights of staff: in which communities somebody works, what they see there and what they may do.

What lies outside is, for them, not there: every query by staff filters by `rows`, and every verb of staff begins
with `doing`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Q

from models.community import Community
from models.people import Role, Staff
from services.errors import MayNot, NotFound


class Field(StrEnum):
    """A kind of work. Each has its sentence `may_not.…` for those who may not do it."""

    ALERTS = "alerts"  # 险情
    REPAIRS = "repairs"
    COMPLAINTS = "complaints"
    REQUESTS = "requests"  # 服务工单
    TALKS = "talks"  # 转人工, and calling people whom a message did not reach
    RESIDENTS = "residents"  # who lives where
    CONTENT = "content"  # notices, activities, surveys
    FEES = "fees"
    SCRIPTS = "scripts"
    INSTRUCTIONS = "instructions"  # 批示: whoever leads gives them, everybody reads those of their own work
    POLICY = "policy"  # what the company decides: hours, deadlines, limits


_ALL = frozenset(Field)
_DESK = _ALL - {Field.SCRIPTS, Field.POLICY}
_WORKS = frozenset({Field.ALERTS, Field.REPAIRS, Field.INSTRUCTIONS})
_LEADS = frozenset({Field.ALERTS, Field.INSTRUCTIONS})
# Leaders see all and leave the work to whose it is; a head of department sees the own field.
SEES: Mapping[Role, frozenset[Field]] = {
    Role.ADMIN: _ALL,
    Role.LEADER: _ALL,
    Role.SERVICE: _DESK,
    Role.SUPERVISOR: _WORKS,
}
DOES: Mapping[Role, frozenset[Field]] = {
    Role.ADMIN: _ALL,
    Role.LEADER: _LEADS,
    Role.SERVICE: _DESK - {Field.INSTRUCTIONS},
    Role.SUPERVISOR: _WORKS - {Field.INSTRUCTIONS},
}
EVERYWHERE = frozenset({Role.ADMIN, Role.LEADER})  # whatever office they sit in


@dataclass(frozen=True, slots=True)
class Scope:
    """`communities` and `office_id` are None for the whole company."""

    communities: frozenset[int] | None
    office_id: int | None
    sees: frozenset[Field]
    does: frozenset[Field]

    def rows(self) -> Q:
        """Rows of its communities, and rows of none: a stranger's matter is everybody's, or it would wait."""
        if self.communities is None:
            return Q()
        return Q(community_id__in=sorted(self.communities)) | Q(community_id__isnull=True)

    def own(self) -> Q:
        """Only rows of its communities: a notice or an activity for all of them is the company's."""
        return Q() if self.communities is None else Q(community_id__in=sorted(self.communities))

    def has(self, community_id: int | None) -> bool:
        """What `rows` says, for a row at hand."""
        return self.communities is None or community_id is None or community_id in self.communities

    def reaches(self, communities: Iterable[int]) -> bool:
        """Whether any of these is among its own."""
        return self.communities is None or not self.communities.isdisjoint(communities)

    def must_see(self, field: Field) -> None:
        _refuse_unless(field in self.sees, field)

    def must_do(self, field: Field) -> None:
        _refuse_unless(field in self.does, field)


COMPANY = Scope(None, None, _ALL, _ALL)  # whoever works at the machine itself and names nobody


async def of(staff_id: int) -> Scope:
    """Raises NotFound for somebody who is not, or no longer, of the staff."""
    staff = await Staff.filter(id=staff_id, active=True).first()
    if staff is None:
        raise NotFound("staff.not_found")
    office_id = None if staff.role in EVERYWHERE else staff.office_id
    communities = await _communities(office_id)
    return Scope(communities, office_id, SEES[staff.role], DOES[staff.role])


async def working_for(community_id: int | None) -> Q:
    """Staff who work for a community, of everywhere for None: those of its office and of the whole company."""
    if community_id is None:
        return Q()
    office_id = (await Community.get(id=community_id)).office_id
    return Q(office_id=office_id) | Q(office_id__isnull=True)


async def of_many(staff_ids: Collection[int]) -> dict[int, Scope]:
    """The scopes of this moment by staff, in two questions however many they are; whoever left has none."""
    by_office: dict[int, set[int]] = {}
    for one in await Community.all().only("id", "office_id"):
        by_office.setdefault(one.office_id, set()).add(one.id)
    found = {}
    for staff in await Staff.filter(id__in=list(staff_ids), active=True):
        office_id = None if staff.role in EVERYWHERE else staff.office_id
        communities = None if office_id is None else frozenset(by_office.get(office_id, ()))
        found[staff.id] = Scope(communities, office_id, SEES[staff.role], DOES[staff.role])
    return found


async def _communities(office_id: int | None) -> frozenset[int] | None:
    if office_id is None:
        return None
    rows = await Community.filter(office_id=office_id).only("id")
    return frozenset(row.id for row in rows)


def _refuse_unless(allowed: bool, field: Field) -> None:
    if not allowed:
        raise MayNot(f"may_not.{field}")
