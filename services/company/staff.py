"""Staff 员工 as people who can be found and reached: by login, and by the invite with which they join."""

from dataclasses import dataclass

from models.events import SubjectKind
from models.people import Role, Staff
from services import events, work
from services.actors import Actor
from services.errors import MayNot, NotAllowed, NotFound
from services.estate import scenes
from services.events import Subject


@dataclass(frozen=True, slots=True)
class Colleague:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Me:
    """Somebody of the staff as their own page shows them. `office` is "" for the whole company."""

    name: str
    login: str
    role: Role
    office: str
    joined: bool  # with their own WeChat


def subject(staff_id: int) -> Subject:
    """Whom events about an account are about."""
    return Subject(SubjectKind.STAFF, staff_id)


def acting(actor: Actor) -> int:
    """The id of the member of staff who acts. Raises MayNot for anybody else."""
    if actor.staff_id is None:
        raise MayNot("may_not.policy")
    return actor.staff_id


async def me(*, actor: Actor) -> Me:
    """Raises NotFound for an actor who is not of the staff."""
    row = await Staff.filter(id=actor.staff_id, active=True).select_related("office").first()
    if row is None:
        raise NotFound("staff.not_found")
    office = row.office.name if row.office else ""
    return Me(row.name, row.login, row.role, office, row.person_id is not None)


async def by_login(login: str) -> Colleague | None:
    """None for a login that nobody has, or nobody any more."""
    found = await Staff.filter(login=login, active=True).first()
    return Colleague(found.id, found.name) if found else None


async def join(scene: str, *, actor: Actor) -> Colleague:
    """Alerts reach this person from now on. Raises NotFound or NotAllowed as for a technician's invite."""
    person_id = actor.person_id
    invited = Staff.filter(invite=scene, active=True)
    found = await work.lock(invited) if scenes.well_formed(scene) else None
    if found is None or person_id is None:
        raise NotFound("staff.no_such_invite")
    if found.person_id not in (None, person_id):
        raise NotAllowed("staff.invite_used")
    if found.person_id is None:
        found.person_id = person_id
        await found.save(update_fields=["person_id"])
        await events.record(subject(found.id), "joined", actor=actor)
    return Colleague(found.id, found.name)
